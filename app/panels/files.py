"""Files: the tree. It reads and writes the document in the browser, so there is no State."""

import reflex as rx

from components.files import file_tree


def files() -> rx.Component:
    """The panel."""
    return file_tree()
