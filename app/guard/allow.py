"""The mark that lets a browser call a State handler, and the check of its arguments.

What must not be here: who is asking.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model
from reflex_base.utils.form import form_data_as_dict

from app.errors import BadInput

_MARK = "__polycanvas_allowed__"
MAX_TEXT = 20_000  # characters of any one string argument: a long instruction; document text never comes this way

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Allowance:
    """How a handler may be called. `anonymous`: also by somebody who is not signed in."""

    arguments: type[BaseModel]
    anonymous: bool


def allowed(*, anonymous: bool = False) -> Callable[[F], F]:
    """Mark a State handler as callable from the browser. Goes under `@rx.event`:

        @rx.event
        @allowed()
        async def rename(self, name: str) -> None: ...

    Every argument needs a type; what arrives is checked against it strictly (no “1” for 1, nothing beyond).
    Raises TypeError at import when an argument has none.
    """

    def mark(handler: F) -> F:
        fields: dict[str, Any] = {}
        parameters = list(inspect.signature(handler, eval_str=True).parameters.values())[1:]
        for number, parameter in enumerate(parameters):
            if parameter.annotation is parameter.empty:
                raise TypeError(f"{handler.__qualname__}: give {parameter.name} a type, so that it can be checked.")
            default = ... if parameter.default is parameter.empty else parameter.default
            # By alias: pydantic takes a field of its own called “_count” for a private one.
            fields[f"p{number}"] = (parameter.annotation, Field(default, alias=parameter.name))
        model = create_model(
            handler.__qualname__,
            __config__=ConfigDict(strict=True, extra="forbid", str_max_length=MAX_TEXT),
            **fields,
        )
        setattr(handler, _MARK, Allowance(model, anonymous))
        return handler

    return mark


def allowance_of(handler: object) -> Allowance | None:
    """Return how a handler may be called, None when it may not."""
    found = getattr(handler, _MARK, None)
    return found if isinstance(found, Allowance) else None


def check_arguments(allowance: Allowance, payload: dict[str, Any]) -> None:
    """Raise BadInput unless `payload` holds exactly the handler's arguments."""
    try:
        # A form arrives as a list of its fields; its handler gets them as a dict, so that is what is checked.
        payload = {name: form_data_as_dict(value) for name, value in payload.items()}
    except (TypeError, ValueError) as error:
        raise BadInput("The page sent a form that cannot be read. Reload it.") from error
    try:
        allowance.arguments.model_validate(payload)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadInput(f"The page sent something unusable ({place}: {first['msg']}). Reload it.") from error
