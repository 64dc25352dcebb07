"""What an undo brings back is its author's again: claimed by the page that undid, proven from what is stored."""

import random
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from pycrdt import Map, Text

from tests.fakes.fake_socket import FakePage
from tests.fakes.undoing import ANA, BO, CY, MODEL, ONE, World, claim, clock_of, undo_of, undoing


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with undoing(tmp_path) as made:
        yield made


async def test_s3_10_what_an_undo_brings_back_is_its_author_s_again(world: World) -> None:
    bo, ana = await world.page(BO), await world.page(ANA)
    world.text(bo).insert(0, "good 👍🏽 morning")
    await world.quiet()
    undo = undo_of(world, ana)
    del world.text(ana)[0:5]
    del world.text(ana)[len("👍🏽".encode()) :]
    await world.quiet()
    world.undo(ana, undo)
    world.undo(ana, undo)
    await world.quiet()
    said = [("good ", "Bo", "Ana"), ("👍🏽", "Bo", None), (" morning", "Bo", "Ana")]
    assert await world.said() == said
    assert await world.claims() == {}
    # Every page has what the server says.
    ranges = [key for key in bo.doc.get("authors", type=Map) if "+" in key]
    assert ranges
    await world.anew()
    assert await world.said() == said


async def test_s3_10_each_stretch_of_an_undo_goes_to_its_own_author_and_one_s_own_stays(world: World) -> None:
    bo, cy, ana = await world.page(BO), await world.page(CY), await world.page(ANA)
    world.text(bo).insert(0, "bo bo bo")
    await world.quiet()
    world.text(cy).insert(3, "cy ")
    async with world.rooms.use(ONE) as room:
        await room.edit(MODEL, lambda doc: doc.get(f"file:{world.file}", type=Text).insert(0, "model "))
    await world.quiet()
    undo = undo_of(world, ana)
    world.text(ana).insert(9, "ana ")
    del world.text(ana)[3:18]
    await world.quiet()
    world.undo(ana, undo)
    await world.quiet()
    assert await world.said() == [
        ("mod", "qwen", None),
        ("el ", "qwen", "Ana"),
        ("bo ", "Bo", "Ana"),
        ("ana ", "Ana", None),
        ("cy ", "Cy", "Ana"),
        ("bo", "Bo", "Ana"),
        (" bo", "Bo", None),
    ]
    async with world.rooms.use(ONE) as room:
        said = [value for key, value in room.get("authors").items() if "+" in key and value["kind"] == "model"]
    assert said == [replace(MODEL, restored_by="Ana").to_json()]


async def test_s3_10_again_and_again_through_undo_redo_and_others_it_stays_the_first_author_s(world: World) -> None:
    bo, ana, cy = await world.page(BO), await world.page(ANA), await world.page(CY)
    world.text(bo).insert(0, "bo")
    await world.quiet()
    undo, of_cy = undo_of(world, ana), undo_of(world, cy)
    del world.text(ana)[0:2]
    for _ in range(3):
        world.undo(ana, undo)
        world.undo(ana, undo, redo=True)
    world.undo(ana, undo)
    await world.quiet()
    assert await world.said() == [("bo", "Bo", "Ana")]
    del world.text(cy)[0:1]
    await world.quiet()
    world.undo(cy, of_cy)
    await world.quiet()
    assert await world.said() == [("b", "Bo", "Cy"), ("o", "Bo", "Ana")]
    # Whose it is brings it back: it needs no word.
    of_bo = undo_of(world, bo)
    del world.text(bo)[0:2]
    await world.quiet()
    world.undo(bo, of_bo)
    await world.quiet()
    assert await world.said() == [("bo", "Bo", None)]


@pytest.mark.parametrize("later", ["at once", "compacted", "forgotten"])
async def test_s3_10_a_claim_outlives_a_kill_and_is_judged_when_the_room_is_loaded(world: World, later: str) -> None:
    await world.anew(judges=False)
    bo, ana = await world.page(BO), await world.page(ANA)
    world.text(bo).insert(0, "bo wrote this")
    await world.quiet()
    undo = undo_of(world, ana)
    del world.text(ana)[3:9]
    await world.quiet()
    world.undo(ana, undo)
    await world.quiet()
    assert len(await world.claims()) == 1
    if later != "at once":
        await world.compact(years=2 if later == "forgotten" else 0)
    await world.anew()
    async with world.rooms.use(ONE):
        await world.returns.idle()
    assert await world.claims() == {}
    # What the history has forgotten proves nothing: then it is hers who brought it back.
    whose = ("wrote ", "Ana", None) if later == "forgotten" else ("wrote ", "Bo", "Ana")
    assert await world.said() == [("bo ", "Bo", None), whose, ("this", "Bo", None)]


@pytest.mark.parametrize("forgery", ["words", "order", "double", "standing", "apart", "between", "elsewhere", "length"])
async def test_s3_10_nobody_puts_words_into_another_s_mouth(world: World, forgery: str) -> None:
    # By their numbers Yjs puts hers first, where both were put at one place.
    bo, ana = await world.page(BO, page=FakePage(client=2_000)), await world.page(ANA, page=FakePage(client=1_000))
    world.text(bo).insert(0, "I do not agree. You lie. ")
    await world.quiet()
    text, client = world.text(ana), bo.doc.client_id
    undo = undo_of(world, ana)
    if forgery != "standing":
        del text[0:25]
    if forgery == "words":  # not what was there
        world.forge(ana, "I do agree. ", None, (client, 0))
    elif forgery == "order":  # his words, not in his order
        world.forge(ana, "You lie. ", None, (client, 16))
    elif forgery == "double":  # once brought back, once copied
        world.undo(ana, undo)
        await world.quiet()
        world.forge(ana, "You lie. ", (client, 15), (client, 16))
    elif forgery == "standing":  # before what is still there
        world.forge(ana, "I do not agree. ", None, (client, 0))
    elif forgery == "apart":  # two of his words from different places, as one
        world.text(bo).insert(0, "never")
        world.text(bo).insert(0, "yes")
        await world.quiet()
        del text[0:8]
        world.forge(ana, "neveryes", (client, 32), (client, 25))
    elif forgery == "between":  # in one, though another wrote into it
        cy = await world.page(CY)
        world.text(bo).insert(0, "I agree")
        await world.quiet()
        world.text(cy).insert(1, " do not")
        await world.quiet()
        del text[8:14]
        del text[0:1]
        world.forge(ana, "I agree", None, (client, 25))
    elif forgery == "elsewhere":  # not where it was
        world.text(bo).insert(0, "stays ")
        await world.quiet()
        world.forge(ana, "I do not agree. ", None, (client, 0))
    else:  # more than was brought back: what was typed behind it
        before = clock_of(ana)
        assert undo.undo()
        text.insert(0, "No. ")
        claim(ana, before, clock_of(ana) - before)
    await world.quiet()
    assert await world.claims() == {}
    said = await world.said()
    if forgery == "double":
        assert said == [("I do not agree. ", "Bo", "Ana"), ("You lie. ", "Ana", None)] or said[0][1] == "Bo"
        assert [(words, name) for words, name, _ in said if name == "Ana"] == [("You lie. ", "Ana")]
    elif forgery == "length":
        assert said == [("No. ", "Ana", None), ("I do not agree. You lie. ", "Bo", "Ana")]
    else:
        assert {by for _, _, by in said} == {None}
        assert [words for words, name, _ in said if name == "Ana"]
        assert {"standing": "I do not agree. You lie. ", "elsewhere": "stays "}.get(forgery, "") == "".join(
            words for words, name, _ in said if name == "Bo"
        )


# Each writes letters of their own only, so the text itself says whose it is.
LETTERS = {"Ana": "aä", "Bo": "b😀", "Cy": "c✓"}


def scribble(rng: random.Random, world: World, page: FakePage, letters: str) -> None:
    text = world.text(page)
    shown = str(text)
    start = rng.randrange(len(shown) + 1)
    end = min(len(shown), start + rng.randrange(1, 6))
    first = len(shown[:start].encode())
    with page.doc.transaction():
        if end > start and rng.random() < 0.5:
            del text[first : len(shown[:end].encode())]
        if rng.random() < 0.6:
            text.insert(first, "".join(rng.choice(letters) for _ in range(rng.randrange(1, 4))))


@pytest.mark.parametrize("seed", range(12))
async def test_s3_10_whatever_people_undo_each_letter_is_its_writer_s(world: World, seed: int) -> None:
    rng = random.Random(seed)
    people = [(await world.page(person), person.name) for person in (ANA, BO, CY)]
    undos = {id(page): undo_of(world, page) for page, _ in people}
    together = seed % 2 == 0  # every page has seen all that others did before it does anything
    for turn in range(30):
        page, name = rng.choice(people)
        undo = undos[id(page)]
        # Where pages have not seen each other's edits some of it stays the undoer's: then only Ana undoes.
        if rng.random() < 0.35 and (together or name == "Ana") and (undo.can_undo() or undo.can_redo()):
            world.undo(page, undo, redo=not undo.can_undo() or (undo.can_redo() and rng.random() < 0.4))
        else:
            scribble(rng, world, page, LETTERS[name])
        if together or rng.random() < 0.3:
            await world.quiet()
        if turn == 15:
            await world.compact()
    await world.quiet()
    said = await world.said()
    for words, name, by in said:
        if together or name != "Ana":
            assert set(words) <= set(LETTERS[name]), (words, name, by, said)


async def test_s3_10_what_one_types_before_a_word_stays_one_s_own_when_an_undo_brings_the_word_back(
    world: World,
) -> None:
    bo, ana = await world.page(BO), await world.page(ANA)
    world.text(bo).insert(0, "word word")
    await world.quiet()
    undo = undo_of(world, ana)
    world.text(ana).insert(5, "my ")
    del world.text(ana)[8:12]
    world.undo(ana, undo)  # to Yjs one with what was typed: the same neighbours, the next number
    await world.quiet()
    said = [("word ", "Bo", None), ("my ", "Ana", None), ("word", "Bo", "Ana")]
    assert await world.said() == said
    await world.anew()
    assert await world.said() == said
    # All of it goes and comes back together, by somebody else and then by her.
    cy = await world.page(CY)
    of_cy = undo_of(world, cy)
    del world.text(cy)[5:12]
    world.undo(cy, of_cy)
    await world.quiet()
    assert await world.said() == [("word ", "Bo", None), ("my ", "Ana", "Cy"), ("word", "Bo", "Cy")]
    ana = await world.page(ANA)
    undo = undo_of(world, ana)
    del world.text(ana)[0:12]
    await world.quiet()
    world.undo(ana, undo)
    await world.quiet()
    assert await world.said() == [("word ", "Bo", "Ana"), ("my ", "Ana", "Cy"), ("word", "Bo", "Ana")]
