"""The headers that answers carry: what browsers may do with our pages, and how long they may keep what.

What must not be here: the policy of the preview's own answers (app/preview sets those itself).
"""

from app.preview.policy import page_policy
from app.settings import Settings
from app.web.origins import Origins

IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"
NOTHING = "no-store"

# Bundled files have a digest of their content in the name; anything else may change under the same name.
_HASHED = "/assets/"
_NEVER_KEPT = ("/api/", "/auth/", "/collab/", "/_event")
_OWN_POLICY = ("/preview/", "/rt/")

_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), hid=()"),
)


def cache_policy(path: str, status: int) -> str:
    """Return the Cache-Control for an answer that sets none itself."""
    if path.startswith(_NEVER_KEPT):
        return NOTHING
    if path.startswith(_HASHED) and status in {200, 206, 304}:
        return IMMUTABLE
    return REVALIDATE


class Headers:
    """Adds headers to the start of an answer; what a route sets itself is kept."""

    def __init__(self, settings: Settings) -> None:
        self._origins = Origins(settings)
        # Over plain http off loopback browsers ignore this one, and complain about it in every console.
        self._trusted = not settings.is_open
        self._secure = settings.public_url.startswith("https://")

    def complete(
        self, path: str, host: str | None, status: int, headers: list[tuple[bytes, bytes]]
    ) -> list[tuple[bytes, bytes]]:
        """Return `headers` with the missing ones added, and without leave for pages from elsewhere to read."""
        if not path.startswith(_OWN_POLICY):
            headers = [pair for pair in headers if not pair[0].lower().startswith(b"access-control-")]
        names = {name.lower() for name, _ in headers}
        added = []
        if b"cache-control" not in names:
            added.append((b"cache-control", cache_policy(path, status).encode("ascii")))
        if not path.startswith(_OWN_POLICY):
            added += [pair for pair in _ALWAYS if pair[0] not in names]
            if self._trusted:
                added.append((b"cross-origin-opener-policy", b"same-origin"))
            if b"content-security-policy" not in names:
                policy = page_policy(self._origins.at(host))
                added.append((b"content-security-policy", policy.encode("ascii")))
        if self._secure:
            added.append((b"strict-transport-security", b"max-age=31536000"))
        return [*headers, *added]
