"""The validator: what reaches pycrdt, and what never does."""

import random
from typing import Any

import pytest
from pycrdt import Array, Doc, Map, Text, XmlFragment

from app.collab import document, lib0
from app.collab.fast_path import accept_keystroke
from app.collab.index import Index, Ranges
from app.collab.lib0 import Malformed, var
from app.collab.structs import MAX_STRUCTS
from app.collab.validator import Writer, check, check_in_full
from app.collab.verdicts import Accepted, Denied, Foreign, Gap
from app.domain.people import Origin, Role
from tests.counted import calls

FILE = "abcdefghjkmn"
ROOT = f"file:{FILE}"
ANA = Origin("person", "ana", "Ana", 1)
BO = Origin("person", "bo", "Bo", 2)
EDITOR = Writer(ANA, Role.EDITOR)
TEXT = lib0.text(ROOT)
DEEP = b"\x75\x01" * 40 + b"\x7e"


def item(info: int, rest: bytes, *, client: int = 1, clock: int = 0, count: int = 1, tail: bytes = b"\0") -> bytes:
    return b"\x01" + var(count) + var(client) + var(clock) + bytes((info,)) + rest + tail


def judged(update: bytes, index: Index | None = None, owners: dict[int, Origin] | None = None) -> Accepted:
    return check_in_full(update, index or Index(), owners or {}, EDITOR)


def in_map(root: str, key: str, value: bytes) -> bytes:
    return item(0x28, b"\x01" + lib0.text(root) + lib0.text(key) + b"\x01" + value)


HELLO = item(4, b"\x01" + TEXT + lib0.text("hello"))

MALFORMED = {
    "empty": b"",
    "seven bytes of zero length": bytes.fromhex("01010100040100"),
    "no structs": b"\x01\x00\x01\x00\x00",
    "more structs than bytes": b"\x01\x7f\x01\x00\x04",
    "truncated": HELLO[:-3],
    "trailing": HELLO + b"\0",
    "empty string": item(4, b"\x01" + TEXT + b"\0"),
    "empty deleted": item(1, b"\x01" + TEXT + b"\0"),
    "not utf-8": item(4, b"\x01" + TEXT + b"\x02\xff\xfe"),
    "a lone surrogate": item(4, b"\x01" + TEXT + b"\x03\xed\xa0\x80"),
    "garbage collected": item(0, b"\x05"),
    "binary": item(3, b"\x01" + TEXT + b"\x01a"),
    "embed": item(5, b"\x01" + TEXT + lib0.text("{}")),
    "format": item(6, b"\x01" + TEXT + lib0.text("b") + lib0.text("1")),
    "nested type": item(7, b"\x01" + TEXT + b"\x00"),
    "sub-document": item(9, b"\x01" + TEXT + lib0.text("g") + b"\x7e"),
    "move": item(11, b"\x01" + TEXT + b"\x00"),
    "unknown content": item(31, b"\x01" + TEXT),
    "nested parent": item(4, b"\x00\x01\x00" + lib0.text("a")),
    "unknown root": item(4, b"\x01" + lib0.text("rooty") + lib0.text("a")),
    "a file without a valid id": item(4, b"\x01" + lib0.text("file:../../etc") + lib0.text("a")),
    "a value in a text": item(8, b"\x01" + TEXT + b"\x01\x7e"),
    "a key in a text": item(0x24, b"\x01" + TEXT + lib0.text("k") + lib0.text("a")),
    "text in a map": item(0x24, b"\x01" + lib0.text("board") + lib0.text("k") + lib0.text("a")),
    "a map without a key": item(8, b"\x01" + lib0.text("board") + b"\x01\x7e"),
    "two values under a key": item(0x28, b"\x01" + lib0.text("board") + lib0.text("k") + b"\x02\x7e\x7e"),
    "no value": item(0x28, b"\x01" + lib0.text("board") + lib0.text("k") + b"\x00"),
    "deep value": in_map("board", "k", DEEP),
    "200 kB of nesting": in_map("board", "k", b"\x75\x01" * 100_000 + b"\x7e"),
    "wide value": in_map("board", "k", b"\x75\xff\x7f"),
    "bytes in a value": in_map("board", "k", b"\x74\x01a"),
    "big integer in a value": in_map("board", "k", b"\x7a" + bytes(8)),
    "infinite number": in_map("board", "k", b"\x7b\x7f\xf0" + bytes(6)),
    "endless number in a value": in_map("board", "k", b"\x7d" + b"\xff" * 20),
    "large number in a value": in_map("board", "k", b"\x7d" + b"\xbf" + b"\xff" * 6 + b"\x7f"),
    "unknown value": in_map("board", "k", b"\x01"),
    "clock overflow": item(1, b"\x01" + TEXT + var(2**31 - 1), clock=5),
    "neighbour after itself": item(0x84, b"\x01\x00" + lib0.text("a")),
    "right neighbour after itself": item(0x44, b"\x01\x09" + lib0.text("a")),
    "client twice": b"\x02" + HELLO[1:-1] + HELLO[1:],
    "waiting for each other": b"\x02\x01\x01\x00\x84\x02\x00\x01a\x01\x02\x00\x84\x01\x00\x01b\x00",
    "empty delete": b"\x00\x01\x01\x01\x00\x00",
    "delete without ranges": b"\x00\x01\x01\x00",
    "delete client twice": HELLO[:-1] + b"\x02\x01\x01\x00\x01\x01\x01\x01\x01",
    "deletes out of order": HELLO[:-1] + b"\x01\x01\x02\x03\x01\x00\x01",
    "deletes overlap": HELLO[:-1] + b"\x01\x01\x02\x00\x03\x02\x01",
}


@pytest.mark.parametrize("name", MALFORMED)
def test_s3_1_s2_2_malformed(name: str) -> None:
    with pytest.raises(Malformed):
        judged(MALFORMED[name])


@pytest.mark.parametrize(
    "update",
    [
        item(4, b"\x01" + TEXT + lib0.text("a"), clock=3),
        item(0x84, b"\x09\x00" + lib0.text("a")),
        item(10, b"\x05", count=2, tail=b"\x84\x01\x04\x01a\x00"),
        b"\x00\x01\x01\x01\x00\x01",
        HELLO[:-1] + b"\x01\x01\x01\x00\x06",
    ],
)
def test_s3_3_what_the_server_lacks_is_a_gap(update: bytes) -> None:
    with pytest.raises(Gap):
        judged(update)


@pytest.mark.parametrize(
    "entry", [b"\x7e", b"\x76\x00", b"\x76\x01\x04path\x7d\x01", b"\x76\x02\x04path\x77\x01a\x01x\x75\x00"]
)
def test_s2_3_a_file_is_an_object_with_a_path(entry: bytes) -> None:
    with pytest.raises(Denied):
        judged(in_map("files", FILE, entry))
    with pytest.raises(Denied):
        judged(in_map("files", "short", b"\x76\x01\x04path\x77\x01a"))
    assert judged(in_map("files", FILE, b"\x76\x01\x04path\x77\x01a")).places == {f"files\0{FILE}"}


@pytest.mark.parametrize("value", [b"\x7e", b"\x77\x01a", b"\x76\x01\x01t\x77" + lib0.text("x" * 20_001)])
def test_a_comment_is_an_object_within_bounds(value: bytes) -> None:
    with pytest.raises(Denied):
        judged(in_map("comments", "c", value))


@pytest.mark.parametrize("make", [Array, XmlFragment, Text])
def test_s2_2_other_roots_and_nested_types_are_malformed(make: type) -> None:
    doc: Doc[Any] = Doc()
    doc.get("board", type=Map)["x"] = Text("nested") if make is Text else Array([1])
    with pytest.raises(Malformed):
        judged(doc.get_update())


def test_neighbours_in_different_places_are_malformed() -> None:
    index = Index()
    index.extend(1, 2, ROOT)
    index.extend(2, 2, "board\0k")
    index.extend(2, 2, "board\0l")
    owners = {1: ANA, 2: ANA}
    for info, ids in (
        (0xC4, b"\x01\x00\x02\x00"),
        (0xC4, b"\x02\x00\x01\x00"),
        (0x84, b"\x02\x00"),
        (0x44, b"\x02\x00"),
    ):
        with pytest.raises(Malformed):
            judged(item(info, ids + lib0.text("a"), client=1, clock=2), index, owners)
    with pytest.raises(Malformed):
        judged(item(0xC8, b"\x02\x00\x02\x02" + b"\x01\x7e", client=1, clock=2), index, owners)


def test_s3_2_known_structs_are_cut_off() -> None:
    doc: Doc[Any] = Doc(client_id=5)
    text = doc.get(ROOT, type=Text)
    text.insert(0, "one")
    index = document.index_of(doc)
    known = doc.get_state()
    text.insert(0, "two")
    accepted = judged(doc.get_update(), index, {5: ANA})
    assert accepted.payload == doc.get_update(known)
    assert accepted.spans == [(5, 3, ROOT)]
    index.record(accepted.spans, accepted.deletes, accepted.halves)
    assert judged(doc.get_update(), index, {5: BO}).is_known
    del text[0:2]
    accepted = judged(doc.get_update(), index, {5: BO})
    assert (accepted.spans, accepted.deletes) == ([], [(5, 3, 5)])


def test_s3_4_new_structs_need_the_senders_client_id() -> None:
    with pytest.raises(Foreign):
        judged(HELLO, owners={1: BO})
    with pytest.raises(Foreign):
        judged(HELLO, owners={1: Origin("model", "ana", "Ana", 1)})
    assert judged(HELLO).fresh == [1]
    assert judged(HELLO, owners={1: ANA}).fresh == []


def test_s6_1_deleting_is_writing() -> None:
    index = Index()
    index.extend(1, 2, ROOT)
    index.extend(1, 1, "suggestions\0s")
    index.extend(1, 2, ROOT)
    assert check(b"\x00\x01\x01\x01\x00\x02", index, {}, EDITOR).places == (ROOT,)
    for delete in (b"\x00\x01\x01\x01\x02\x01", b"\x00\x01\x01\x01\x00\x05", b"\x00\x01\x01\x02\x00\x01\x02\x02"):
        with pytest.raises(Denied):
            check(delete, index, {}, EDITOR)
    for role in (Role.COMMENTER, Role.VIEWER):
        with pytest.raises(Denied):
            check(b"\x00\x01\x01\x01\x00\x01", index, {}, Writer(ANA, role))
    index.delete(1, [(0, 5)])
    assert check(b"\x00\x01\x01\x01\x00\x05", index, {}, Writer(BO, Role.VIEWER)).is_known


def test_s3_9_a_surrogate_pair_is_not_cut() -> None:
    doc: Doc[Any] = Doc(client_id=1)
    doc.get(ROOT, type=Text).insert(0, "😀b")
    index = document.index_of(doc)
    assert index.halves == {(1, 1)}
    cuts = [
        b"\x00\x01\x01\x01\x00\x01",
        b"\x00\x01\x01\x01\x01\x01",
        item(0x84, b"\x01\x00\x01a", clock=3),
        item(0x44, b"\x01\x01\x01a", clock=3),
        item(0xC4, b"\x01\x00\x01\x01\x01a", clock=3),
    ]
    for cut in cuts:
        with pytest.raises(Denied):
            check(cut, index, {1: ANA}, EDITOR)
    accepted = check(item(0xC4, b"\x01\x01\x01\x02\x04" + "😀".encode(), clock=3), index, {1: ANA}, EDITOR)
    assert accepted.halves == {(1, 4)}
    assert check(b"\x00\x01\x01\x01\x00\x02", index, {1: ANA}, EDITOR).deletes


def test_ranges_merge() -> None:
    rng = random.Random(4)
    for _ in range(200):
        ranges, bits = Ranges(), set[int]()
        for _ in range(rng.randrange(1, 20)):
            start = rng.randrange(40)
            end = start + rng.randrange(1, 8)
            ranges.add(start, end)
            bits |= set(range(start, end))
        many = [(start, start + rng.randrange(1, 3)) for start in rng.choices(range(40), k=rng.choice((3, 80)))]
        ranges.add_all(many)
        bits |= {clock for start, end in many for clock in range(start, end)}
        for start in range(48):
            assert ranges.covers(start, start + 1) == (start in bits)
        assert all(end < start for end, start in zip(ranges.ends, ranges.starts[1:], strict=False))


def cost(payload: bytes) -> int:
    return calls(lambda: judged(payload))


def answering(count: int, waiting: int = 0, seed: int = 0) -> bytes:
    """Two clients answering each other letter by letter, and `waiting` more that wait for letters of the first."""
    rng = random.Random(seed)
    first = b"\x04\x01" + TEXT + b"\x01a" + b"".join(b"\x84\x02" + var(n) + b"\x01a" for n in range(count - 1))
    second = b"".join(b"\x84\x01" + var(n) + b"\x01b" for n in range(count))
    sections = [var(count) + b"\x01\x00" + first, var(count) + b"\x02\x00" + second]
    for client in range(3, 3 + waiting):
        awaited = rng.choice((count - 1, rng.randrange(count)))
        sections.append(b"\x01" + var(client) + b"\x00\x84\x01" + var(awaited) + b"\x01c")
    rng.shuffle(sections)
    return var(len(sections)) + b"".join(sections) + b"\x00"


def test_structs_that_depend_on_each_other_across_clients_take_linear_time() -> None:
    """The worst order for placing, up to the most structs that an update may have."""
    assert len(judged(answering(MAX_STRUCTS // 2)).spans) == MAX_STRUCTS
    assert cost(answering(16_000)) < 10.5 * cost(answering(1_600))


def test_a_crowd_that_waits_is_looked_at_once_each() -> None:
    for seed in range(5):
        alone, crowded = cost(answering(3_000, 0, seed)), cost(answering(3_000, 3_000, seed))
        assert crowded < 2 * alone, f"seed {seed}"


def test_the_fast_path_says_what_the_full_path_says() -> None:
    rng = random.Random(11)
    docs = [Doc(client_id=client) for client in (1, 300, 2**40)]
    server: Doc[Any] = Doc()
    index, owners = Index(), {1: ANA, 300: BO}
    fast = 0
    for _ in range(1_500):
        doc = rng.choice(docs)
        raw = str(doc.get(ROOT, type=Text)).encode()
        at = len(raw[: rng.randint(0, len(raw))].decode(errors="ignore").encode())
        typed = rng.choice(["a", "é", "😀", "word ", "e\u0301"])
        rest = raw[at:].decode()

        def change(doc: Doc[Any], at: int = at, typed: str = typed, rest: str = rest) -> None:
            text = doc.get(ROOT, type=Text)
            if rest and rng.random() < 0.3:
                del text[at : at + len(rest[: rng.randint(1, 3)].encode())]
            else:
                text.insert(at, typed)

        update = document.changes(doc, change)
        assert update is not None
        mutated = bytearray(update)
        if rng.random() < 0.5 and mutated:
            mutated[rng.randrange(len(mutated))] = rng.randrange(256)
        for payload, writer in ((bytes(mutated), EDITOR), (update, EDITOR), (update, Writer(BO, Role.EDITOR))):
            quick = accept_keystroke(payload, index, owners, writer.origin, True)
            if quick is not None:
                fast += 1
                slow = check_in_full(payload, index, owners, writer)
                assert quick.payload == slow.payload
                assert list(quick.spans) == list(slow.spans)
                assert list(quick.deletes) == list(slow.deletes)
                assert list(quick.fresh) == list(slow.fresh)
                assert set(quick.places) == set(slow.places)
        accepted = check_in_full(update, index, {}, EDITOR)
        index.record(accepted.spans, accepted.deletes, accepted.halves)
        for other in (server, *docs):
            if other is not doc:
                other.apply_update(update)
    assert fast > 300
    assert {c: t.next for c, t in index.tracks.items()} == {
        c: t.next for c, t in document.index_of(server).tracks.items()
    }


def test_every_keystroke_takes_the_fast_path() -> None:
    doc: Doc[Any] = Doc(client_id=1)
    text = doc.get(ROOT, type=Text)
    text.insert(0, "-")
    index = document.index_of(doc)
    updates: list[bytes] = []
    subscription = doc.observe(lambda event: updates.append(event.update))
    for at in range(2_000):
        text.insert(at, "x")
    doc.unobserve(subscription)
    for update in updates:
        accepted = accept_keystroke(update, index, {1: ANA}, ANA, EDITOR.writes_text)
        assert accepted is not None
        index.record(accepted.spans, accepted.deletes, accepted.halves)
