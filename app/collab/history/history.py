"""The history of every canvas, for whoever may read it: the timeline, a file's steps, texts then and now, versions.

What must not be here: who may ask (the caller knows the role), HTTP, how a diff looks.
"""

import asyncio
import logging
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from weakref import WeakValueDictionary

from app.collab.history.archive import Imported, pack
from app.collab.history.damage import Damaged
from app.collab.history.developing import developed, is_damaged
from app.collab.history.film import Film, Moment
from app.collab.history.past import as_beginning, state_at
from app.collab.history.ports import HistoryStore, Keyframe, StoredHistory, Version
from app.collab.history.restoring import Wanted, restore
from app.collab.rooms import Rooms
from app.collab.taking import NOTHING
from app.domain.history import MAX_VERSIONS, Splice, check_version_name
from app.domain.people import Origin, Person
from app.errors import BadInput, Conflict, NotFound
from app.ids import CanvasId, FileId, new_id

logger = logging.getLogger(__name__)
MAX_FILMS = 16  # kept ready: canvases whose history somebody looks at right now
MAX_FILM_BYTES = 64 << 20  # of all of them
# The history's word for a restore: “main.js restored to 2026-11-12T10:04:00Z”.
RESTORE_NOTE = re.compile(r"(.* )?restored to (“.+”|\S+Z)")
AT_ONCE = 2  # readings of the past that are worked out in threads at one time; others wait


@dataclass(frozen=True, slots=True)
class Changed:
    """One file between two moments: paths and texts, None where it was not there."""

    file: str
    old_path: str | None
    new_path: str | None
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What restoring changed, by path, and the seq of the moment after it.

    `to`: what was restored, a version's name in “” or an instant. `undone`: it took the last restore back.
    """

    changed: list[str]
    removed: list[str]
    seq: int
    to: str
    undone: bool


@dataclass(frozen=True, slots=True)
class Beginning:
    """A state to go on from in another canvas, whose its client ids are, and when it was."""

    snapshot: bytes
    clients: dict[int, Origin]
    at: float


class History:
    """Reads the past and names it."""

    def __init__(self, store: HistoryStore, rooms: Rooms, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._rooms = rooms
        self._clock = clock
        self._films: OrderedDict[CanvasId, tuple[tuple[int, int], Film]] = OrderedDict()
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._making: dict[tuple[CanvasId, tuple[int, int]], asyncio.Task[Film]] = {}
        # As long as somebody restores there: a lock per canvas that nobody holds on to is gone.
        self._restoring: WeakValueDictionary[CanvasId, asyncio.Lock] = WeakValueDictionary()

    async def film(self, canvas: CanvasId) -> Film:
        """Return a canvas's moments as they are now. Raises NotFound, Unavailable."""
        key = await self._store.head(canvas)
        kept = self._films.get(canvas)
        if kept is not None and kept[0] == key:
            self._films.move_to_end(canvas)
            return kept[1]
        making = self._making.get((canvas, key))
        if making is None:
            making = self._making[canvas, key] = asyncio.create_task(self._make(canvas, key))
            making.add_done_callback(lambda _: self._making.pop((canvas, key), None))
        return await asyncio.shield(making)

    async def steps(self, canvas: CanvasId, file: str) -> tuple[Film, list[tuple[int, list[Splice]]]]:
        """Return the film and what each moment did to one file. Raises NotFound."""
        film = await self.film(canvas)
        if file not in film.texts:
            raise NotFound("The history knows no such file.")
        return film, [
            (moment.seq, moment.changes.texts[file]) for moment in film.moments[1:] if file in moment.changes.texts
        ]

    async def changed(
        self, canvas: CanvasId, start: int | None, end: int | None
    ) -> tuple[int | None, int, list[Changed]]:
        """Return the seqs used and the files that differ between two moments; `start` None: nothing, `end` None: now.

        Raises BadInput for a moment before the history's beginning or after its end.
        """
        film = await self._film_to(canvas, *(seq for seq in (start, end) if seq is not None))
        first = None if start is None else await self._upto(canvas, film, start)
        last = await self._upto(canvas, film, end)
        async with self._turns:
            files = await asyncio.to_thread(_changed, film, first, last)
        return None if first is None else film.moments[first].seq, film.moments[last].seq, files

    # Back to the past

    async def restore(self, canvas: CanvasId, by: Person, seq: int, file: str | None) -> Outcome:
        """Make the canvas, or one file, what it was at a moment: a new edit, durable on return.

        Raises BadInput when there is no such moment, or no such file then, Conflict when its path is taken now.
        """
        film = await self._film_to(canvas, seq)
        index = await self._upto(canvas, film, seq)
        moment = film.moments[index]
        stored = await self._store.load(canvas)
        # One after the other: two who restore the same moment at once would both bring its text back, and it would
        # stand there twice.
        turn = self._restoring.setdefault(canvas, asyncio.Lock())
        async with turn, self._rooms.use(canvas) as room:
            async with self._turns:
                wanted = await asyncio.to_thread(_wanted, film, index, film.files_at(index), room.files(), file)
                then = await asyncio.to_thread(_then, stored, moment.seq)
                origin, taken = Origin.of(by), dict(room.taking.owners)
                back = await asyncio.to_thread(restore, room.snapshot(), then, wanted, origin, stored.clients, taken)
            to, undone = _name_of(moment, stored.versions), _takes_back(film, index, file)
            if back.update is not None:
                path = None if file is None else str(wanted.paths[file])[-80:]
                note = f"restore{f' of {path}' if path else ''} taken back" if undone else _restored(path, to)
                await room.bring_back(back.update, origin, back.clients, note, back.moves)
        head, _ = await self._store.head(canvas)
        return Outcome(back.changed, back.removed, head, to, undone)

    async def beginning(self, canvas: CanvasId, seq: int) -> Beginning:
        """Return what a canvas of its own begins with that goes on from a moment. Raises Conflict, BadInput."""
        film = await self._film_to(canvas, seq)
        index = await self._upto(canvas, film, seq)
        moment = film.moments[index]
        if any(one.is_unreadable for one in film.moments[: index + 1]):
            raise Conflict("A part of the history before this moment is damaged, so it cannot be gone on from exactly.")
        stored = await self._store.load(canvas)
        then = await asyncio.to_thread(state_at, stored, moment.seq)
        snapshot, clients = await asyncio.to_thread(as_beginning, then, stored.clients)
        return Beginning(snapshot, clients, moment.at)

    async def adopt(self, canvas: CanvasId, beginning: Beginning, note: str) -> None:
        """Store a new canvas's first state; durable on return. Raises Conflict when it has one."""
        await self._store.adopt(canvas, beginning.snapshot, beginning.clients, note, self._clock())

    # As a file

    async def packed(self, canvas: CanvasId, name: str, version: str, at: str) -> bytes:
        """Return a canvas with its past as one file. `version`: of this program. Raises TooLarge."""
        async with self._rooms.use(canvas) as room:
            await room.journal.flushed()
            snapshot = room.snapshot()
            stored = await self._store.load(canvas)
        return await asyncio.to_thread(pack, name, version, at, stored, snapshot)

    async def take_in(self, canvas: CanvasId, imported: Imported) -> None:
        """Store what `unpack` gave as a new canvas; durable on return. Raises Conflict when it has text."""
        await self._store.take_in(canvas, imported.past)

    # Versions

    async def versions(self, canvas: CanvasId) -> list[Version]:
        """Return the named moments by seq."""
        return await self._store.versions(canvas)

    async def name(self, canvas: CanvasId, by: Person, name: str, seq: int | None) -> Version:
        """Name a moment, None the last one. Raises BadInput, Conflict, TooMany."""
        clean = check_version_name(name)
        if seq is not None:
            film = await self._film_to(canvas, seq)
            seq = film.moments[await self._upto(canvas, film, seq)].seq
        else:
            seq, _ = await self._store.head(canvas)
        who: dict[str, Any] = {"id": by.id, "name": by.name, "hue": by.hue}
        version = Version(new_id(), clean, seq, self._clock(), who)
        await self._store.add_version(canvas, version, MAX_VERSIONS)
        return version

    async def rename(self, canvas: CanvasId, version: str, name: str) -> Version:
        """Give a version another name. Raises NotFound, BadInput."""
        return await self._store.rename_version(canvas, version, check_version_name(name))

    async def forget(self, canvas: CanvasId, version: str) -> Version:
        """Take a version's name away; its moment stays as long as its neighbours do. Raises NotFound."""
        return await self._store.remove_version(canvas, version)

    async def close(self) -> None:
        """Wait for what is being made."""
        await asyncio.gather(*self._making.values(), return_exceptions=True)

    async def _upto(self, canvas: CanvasId, film: Film, seq: int | None) -> int:
        """Return the index of the last moment at or before `seq`. BadInput for what was not yet, or is not kept."""
        if seq is not None and seq > film.head:
            head, _ = await self._store.head(canvas)  # what the server notes for itself is behind the last moment
            if seq > head:
                raise BadInput("There is no such moment in the history yet; choose one that it lists.")
        return film.upto(seq)

    async def _film_to(self, canvas: CanvasId, *seqs: int) -> Film:
        """Return the film with moments that end at `seqs`, as far as it can: what one looked at may have grown since.

        To act on what was before it would take back, or leave out, what one saw.
        """
        film = await self.film(canvas)
        ends = {
            seq for seq in seqs if film.moments[0].seq < seq < film.head and film.moments[film.upto(seq)].seq != seq
        }
        if not ends:
            return film
        stored, snapshot = await self._stored(canvas)
        if ends.isdisjoint(piece.seq for piece in stored.pieces):
            return film
        async with self._turns:
            return await asyncio.to_thread(developed, canvas, stored, snapshot, ends)

    async def _stored(self, canvas: CanvasId) -> tuple[StoredHistory, Keyframe | None]:
        """Return what is stored, with the log's snapshot where something of it is damaged."""
        stored = await self._store.load(canvas)
        is_broken = await asyncio.to_thread(is_damaged, stored)
        return stored, await self._store.snapshot(canvas) if is_broken else None

    async def _make(self, canvas: CanvasId, key: tuple[int, int]) -> Film:
        stored, snapshot = await self._stored(canvas)
        async with self._turns:
            film = await asyncio.to_thread(developed, canvas, stored, snapshot)
        self._films[canvas] = key, film
        self._films.move_to_end(canvas)
        while len(self._films) > 1 and (
            len(self._films) > MAX_FILMS or sum(film.size for _, film in self._films.values()) > MAX_FILM_BYTES
        ):
            self._films.popitem(last=False)
        return film


def _changed(film: Film, first: int | None, last: int) -> list[Changed]:
    then = {} if first is None else film.files_at(first)
    now = film.files_at(last)
    candidates = set(now) if first is None else film.touched(min(first, last), max(first, last))
    found: list[Changed] = []
    for file in sorted(candidates & (then.keys() | now.keys()), key=lambda one: now.get(one) or then[one]):
        old = film.text_at(file, first) if first is not None and file in then else ""
        new = film.text_at(file, last) if file in now else ""
        if (file in then) != (file in now) or then.get(file) != now.get(file) or old != new:
            found.append(Changed(file, then.get(file), now.get(file), old, new))
    return found


def _then(stored: StoredHistory, seq: int) -> bytes:
    """Return the state at `seq`; an empty one when nothing sound leads there: then nobody's authorship is known."""
    try:
        return state_at(stored, seq)
    except Damaged as error:
        logger.error("history: %s What is restored counts as written by whoever restores it.", error.sentence)
        return NOTHING


def _wanted(film: Film, index: int, then: Mapping[str, str], now: Mapping[FileId, str], file: str | None) -> Wanted:
    if file is None:
        gone: dict[str, str | None] = dict.fromkeys(one for one in now if one not in then)
        return Wanted({**then, **gone}, {one: film.text_at(one, index) for one in then})
    if file not in then:
        raise BadInput("This file was not there at that moment; choose one when it was.")
    path = now.get(FileId(file), then[file])
    if any(other != file and its_path == path for other, its_path in now.items()):
        raise Conflict(f"There is another file {path} now; rename it first, then restore this one.")
    return Wanted({file: path}, {file: film.text_at(file, index)})


def _restored(path: str | None, to: str) -> str:
    """Return what RESTORE_NOTE reads."""
    return f"{f'{path} ' if path else ''}restored to {to}"


def _takes_back(film: Film, index: int, file: str | None) -> bool:
    """Say whether to go back to a moment is to take a restore back: nothing was written after it but that restore."""
    later = [moment for moment in film.moments[index + 1 :] if moment.changes.texts or moment.changes.paths]
    if len(later) != 1 or not RESTORE_NOTE.fullmatch(later[0].note or ""):
        return False
    return file is None or film.touched(index, len(film.moments) - 1) == {file}


def _name_of(moment: Moment, versions: Sequence[Version]) -> str:
    """Return a moment's name in “”, or else its time, as an instant: each reader sees that by a clock of their own."""
    named = next((f"“{version.name}”" for version in versions if version.seq == moment.seq), None)
    return named or datetime.fromtimestamp(moment.at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
