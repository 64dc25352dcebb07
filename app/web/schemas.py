"""The bodies that requests may have, with their bounds. Answers are plain JSON, described in docs/API.md.

What must not be here: rules; a bound here only keeps a request from being absurd.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from app.canvases.seen import MAX_SEEN
from app.domain.files import MAX_FILE_BYTES, MAX_FILES, MAX_PATH
from app.domain.people import Role

MAX_NAME = 200  # characters; the services hold the real bounds and say them in words
MAX_PASSWORD = 1_000
MAX_INSTRUCTION = 8_000
MAX_HUNKS = 500
MAX_ID = 64
MAX_SEQ = 2**53 - 1  # what JavaScript counts exactly


class Body(BaseModel):
    """A body: unknown fields are refused, so that a typing error is not silence."""

    model_config = ConfigDict(extra="forbid", strict=True)


class NewCanvas(Body):
    name: str = Field(max_length=MAX_NAME)
    files: dict[str, str] | None = Field(default=None, max_length=MAX_FILES)


class Name(Body):
    name: str = Field(max_length=MAX_NAME)


class Text(Body):
    text: str  # the gate bounds the body; app.domain.files measures the text and names the file


class Path(Body):
    path: str = Field(max_length=2 * MAX_PATH)


class RoleBody(Body):
    role: Role = Field(strict=False)


class Part(Body):
    """UTF-16 code units from the start of the file, as in the browser."""

    start: int = Field(ge=0, le=2 * MAX_FILE_BYTES)
    end: int = Field(ge=0, le=2 * MAX_FILE_BYTES)


class NewRun(Body):
    action: str = Field(max_length=MAX_ID)
    file: str = Field(max_length=2 * MAX_PATH)
    range: Part | None = None
    instruction: str | None = Field(default=None, max_length=MAX_INSTRUCTION)
    model: str | None = Field(default=None, max_length=MAX_NAME)
    confirmed: bool = False


class Policy(Body):
    privacy: str = Field(max_length=MAX_ID)
    budget_usd: float | None
    confirm_above_usd: float | None = None


class Hunks(Body):
    hunks: list[str] | None = Field(default=None, max_length=MAX_HUNKS)


class NewVersion(Body):
    name: str = Field(max_length=MAX_NAME)
    seq: int | None = Field(default=None, ge=0, le=MAX_SEQ)


class VersionName(Body):
    name: str = Field(max_length=MAX_NAME)


class Restore(Body):
    seq: int = Field(ge=0, le=MAX_SEQ)
    file: str | None = Field(default=None, max_length=MAX_ID)


class Fork(Body):
    seq: int = Field(ge=0, le=MAX_SEQ)
    name: str | None = Field(default=None, max_length=MAX_NAME)


class Layout(Body):
    layout: dict[str, Any]


class SeenComments(Body):
    comments: list[str] = Field(max_length=MAX_SEEN)


class SignIn(Body):
    name: str = Field(max_length=MAX_NAME)
    password: str = Field(max_length=MAX_PASSWORD)


class NewPassword(Body):
    old: str = Field(max_length=MAX_PASSWORD)
    new: str = Field(max_length=MAX_PASSWORD)


class SetUp(SignIn):
    code: str = Field(max_length=MAX_NAME)


class Join(Body):
    code: str = Field(max_length=MAX_NAME)
    name: str | None = Field(default=None, max_length=MAX_NAME)
