"""The frame of the main screen, for Reflex pages. What must not be here: anything of `app`."""

from typing import Any

import reflex as rx

LIBRARY = "$/polycanvas/index"
QUIET = "$/polycanvas/quiet"  # what pages without a canvas have too


class _Shell(rx.NoSSRComponent):
    library = LIBRARY


class _Quiet(rx.NoSSRComponent):
    library = QUIET


class SaveState(_Shell):
    """What the top bar says about saving. Inside a CanvasRoot."""

    tag = "SaveState"


class Avatars(_Shell):
    """The people here now. Inside a CanvasRoot."""

    tag = "Avatars"


class PeopleWatch(_Shell):
    """Draws nothing; `on_change` fires when somebody comes, goes or gets another role, and when it comes into sight."""

    tag = "PeopleWatch"

    on_change: rx.EventHandler[rx.event.no_args_event_spec]  # type: ignore[type-arg, valid-type]


class RunChips(_Shell):
    """The runs going on, with Stop. Inside a CanvasRoot."""

    tag = "RunChips"


class ThemeToggle(_Shell):
    """The choice of theme."""

    tag = "ThemeToggle"


class Rail(_Shell):
    """Panels on and off, settings at the end."""

    tag = "Rail"


class Hints(_Shell):
    """At most three lines for the first minute."""

    tag = "Hints"


class Toasts(_Quiet):
    """Short words at the edge of the screen. Once on a page."""

    tag = "Toasts"


class FindBox(_Shell):
    """The box that opens the palette."""

    tag = "FindBox"


class CanvasName(_Shell):
    """The canvas's name; an owner can type over it. Inside a CanvasRoot."""

    tag = "CanvasName"

    name: rx.Var[str]


class Dialog(_Shell):
    """A dialog opened by name; `on_open` fires each time, so that its content can be read anew."""

    tag = "Dialog"

    name: rx.Var[str]
    title: rx.Var[str]
    on_open: rx.EventHandler[rx.event.no_args_event_spec]  # type: ignore[type-arg, valid-type]


class DialogButton(_Shell):
    """Opens the dialog of that name."""

    tag = "DialogButton"

    name: rx.Var[str]
    label: rx.Var[str]


class CopyField(_Quiet):
    """A text that is there to be copied, with its button."""

    tag = "CopyField"

    label: rx.Var[str]
    value: rx.Var[str]


class Arranged(_Shell):
    """The dock with its panels, in one's own arrangement ("" while the preset applies), saved as one goes.

    Nothing is shown before each of `panel_ids` came: the page's parts load one by one, and a panel that is late would
    have no place.
    """

    tag = "Arranged"

    canvas_id: rx.Var[str]
    panel_ids: rx.Var[list[str]]
    layout: rx.Var[str]


class When(_Quiet):
    """A moment (seconds since 1970) in the reader's own clock and words."""

    tag = "When"

    at: rx.Var[float]


class YourName(_Shell):
    """The name that others see, to be typed over. Inside a CanvasRoot."""

    tag = "YourName"


class CanvasList(_Quiet):
    """One's canvases, each with what its owner can do to it; `on_change` fires after one was renamed or deleted."""

    tag = "CanvasList"

    rows: rx.Var[list[Any]]
    on_change: rx.EventHandler[rx.event.no_args_event_spec]  # type: ignore[type-arg, valid-type]


class ImportButton(_Quiet):
    """Asks for a file and makes a canvas of it."""

    tag = "ImportButton"


class Fault(rx.Component):
    """Stands around a page: what shows when drawing it failed."""

    library = QUIET
    tag = "Fault"


save_state = SaveState.create
avatars = Avatars.create
people_watch = PeopleWatch.create
run_chips = RunChips.create
theme_toggle = ThemeToggle.create
rail = Rail.create
arranged = Arranged.create
hints = Hints.create
toasts = Toasts.create
find_box = FindBox.create
canvas_name = CanvasName.create
dialog = Dialog.create
dialog_button = DialogButton.create
copy_field = CopyField.create
when = When.create
your_name = YourName.create
canvas_list = CanvasList.create
import_button = ImportButton.create
fault = Fault.create
