"""At which addresses people reach this server, and what they should know about them.

What must not be here: listening.
"""

import contextlib
import socket
from collections.abc import Iterator

from app.settings import WILDCARDS, Settings

NOT_ENCRYPTED = (
    "This address is plain http: whoever is on the network between can read along. "
    "Beyond a network you trust, put a proxy with TLS in front and set POLYCANVAS_PUBLIC_URL to its https address."
)

# Addresses set aside for examples: asking for the way there sends nothing, and names our own address on that way.
_ELSEWHERE = ((socket.AF_INET, "198.51.100.1"), (socket.AF_INET6, "2001:db8::1"))


def addresses(settings: Settings) -> list[str]:
    """Return the addresses that work, the one to tell other people first."""
    if settings.public_url or settings.host not in WILDCARDS:
        return [settings.url]
    families = {socket.AF_INET} if settings.host == "0.0.0.0" else {socket.AF_INET, socket.AF_INET6}
    found = dict.fromkeys(_own(families))
    return [_http(host, settings.port) for host in found] + [settings.url]


def warning(settings: Settings) -> str | None:
    """Return what to know about who can read along; None when it stays on this machine or is encrypted."""
    return None if settings.on_loopback or settings.public_url.startswith("https://") else NOT_ENCRYPTED


def _own(families: set[socket.AddressFamily]) -> Iterator[str]:
    for family, elsewhere in _ELSEWHERE:
        if family in families:
            with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as way:
                way.connect((elsewhere, 9))
                yield way.getsockname()[0]
    with contextlib.suppress(OSError):
        for family, _, _, _, at in socket.getaddrinfo(socket.gethostname(), None, type=socket.SOCK_STREAM):
            host = str(at[0])
            if family in families and not host.startswith(("127.", "::1", "fe80:")):
                yield host


def _http(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
