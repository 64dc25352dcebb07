"""The environment and the command line, read once into one frozen record. Fails fast, in a sentence.

What must not be here: opening anything (files, sockets, databases).
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.errors import SettingsError

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
MAX_HISTORY_DAYS = 36_500  # a century: for good
MAX_HISTORY_MB = 1_024  # of a canvas: it is read as a whole when somebody opens the history
WILDCARDS = frozenset({"0.0.0.0", "::"})  # every address that the machine has


@dataclass(frozen=True, slots=True)
class Settings:
    """What this installation is told. Paths are absolute; `origins` are scheme://host[:port] without a slash."""

    host: str = "127.0.0.1"
    port: int = 3000
    data: Path = field(default_factory=lambda: Path(".polycanvas").resolve())
    database_url: str = ""
    public_url: str = ""
    models_file: Path | None = None
    local_servers: tuple[str, ...] = ()
    history_days: int = 365
    history_bytes: int = 64 << 20

    @property
    def on_loopback(self) -> bool:
        """True when only this machine can reach the server; then the person at the keyboard is the owner."""
        return self.host in LOOPBACK_HOSTS and not self.public_url

    @property
    def is_open(self) -> bool:
        """True when people come by whatever name or number this machine has in their network."""
        return not self.on_loopback and not self.public_url

    @property
    def url(self) -> str:
        """The address people open, without a trailing slash."""
        if self.public_url:
            return self.public_url
        host = "127.0.0.1" if self.host in WILDCARDS else self.host
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def origins(self) -> frozenset[str]:
        """The page origins that may talk to this server; when it `is_open`, also the one a request itself came to."""
        if self.public_url:
            return frozenset({self.public_url})
        names = {"127.0.0.1", "localhost", "[::1]"}
        if self.host not in LOOPBACK_HOSTS | WILDCARDS:
            names.add(f"[{self.host}]" if ":" in self.host else self.host)
        return frozenset(f"http://{name}:{self.port}" for name in names)

    @property
    def database(self) -> str:
        """The SQLAlchemy address of the database; SQLite in the data folder unless told otherwise."""
        return self.database_url or f"sqlite:///{self.data / 'polycanvas.db'}"


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise SettingsError(f"The port must be a whole number from 1 to 65535, not “{text}”.")
    return int(text)


def _public_url(text: str) -> str:
    url = text.rstrip("/")
    if url and not url.startswith(("http://", "https://")):
        raise SettingsError(f"POLYCANVAS_PUBLIC_URL must start with http:// or https://, not “{text}”.")
    if url.count("/") > 2:
        raise SettingsError("POLYCANVAS_PUBLIC_URL must be an origin without a path: https://canvas.example.org")
    return url


def _database_url(text: str) -> str:
    if text and not text.startswith(("sqlite:///", "postgresql://")):
        raise SettingsError(
            "POLYCANVAS_DATABASE_URL must start with sqlite:/// or postgresql://; leave it out to use SQLite."
        )
    return text


def _whole(env: Mapping[str, str], name: str, usual: int, most: int) -> int:
    text = env.get(name) or str(usual)
    if not text.isdecimal() or not 1 <= int(text) <= most:
        raise SettingsError(f"{name} must be a whole number from 1 to {most:,}, not “{text}”.")
    return int(text)


def read_settings(
    env: Mapping[str, str] | None = None,
    *,
    host: str | None = None,
    port: int | None = None,
    data: Path | None = None,
) -> Settings:
    """Return the settings from `env` (the process's environment by default); keyword arguments win.

    Raises SettingsError with a sentence naming the variable.
    """
    env = os.environ if env is None else env
    models = env.get("POLYCANVAS_MODELS", "")
    folder = data or Path(env.get("POLYCANVAS_DATA", ".polycanvas"))
    servers = env.get("POLYCANVAS_LOCAL_SERVERS", "")
    return Settings(
        host=host or env.get("POLYCANVAS_HOST", "127.0.0.1"),
        port=port if port is not None else _port(env.get("POLYCANVAS_PORT", "3000")),
        data=folder.expanduser().resolve(),
        database_url=_database_url(env.get("POLYCANVAS_DATABASE_URL", "")),
        public_url=_public_url(env.get("POLYCANVAS_PUBLIC_URL", "")),
        models_file=Path(models).expanduser().resolve() if models else None,
        local_servers=tuple(s.strip().rstrip("/") for s in servers.split(",") if s.strip()),
        history_days=_whole(env, "POLYCANVAS_HISTORY_DAYS", 365, MAX_HISTORY_DAYS),
        history_bytes=_whole(env, "POLYCANVAS_HISTORY_MB", 64, MAX_HISTORY_MB) << 20,
    )
