"""A backup is restored under a running server: it starts again by itself, and open pages bring what they still have."""

import asyncio
import subprocess
import sys
from pathlib import Path

import httpx

from app.client.canvas import connect
from tests.server import command, free_port


async def test_a_restore_under_a_running_server(built: None, tmp_path: Path) -> None:
    port = free_port()
    base = f"http://127.0.0.1:{port}"

    def polycanvas(*arguments: str) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, "-m", "app", *arguments, "--data", str(tmp_path / "data")]
        return subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, timeout=120)

    with command(folder=tmp_path, port=port) as server:
        async with httpx.AsyncClient(base_url=f"{base}/api/v1") as http:
            made = (await http.post("/canvases", json={"name": "Ours", "files": {"a.txt": "first\n"}})).json()["id"]
            async with connect(base, made) as ana:
                ana.append("a.txt", "backed up\n")
                await ana.saved()
                done = await asyncio.to_thread(polycanvas, "backup", str(tmp_path / "all.zip"))
                assert done.returncode == 0, done.stderr

                ana.append("a.txt", "typed since\n")
                await ana.saved()
                lost = (await http.post("/canvases", json={"name": "Since"})).json()["id"]
                connections = ana.connections
                done = await asyncio.to_thread(polycanvas, "restore", str(tmp_path / "all.zip"))
                assert done.returncode == 0, done.stderr
                assert "Restored" in done.stdout
                assert "is kept in" in done.stdout

                # The page that was open connects again and brings what came after the backup.
                await ana.until(lambda: ana.connections > connections, 60)
                await ana.saved(60)
                assert ana.text("a.txt") == "first\nbacked up\ntyped since\n"
            text = (await http.get(f"/canvases/{made}/files/a.txt")).json()["text"]
            assert text == "first\nbacked up\ntyped since\n"
            assert (await http.get(f"/canvases/{lost}")).status_code == 404
        assert server.poll() is None, "it is the same process"

        # A file that is no backup is refused by the command, and the server is not disturbed.
        (tmp_path / "other.zip").write_text("hello")
        done = await asyncio.to_thread(polycanvas, "restore", str(tmp_path / "other.zip"))
        assert done.returncode == 2
        assert "not a backup" in done.stderr
        async with httpx.AsyncClient() as http:
            assert (await http.get(f"{base}/api/v1/health")).status_code == 200
