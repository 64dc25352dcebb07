"""The file tree, for Reflex pages. What must not be here: anything of `app`."""

import reflex as rx


class FileTree(rx.NoSSRComponent):
    """The files of the canvas around it. Inside a CanvasRoot."""

    library = "$/polycanvas/index"
    tag = "FileTree"


file_tree = FileTree.create
