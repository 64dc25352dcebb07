"""What every test shares. Tests are async functions where they need to be (anyio, asyncio only)."""

import pytest

from app.commands import frontend

pytest_plugins = ["tests.postgres", "tests.databases"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: the browser's own event loop, once started, leaves no room for another."""
    items.sort(key=lambda item: "e2e" in item.path.parts)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def built() -> None:
    """The front end as the sources are now; the first test to need it builds it if it must."""
    if not frontend.is_current():
        frontend.build(lambda _: None, anyway=False)


@pytest.fixture(scope="session", autouse=True)
def front_end_where_needed(request: pytest.FixtureRequest) -> None:
    """Build it before the first test if any chosen one needs it: its packages (prettier, Yjs), or the page itself."""
    if any("integration" in item.path.parts or item.get_closest_marker("node") for item in request.session.items):
        request.getfixturevalue("built")
