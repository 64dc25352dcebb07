"""The people around a canvas, for Reflex pages. What must not be here: anything of `app`."""

import reflex as rx

LIBRARY = "$/polycanvas/index"


class ActivityWatch(rx.NoSSRComponent):
    """Draws nothing; `on_change` fires when the activity feed has news and this is in sight. Inside a CanvasRoot."""

    library = LIBRARY
    tag = "ActivityWatch"

    on_change: rx.EventHandler[rx.event.no_args_event_spec]  # type: ignore[type-arg, valid-type]


class FollowFrame(rx.NoSSRComponent):
    """The frame and the line that say whom one follows. Inside a CanvasRoot, last in a positioned column."""

    library = LIBRARY
    tag = "FollowFrame"


class MemberOut(rx.NoSSRComponent):
    """The × that asks in place before somebody is taken out. `on_out`: who, and whether their link ends too.

    `ends`: the link they came by works and may be ended; `others`: who else is here through it alone; `links`: some
    link works.
    """

    library = LIBRARY
    tag = "MemberOut"

    person: rx.Var[str]
    name: rx.Var[str]
    me: rx.Var[bool]
    ends: rx.Var[bool]
    others: rx.Var[int]
    links: rx.Var[bool]

    on_out: rx.EventHandler[rx.event.passthrough_event_spec(str, bool)]  # type: ignore[type-arg, valid-type]


class MemberPresence(rx.NoSSRComponent):
    """A member's name, where they are, and the way to follow them; `note` stands after it. Inside a CanvasRoot."""

    library = LIBRARY
    tag = "MemberPresence"

    person: rx.Var[str]
    name: rx.Var[str]
    note: rx.Var[str]


activity_watch = ActivityWatch.create


class MutePresence(rx.NoSSRComponent):
    """The choice to see and hear little of others, in this browser. Inside a CanvasRoot."""

    library = LIBRARY
    tag = "MutePresence"


follow_frame = FollowFrame.create
member_out = MemberOut.create
member_presence = MemberPresence.create
mute_presence = MutePresence.create
