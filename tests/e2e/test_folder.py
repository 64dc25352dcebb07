"""`polycanvas FOLDER` with a real project folder: what is taken, what is left out and said, and the way back out."""

import io
import re
import socket
import subprocess
import sys
import zipfile
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import people
from tests.server import command, free_port

pytestmark = pytest.mark.chromium

TAKEN = {
    "index.html": "<!doctype html>\n<h1 id='title'>Kiosk 👋</h1>\n<script src='src/app.js'></script>\n",
    "src/app.js": "document.title = 'Kiosk';\n",
    ".gitignore": "dist/\n*.log\n!keep.log\n",
    "keep.log": "kept\n",
    "notes/ünïcode.md": "# Notes\n",
}
LEFT_OUT = {
    "dist/": "ignored by .gitignore",
    "debug.log": "ignored by .gitignore",
    ".env": "may hold secrets",
    "server.pem": "may hold secrets",
    "logo.png": "binary file",
    "big.csv": "at most 1,000,000",
    "latin.txt": "not UTF-8",
    "node_modules/": "made by tools",
    "outside.txt": "a link to a place outside",
}


def _project(folder: Path, elsewhere: Path) -> Path:
    for path, text in TAKEN.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    for name in ("dist", "node_modules"):
        (folder / name).mkdir()
        (folder / name / "x.js").write_text("made by a tool")
    (folder / "debug.log").write_text("noise")
    (folder / ".env").write_text("SECRET=hunter2")
    (folder / "server.pem").write_text("-----BEGIN")
    (folder / "logo.png").write_bytes(b"\x89PNG\r\n\0\0")
    (folder / "big.csv").write_text("x" * 1_000_001)
    (folder / "latin.txt").write_bytes("café".encode("latin-1"))
    (elsewhere / "secret.txt").write_text("not yours")
    (folder / "outside.txt").symlink_to(elsewhere / "secret.txt")
    return folder


def _said(process: "subprocess.Popen[str]") -> str:
    """Return what a start says, up to its last line."""
    said = ""
    assert process.stdout is not None
    for line in process.stdout:
        said += line
        if "Stop with Ctrl-C" in line:
            return said
    raise AssertionError(said)


def test_a_folder_becomes_a_canvas_once_and_comes_back_out(browser: Browser, built: None, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    folder = _project(tmp_path / "kiosk", elsewhere)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with command(str(folder), folder=tmp_path, port=port) as process:
        said = _said(process)
        assert f"Read {len(TAKEN)} text files" in said
        for name, why in LEFT_OUT.items():
            line = next(line for line in said.splitlines() if f"left out: {name} (" in line)
            assert why in line
        address = re.search(rf"{base}/c/\w+", said)
        export = re.search(rf"{base}/api/v1/canvases/\w+/export", said)
        assert address is not None
        assert export is not None
        with people(browser, base, "folder") as newcomer:
            ana = newcomer()
            ana.open(address.group())
            expect(ana.preview.locator("#title")).to_have_text("Kiosk 👋")
            ana.show_file("index.html")
            ana.put_caret("<h1")
            ana.type(" edited here")
            expect(ana.preview.locator("body")).to_contain_text("edited here")
            expect(ana.saved).to_be_visible()
        with zipfile.ZipFile(io.BytesIO(httpx.get(export.group(), timeout=30).content)) as archive:
            out = {name: archive.read(name).decode() for name in archive.namelist()}
        assert set(out) == set(TAKEN)
        assert out.pop("index.html").count("edited here") == 1
        assert out == {path: text for path, text in TAKEN.items() if path != "index.html"}

        # A second start on the same data, whatever its port, says where the first one is.
        line = [sys.executable, "-m", "app", "--data", str(tmp_path / "data"), "--no-open", "--port", str(free_port())]
        second = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert second.returncode == 0
        assert second.stdout == f"Polycanvas already runs on this data, at {base}/\n"

    # The second start opens the same canvas, with what was typed; the folder is as it was.
    (folder / "src" / "app.js").write_text("document.title = 'Changed on disk';\n")
    with command(str(folder), folder=tmp_path, port=port) as process:
        said = _said(process)
        assert address.group() in said
        assert "before; it was not read again" in said
        read = httpx.get(export.group().replace("/export", "/files/index.html"), timeout=30).json()["text"]
        assert "edited here" in read
    (folder / "src" / "app.js").write_text(TAKEN["src/app.js"])
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_port_in_use_is_said_before_anything_is_built(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        line = [sys.executable, "-m", "app", "--data", str(tmp_path / "data"), "--no-open", "--port", str(port)]
        done = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert f"Port {port} is in use" in done.stderr
    assert done.stderr.count("\n") == 1
