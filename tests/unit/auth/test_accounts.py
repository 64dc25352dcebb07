"""Set-up, signing in, members, and the owner at the keyboard."""

import asyncio

import pytest
from argon2 import PasswordHasher

from app.auth.accounts import Accounts
from app.auth.attempts import PER_ACCOUNT_AND_ADDRESS, WINDOW_SECONDS
from app.auth.passwords import Passwords
from app.auth.sessions import SESSION_SECONDS, id_of
from app.domain.audit import Privileged
from app.domain.people import Person
from app.errors import BadInput, Conflict, Forbidden, NotFound, NotSignedIn, TooMany
from app.ids import PersonId
from tests.unit.auth.people import PASSWORD, Team

HERE = "203.0.113.7"


async def test_the_local_owner_is_one_and_stays(team: Team) -> None:
    found = await asyncio.gather(*(team.accounts.local_owner() for _ in range(5)))
    assert len(set(found)) == 1
    assert await Team(team.database).accounts.local_owner() == found[0]
    assert found[0].kind == "member"


async def test_a_person_takes_another_name_and_signs_in_as_before(team: Team) -> None:
    signed_in = await team.set_up()
    renamed = await team.accounts.rename(signed_in.person, "  Ana   Silva ")
    assert (renamed.id, renamed.name, renamed.hue) == (signed_in.person.id, "Ana Silva", signed_in.person.hue)
    assert await team.sessions.find(signed_in.token) == renamed
    assert await team.accounts.local_owner() == renamed
    assert (await team.accounts.sign_in("Ana", PASSWORD, HERE)).person == renamed
    with pytest.raises(BadInput, match="Write a name"):
        await team.accounts.rename(renamed, " ")


async def test_set_up_gives_the_local_owner_a_name_and_password(team: Team) -> None:
    local = await team.accounts.local_owner()
    signed_in = await team.set_up()
    assert (signed_in.person.id, signed_in.person.name) == (local.id, "Ana")
    assert await team.sessions.find(signed_in.token) == signed_in.person
    assert await team.accounts.local_owner() == signed_in.person
    assert await team.audited() == [Privileged.SET_UP]


async def test_a_set_up_code_works_once(team: Team) -> None:
    code = await team.accounts.new_set_up_code()
    assert code is not None
    assert await team.accounts.set_up_open(code)
    await team.accounts.set_up(code, "Ana", PASSWORD)
    assert not await team.accounts.set_up_open(code)
    with pytest.raises(Forbidden, match="set-up link"):
        await team.accounts.set_up(code, "Mallory", PASSWORD)
    assert await team.accounts.new_set_up_code() is None


async def test_a_set_up_code_used_twice_at_once_works_once(team: Team) -> None:
    code = await team.accounts.new_set_up_code()
    assert code is not None
    both = await asyncio.gather(
        team.accounts.set_up(code, "Ana", PASSWORD),
        team.accounts.set_up(code, "Mallory", PASSWORD),
        return_exceptions=True,
    )
    assert sorted(isinstance(outcome, Forbidden) for outcome in both) == [False, True]


async def test_a_later_set_up_code_replaces_the_one_before(team: Team) -> None:
    first = await team.accounts.new_set_up_code()
    second = await team.accounts.new_set_up_code()
    assert first is not None
    assert second is not None
    assert not await team.accounts.set_up_open(first)
    assert await team.accounts.set_up_open(second)


@pytest.mark.parametrize("password", ["short", "x" * 201, ""])
async def test_a_password_that_may_not_be_chosen_leaves_the_code(team: Team, password: str) -> None:
    code = await team.accounts.new_set_up_code()
    assert code is not None
    with pytest.raises(BadInput, match="10 to 200 characters"):
        await team.accounts.set_up(code, "Ana", password)
    assert await team.accounts.set_up_open(code)


@pytest.mark.parametrize("name", ["Ana", "ANA", " ana ", "Ａｎａ"])
async def test_signing_in_does_not_mind_how_the_name_is_written(team: Team, name: str) -> None:
    ana = (await team.set_up()).person
    signed_in = await team.accounts.sign_in(name, PASSWORD, HERE)
    assert signed_in.person == ana
    assert await team.sessions.find(signed_in.token) == ana


@pytest.mark.parametrize(
    ("name", "password"), [("Ana", "wrong password"), ("Bob", PASSWORD), ("", ""), ("\0", PASSWORD)]
)
async def test_a_wrong_name_and_a_wrong_password_are_told_the_same(team: Team, name: str, password: str) -> None:
    await team.set_up()
    with pytest.raises(NotSignedIn) as refused:
        await team.accounts.sign_in(name, password, HERE)
    assert refused.value.sentence == "That name and password do not belong together. Check both and try again."


async def test_an_unknown_name_costs_as_much_work_as_a_known_one(team: Team) -> None:
    class Counted(PasswordHasher):
        verified = 0

        def verify(self, hash: str | bytes, password: str | bytes) -> bool:
            self.verified += 1
            return super().verify(hash, password)

    hasher = Counted(time_cost=1, memory_cost=8, parallelism=1)
    accounts = Accounts(team.database, team.sessions, Passwords(hasher), team.attempts, team.clock)
    await team.set_up()
    for name in ("Ana", "Nobody"):
        with pytest.raises(NotSignedIn):
            await accounts.sign_in(name, "wrong password", HERE)
    assert hasher.verified == 2


async def test_signing_in_ends_the_session_the_browser_had(team: Team) -> None:
    before = await team.set_up()
    after = await team.accounts.sign_in("Ana", PASSWORD, HERE, session=before.token)
    assert after.token != before.token
    assert await team.sessions.find(before.token) is None
    assert await team.sessions.find(after.token) == after.person


async def test_sessions_end_by_themselves_and_on_demand(team: Team) -> None:
    one = await team.set_up()
    other = await team.accounts.sign_in("Ana", PASSWORD, HERE)
    await team.sessions.end(one.token)
    assert await team.sessions.find(one.token) is None
    assert await team.sessions.find(other.token) is not None
    team.clock.now += SESSION_SECONDS
    assert await team.sessions.find(other.token) is None
    assert await team.sessions.find("made up \ud800") is None


async def test_a_clock_that_jumps_signs_nobody_out_within_the_month(team: Team) -> None:
    one = await team.set_up()
    for jump in (-400, 0, 29):  # days from now
        team.clock.now = 1_000_000.0 + jump * 86_400
        assert await team.sessions.find(one.token) is not None


async def test_guessing_is_bounded_and_the_wait_is_said(team: Team) -> None:
    await team.set_up()
    for _ in range(PER_ACCOUNT_AND_ADDRESS):
        with pytest.raises(NotSignedIn):
            await team.accounts.sign_in("Ana", "wrong password", HERE)
    with pytest.raises(TooMany, match="Try again in 900 seconds"):
        await team.accounts.sign_in("ana", PASSWORD, HERE)
    await team.accounts.sign_in("Ana", PASSWORD, "198.51.100.1")
    team.clock.now += WINDOW_SECONDS
    await team.accounts.sign_in("Ana", PASSWORD, HERE)


async def test_parallel_guesses_count_as_well(team: Team) -> None:
    await team.set_up()
    tries = (team.accounts.sign_in("Ana", "wrong password", HERE) for _ in range(3 * PER_ACCOUNT_AND_ADDRESS))
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(outcome, NotSignedIn) for outcome in outcomes) == PER_ACCOUNT_AND_ADDRESS


async def test_weaker_hashes_are_made_anew_at_sign_in(team: Team) -> None:
    signed_in = await team.set_up()
    stronger = Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    accounts = Accounts(team.database, team.sessions, stronger, team.attempts, team.clock)
    await accounts.sign_in("Ana", PASSWORD, HERE)
    async with team.database.reading() as unit:
        credential = await unit.credentials.of(signed_in.person.id)
    assert credential is not None
    assert credential.password.startswith("$argon2id$")
    assert not stronger.outdated(credential.password)


async def test_only_the_owner_adds_members_and_names_are_taken_once(team: Team) -> None:
    ana = (await team.set_up()).person
    bob = await team.accounts.add_member(ana, "Bob", PASSWORD)
    assert (await team.accounts.sign_in("bob", PASSWORD, HERE)).person == bob
    assert await team.accounts.get(bob.id) == bob
    assert bob.hue != ana.hue
    with pytest.raises(Conflict, match="already an account called BOB"):
        await team.accounts.add_member(ana, "BOB", PASSWORD)
    with pytest.raises(Forbidden, match="Only the owner"):
        await team.accounts.add_member(bob, "Eve", PASSWORD)
    assert (await team.audited())[:2] == [Privileged.SET_UP, Privileged.MEMBER_ADDED]


async def test_changing_the_password_ends_every_session(team: Team) -> None:
    before = await team.set_up()
    with pytest.raises(NotSignedIn, match="old password"):
        await team.accounts.change_password(before.person, "wrong password", "another password", HERE)
    after = await team.accounts.change_password(before.person, PASSWORD, "another password", HERE)
    assert await team.sessions.find(before.token) is None
    assert await team.sessions.find(after.token) == before.person
    with pytest.raises(NotSignedIn):
        await team.accounts.sign_in("Ana", PASSWORD, HERE)
    await team.accounts.sign_in("Ana", "another password", HERE)


async def test_nothing_that_opens_a_door_is_stored_as_it_is(team: Team) -> None:
    signed_in = await team.set_up()
    _, token = await team.tokens.create(signed_in.person, "ci")
    async with team.database.reading() as unit:
        stored = [
            str(row)
            for table in ("credentials", "web_sessions", "api_tokens", "notes")
            for row in await unit.connection.exec_driver_sql(f"SELECT * FROM {table}")
        ]
    for secret in (PASSWORD, signed_in.token, token):
        assert not any(secret in row for row in stored)


async def test_api_tokens(team: Team) -> None:
    ana = (await team.set_up()).person
    token, secret = await team.tokens.create(ana, "ci")
    assert secret.startswith("pc_")
    assert await team.tokens.find(secret) == ana
    assert await team.tokens.find(secret.removeprefix("pc_")) is None
    assert await team.tokens.find("pc_wrong") is None
    assert await team.tokens.of(ana.id) == [token]
    await team.tokens.revoke(ana, token.id)
    assert await team.tokens.find(secret) is None
    with pytest.raises(Forbidden):
        await team.tokens.create(Person(PersonId("g" * 12), "Guest", 1, "guest"), "ci")
    assert (await team.audited())[1:] == [Privileged.TOKEN_CREATED, Privileged.TOKEN_REVOKED]


async def test_only_an_owner_sees_the_accounts(team: Team) -> None:
    ana = (await team.set_up()).person
    team.clock.now += 60
    bo = await team.accounts.add_member(ana, "Bo", PASSWORD)
    assert [(one.person, one.owner) for one in await team.accounts.all(ana)] == [(ana, True), (bo, False)]
    assert await team.accounts.owns_server(ana)
    assert not await team.accounts.owns_server(bo)
    assert await team.accounts.login_of(bo) == "bo"
    with pytest.raises(Forbidden, match="see the accounts"):
        await team.accounts.all(bo)


async def test_one_sees_where_one_is_signed_in_and_ends_it_there(team: Team) -> None:
    first = await team.set_up()
    team.clock.now += 60
    second = await team.accounts.sign_in("Ana", PASSWORD, HERE)
    bo = await team.accounts.add_member(first.person, "Bo", PASSWORD)
    listed = await team.sessions.of(first.person.id)
    assert [one.id for one in listed] == [id_of(second.token), id_of(first.token)]
    assert await team.sessions.find(listed[0].id) is None  # what is listed opens nothing

    with pytest.raises(NotFound):
        await team.sessions.end_one(bo, listed[0].id)  # somebody else's
    with pytest.raises(NotFound):
        await team.sessions.end_one(first.person, "")
    await team.sessions.end_one(first.person, listed[1].id)
    assert await team.sessions.find(first.token) is None
    assert await team.sessions.find(second.token) == first.person
    assert (await team.audited())[-1] is Privileged.SESSION_ENDED
    team.clock.now += SESSION_SECONDS
    assert await team.sessions.of(first.person.id) == []
