"""One attempt at a run: one expert, or one deployment from prompt to parsed answer.

What must not be here: which one and what next (runs.py), where results go.
"""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, field

from app.assistant.deployment import Deployment
from app.assistant.edits import read_answer
from app.assistant.experts import Outcome, Work
from app.assistant.gateway import Gateway, Message, ModelFailed, Usage, counted
from app.assistant.guards import Redacted, redact
from app.assistant.prompting import messages
from app.domain.actions import NEEDS, Action
from app.domain.routing import Effort

CHUNK_SECONDS = 60.0  # to a first word and between two: a local model loads from disk, a remote one thinks
TOTAL_SECONDS = 300.0  # nobody waits longer for a change of a file
MAX_ANSWER = 400_000  # characters: far above what tokens_max allows, so only a broken server gets here


@dataclass
class Meter:
    """What a run has used so far, over all its attempts. `cost_usd` is None once one of them states no price."""

    tokens_in: int = 0
    tokens_out: int = 0
    cost_usd: float | None = 0.0
    redacted: int = 0

    def add(self, usage: Usage) -> None:
        """Add one call."""
        self.tokens_in += usage.tokens_in
        self.tokens_out += usage.tokens_out
        if self.cost_usd is not None:
            self.cost_usd = None if usage.cost_usd is None else self.cost_usd + usage.cost_usd


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of an attempt; tests make them small."""

    chunk_seconds: float = CHUNK_SECONDS
    total_seconds: float = TOTAL_SECONDS
    max_answer: int = MAX_ANSWER


@dataclass
class _Stream:
    parts: list[str] = field(default_factory=list)
    usage: Usage | None = None
    finish: str | None = None


async def ask(
    gateway: Gateway,
    deployment: Deployment,
    work: Work,
    effort: Effort,
    meter: Meter,
    say: Callable[[str], None],
    limits: Limits,
) -> Outcome:
    """Return what the model makes of `work`, telling `say` each piece of text as it comes.

    Adds to `meter` whatever happens: also when it fails or the task is cancelled. Raises ModelFailed.
    """
    prompt, guarded = _prompt(work, deployment)
    meter.redacted = max(meter.redacted, len(guarded.taken))
    stream = _Stream()
    try:
        async with asyncio.timeout(limits.total_seconds):
            await _read(gateway, deployment, prompt, _max_tokens(deployment, work), effort, stream, say, limits)
    except TimeoutError as error:
        sentence = f"{deployment.name} was still writing after {limits.total_seconds:.0f} s."
        raise ModelFailed(sentence, "time-out") from error
    finally:
        # A call that never answered is not billed; one that was cut has used what was sent and what came.
        if stream.usage is not None:
            meter.add(stream.usage)
        elif stream.parts:
            meter.add(counted(deployment, prompt, "".join(stream.parts)))
    try:
        return _outcome(work, guarded, "".join(stream.parts), stream.finish)
    except ModelFailed as failure:
        raise ModelFailed(f"{deployment.name}: {failure.sentence}", failure.kind) from failure


async def _read(
    gateway: Gateway,
    deployment: Deployment,
    prompt: list[Message],
    max_tokens: int,
    effort: Effort,
    stream: _Stream,
    say: Callable[[str], None],
    limits: Limits,
) -> None:
    size = 0
    chunks = gateway.stream(deployment, prompt, max_tokens=max_tokens, timeout=limits.chunk_seconds, effort=effort)
    async with aclosing(chunks):
        async for chunk in chunks:
            if chunk.text:
                size += len(chunk.text)
                stream.parts.append(chunk.text)
                say(chunk.text)
            stream.usage = chunk.usage or stream.usage
            stream.finish = chunk.finish or stream.finish
            if size > limits.max_answer:
                raise ModelFailed(f"{deployment.name} wrote without end and was stopped.", "garbage")


def _max_tokens(deployment: Deployment, work: Work) -> int:
    most = NEEDS[work.action].tokens_max
    return min(most, deployment.max_output or most, max(256, (deployment.context or most * 2) // 2))


def _prompt(work: Work, deployment: Deployment) -> tuple[list[Message], Redacted]:
    """Return what is sent. All that a person or a file said goes through the guard at once, if it leaves the house."""
    system, user = messages(work)
    guarded = Redacted(user.text, {}, ()) if deployment.local else redact(user.text)
    return [system, Message("user", guarded.text)], guarded


def _outcome(work: Work, guarded: Redacted, answer: str, finish: str | None) -> Outcome:
    cut = finish == "length"
    if not NEEDS[work.action].writes:
        if not answer.strip():
            raise ModelFailed("the answer was empty.", "empty")
        return Outcome(answer=answer.strip(), note="The answer was cut at its bound." if cut else "")
    if cut:
        raise ModelFailed("the answer was longer than it may be and broke off.", "unusable")
    if work.action is Action.FIX and _says_nothing_is_wrong(answer):
        return Outcome(note=answer.strip())
    changes = read_answer(guarded.restore(answer), work.text, whole_file=work.action is Action.GENERATE)
    note = changes.note if changes.edits else "The model sent the text as it is: there is nothing to change."
    return Outcome(edits=changes.edits, note=note)


def _says_nothing_is_wrong(answer: str) -> bool:
    """The fix prompt allows one sentence instead of a change: short prose without a block or fence."""
    text = answer.strip()
    return (
        0 < len(text) <= 400 and "\n\n" not in text and not any(mark in text for mark in ("<<<", "```", ">>>", "==="))
    )
