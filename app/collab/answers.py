"""Answers to step 1: nobody is shown what is held, since after a crash they could not bring it back.

An answer waits for the append that makes what is held durable. When that takes too long, or the store cannot write,
it is made from what the log has and what others saw already. What must not be here: sockets, judging.
"""

import asyncio
from collections.abc import Awaitable, Callable

from pycrdt import Doc

from app.collab import document, protocol
from app.collab.document import DocumentFault
from app.collab.journal import Journal
from app.collab.ports import Damaged, StoredRoom
from app.collab.salvage import usable
from app.errors import NotFound, Unavailable

Send = Callable[[bytes], None]
Failed = Callable[[str], None]


class _Question:
    """One step 1 that has no answer yet."""

    __slots__ = ("failed", "send", "state_vector", "timer")

    def __init__(self, state_vector: bytes, send: Send, failed: Failed) -> None:
        self.state_vector, self.send, self.failed = state_vector, send, failed
        self.timer: asyncio.TimerHandle | None = None


class Answers:
    """One room's answers. `holds` says whether anything is held, `load` reads the log."""

    def __init__(
        self,
        holds: Callable[[], bool],
        update_since: Callable[[bytes], bytes],
        journal: Journal,
        load: Callable[[], Awaitable[StoredRoom]],
        most_wait: float,
    ) -> None:
        self._holds, self._update_since, self._journal, self._load = holds, update_since, journal, load
        self._most_wait = most_wait
        self._open: dict[_Question, None] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def ask(self, state_vector: bytes, send: Send, failed: Failed) -> None:
        """Send step 2 for a well-formed state vector, now or when it may be sent; else say why it `failed`."""
        if not self._holds():
            send(protocol.step2(self._update_since(state_vector)))
            return
        question = _Question(state_vector, send, failed)
        self._open[question] = None
        wait = 0.0 if self._journal.is_blocked else self._most_wait
        question.timer = asyncio.get_running_loop().call_later(wait, self._go_to_log, question)

    def look(self) -> None:
        """Answer what waited, if nothing is held any longer."""
        if self._open and not self._holds():
            for question in self._taken():
                question.send(protocol.step2(self._update_since(question.state_vector)))

    def wait_no_longer(self) -> None:
        """The store cannot write: answer from the log."""
        for question in self._taken():
            self._go_to_log(question)

    def close(self) -> None:
        """Answer nothing more."""
        self._taken()
        for task in self._tasks:
            task.cancel()

    def _taken(self) -> list[_Question]:
        questions = list(self._open)
        self._open.clear()
        for question in questions:
            if question.timer is not None:
                question.timer.cancel()
        return questions

    def _go_to_log(self, question: _Question) -> None:
        self._open.pop(question, None)
        task = asyncio.create_task(self._answer_from_log(question))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer_from_log(self, question: _Question) -> None:
        # What is relayed from here on reaches the asker by itself; what was relayed before is in the log or here.
        relayed = [entry.payload for entry in self._journal.pending() if entry.payload and not entry.held]
        try:
            stored = await self._load()
            doc: document.YDoc = Doc()
            document.apply(doc, [*usable(stored)[0], *relayed])
            update = document.guarded(doc.get_update, question.state_vector)
        except (Damaged, Unavailable, NotFound, DocumentFault) as error:
            question.failed(error.sentence)
            return
        question.send(protocol.step2(update))
