"""Bound to the network: the owner's account by the set-up link, guests by invite, and roles that hold on live pages.

The browsers come by the machine's own address in its network, where the browser counts plain http as not secure.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from app.commands.addresses import NOT_ENCRYPTED, addresses
from app.settings import Settings
from tests.e2e.browsers import Newcomer, Somebody
from tests.e2e.conftest import people
from tests.server import command, free_port

pytestmark = pytest.mark.chromium

PASSWORD = "correct horse battery"
SIGN_IN = re.compile("/sign-in/?(\\?.*)?$")


class Network:
    """A server on every address of this machine, and the address that the tests use."""

    def __init__(self, process: "subprocess.Popen[str]", port: int) -> None:
        known = addresses(Settings(host="0.0.0.0", port=port))
        # A machine without a network has other loopback addresses still, which are no loopback to the server.
        self.base = known[0] if len(known) > 1 or sys.platform != "linux" else f"http://127.0.0.2:{port}"
        assert process.stdout is not None
        self.said: list[str] = []
        for line in process.stdout:
            self.said.append(line.strip())
            if "/set-up?code=" in line:
                break
        self.set_up = f"{self.base}/set-up?code={self.said[-1].partition('code=')[2]}"


@pytest.fixture
def network(built: None, tmp_path: Path) -> Iterator[Network]:
    port = free_port()
    with command("--host", "0.0.0.0", folder=tmp_path, port=port) as process:
        yield Network(process, port)


@pytest.fixture
def anybody(browser: Browser, network: Network, request: pytest.FixtureRequest) -> Iterator[Newcomer]:
    with people(browser, network.base, request.node.name) as make:
        yield make


def _fill(person: Somebody, name: str, password: str, button: str) -> None:
    person.page.get_by_label(re.compile("name", re.I)).fill(name)
    person.page.get_by_label("Password").fill(password)
    person.page.get_by_role("button", name=button).click()


def _owner_with_canvas(anybody: Newcomer, network: Network) -> Somebody:
    """Return the owner in a new canvas with one file."""
    ana = anybody()
    ana.open(network.set_up)
    _fill(ana, "Ana", PASSWORD, "Set up")
    ana.page.get_by_role("button", name="New canvas").click()
    ana.page.get_by_label("Name of the canvas").fill("Team")
    ana.page.get_by_role("button", name="Create").click()
    ana.page.wait_for_url("**/c/*")
    expect(ana.saved).to_be_visible()
    done = ana.page.evaluate(
        """(canvas) => fetch(`/api/v1/canvases/${canvas}/files/a.txt`, {method: "PUT",
             headers: {"content-type": "application/json"}, body: JSON.stringify({text: "first line\\n"})})
             .then((answer) => answer.status)""",
        ana.page.url.rpartition("/")[2],
    )
    assert done == 200
    ana.show_file("a.txt")
    return ana


def _invite(owner: Somebody, role: str) -> str:
    """Make a link in the share dialog."""
    owner.page.get_by_role("button", name="Share").click()
    dialog = owner.page.get_by_role("dialog")
    dialog.get_by_label("Whoever opens the link becomes").select_option(role)
    dialog.get_by_role("button", name="Make a link").click()
    link = dialog.get_by_label("Invite link").input_value()
    owner.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    return link


def _give(owner: Somebody, name: str, role: str) -> None:
    """Change somebody's role in the people panel."""
    rail = owner.page.get_by_role("navigation", name="Panels").get_by_role("button", name="People")
    if rail.get_attribute("aria-pressed") != "true":
        rail.click()
    # Who came meanwhile is listed when the dialog opens.
    owner.page.get_by_role("button", name="Share").click()
    owner.page.keyboard.press("Escape")
    owner.page.get_by_label(f"Role of {name}").select_option(role)


def _type(person: Somebody, text: str) -> None:
    person.put_caret("first line")
    person.type(text)


def test_the_owner_sets_up_signs_out_and_in(network: Network, anybody: Newcomer) -> None:
    assert NOT_ENCRYPTED in network.said
    assert any(line.startswith(f"Polycanvas is at {network.base}/c/") for line in network.said) or "127.0.0.2" in (
        network.base
    )
    ana = anybody()
    ana.open("/")
    ana.page.wait_for_url(SIGN_IN)
    ana.open(network.set_up)
    _fill(ana, "Ana", "short", "Set up")
    expect(ana.page.locator(".pc-entry-problem")).to_contain_text("10 to 200 characters")
    _fill(ana, "Ana", PASSWORD, "Set up")
    expect(ana.page.get_by_role("heading", name="Canvases")).to_be_visible()
    assert "code=" not in ana.page.url

    ana.page.get_by_role("button", name="Sign out").click()
    ana.page.wait_for_url(SIGN_IN)
    _fill(ana, "Ana", "not the password", "Sign in")
    expect(ana.page.locator(".pc-entry-problem")).to_have_text(
        "That name and password do not belong together. Check both and try again."
    )
    _fill(ana, "ana", PASSWORD, "Sign in")
    expect(ana.page.get_by_role("heading", name="Canvases")).to_be_visible()
    # The sample canvas that the first start made is the owner's now.
    ana.page.locator(".pc-canvas-row").first.click()
    ana.page.wait_for_url("**/c/*")
    expect(ana.saved).to_be_visible()

    late = anybody()
    late.open(network.set_up)
    _fill(late, "Mallory", PASSWORD, "Set up")
    expect(late.page.locator(".pc-entry-problem")).to_contain_text("This set-up link does not work any more.")
    late.open("/")
    late.page.wait_for_url(SIGN_IN)


def _change_password(person: Somebody, old: str, new: str) -> None:
    person.page.get_by_label("The password you have").fill(old)
    person.page.get_by_label("The new one").fill(new)
    person.page.get_by_role("button", name="Change the password").click()


def test_accounts_are_added_passwords_changed_and_browsers_signed_out(network: Network, anybody: Newcomer) -> None:
    ana = anybody()
    ana.open(network.set_up)
    _fill(ana, "Ana", PASSWORD, "Set up")
    ana.page.get_by_role("link", name="Account of Ana").click()
    accounts = ana.page.get_by_role("region", name="People on this server")
    accounts.get_by_label("Their name").fill("ANA")
    accounts.get_by_label("A first password").fill("first password")
    accounts.get_by_role("button", name="Add an account").click()
    expect(accounts.get_by_role("alert")).to_contain_text("There is already an account called")
    # By the keyboard alone: the button follows the fields.
    accounts.get_by_label("Their name").fill("Bo")
    ana.page.keyboard.press("Tab")
    ana.page.keyboard.type("first password")
    ana.page.keyboard.press("Enter")
    expect(ana.page.get_by_role("status")).to_contain_text("The account is there.")
    expect(accounts.get_by_role("listitem")).to_have_count(2)

    bo = anybody()
    bo.open("/sign-in")
    _fill(bo, "Bo", "first password", "Sign in")
    bo.page.get_by_role("link", name="Account of Bo").click()
    expect(bo.page.get_by_role("heading", name="Password")).to_be_visible()
    expect(bo.page.get_by_role("heading", name="People on this server")).to_have_count(0)
    _change_password(bo, "not that one", "a better password")
    expect(bo.page.get_by_role("alert").filter(has_text="The old password is not right.")).to_be_visible()
    other = anybody()
    other.open("/sign-in")
    _fill(other, "Bo", "first password", "Sign in")
    expect(other.page.get_by_role("heading", name="Canvases")).to_be_visible()
    _change_password(bo, "first password", "a better password")
    expect(bo.page.get_by_role("status")).to_contain_text("Your password is changed.")
    other.page.reload()
    other.page.wait_for_url(SIGN_IN)

    # A browser that was left signed in somewhere is signed out from here.
    _fill(other, "Bo", "a better password", "Sign in")
    expect(other.page.get_by_role("heading", name="Canvases")).to_be_visible()
    bo.page.reload()
    browsers = bo.page.get_by_role("list", name="Signed-in browsers").get_by_role("listitem")
    expect(browsers).to_have_count(2)
    expect(browsers.filter(has_text="This browser").get_by_role("button")).to_have_count(0)
    bo.page.get_by_role("button", name="Sign out: A browser").click()
    expect(browsers).to_have_count(1)
    other.page.reload()
    other.page.wait_for_url(SIGN_IN)


def test_roles_hold_on_live_pages(network: Network, anybody: Newcomer) -> None:
    ana = _owner_with_canvas(anybody, network)
    link = _invite(ana, "viewer")
    assert link.startswith(f"{network.base}/join/")
    bo = anybody()
    bo.join(link, "Bo")
    bo.show_file("a.txt")
    expect(ana.page.locator(".pc-topbar")).to_be_visible()

    # A viewer looks: typing does nothing, and the page says why.
    _type(bo, " by a viewer")
    expect(bo.editor).to_have_attribute("aria-readonly", "true")
    expect(bo.save_words).to_contain_text("Read-only")
    assert bo.text().strip() == "first line"

    # A commenter comments and does not type.
    _give(ana, "Bo", "commenter")
    expect(bo.page.locator(".pc-editor-note")).to_contain_text("comment")
    _type(bo, " by a commenter")
    assert bo.text().strip() == "first line"
    bo.page.keyboard.press("Shift+Home")
    bo.page.get_by_role("toolbar", name="Selection").get_by_role("button", name="Comment").click()
    bo.page.keyboard.type("Why first?")
    bo.page.keyboard.press("Control+Enter")
    expect(ana.page.locator(".pc-commented")).to_be_visible()

    # An editor types, without a reload.
    bo.page.evaluate("window.stillHere = true")
    _give(ana, "Bo", "editor")
    expect(bo.editor).not_to_have_attribute("aria-readonly", "true")
    _type(bo, " by an editor")
    expect(ana.editor).to_contain_text("first line by an editor")
    _give(ana, "Bo", "viewer")
    expect(bo.editor).to_have_attribute("aria-readonly", "true")
    assert bo.page.evaluate("window.stillHere")


def test_a_revoked_link_closes_its_guest_s_page(network: Network, anybody: Newcomer) -> None:
    ana = _owner_with_canvas(anybody, network)
    link = _invite(ana, "editor")
    bo = anybody()
    bo.join(link, "Bo")
    bo.show_file("a.txt")
    _type(bo, " and Bo's")
    expect(bo.saved).to_be_visible()
    expect(ana.editor).to_contain_text("and Bo's")

    ana.page.get_by_role("button", name="Share").click()
    ana.page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(bo.page.locator("body")).to_contain_text("Your access to this canvas was taken back")
    expect(bo.editor).to_have_attribute("aria-readonly", "true")

    # The text that was theirs stays; the link and the way back are closed.
    expect(ana.editor).to_contain_text("and Bo's")
    bo.page.reload()
    expect(bo.page.get_by_role("heading", name="No longer your canvas")).to_be_visible()
    expect(bo.page.locator("body")).to_contain_text("Your access to this canvas was taken back")
    late = anybody()
    late.open(link)
    expect(late.page.get_by_role("heading", name="This link does not work")).to_be_visible()
