"""Mutated updates against the validator, and what it accepts against pycrdt. A death of the process is a failure.

Real updates of a real document are damaged: bytes changed, cut, repeated, spliced with others. The validator says one
of its verdicts, at a bounded cost; what it accepts is applied, and the document and the index still agree.
"""

import contextlib
import random
from functools import partial
from typing import Any

from pycrdt import Doc, Map, Text

from app.collab import document
from app.collab.index import Index
from app.collab.lib0 import Malformed, var
from app.collab.presence import read_entries, read_state
from app.collab.protocol import check_state_vector, decode
from app.collab.validator import Writer, check
from app.collab.verdicts import Accepted, Denied, Foreign, Gap
from app.domain.people import Origin, Role
from tests.counted import calls

WRITER = Writer(Origin("person", "ana", "Ana", 1), Role.EDITOR)
ROOT = "file:abcdefghjkmn"
MUTATIONS = 400
CALLS, CALLS_PER_BYTE = 300, 6  # what judging may cost, in function calls: twice and more of what was seen


def grow(doc: Doc[Any], rng: random.Random) -> None:
    """Make one random, honest change."""
    text = doc.get(ROOT, type=Text)
    kind = rng.random()
    if kind < 0.2:
        doc.get("board", type=Map)[rng.choice("abc")] = {"n": rng.random(), "list": [1, None, True, "é"]}
    elif kind < 0.4 and len(text) > 4:
        raw = str(text)
        start = rng.randrange(len(raw) - 1)
        del text[len(raw[:start].encode()) : len(raw[: start + 2].encode())]
    else:
        at = len(str(text)[: rng.randint(0, len(str(text)))].encode())
        text.insert(at, rng.choice(["a", "😀", "e\u0301", "word ", "x" * 40]))


def mutate(update: bytes, others: list[bytes], rng: random.Random) -> bytes:
    """Damage an update."""
    raw = bytearray(update)
    for _ in range(rng.randint(1, 4)):
        kind, at = rng.randrange(6), rng.randrange(len(raw) + 1)
        if kind == 0 and at < len(raw):
            raw[at] = rng.choice([0, 1, 2, 127, 128, 255, raw[at] ^ (1 << rng.randrange(8)), rng.randrange(256)])
        elif kind == 1:
            del raw[at : at + rng.randint(1, 4)]
        elif kind == 2:
            raw[at:at] = rng.choice([b"\xff" * rng.randint(1, 12), var(rng.randrange(2**53)), b"\0", rng.randbytes(3)])
        elif kind == 3:
            other = rng.choice(others)
            raw[at:] = other[rng.randrange(len(other)) :]
        elif kind == 4:
            raw[at:at] = raw[at : at + rng.randint(1, 30)]
        elif at < len(raw):
            raw[at] = (raw[at] + rng.choice([-1, 1])) % 256
    return bytes(raw)


def judge(update: bytes, index: Index, verdict: list[Accepted]) -> None:
    """Check an update and put what is accepted into `verdict`; any other error than a refusal is a failure."""
    with contextlib.suppress(Malformed, Gap, Denied, Foreign):
        verdict.append(check(update, index, {}, WRITER))


def test_s3_1_hostile_updates_are_refused_or_harmless(updates_seed: int) -> None:
    rng = random.Random(updates_seed)
    server: Doc[Any] = Doc(client_id=9)
    clients: list[Doc[Any]] = [Doc(client_id=client) for client in (1, 200, 70_000)]
    index, honest = Index(), [b"\0\0"]
    for _ in range(60):
        doc = rng.choice(clients)
        update = document.changes(doc, lambda doc: grow(doc, rng))
        assert update is not None
        accepted = check(update, index, {}, WRITER)
        index.record(accepted.spans, accepted.deletes, accepted.halves)
        honest += [update, doc.get_update()]
        for other in (server, *clients):
            if other is not doc:
                document.apply(other, [update])
    verdicts = {"accepted": 0, "refused": 0}
    for _ in range(MUTATIONS):
        hostile = mutate(rng.choice(honest), honest, rng)
        verdict: list[Accepted] = []
        made = calls(partial(judge, hostile, index, verdict))
        assert made < CALLS + CALLS_PER_BYTE * len(hostile), f"seed {updates_seed}: costly is {hostile.hex()}"
        verdicts["accepted" if verdict else "refused"] += 1
        for accepted in verdict:
            if not accepted.is_known:
                document.apply(server, [accepted.payload])
                index.record(accepted.spans, accepted.deletes, accepted.halves)
    assert verdicts["refused"] > 0
    assert str(server.get(ROOT, type=Text)).encode()
    rebuilt = document.index_of(server)
    assert {c: t.next for c, t in rebuilt.tracks.items()} == {c: t.next for c, t in index.tracks.items()}
    again: Doc[Any] = Doc()
    document.apply(again, [server.get_update()])
    assert str(again.get(ROOT, type=Text)) == str(server.get(ROOT, type=Text))


def test_s1_4_hostile_frames_are_refused_or_read(updates_seed: int) -> None:
    rng = random.Random(updates_seed)
    frames = [b"\x00\x00\x01\x00", b"\x00\x02\x02\x00\x00", b"\x01\x05\x01\x01\x01\x02{}", b"\x03", b"\x65\x02{}"]
    for _ in range(MUTATIONS):
        frame = mutate(rng.choice(frames), frames, rng)
        try:
            _, payload = decode(frame)
            check_state_vector(payload)
            for _, _, text in read_entries(payload):
                read_state(text)
        except Malformed:
            continue
