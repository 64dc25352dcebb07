"""The one PostgreSQL server of a test run. Where none is installed, its tests are skipped; on CI they fail."""

import os
from contextlib import ExitStack

import pytest

from tests.postgres_server import MISSING, PostgresServer, find_binaries, postgres_server

__all__ = ["PostgresServer", "postgres"]

_RUNNING = pytest.StashKey[PostgresServer]()


@pytest.fixture(scope="session")
def postgres(pytestconfig: pytest.Config) -> PostgresServer:
    """The one server of this run. It hangs on the run, since each folder's conftest makes a fixture of its own."""
    server = pytestconfig.stash.get(_RUNNING, None)
    if server is None:
        binaries = find_binaries()
        if binaries is None:
            if os.environ.get("CI") == "true":
                pytest.fail(MISSING)
            pytest.skip(MISSING)
        stack = ExitStack()
        pytestconfig.add_cleanup(stack.close)
        server = stack.enter_context(postgres_server(binaries))
        pytestconfig.stash[_RUNNING] = server
    return server
