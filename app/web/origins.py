"""Which hosts and page origins are ours. Pure.

What must not be here: reading a request.
"""

from app.settings import Settings


class Origins:
    """Answers for one installation.

    On loopback, or when a public address is set, the list is closed: on loopback the person at the keyboard is the
    owner without signing in, so a foreign name that resolves to this machine (DNS rebinding) must get nothing.
    Bound to a network without a public address, people come by whatever name or number the machine has there;
    then a page is ours when it came from the very host that it talks to, and cookies keep other names apart.
    """

    def __init__(self, settings: Settings) -> None:
        self._origins = settings.origins
        self._hosts = frozenset(origin.split("://", 1)[1].lower() for origin in settings.origins)
        self._closed = settings.on_loopback or bool(settings.public_url)

    def host_is_ours(self, host: str | None) -> bool:
        """Say whether a Host header names this server."""
        if host is None:
            return False
        return not self._closed or host.lower() in self._hosts or _without_default_port(host.lower()) in self._hosts

    def origin_is_ours(self, origin: str, host: str | None) -> bool:
        """Say whether an Origin header that is present belongs to a page of ours."""
        if origin.lower() in self._origins:
            return True
        return not self._closed and host is not None and origin.lower() == f"http://{host.lower()}"


def _without_default_port(host: str) -> str:
    for port in (":443", ":80"):
        if host.endswith(port):
            return host.removesuffix(port)
    return host
