"""Passwords: argon2id, off the event loop, a few at a time. What must not be here: who the password belongs to."""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.errors import BadInput

MIN_PASSWORD = 10  # characters; length is the one rule that helps
MAX_PASSWORD = 200  # characters: more only makes the server work
AT_ONCE = 2  # hashes at a time: each takes 64 MiB, and sign-ins must not push the rooms out of memory


class Passwords:
    """Hashes and verifies. The parameters are argon2-cffi's, which are those of RFC 9106 for servers."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._nobody: str | None = None

    def check(self, password: str) -> None:
        """Raise BadInput when `password` may not be chosen."""
        if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
            raise BadInput(f"Choose a password of {MIN_PASSWORD} to {MAX_PASSWORD} characters.")

    async def hash(self, password: str) -> str:
        """Return the argon2id hash of a password that was checked."""
        async with self._turn:
            return await asyncio.to_thread(self._hasher.hash, password.encode("utf-8", "surrogatepass"))

    async def verify(self, stored: str | None, password: str) -> bool:
        """Say whether `password` belongs to `stored`. With None it takes as long and is False."""
        if self._nobody is None:
            self._nobody = await self.hash("nobody's password")
        secret = password[: MAX_PASSWORD + 1].encode("utf-8", "surrogatepass")
        async with self._turn:
            matches = await asyncio.to_thread(self._matches, stored or self._nobody, secret)
        return matches and stored is not None

    def outdated(self, stored: str) -> bool:
        """Say whether `stored` was made with weaker parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    def _matches(self, stored: str, secret: bytes) -> bool:
        try:
            return self._hasher.verify(stored, secret)
        except (VerificationError, InvalidHashError):
            return False
