"""Tickets: one room, one use, half a minute, one origin."""

import pytest

from app.auth import tickets as module
from app.auth.tickets import TICKET_SECONDS, Tickets
from app.domain.people import Person
from app.errors import NotSignedIn
from app.ids import CanvasId, PersonId
from tests.unit.auth.people import Clock

ANA = Person(PersonId("aaaaaaaaaaaa"), "Ana", 1)
BOB = Person(PersonId("bbbbbbbbbbbb"), "Bob", 2)
ONE, TWO = CanvasId("cccccccccccc"), CanvasId("dddddddddddd")
PAGE = "http://127.0.0.1:3000"


@pytest.mark.parametrize("origin", [PAGE, None])
def test_a_ticket_opens_its_room_once(origin: str | None) -> None:
    tickets = Tickets()
    ticket = tickets.issue(ANA, ONE, origin)
    assert tickets.redeem(ticket, ONE, origin).person == ANA
    with pytest.raises(NotSignedIn):
        tickets.redeem(ticket, ONE, origin)
    assert len(tickets) == 0


@pytest.mark.parametrize(
    ("asked", "canvas", "shown"),
    [
        (PAGE, TWO, PAGE),
        (PAGE, ONE, None),
        (None, ONE, PAGE),
        (PAGE, ONE, "http://127.0.0.1:3001"),
        (None, ONE, "null"),
    ],
)
def test_a_ticket_for_something_else_is_refused_and_spent(
    asked: str | None, canvas: CanvasId, shown: str | None
) -> None:
    tickets = Tickets()
    ticket = tickets.issue(ANA, ONE, asked)
    with pytest.raises(NotSignedIn, match="Ask for a new one"):
        tickets.redeem(ticket, canvas, shown)
    with pytest.raises(NotSignedIn):
        tickets.redeem(ticket, ONE, asked)


def test_a_ticket_ends_after_half_a_minute() -> None:
    clock = Clock()
    tickets = Tickets(clock)
    ticket, late = tickets.issue(ANA, ONE, None), tickets.issue(ANA, ONE, None)
    clock.now += TICKET_SECONDS - 1
    assert tickets.redeem(ticket, ONE, None).person == ANA
    clock.now += 1
    with pytest.raises(NotSignedIn):
        tickets.redeem(late, ONE, None)
    tickets.issue(ANA, ONE, None)
    clock.now += TICKET_SECONDS
    tickets.issue(BOB, ONE, None)
    assert len(tickets) == 1


@pytest.mark.parametrize("ticket", ["", "a" * 26, "\ud800", "x" * 100_000])
def test_what_was_never_issued_is_refused(ticket: str) -> None:
    with pytest.raises(NotSignedIn):
        Tickets().redeem(ticket, ONE, None)


def test_one_person_cannot_push_out_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_TICKETS_EACH", 3)
    monkeypatch.setattr(module, "MAX_TICKETS", 5)
    tickets = Tickets()
    bobs = tickets.issue(BOB, ONE, None)
    own = [tickets.issue(ANA, ONE, None) for _ in range(10)]
    assert len(tickets) == 4
    with pytest.raises(NotSignedIn):
        tickets.redeem(own[6], ONE, None)
    assert tickets.redeem(own[7], ONE, None).person == ANA
    assert tickets.redeem(bobs, ONE, None).person == BOB
    for number in range(20):
        tickets.issue(Person(PersonId(f"p{number:011}"), "P", 1), ONE, None)
    assert len(tickets) == 5
