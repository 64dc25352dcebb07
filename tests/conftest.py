"""What every test shares. Tests are async functions where they need to be (anyio, asyncio only)."""

import pytest

from app.commands import frontend

pytest_plugins = ["tests.postgres", "tests.databases"]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def built() -> None:
    """The front end as the sources are now; the first test to need it builds it if it must."""
    if not frontend.is_current():
        frontend.build(lambda _: None)
