"""What every test shares. Tests are async functions where they need to be (anyio, asyncio only)."""

import pytest

pytest_plugins = ["tests.postgres", "tests.databases"]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"
