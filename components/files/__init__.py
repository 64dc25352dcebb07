"""The file tree and words that name a file, for Reflex pages. What must not be here: anything of `app`."""

import reflex as rx


class FileTree(rx.NoSSRComponent):
    """The files of the canvas around it. Inside a CanvasRoot."""

    library = "$/polycanvas/index"
    tag = "FileTree"


class FileWords(rx.NoSSRComponent):
    """Words with a file's path in them, a link while such a file is there ("" for none). Inside a CanvasRoot."""

    library = "$/polycanvas/index"
    tag = "FileWords"

    text: rx.Var[str]
    path: rx.Var[str]


file_tree = FileTree.create
file_words = FileWords.create
