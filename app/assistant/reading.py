"""From what a person asks to what a run needs: the action, the checked instruction and the file as it is now.

What must not be here: choosing who does it, or doing it.
"""

from dataclasses import dataclass

from app.assistant.ports import Reading, Texts
from app.assistant.run import RunRequest
from app.domain.actions import Action, check_request, parse
from app.domain.files import check_path
from app.domain.textdiff import utf16_length
from app.errors import BadInput, NotFound


@dataclass(frozen=True, slots=True)
class Read:
    """A request that can be routed. `instruction` is trimmed."""

    action: Action
    instruction: str
    reading: Reading


async def read(texts: Texts, request: RunRequest) -> Read:
    """Check a request and read its file. Raises BadInput, TooLarge, NotFound."""
    action = parse(request.action)
    part = request.range
    instruction = check_request(action, request.instruction, has_range=part is not None and part.start < part.end)
    try:
        reading = await texts.read(request.canvas, request.file)
    except NotFound:
        if action is not Action.GENERATE:
            raise
        # To be made when there is something to put into it: a run that fails or is stopped leaves nothing.
        reading = Reading(None, check_path(request.file), "", b"")
    if part is not None and not 0 <= part.start <= part.end <= utf16_length(reading.text):
        raise BadInput(f"The range {part.start} to {part.end} is outside {reading.path}; select it again.")
    return Read(action, instruction, reading)
