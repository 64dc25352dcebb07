"""The disk under a running server fills up: it is read-only and says so, loses nothing, and heals without a restart."""

import signal
from pathlib import Path

import httpx
import pytest

from app.client import connect
from tests.disks import KINDS
from tests.server import command, free_port


@pytest.mark.parametrize("kind", sorted(KINDS))
async def test_s4_4_a_full_disk_makes_a_server_read_only_until_there_is_room(kind: str, tmp_path: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    try:
        disk_of = KINDS[kind](tmp_path / "data")
        disk = disk_of.__enter__()
    except PermissionError as error:
        pytest.skip(str(error))
    try:
        with command(folder=tmp_path, port=port) as server:
            async with httpx.AsyncClient(base_url=f"{url}/api/v1", timeout=60) as http:
                made = (await http.post("/canvases", json={"name": "disk", "files": {"a.txt": ""}})).json()["id"]
                file = f"/canvases/{made}/files/a.txt"
                async with connect(url, made, http=http) as ana, connect(url, made, http=http) as bo:
                    ana.append("a.txt", "before ")
                    await ana.saved()
                    disk.fill(server.pid)
                    number = 0
                    while not ana.read_only:  # the last page of a file may have some room yet
                        ana.append("a.txt", f"<{number}>")
                        number += 1
                        await ana.until(lambda: ana.is_saved or ana.read_only)
                    assert "cannot write to its storage" in ana.read_only
                    assert not ana.is_saved
                    await bo.until(lambda: bo.read_only)
                    refused = await http.put(file, json={"text": "gone"})
                    assert refused.status_code == 503
                    assert "cannot write" in refused.json()["detail"]
                    assert (await http.get(file)).json()["text"].startswith("before ")
                    bo.insert("a.txt", 0, "meanwhile ")
                    assert not bo.is_saved
                    disk.free(server.pid)
                    await ana.saved()
                    await bo.saved()
                    await ana.until(lambda: not ana.read_only)
                    whole = "meanwhile before " + "".join(f"<{nth}>" for nth in range(number))
                    await ana.until(lambda: ana.text("a.txt") == whole)
            server.send_signal(signal.SIGKILL)
            server.wait(20)
        with command(folder=tmp_path, port=port):
            async with httpx.AsyncClient(base_url=f"{url}/api/v1", timeout=60) as http:
                assert (await http.get(file)).json()["text"] == whole
    finally:
        disk_of.__exit__(None, None, None)
