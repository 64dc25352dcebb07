"""What a comment may look like: every field is checked, and what does not fit is refused with its name."""

import base64
import re
from typing import Any

import pytest
from pycrdt import Map

from app.collab.comment_form import MAX_MENTIONS, MAX_QUOTE, MAX_WORDS, check_comment
from app.collab.relative import AFTER, BEFORE, RelativePosition
from app.collab.schema import FILE_PREFIX, KEEP, check_value
from app.collab.verdicts import Denied
from app.domain.people import Origin, Person, Role
from app.ids import new_id
from tests.fakes.canvas import ANA, BO, open_canvas
from tests.fakes.comments import FILE, ID, comment

MINE = {"id": "bo", "name": "Bo", "hue": 200}
ANA_CALLED = {"id": "a2a2a2a2a2a2", "name": "Ana Lima 😀"}
GONE = object()


def _elsewhere() -> str:
    return RelativePosition(None, FILE_PREFIX + new_id(), BEFORE).encode()


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"at": "2026-11-21T12:04:00Z"},
        {"start": RelativePosition((2**32, 7), None, BEFORE).encode()},
        {"text": "x" * MAX_WORDS},
        {"text": "@Ana Lima 😀, why?", "mentions": [ANA_CALLED]},
        {"quote": "x" * MAX_QUOTE},
        {"text": "@Ana Lima 😀 and @Bo", "mentions": [ANA_CALLED, {"id": "b2b2b2b2b2b2", "name": "Bo"}]},
    ],
)
def test_s2_4_what_a_page_writes_is_well_formed(more: dict[str, Any]) -> None:
    check_comment(ID, comment(MINE, **more), FILE_PREFIX)


MALFORMED: list[tuple[dict[str, Any], str]] = [
    ({"file": GONE}, "has the fields"),
    ({"color": "red"}, "nothing else"),
    ({"id": new_id()}, "the key it stands under"),
    ({"id": 5}, "the key it stands under"),
    ({"file": "short"}, "id of a file"),
    ({"file": ["m2m2m2m2m2m2"]}, "id of a file"),
    ({"start": None}, "relative positions"),
    ({"start": "%%%"}, "relative positions"),
    ({"end": ""}, "relative positions"),
    ({"end": base64.b64encode(b"\x00" * 9).decode()}, "relative positions"),
    ({"end": "A" * 401}, "relative positions"),
    ({"start": _elsewhere()}, "in the file it names"),
    ({"at": 3}, "time is written"),
    ({"at": "yesterday"}, "time is written"),
    ({"at": "2026-02-30T12:00:00Z"}, "time is written"),
    ({"at": "2026-11-21T12:04:00+01:00"}, "time is written"),
    ({"at": "٢٠٢٦-11-21T12:04:00Z"}, "time is written"),
    ({"text": ""}, "characters of text"),
    ({"text": " \n"}, "characters of text"),
    ({"text": {"html": "x"}}, "characters of text"),
    ({"text": "x" * (MAX_WORDS + 1)}, "characters of text"),
    ({"resolved": None}, "true or false"),
    ({"resolved": 1}, "true or false"),
    ({"mentions": []}, "1 to 20 people"),
    ({"mentions": {"id": new_id()}}, "1 to 20 people"),
    ({"text": "@Bo", "mentions": [{"id": new_id(), "name": "Bo"} for _ in range(MAX_MENTIONS + 1)]}, "1 to 20 people"),
    ({"text": "@Bo", "mentions": ["b2b2b2b2b2b2"]}, "id and name"),
    ({"text": "@Bo", "mentions": [{"id": "b2b2b2b2b2b2", "name": "Bo", "hue": 3}]}, "id and name"),
    ({"text": "@Bo", "mentions": [{"id": "Bo", "name": "Bo"}]}, "each once"),
    ({"text": "@Bo", "mentions": [{"id": "b2b2b2b2b2b2", "name": "Bo"}] * 2}, "each once"),
    ({"text": "hello", "mentions": [{"id": "b2b2b2b2b2b2", "name": "Bo"}]}, "called in the words"),
    ({"text": "@", "mentions": [{"id": "b2b2b2b2b2b2", "name": ""}]}, "called in the words"),
    ({"text": "@Bo", "mentions": [{"id": "b2b2b2b2b2b2", "name": 7}]}, "called in the words"),
    ({"quote": None}, "1 to 200 characters"),
    ({"quote": ""}, "1 to 200 characters"),
    ({"quote": "x" * (MAX_QUOTE + 1)}, "1 to 200 characters"),
    ({"imported_by": None}, "name of a person"),
    ({"imported_by": ""}, "name of a person"),
    ({"imported_by": "x" * 201}, "name of a person"),
]


@pytest.mark.parametrize(("more", "sentence"), MALFORMED)
def test_s2_4_a_malformed_field_is_refused_by_name(more: dict[str, Any], sentence: str) -> None:
    value = {key: part for key, part in comment(MINE, **more).items() if part is not GONE}
    with pytest.raises(Denied, match=sentence):
        check_comment(ID, value, FILE_PREFIX)


@pytest.mark.parametrize("blank", ["\x1c", "\x1d\x1e\x1f", "\x85", " \u200b"])
def test_s2_4_what_the_page_takes_for_words_the_server_does(blank: str) -> None:
    check_comment(ID, comment(MINE, text=blank), FILE_PREFIX)


@pytest.mark.parametrize("blank", ["\t\n\v\f\r ", "\xa0\u1680\u2003\u2028\u2029\u202f\u205f\u3000", "\ufeff"])
def test_s2_4_what_the_page_takes_for_no_words_the_server_does(blank: str) -> None:
    with pytest.raises(Denied, match="characters of text"):
        check_comment(ID, comment(MINE, text=blank), FILE_PREFIX)


async def test_s2_4_a_malformed_comment_changes_nothing_and_nobody_sees_it() -> None:
    async with open_canvas() as canvas:
        page, other = await canvas.page(BO, Role.COMMENTER), await canvas.page(ANA)
        before, seen = canvas.room.snapshot(), len(other.socket.sent)
        page.doc.get("comments", type=Map)[ID] = comment(MINE, text="")
        await page.socket.until(lambda: page.denied)
        assert "characters of text" in page.denied[-1]
        assert canvas.room.snapshot() == before
        assert len(other.socket.sent) == seen


async def test_s2_4_what_stands_in_an_older_form_may_still_be_resolved_by_anybody() -> None:
    older = {"id": "c1", "by": MINE, "text": "From before", "resolved": False}
    async with open_canvas() as canvas:
        await canvas.room.edit(Origin.of(BO), lambda doc: _put(doc, "c1", older))
        for person in (ANA, BO):
            page = await canvas.page(person)
            comments = page.doc.get("comments", type=Map)
            comments["c1"] = {**comments["c1"], "resolved": not comments["c1"]["resolved"]}
            await page.saved()
            assert not page.denied


PLACE = RelativePosition((7, 3), None, AFTER).encode()


@pytest.mark.parametrize("writer", [ANA, BO])
def test_s2_4_what_stands_in_an_older_form_is_moved_with_its_words_by_its_writer_as_by_others(writer: Person) -> None:
    older = {"file": FILE, "start": "x", "end": "x", "by": MINE, "text": "From before", "resolved": False}
    moved = {**older, "start": PLACE, "end": PLACE}
    assert check_value("comments", "c1", moved, older, Origin.of(writer), may_move=True) is KEEP
    for wrong in ({"start": "anywhere"}, {"file": "n2n2n2n2n2n2"}, {"text": ""}):
        with pytest.raises(Denied):
            check_value("comments", "c1", {**moved, **wrong}, older, Origin.of(writer), may_move=True)


@pytest.mark.parametrize(
    ("role", "more", "is_taken"),
    [
        (Role.EDITOR, {"start": PLACE, "end": PLACE}, True),  # its words went there
        (Role.EDITOR, {"start": PLACE, "text": "Other words"}, False),
        (Role.EDITOR, {"start": PLACE, "by": {"id": "ana", "name": "Ana", "hue": 10}}, False),
        (Role.EDITOR, {"file": "n2n2n2n2n2n2"}, False),
        (Role.EDITOR, {"start": RelativePosition(None, FILE_PREFIX + "n2n2n2n2n2n2", AFTER).encode()}, False),
        (Role.EDITOR, {"start": PLACE, "resolved": "perhaps"}, False),
        (Role.EDITOR, {"start": "anywhere"}, False),
        (Role.EDITOR, {"start": None, "end": None}, False),
        (Role.COMMENTER, {"start": PLACE, "end": PLACE}, False),
    ],
)
async def test_s2_4_who_changes_texts_may_say_where_a_comment_s_words_went(
    role: Role, more: dict[str, Any], is_taken: bool
) -> None:
    async with open_canvas() as canvas:
        bo, other = await canvas.page(BO), await canvas.page(ANA, role)
        bo.doc.get("comments", type=Map)[ID] = comment(MINE)
        await bo.saved()
        comments = other.doc.get("comments", type=Map)
        await other.socket.until(lambda: ID in comments)
        comments[ID] = {**comments[ID], **more}
        await (other.saved() if is_taken else other.socket.until(lambda: other.denied))
        wanted = comment(MINE, **more) if is_taken else comment(MINE)
        assert canvas.room.get("comments")[ID] == wanted


@pytest.mark.parametrize(
    ("now", "sent", "left"),
    [
        ({"resolved": True}, {"start": PLACE}, {"resolved": True}),  # moved by one while another resolved it
        ({"start": PLACE}, {"resolved": True}, {"start": PLACE, "resolved": True}),  # the other way round
        ({"start": PLACE}, {"end": PLACE}, {"start": PLACE}),  # moved by two
    ],
)
@pytest.mark.parametrize("writer", [ANA, BO])
def test_s2_4_a_decision_and_a_move_at_once_are_a_decision(
    now: dict[str, Any], sent: dict[str, Any], left: dict[str, Any], writer: Person
) -> None:
    before, value = comment(MINE, **now), comment(MINE, **sent)
    right = check_value("comments", ID, value, before, Origin.of(writer), is_late=True, may_move=True)
    assert right == comment(MINE, **left)


@pytest.mark.parametrize(
    ("was", "now", "sent", "left"),
    [
        # Opened again by one while another moved it, and the other way round.
        ({"resolved": True}, {"start": PLACE, "resolved": True}, {}, {"start": PLACE}),
        ({"resolved": True}, {}, {"start": PLACE, "resolved": True}, {}),
        # Resolved by one while another moved it, and the other way round.
        ({}, {"start": PLACE}, {"resolved": True}, {"start": PLACE, "resolved": True}),
        ({}, {"resolved": True}, {"start": PLACE}, {"resolved": True}),
        ({}, {"start": PLACE}, {}, {"start": PLACE}),
    ],
)
@pytest.mark.parametrize("writer", [ANA, BO])
def test_s2_4_a_decision_that_crosses_a_move_holds(
    was: dict[str, Any], now: dict[str, Any], sent: dict[str, Any], left: dict[str, Any], writer: Person
) -> None:
    stood, before, value = (comment(MINE, **more) for more in (was, now, sent))
    right = check_value("comments", ID, value, before, Origin.of(writer), is_late=True, may_move=True, gone=stood)
    assert (value if right is KEEP else right) == comment(MINE, **left)


async def test_s2_4_a_thread_opened_again_while_another_moved_it_is_open() -> None:
    async with open_canvas() as canvas:
        ana, bo = await canvas.page(ANA), await canvas.page(BO)
        bo.doc.get("comments", type=Map)[ID] = comment(MINE, resolved=True)
        theirs, mine = (page.doc.get("comments", type=Map) for page in (ana, bo))
        await ana.socket.until(lambda: ID in theirs)
        mine[ID], theirs[ID] = comment(MINE, resolved=True, start=PLACE), comment(MINE)
        await bo.saved()
        await ana.saved()
        assert canvas.room.get("comments")[ID] == comment(MINE, start=PLACE)


EDITED = {"text": "Why not?", "edited": "2026-11-21T12:09:00.000Z"}


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (EDITED, None),
        ({**EDITED, "text": "@Ana Lima 😀?", "mentions": [ANA_CALLED]}, None),
        ({"text": "Why not?"}, "says when"),  # those who answered would not know
        ({**EDITED, "at": "2026-11-21T13:00:00Z"}, "keeps its time"),
        ({**EDITED, "quote": "what never stood there"}, "what it quotes"),
        ({**EDITED, "file": "n2n2n2n2n2n2"}, "edge|file"),
        ({**EDITED, "edited": "lately"}, "time is written"),
        ({**EDITED, "text": " "}, "characters of text"),
        ({**EDITED, "mentions": [ANA_CALLED]}, "called in the words"),
    ],
)
async def test_s2_5_a_comment_s_words_are_its_writer_s_to_change(more: dict[str, Any], sentence: str | None) -> None:
    async with open_canvas() as canvas:
        page, other = await canvas.page(BO, Role.COMMENTER), await canvas.page(ANA)
        comments = page.doc.get("comments", type=Map)
        comments[ID] = comment(MINE)
        await page.saved()
        comments[ID] = comment(MINE, **more)
        if sentence is None:
            await page.saved()
            assert canvas.room.get("comments")[ID] == comment(MINE, **more)
            # Edited it stays, and nobody else writes in it.
            theirs = other.doc.get("comments", type=Map)
            await other.socket.until(lambda: theirs.get(ID) == comment(MINE, **more))
            theirs[ID] = comment(MINE, **{**more, "text": "Because!"})
            await other.socket.until(lambda: other.denied)
            comments[ID] = comment(MINE)
        await page.socket.until(lambda: page.denied)
        wanted = comment(MINE) if sentence else comment(MINE, **more)
        assert re.search(sentence or "says when", page.denied[-1])
        assert canvas.room.get("comments")[ID] == wanted


@pytest.mark.parametrize(
    ("now", "left"),
    [
        ({"resolved": True}, {**EDITED, "resolved": True}),
        ({"start": PLACE}, {**EDITED, "start": PLACE}),
        ({"text": "Old", "edited": "2026-11-21T12:05:00Z"}, EDITED),  # in two tabs, this one later
        ({"text": "New", "edited": "2026-11-21T12:30:00Z"}, {"text": "New", "edited": "2026-11-21T12:30:00Z"}),
    ],
)
def test_s2_5_words_changed_without_having_seen_what_others_did_change_alone(
    now: dict[str, Any], left: dict[str, Any]
) -> None:
    right = check_value("comments", ID, comment(MINE, **EDITED), comment(MINE, **now), Origin.of(BO), is_late=True)
    assert (comment(MINE, **EDITED) if right is KEEP else right) == comment(MINE, **left)


def test_s2_5_what_its_writer_decides_elsewhere_leaves_their_newer_words() -> None:
    """Resolved offline in one tab, edited meanwhile in another: neither is refused, neither is lost."""
    value, before = comment(MINE, resolved=True), comment(MINE, **EDITED)
    right = check_value("comments", ID, value, before, Origin.of(BO), is_late=True)
    assert right == comment(MINE, **EDITED, resolved=True)


def test_s2_5_nobody_changes_words_without_saying_so_by_being_late() -> None:
    value = comment(MINE, text="Something else")
    assert check_value("comments", ID, value, comment(MINE), Origin.of(BO), is_late=True) == comment(MINE)


@pytest.mark.parametrize(
    ("person", "role", "more", "comes_back"),
    [
        (BO, Role.COMMENTER, {}, True),  # their own
        (ANA, Role.EDITOR, {}, True),
        (ANA, Role.OWNER, {}, True),
        (ANA, Role.EDITOR, {"text": "Something that Bo never said"}, False),
    ],
)
async def test_s2_5_a_comment_that_was_deleted_lately_comes_back_as_it_stood(
    person: Person, role: Role, more: dict[str, Any], comes_back: bool
) -> None:
    async with open_canvas() as canvas:
        page, other = await canvas.page(person, role), await canvas.page(BO)
        other.doc.get("comments", type=Map)[ID] = comment(MINE)
        comments = page.doc.get("comments", type=Map)
        await page.socket.until(lambda: ID in comments)
        del comments[ID]
        await page.saved()
        assert canvas.room.get("comments") == {}
        comments[ID] = comment(MINE, **more)
        await page.saved()
        assert not page.denied
        assert canvas.room.get("comments") == ({ID: comment(MINE)} if comes_back else {})


async def test_s2_5_what_was_deleted_is_brought_back_by_nobody_who_may_not_delete_it() -> None:
    async with open_canvas() as canvas:
        ana, bo = await canvas.page(ANA), await canvas.page(BO, Role.COMMENTER)
        of_ana = comment({"id": ANA.id, "name": ANA.name, "hue": ANA.hue})
        ana.doc.get("comments", type=Map)[ID] = of_ana
        comments = bo.doc.get("comments", type=Map)
        await bo.socket.until(lambda: ID in comments)
        del ana.doc.get("comments", type=Map)[ID]
        await bo.socket.until(lambda: ID not in comments)
        comments[ID] = of_ana
        await bo.saved()
        assert canvas.room.get("comments") == {}


CY = {"imported_by": "Cy"}
LATE: dict[str, Any] = {"is_late": True}


@pytest.mark.parametrize(
    ("writer", "before", "sent", "more", "left"),
    [
        (BO, None, CY, {}, None),  # made up
        (BO, {}, CY, {}, None),
        (BO, CY, EDITED, {}, None),  # washed off
        (BO, CY, {**EDITED, "imported_by": "Eve"}, {}, None),
        (ANA, CY, {}, {}, None),
        (ANA, CY, {"imported_by": "Eve", "resolved": True}, {}, None),
        (BO, CY, {**EDITED, **CY}, {}, {**EDITED, **CY}),
        (ANA, CY, {**CY, "resolved": True}, {}, {**CY, "resolved": True}),
        (ANA, CY, {**CY, "start": PLACE}, {}, {**CY, "start": PLACE}),
        (BO, CY, EDITED, LATE, {**EDITED, **CY}),
        (BO, {}, {**EDITED, **CY}, LATE, EDITED),
        (BO, None, {**EDITED, **CY}, LATE, EDITED),  # deleted long ago: now it is Bo's own word
        (BO, None, {**EDITED, **CY}, {**LATE, "gone": CY}, {**EDITED, **CY}),
        (BO, None, EDITED, {**LATE, "gone": CY}, {**EDITED, **CY}),
    ],
)
def test_s2_8_who_imported_a_comment_is_for_the_server_to_say(
    writer: Person, before: Any, sent: dict[str, Any], more: dict[str, Any], left: dict[str, Any] | None
) -> None:
    if "gone" in more:
        more = {**more, "gone": comment(MINE, **more["gone"])}
    stands, value = before if before is None else comment(MINE, **before), comment(MINE, **sent)
    if left is None:
        with pytest.raises(Denied):
            check_value("comments", ID, value, stands, Origin.of(writer), may_move=True, **more)
    else:
        right = check_value("comments", ID, value, stands, Origin.of(writer), may_move=True, **more)
        assert (value if right is KEEP else right) == comment(MINE, **left)


@pytest.mark.parametrize("writer", [ANA, BO])
def test_s2_4_a_comment_that_says_nothing_of_whether_it_is_resolved_is_refused_with_a_sentence(writer: Person) -> None:
    before = comment(MINE)
    value = {part: one for part, one in before.items() if part != "resolved"}
    with pytest.raises(Denied):
        check_value("comments", ID, value, before, Origin.of(writer), may_move=True)


def _put(doc: Any, key: str, value: dict[str, Any]) -> None:
    doc.get("comments", type=Map)[key] = value
