"""Every deployment that is known: models.toml, the environment's keys, and the servers found on this machine.

What must not be here: how each is read (models_file.py, providers.py, discovery.py) and which one is chosen.
"""

import asyncio
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.assistant.deployment import Deployment
from app.assistant.discovery import Answer, Server, discover, servers
from app.assistant.models_file import read_models_file
from app.assistant.prices import listed
from app.assistant.providers import from_environment
from app.settings import Settings

INTERVAL = 30.0  # seconds between two looks for servers: somebody who starts Ollama sees it while still watching


class Catalog:
    """What is known now. `watch` keeps the servers on this machine up to date."""

    def __init__(
        self,
        named: Sequence[Deployment],
        asked: Sequence[Server],
        env: Mapping[str, str],
        *,
        interval: float = INTERVAL,
    ) -> None:
        self._named = list(named)
        self._asked = list(asked)
        self._env = env
        self._interval = interval
        self._remote: list[Deployment] | None = None
        self._answers: list[Answer] = []
        self._asking = asyncio.Lock()

    @classmethod
    def of(cls, settings: Settings, env: Mapping[str, str] | None = None) -> "Catalog":
        """Return the catalog of an installation: models.toml is where POLYCANVAS_MODELS says, here, or with the data.

        Raises SettingsError for one that cannot be read.
        """
        env = os.environ if env is None else env
        path = settings.models_file or next(
            filter(Path.is_file, (Path("models.toml"), settings.data / "models.toml")), None
        )
        named = read_models_file(path, env) if path else []
        return cls(named, servers(settings.local_servers), env)

    async def deployments(self) -> list[Deployment]:
        """Return every deployment; of two with one id the first counts: models.toml, keys, servers."""
        if self._remote is None:
            # The price list is 1.5 MB of JSON: read when first needed, and not in the loop.
            self._remote = await asyncio.to_thread(self._with_prices)
        found = {d.id: d for d in self._remote}
        for answer in self._answers:
            for deployment in answer.deployments:
                found.setdefault(deployment.id, deployment)
        return list(found.values())

    @property
    def answers(self) -> list[Answer]:
        """What each server said when last asked: for `polycanvas doctor` and for the sentence that nothing is there."""
        return list(self._answers)

    async def look(self) -> None:
        """Ask the servers now."""
        async with self._asking:
            self._answers = await discover(self._asked)

    async def watch(self) -> None:
        """Look for servers again and again, until cancelled. Run it in a task; start-up does not wait for it."""
        while True:
            await self.look()
            await asyncio.sleep(self._interval)

    def _with_prices(self) -> list[Deployment]:
        found: dict[str, Deployment] = {}
        for deployment in (*map(_priced, self._named), *from_environment(self._env)):
            found.setdefault(deployment.id, deployment)
        return list(found.values())


def _priced(deployment: Deployment) -> Deployment:
    """Return a named deployment with the listed price, unless it states one or is somebody's own server."""
    if deployment.address is not None or deployment.local:
        return deployment
    entry = listed(deployment.model)
    return deployment.priced(entry.price_in, entry.price_out) if entry else deployment
