"""The page's own provider over a line that is cut anywhere, mid-frame and mid-acknowledgement, at a real server."""

import asyncio
import json
import shutil
import sys
from pathlib import Path

import httpx
import pytest

from app.commands.frontend import tool_environment
from tests.server import serving

ROOT = Path(__file__).parents[2]
CUTS = 150  # of each seed; some seconds


@pytest.fixture(scope="module")
def client(built: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The client as one script for Node."""
    folder = tmp_path_factory.mktemp("cut")
    (folder / "node_modules").symlink_to(ROOT / ".web" / "node_modules")
    shutil.copytree(ROOT / "components", folder / "components", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "tests" / "interop" / "cut_client.ts", folder)
    return folder


async def run(*command: str, cwd: Path) -> str:
    process = await asyncio.create_subprocess_exec(
        *command, cwd=cwd, env=tool_environment(), stdout=asyncio.subprocess.PIPE
    )
    try:
        said, _ = await asyncio.wait_for(process.communicate(), 240)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0, said.decode()
    return said.decode()


@pytest.mark.node
@pytest.mark.parametrize("seed", [1, 2])
async def test_s4_1_saved_is_never_said_of_what_the_server_does_not_have(
    client: Path, tmp_path: Path, seed: int
) -> None:
    if not (client / "client.mjs").exists():
        bundler = ("node_modules/.bin/rolldown", "cut_client.ts", "--platform", "node", "--format", "esm")
        await run(*bundler, "--file", "client.mjs", cwd=client)
    async with serving(tmp_path) as edge:
        base = f"http://127.0.0.1:{edge.services.settings.port}"
        async with httpx.AsyncClient(base_url=f"{base}/api/v1", timeout=60) as http:
            made = (await http.post("/canvases", json={"name": "cut", "files": {"a.txt": ""}})).json()
            files = (await http.get(f"/canvases/{made['id']}/files")).json()["files"]
        said = await run("node", "client.mjs", base, made["id"], files[0]["id"], str(seed), str(CUTS), cwd=client)
    found = json.loads(said.splitlines()[-1])
    sys.stdout.write(f"{found}\n")
    assert found["lies"] == []
    assert found["lost"] == []
    assert found["same"] == [True, True]
    assert found["cuts"] >= CUTS
    assert found["checked"] > 10
