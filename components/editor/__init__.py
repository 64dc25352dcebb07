"""The editor, and the list of comments for Reflex pages. The dock places the editor itself, for each open file.

What must not be here: anything of `app`.
"""

import reflex as rx


class CommentList(rx.NoSSRComponent):
    """The comments that are not resolved; nothing when there are none. Inside a CanvasRoot."""

    library = "$/polycanvas/index"
    tag = "CommentList"


comment_list = CommentList.create
