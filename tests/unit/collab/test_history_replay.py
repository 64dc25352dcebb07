"""Replaying tells exactly what happened, in UTF-16 units, whatever was written and by how many."""

import random
from typing import Any

import pytest
from pycrdt import Doc, Map, Text

from app.collab.history.replay import Replay, packed, unpacked
from app.collab.lib0 import Malformed
from app.domain.history import Changes, played

LETTERS = ["a", "b", "\n", "é", "e\u0301", "🌱", "👩‍👩‍👧", "日本"]
FILE = "ffffffffffff"


@pytest.mark.parametrize("seed", range(12))
def test_every_step_plays_to_the_text_that_it_left(seed: int) -> None:
    chance = random.Random(seed)
    pages = [Doc(client_id=client) for client in (1, 2, 3)]
    pages[0].get("files", type=Map)[FILE] = {"path": "a.js"}
    pages[0].get(f"file:{FILE}", type=Text).insert(0, "🌱 begin\n")
    base = pages[0].get_update()
    for page in pages[1:]:
        page.apply_update(base)
    replay = Replay(base)
    server: Doc[Any] = Doc()
    server.apply_update(base)
    text = replay.texts()[FILE]
    for _ in range(60):
        # Two write before they hear of each other, so that what arrives is concurrent.
        updates = []
        for page in chance.sample(pages, 2):
            before = page.get_state()
            _type(chance, page.get(f"file:{FILE}", type=Text))
            updates.append(page.get_update(before))
        changes = replay.play(updates)
        for update in updates:
            server.apply_update(update)
        for page in pages:
            page.apply_update(server.get_update())
        text = played(text, changes.texts.get(FILE, ()))
        assert text == str(server.get(f"file:{FILE}", type=Text)), f"seed {seed}"
    assert replay.mend() == Changes()
    assert replay.texts() == {FILE: text}


def _type(chance: random.Random, text: Text) -> None:
    letters = list(str(text))
    for _ in range(chance.randint(1, 4)):
        at = chance.randint(0, len(letters))
        where = len("".join(letters[:at]).encode())
        if letters and at < len(letters) and chance.random() < 0.4:
            end = min(len(letters), at + chance.randint(1, 3))
            del text[where : where + len("".join(letters[at:end]).encode())]
            letters[at:end] = []
        else:
            new = "".join(chance.choices(LETTERS, k=chance.randint(1, 4)))
            text.insert(where, new)
            letters[at:at] = list(new)


def test_files_come_go_and_are_renamed() -> None:
    doc: Doc[Any] = Doc(client_id=1)
    doc.get("files", type=Map)
    replay = Replay(doc.get_update())
    files = doc.get("files", type=Map)

    def step(change: Any) -> Changes:
        before = doc.get_state()
        with doc.transaction():
            change()
        return replay.play([doc.get_update(before)])

    def make() -> None:
        files[FILE] = {"path": "a.js"}
        doc.get(f"file:{FILE}", type=Text).insert(0, "é")

    assert step(make) == Changes({FILE: [(0, "", "é")]}, [(FILE, None, "a.js")])
    assert step(lambda: files.__setitem__(FILE, {"path": "b.js"})).paths == [(FILE, "a.js", "b.js")]
    assert step(lambda: files.pop(FILE)).paths == [(FILE, "b.js", None)]
    assert replay.paths == {}


def test_changes_are_stored_and_read_back() -> None:
    changes = Changes({FILE: [(3, "x", "🌱")]}, [(FILE, None, "a.js")])
    assert unpacked(packed(changes)) == changes
    for raw in (b"", b"\x01\x02", packed(changes)[:-3]):
        with pytest.raises(Malformed):
            unpacked(raw)
