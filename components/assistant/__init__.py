"""The assistant's parts of the screen, for Reflex pages. What must not be here: anything of `app`."""

import reflex as rx


class ReceiptBar(rx.NoSSRComponent):
    """The receipt of the newest run asked for here, and its answer. Inside a CanvasRoot."""

    library = "$/polycanvas/index"
    tag = "ReceiptBar"


class SuggestionsWatch(rx.NoSSRComponent):
    """Draws nothing; `on_change` gets the number of suggestions each time one changes. Inside a CanvasRoot."""

    library = "$/polycanvas/index"
    tag = "SuggestionsWatch"

    on_change: rx.EventHandler[rx.event.passthrough_event_spec(int)]  # type: ignore[type-arg, valid-type]


class DecideButton(rx.NoSSRComponent):
    """Accepts, rejects or reverts a suggestion, or one hunk of it (`hunk`, "" for all). Inside a CanvasRoot."""

    library = "$/polycanvas/index"
    tag = "DecideButton"

    suggestion: rx.Var[str]
    decision: rx.Var[str]
    hunk: rx.Var[str]
    label: rx.Var[str]


class OpenFileButton(rx.NoSSRComponent):
    """Shows a file, by its id, where a suggestion or a hunk of it stands (`hunk`, "" for the first): as the text is
    now, else at `line`. Inside a CanvasRoot."""

    library = "$/polycanvas/index"
    tag = "OpenFileButton"

    file: rx.Var[str]
    line: rx.Var[int]
    label: rx.Var[str]
    suggestion: rx.Var[str]
    hunk: rx.Var[str]


class ModelList(rx.NoSSRComponent):
    """Every model the server knows, with its health and how to add one."""

    library = "$/polycanvas/index"
    tag = "ModelList"


class BudgetMeter(rx.NoSSRComponent):
    """What this month has cost of what it may; nothing where no budget is set. Inside a CanvasRoot."""

    library = "$/polycanvas/index"
    tag = "BudgetMeter"


class PolicyForm(rx.NoSSRComponent):
    """The canvas's rules for models, for its owner to set. Inside a CanvasRoot."""

    library = "$/polycanvas/index"
    tag = "PolicyForm"


budget_meter = BudgetMeter.create
policy_form = PolicyForm.create
receipt_bar = ReceiptBar.create
suggestions_watch = SuggestionsWatch.create
decide_button = DecideButton.create
open_file_button = OpenFileButton.create
model_list = ModelList.create
