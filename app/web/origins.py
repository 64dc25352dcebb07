"""Which hosts and page origins are ours. Pure.

What must not be here: reading a request.
"""

import re

from app.settings import Settings

# A Host header goes into policies and links: nothing but a name or number with a port gets there.
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9._-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(?::[0-9]{1,5})?", re.ASCII)


class Origins:
    """Answers for one installation.

    On loopback, or when a public address is set, the list is closed: on loopback the person at the keyboard is the
    owner without signing in, so a foreign name that resolves to this machine (DNS rebinding) must get nothing.
    Bound to a network without a public address, people come by whatever name or number the machine has there;
    then a page is ours when it came from the very host that it talks to, and cookies keep other names apart.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._origins = settings.origins
        self._hosts = frozenset(origin.split("://", 1)[1].lower() for origin in settings.origins)

    def host_is_ours(self, host: str | None) -> bool:
        """Say whether a Host header names this server."""
        if host is None:
            return False
        host = host.lower()
        if self._settings.is_open:
            return _HOST.fullmatch(host) is not None
        return host in self._hosts or _without_default_port(host) in self._hosts

    def origin_is_ours(self, origin: str, host: str | None) -> bool:
        """Say whether an Origin header that is present belongs to a page of ours."""
        return origin.lower() in self.at(host)

    def at(self, host: str | None) -> frozenset[str]:
        """Return the page origins that a request to `host` (its Host header) may come from, and may frame."""
        if self._settings.is_open and host is not None and self.host_is_ours(host):
            return frozenset({f"http://{_without_default_port(host.lower())}"})
        return self._origins

    def base(self, host: str | None) -> str:
        """Return the address for links that a request to `host` is answered with, without a trailing slash."""
        if self._settings.is_open and host is not None and self.host_is_ours(host):
            return f"http://{host.lower()}"
        return self._settings.url


def _without_default_port(host: str) -> str:
    for port in (":443", ":80"):
        if host.endswith(port):
            return host.removesuffix(port)
    return host
