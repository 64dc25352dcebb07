"""Says whether an update may reach pycrdt, which trusts its input with the process's life. Nothing unread gets past.

An update is accepted when it is well-formed and bounded, starts exactly where the document ends, keeps the document
flat, and its sender may write in each place it touches under each client id it uses. What must not be here: pycrdt.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.collab.fast_path import accept_keystroke
from app.collab.index import SEPARATOR, Index, map_place, root_of
from app.collab.lib0 import Malformed, var
from app.collab.placing import Placing
from app.collab.protocol import MAX_ANSWER
from app.collab.returned import read_claim
from app.collab.schema import COMMENTS, KEEP, RETURNED, check_value, is_comment_of, may_write, writes_text
from app.collab.structs import ANY, DELETED, Id, Section, Update, halves_of, read_update
from app.collab.verdicts import Accepted, Denied, Foreign, Gap
from app.domain.people import Origin, Role


@dataclass(frozen=True, slots=True)
class Writer:
    """Who sends an update. `role` None is the server itself, on behalf of `origin`."""

    origin: Origin
    role: Role | None

    @property
    def identity(self) -> tuple[str, str]:
        """What makes two origins the same writer."""
        return self.origin.kind, self.origin.id

    @property
    def writes_text(self) -> bool:
        """Say whether the files' text may be changed."""
        return writes_text(self.role)


_CLAIM = map_place(RETURNED, "")  # what the place of each claim begins with
Rights = dict[tuple[str, str], Any]  # see `Accepted.rights`
Values = Callable[[str, str], Any]  # map root and key → the plain value that stands there, None for nothing


def nothing(root: str, key: str) -> Any:
    """Stand for the values of an empty document."""
    return None


def check(
    payload: bytes,
    index: Index,
    owners: Mapping[int, Origin],
    writer: Writer,
    values: Values = nothing,
    gone: Values = nothing,
) -> Accepted:
    """Judge one update against the document that `index` and `values` describe; nothing is changed.

    `gone`: what stood under a key until it was deleted lately. Raises Malformed, Gap (ask the client again), Denied or
    Foreign.
    """
    return accept_keystroke(payload, index, owners, writer.origin, writer.writes_text) or check_in_full(
        payload, index, owners, writer, values, gone
    )


def check_in_full(
    payload: bytes,
    index: Index,
    owners: Mapping[int, Origin],
    writer: Writer,
    values: Values = nothing,
    gone: Values = nothing,
) -> Accepted:
    """Judge as `check` does, without the fast path (which the tests compare with this)."""
    if len(payload) > MAX_ANSWER and writer.role is not None:
        raise Malformed("The update is larger than one message may be.")
    update = read_update(payload)
    if update.has_gap:
        raise Gap("The update says itself that parts are missing.")
    sections, was_cut = _new_sections(update, index)
    spans = Placing(index, sections).run() if sections else []
    rights = _check_roots(spans, sections, index, writer, values, gone)
    fresh = _check_owners(sections, owners, writer)
    ends = {section.client: section.structs[-1].clock + section.structs[-1].length for section in sections}
    places = {place for _, _, place in spans}
    if writer.role is not None and any(place.startswith(_CLAIM) for place in places):
        _check_claims(spans, sections, index, owners, ends, writer, values)
    deletes = _check_deletes(update, index, ends, writer, places, values)
    halves = {half for section in sections for half in halves_of(section)}
    if halves or index.halves:
        _check_halves(sections, deletes, halves, index.halves)
    if was_cut:
        payload = _rebuild(payload, sections, update.deletes_at)
    return Accepted(payload, spans, deletes, fresh, places, halves, rights)


def _new_sections(update: Update, index: Index) -> tuple[list[Section], bool]:
    """Return the structs that the document lacks, and whether any were left out as known."""
    new: list[Section] = []
    was_cut = False
    for section in update.sections:
        known = index.next(section.client)
        first = section.structs[0].clock
        if first > known:
            raise Gap("The update starts after text that the server does not have.")
        if first == known:
            new.append(section)
            continue
        was_cut = True
        structs = [struct for struct in section.structs if struct.clock + struct.length > known]
        if structs:
            if structs[0].clock < known:
                raise Gap("The update starts within text that the server has.")
            new.append(Section(section.client, structs, section.end))
    return new, was_cut


def _check_roots(
    spans: list[tuple[int, int, str]],
    sections: list[Section],
    index: Index,
    writer: Writer,
    values: Values,
    gone: Values,
) -> Rights:
    places = {place for _, _, place in spans}
    for place in places:
        if not may_write(writer.role, root_of(place)):
            raise Denied(_refusal(writer.role, root_of(place)))
    if any(SEPARATOR in place for place in places):
        return _check_values(spans, sections, index, writer, values, gone)
    return {}


def _check_values(
    spans: list[tuple[int, int, str]],
    sections: list[Section],
    index: Index,
    writer: Writer,
    values: Values,
    gone: Values,
) -> Rights:
    """Check what is put under keys; return what the server has to write over it."""
    by = writer.origin if writer.role is not None else None
    left = {section.client: iter(section.structs) for section in sections}
    late: set[Id] = set()  # new structs that follow a value which was not the current one any more
    rights: Rights = {}
    for client, _, place in spans:
        struct = next(left[client])
        if SEPARATOR not in place:
            continue
        origin = struct.origin
        is_late = origin is not None and (origin in late or index.is_deleted(origin[0], origin[1], origin[1] + 1))
        if is_late:
            late.add((client, struct.clock + struct.length - 1))
        if struct.content == ANY:
            root, _, key = place.partition(SEPARATOR)
            before = values(root, key) if by is not None else None
            may, was = writer.writes_text, gone(root, key)
            right = check_value(root, key, struct.value, before, by, is_late=is_late, may_move=may, gone=was)
            rights.pop((root, key), None)
            if right is not KEEP:
                rights[root, key] = right
    return rights


def _check_claims(
    spans: list[tuple[int, int, str]],
    sections: list[Section],
    index: Index,
    owners: Mapping[int, Origin],
    ends: Mapping[int, int],
    writer: Writer,
    values: Values,
) -> None:
    """Refuse a claim that is none: of another form, of a client id that is not the writer's, of text that is not there.

    Whether it is true is found out later (see `history.returning`).
    """
    left = {section.client: iter(section.structs) for section in sections}
    seen: set[str] = set()
    for client, _, place in spans:
        struct = next(left[client])
        if not place.startswith(_CLAIM) or struct.content == DELETED:
            continue
        key = place[len(_CLAIM) :]
        claim = read_claim(key, struct.value) if struct.content == ANY else None
        if claim is None or key in seen or values(RETURNED, key) is not None:
            raise Denied("What an undo brought back is claimed once, by its first place and its length.")
        seen.add(key)
        owner = owners.get(claim.client)
        is_own = claim.client in ends if owner is None else (owner.kind, owner.id) == writer.identity
        if not is_own or claim.end > max(index.next(claim.client), ends.get(claim.client, 0)):
            raise Denied("Only what the writer's own page brought back may be claimed, once it is there.")


def _check_owners(sections: list[Section], owners: Mapping[int, Origin], writer: Writer) -> list[int]:
    fresh: list[int] = []
    for section in sections:
        owner = owners.get(section.client)
        if owner is None:
            fresh.append(section.client)
        elif owner.id != writer.origin.id or owner.kind != writer.origin.kind:
            raise Foreign("The update writes under somebody else's client id.")
    return fresh


def _check_deletes(
    update: Update, index: Index, ends: dict[int, int], writer: Writer, places: set[str], values: Values
) -> list[tuple[int, int, int]]:
    """Return the deletions that are new, adding to `places` where they are."""
    new: list[tuple[int, int, int]] = []
    for client, start, end in update.deletes:
        if end > ends.get(client, 0) and end > index.next(client):
            raise Gap("The update deletes text that the server does not have.")
        if index.is_deleted(client, start, end):
            continue
        new.append((client, start, end))
        track = index.tracks.get(client)
        for low, high, place in track.intervals(start, end) if track else ():
            if place in places:
                continue
            if _may_delete(place, writer, values):
                places.add(place)
            elif not index.is_deleted(client, low, high):
                raise Denied(_refusal(writer.role, root_of(place)))
    return new


def _may_delete(place: str, writer: Writer, values: Values) -> bool:
    root, _, key = place.partition(SEPARATOR)
    if root == COMMENTS and writer.role is Role.COMMENTER:
        return is_comment_of(values(root, key), writer.origin)
    if root == RETURNED and writer.role is not None:
        return False  # a claim stands until the server has found out
    return may_write(writer.role, root)


def _check_halves(sections: list[Section], deletes: list[tuple[int, int, int]], new: set[Id], known: set[Id]) -> None:
    """Refuse to cut a surrogate pair in two: Yjs and yrs disagree about what is left, and yrs's clocks shift."""
    cuts: set[Id] = set()
    for client, start, end in deletes:
        cuts |= {(client, start), (client, end)}
    for section in sections:
        for struct in section.structs:
            if struct.origin is not None:
                cuts.add((struct.origin[0], struct.origin[1] + 1))
            if struct.right is not None:
                cuts.add(struct.right)
    if not (cuts.isdisjoint(new) and cuts.isdisjoint(known)):
        raise Denied("An edit may not cut a character in two; select whole characters.")


def _refusal(role: Role | None, root: str) -> str:
    if role is Role.VIEWER:
        return "You may look at this canvas, not change it. Ask its owner for the editor's role."
    if role is Role.COMMENTER and may_write(Role.EDITOR, root):
        if root == COMMENTS:
            return "Somebody else wrote this comment: you may resolve it, not delete it."
        return "You may comment on this canvas, not change its files. Ask its owner for the editor's role."
    return f"Only the server writes to “{root}”."


def _rebuild(payload: bytes, sections: list[Section], deletes_at: int) -> bytes:
    """Return the update without the structs that the document has already."""
    parts = [var(len(sections))]
    for section in sections:
        first = section.structs[0]
        parts += (var(len(section.structs)), var(section.client), var(first.clock), payload[first.at : section.end])
    parts.append(payload[deletes_at:])
    return b"".join(parts)
