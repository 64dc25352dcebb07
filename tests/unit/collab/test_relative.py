"""Relative positions and the order of a text's characters, against pycrdt's texts and Yjs's own bytes."""

import random

import pytest
from pycrdt import Doc, Text

from app.collab.relative import AFTER, BEFORE, Positions, RelativePosition
from app.collab.sequence import runs
from app.collab.structs import read_update
from app.errors import BadInput

ROOT = "file:abcdefghjkmn"
PEERS = {77: "a", 5: "bb", 2**31 + 9: "😀", 400: "é\n"}


def converged(seed: int) -> Doc[Text]:
    """A document that peers wrote at once, each only its own characters, with deletions and partial syncs."""
    rng = random.Random(seed)
    docs: list[Doc[Text]] = [Doc(client_id=peer, skip_gc=rng.random() < 0.3) for peer in PEERS]
    for _ in range(rng.randrange(60)):
        doc = rng.choice(docs)
        shared = doc.get(ROOT, type=Text)
        text = str(shared)
        start = rng.randrange(len(text) + 1)
        end = min(len(text), start + rng.randrange(5)) if rng.random() < 0.35 else start
        first, last = len(text[:start].encode()), len(text[:end].encode())
        if last > first:
            del shared[first:last]
        if rng.random() < 0.8:
            shared.insert(first, PEERS[doc.client_id] * rng.randrange(1, 3))
        if rng.random() < 0.3:
            other = rng.choice(docs)
            other.apply_update(doc.get_update(other.get_state()))
    for doc in docs:
        docs[0].apply_update(doc.get_update(docs[0].get_state()))
    return docs[0]


@pytest.mark.parametrize("seed", range(60))
def test_runs_are_in_the_order_of_the_text(seed: int) -> None:
    doc = converged(seed)
    authors = {character: peer for peer, text in PEERS.items() for character in text}
    expected = [authors[c] for c in str(doc.get(ROOT, type=Text)) for _ in range(2 if c == "😀" else 1)]
    found = runs(read_update(doc.get_update()), ROOT)
    assert [run.client for run in found if not run.deleted for _ in range(run.length)] == expected, seed


@pytest.mark.parametrize("seed", range(20))
def test_every_place_reads_back_as_itself(seed: int) -> None:
    positions = Positions(ROOT, runs(read_update(converged(seed).get_update()), ROOT))
    for offset in range(positions.length + 1):
        for assoc in (AFTER, BEFORE):
            encoded = positions.at(offset, assoc).encode()
            assert positions.offset(RelativePosition.decode(encoded)) == offset


# (offset, assoc) → the bytes of yjs 13.6.33's encodeRelativePosition in a text “a😀b” that client 77 typed, in base64.
@pytest.mark.parametrize(
    ("offset", "assoc", "encoded"),
    [
        (0, AFTER, "AE0AAA=="),
        (0, BEFORE, "ARFmaWxlOmFiY2RlZmdoamttbkE="),
        (1, BEFORE, "AE0AQQ=="),
        (3, AFTER, "AE0DAA=="),
        (3, BEFORE, "AE0CQQ=="),
        (4, AFTER, "ARFmaWxlOmFiY2RlZmdoamttbgA="),
        (4, BEFORE, "AE0DQQ=="),
    ],
)
def test_bytes_are_those_of_yjs(offset: int, assoc: int, encoded: str) -> None:
    doc: Doc[Text] = Doc(client_id=77)
    doc.get(ROOT, type=Text).insert(0, "a😀b")
    positions = Positions(ROOT, runs(read_update(doc.get_update()), ROOT))
    assert positions.at(offset, AFTER if assoc == 0 else BEFORE).encode() == encoded
    assert positions.offset(RelativePosition.decode(encoded)) == offset


def test_place_of_a_deleted_or_unknown_character() -> None:
    doc: Doc[Text] = Doc(client_id=77)
    shared = doc.get(ROOT, type=Text)
    shared.insert(0, "abc")
    del shared[1:2]
    positions = Positions(ROOT, runs(read_update(doc.get_update()), ROOT))
    assert positions.offset(RelativePosition((77, 1), None, AFTER)) == 1
    assert positions.offset(RelativePosition((77, 1), None, BEFORE)) == 1
    assert positions.offset(RelativePosition((77, 9), None, AFTER)) is None
    assert positions.offset(RelativePosition((6, 0), None, AFTER)) is None
    assert positions.offset(RelativePosition(None, "file:other", AFTER)) is None
    with pytest.raises(BadInput, match="outside the text"):
        positions.at(3, AFTER)


@pytest.mark.parametrize("text", ["", "AA", "!!!!", "AgEC", "AE0A////", "A" * 500, "BQ==", "AP////////////////8="])
def test_bytes_that_are_not_a_position_are_refused(text: str) -> None:
    with pytest.raises(BadInput):
        RelativePosition.decode(text)
