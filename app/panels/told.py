"""One way for a handler to say what went wrong: the sentence of a known error lands in the State's `problem`.

What must not be here: hiding errors that nobody expected.
"""

import functools
from collections.abc import Awaitable, Callable
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from app.errors import PolycanvasError


class _Telling(Protocol):
    problem: str


S = TypeVar("S", bound=_Telling)
P = ParamSpec("P")


def told(
    handler: Callable[Concatenate[S, P], Awaitable[Any]],
) -> Callable[Concatenate[S, P], Awaitable[Any]]:
    """Wrap a State handler: `problem` is empty after it went well, else the error's sentence."""

    @functools.wraps(handler)
    async def tell(self: S, /, *args: P.args, **kwargs: P.kwargs) -> Any:
        self.problem = ""
        try:
            return await handler(self, *args, **kwargs)
        except PolycanvasError as error:
            self.problem = error.sentence
            return None

    return tell
