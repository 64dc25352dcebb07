"""The file tree and links to files, for Reflex pages. What must not be here: anything of `app`."""

import reflex as rx


class FileTree(rx.NoSSRComponent):
    """The files of the canvas around it. Inside a CanvasRoot."""

    library = "$/polycanvas/index"
    tag = "FileTree"


class FileLink(rx.NoSSRComponent):
    """The path of a file, a link while such a file is there. Inside a CanvasRoot."""

    library = "$/polycanvas/index"
    tag = "FileLink"

    path: rx.Var[str]


file_tree = FileTree.create
file_link = FileLink.create
