"""The whole product for the browser tests: the real command, a scripted model beside it, people in Chromium."""

import asyncio
import contextlib
import os
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.browsers import WIDE, Newcomer, Somebody, launch
from tests.scripted_models import ScriptedModels, demo
from tests.server import command, free_port


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def model_address() -> Iterator[str]:
    """A scripted model behind real HTTP, in a thread of its own."""
    up, address = threading.Event(), []
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        async with ScriptedModels({"scripted-coder": demo}).running() as server:
            address.append(server.address)
            up.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    up.wait(20)
    yield address[0]
    loop.call_soon_threadsafe(stop.set)
    thread.join(20)
    loop.close()


@dataclass(frozen=True)
class Installation:
    """Where a running server is."""

    base: str
    folder: Path
    port: int
    env: dict[str, str]


@pytest.fixture(scope="session")
def installation(built: None, model_address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One server for the tests that do not stop it, with one scripted model found as a local server."""
    folder, port = tmp_path_factory.mktemp("installation"), free_port()
    env = {"POLYCANVAS_LOCAL_SERVERS": model_address}
    with command(folder=folder, port=port, env=env):
        yield Installation(f"http://127.0.0.1:{port}", folder, port, env)


@pytest.fixture
def newcomer(browser: Browser, installation: Installation, request: pytest.FixtureRequest) -> Iterator[Newcomer]:
    """Call it for a person with a browser profile of their own; their pages must end without a script error."""
    with people(browser, installation.base, request.node.name) as make:
        yield make


@dataclass(frozen=True)
class Own:
    """A server that a test starts and stops as often as it likes, at one address, and the people who come to it."""

    base: str
    folder: Path
    newcomer: Newcomer
    port: int

    def running(self) -> contextlib.AbstractContextManager["subprocess.Popen[str]"]:
        """Start it on the same data; the block's end stops it."""
        return command(folder=self.folder, port=self.port)


@pytest.fixture
def own(browser: Browser, built: None, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Own]:
    """A server of the test's own; not started yet."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with people(browser, base, request.node.name) as newcomer:
        yield Own(base, tmp_path, newcomer, port)


@contextlib.contextmanager
def people(browser: Browser, base: str, test: str) -> Iterator[Newcomer]:
    """Give out people with profiles of their own; keep pictures of their screens when a folder for them is named."""
    made: list[Somebody] = []
    pictures = os.environ.get("POLYCANVAS_TEST_PICTURES")

    def make() -> Somebody:
        context = browser.new_context(viewport=WIDE, base_url=base)  # type: ignore[arg-type]
        person = Somebody(context.new_page(), base)
        made.append(person)
        return person

    try:
        yield make
    finally:
        for number, person in enumerate(made):
            if pictures and not person.page.is_closed():
                person.page.screenshot(path=Path(pictures) / f"{test}-{number}.png")
            person.page.context.close()
    assert [fault for person in made for fault in person.faults] == []
    assert [url for person in made for url in person.foreign] == []
