"""A PostgreSQL server of our own, on a Unix socket in a temporary folder, never on a port: for tests and harnesses.

Uses whatever server is installed. What must not be here: pytest.
"""

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MISSING = "No PostgreSQL server is installed. On Debian or Ubuntu: apt-get install postgresql"
_USER = "polycanvas"
_START_SECONDS = 60


class PostgresServer:
    """One running server. Every database made in it is a copy of a template or empty."""

    def __init__(self, binaries: Path, folder: Path) -> None:
        self._binaries = binaries
        self._folder = folder
        self._numbers = itertools.count(1)

    def start(self) -> None:
        data = str(self._folder / "data")
        self._run("initdb", "-D", data, "-U", _USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories='{self._folder}' -c max_connections=50"
        log = str(self._folder / "log")
        self._run("pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "-t", str(_START_SECONDS), "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "-w", "stop")

    def restart(self) -> None:
        """Kill every connection, as a crash does, and come back."""
        log = str(self._folder / "log")
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-l", log, "-m", "immediate", "-w", "restart")

    def new_database(self, template: str = "template0") -> str:
        """Return the address of a new database."""
        name = f"test_{next(self._numbers)}"
        self._run("createdb", "-h", str(self._folder), "-U", _USER, "-T", template, name)
        return self.url(name)

    def url(self, name: str) -> str:
        return f"postgresql://{_USER}@/{name}?host={self._folder}"

    def _run(self, program: str, *arguments: str) -> None:
        command = [*_as_nobody_special(), str(self._binaries / program), *arguments]
        # Not captured by pipes: a server that stays would keep them open.
        with (self._folder / "commands").open("ab") as output:
            done = subprocess.run(command, cwd=self._folder, stdout=output, stderr=output, check=False)
        if done.returncode != 0:
            said = (self._folder / "commands").read_text(errors="replace")
            raise RuntimeError(f"{program} failed: {said[-2000:]}")


@contextmanager
def postgres_server(binaries: Path) -> Iterator[PostgresServer]:
    """Run a server until the block ends, and remove all that it stored."""
    # Not pytest's own folder: a socket's path may have 107 bytes, and another account must be able to enter.
    folder = Path(tempfile.mkdtemp(prefix="pc-pg-"))
    try:
        if account := _account():
            os.chown(folder, account.pw_uid, account.pw_gid)
        server = PostgresServer(binaries, folder)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def find_binaries() -> Path | None:
    """Return the folder with the newest installed server's programs."""
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    installed = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    versions = sorted(installed, key=lambda path: int(path.parts[-3]) if path.parts[-3].isdigit() else 0)
    return versions[-1].parent if versions else None


def _account() -> pwd.struct_passwd | None:
    """Return whom to run as: the server refuses to run as root."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _as_nobody_special() -> list[str]:
    account = _account()
    if account is None:
        return []
    return ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
