"""`polycanvas doctor`: what is installed, what is missing, and which model servers answer, in plain words.

What must not be here: mending anything; each line says what a person can do.
"""

import asyncio
import os
import platform
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.commands import frontend
from app.errors import PolycanvasError
from app.settings import Settings

if TYPE_CHECKING:
    from app.assistant.deployment import Deployment

_NAMES_SHOWN = 5  # of models, in one line
ENOUGH_DISK = 500_000_000  # bytes: the packages of the page, and a year of a team's text


@dataclass(frozen=True, slots=True)
class Finding:
    """One line. `well`: False when something does not work that was meant to; None for what is only worth knowing."""

    well: bool | None
    what: str
    said: str


def doctor(settings: Settings) -> int:
    """Print the findings; 0 when everything that serving needs is there, else 1."""
    findings = [*_program(), *_front_end(), *_storage(settings), *asyncio.run(_assistant(settings))]
    width = max(len(finding.what) for finding in findings)
    for finding in findings:
        mark = {True: "ok", False: "!!", None: "--"}[finding.well]
        print(f" {mark}  {finding.what:<{width}}  {finding.said}")
    faults = sum(finding.well is False for finding in findings)
    print("\nEverything needed is there." if faults == 0 else f"\n{faults} to mend; the lines marked !! say how.")
    return 0 if faults == 0 else 1


def _program() -> Iterator[Finding]:
    yield Finding(True, "Python", platform.python_version())
    node = frontend.node_version(frontend.tool_environment())
    if node is None:
        yield Finding(False, "Node", "is missing. Install Polycanvas's own dependencies again: pip install -e .")
    else:
        yield Finding(True, "Node", ".".join(map(str, node)))


def _front_end() -> Iterator[Finding]:
    if frontend.is_current():
        yield Finding(True, "Page", "is built")
    elif frontend.BUILT.exists():
        yield Finding(None, "Page", "is built from older sources; the next start builds it again")
    else:
        yield Finding(None, "Page", "is not built yet; the first start does it, or now: polycanvas build")


def _storage(settings: Settings) -> Iterator[Finding]:
    from app.persistence.migrate import Standing, check

    try:
        checked = check(settings)
        well = {Standing.UP_TO_DATE: True, Standing.NEW: None, Standing.BEHIND: None}.get(checked.standing, False)
        yield Finding(well, "Database", checked.sentence)
        if checked.standing is Standing.UP_TO_DATE:
            yield asyncio.run(_stored_text(settings))
    except PolycanvasError as error:
        yield Finding(False, "Database", error.sentence)
    folder = next(parent for parent in (settings.data, *settings.data.parents) if parent.exists())
    if not os.access(folder, os.W_OK):
        yield Finding(False, "Data folder", f"{settings.data} cannot be written to; name another: --data DIR")
    free = shutil.disk_usage(folder).free
    said = f"{free / 1e9:.1f} GB free beside {settings.data}"
    yield Finding(free >= ENOUGH_DISK, "Disk", said if free >= ENOUGH_DISK else f"{said}; make room")


async def _stored_text(settings: Settings) -> Finding:
    """Read every payload of the update log; one that is not what was written is named."""
    from app.persistence.database import Database

    database = Database(settings)
    try:
        damaged = await database.damaged()
    finally:
        await database.close()
    if not damaged:
        return Finding(True, "Stored text", "is as it was written")
    shown = "; ".join(damaged[:_NAMES_SHOWN]) + (
        f" and {len(damaged) - _NAMES_SHOWN} more" * (len(damaged) > _NAMES_SHOWN)
    )
    return Finding(False, "Stored text", f"is damaged: {shown}. Restore a backup: polycanvas restore FILE")


async def _assistant(settings: Settings) -> list[Finding]:
    from app.assistant.catalog import Catalog
    from app.assistant.experts import all_experts
    from app.assistant.providers import PROVIDERS

    found = []
    for expert in all_experts():
        trouble = await expert.available()
        found.append(Finding(trouble is None or None, f"Expert {expert.name}", trouble or "is ready"))
    keys = [provider.name for provider in PROVIDERS if os.environ.get(provider.key_name, "").strip()]
    found.append(Finding(True if keys else None, "Keys", ", ".join(keys) if keys else "none in the environment"))
    file = settings.models_file or next(
        (p for p in (Path("models.toml"), settings.data / "models.toml") if p.is_file()), None
    )
    try:
        catalog = Catalog.of(settings)
        if file is not None:
            found.append(Finding(True, "models.toml", f"{file} is read"))
    except PolycanvasError as error:
        return [*found, Finding(False, "models.toml", error.sentence)]
    await catalog.look()
    named = {address.removesuffix("/v1") for address in settings.local_servers}
    for answer in catalog.answers:
        if answer.deployments:
            names = ", ".join(deployment.name for deployment in answer.deployments[:_NAMES_SHOWN])
            found.append(Finding(True, answer.server.name, f"answers at {answer.server.address}: {names}"))
        elif answer.server.address in named:
            found.append(Finding(False, answer.server.name, answer.why_not or f"nothing at {answer.server.address}"))
        else:
            found.append(Finding(None, answer.server.name, f"nothing at {answer.server.address}"))
    return [*found, _models(await catalog.deployments())]


def _models(known: Sequence["Deployment"]) -> Finding:
    """Return what it comes to: which models could be asked now."""
    usable = [deployment.name for deployment in known if deployment.missing is None]
    if usable:
        more = f" and {len(usable) - _NAMES_SHOWN} more" if len(usable) > _NAMES_SHOWN else ""
        return Finding(True, "Models", f"{', '.join(usable[:_NAMES_SHOWN])}{more} can be asked")
    lacking = dict.fromkeys(deployment.key_name for deployment in known if deployment.key_name)
    way = f"set {' or '.join(map(str, lacking))}" if lacking else "set a key such as OPENAI_API_KEY"
    return Finding(None, "Models", f"none can be asked yet; {way}, or start a server such as Ollama (docs/MODELS.md)")
