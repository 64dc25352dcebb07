"""CodeMirror in a browser, a stock Yjs client in Node and our Python client on pycrdt, in one file, with emoji."""

import asyncio
import json
import shutil
import subprocess
import threading
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from app.client import connect
from app.commands.frontend import tool_environment
from app.ids import CanvasId
from tests.e2e.browsers import Newcomer, canvas_with, text_on_server
from tests.e2e.conftest import Installation

pytestmark = [pytest.mark.chromium, pytest.mark.node]

ROOT = Path(__file__).parents[2]
FROM_NODE, FROM_PYTHON, FROM_PAGE = "node 👩‍👩‍👧 é ", " pycrdt 🇨🇭 ñ", " page 👋🏽"


def test_three_kinds_of_client_converge(installation: Installation, newcomer: Newcomer, tmp_path: Path) -> None:
    canvas, address = canvas_with(installation.base, {"a.txt": "start\n"})
    ana = newcomer()
    ana.open(address)
    ana.show_file("a.txt")
    expect(ana.saved).to_be_visible()

    ticket = httpx.post(f"{installation.base}/api/v1/canvases/{canvas}/tickets", json={}, timeout=30).json()
    (tmp_path / "node_modules").symlink_to(ROOT / ".web" / "node_modules")
    shutil.copy(ROOT / "tests" / "interop" / "stock_joiner.mjs", tmp_path)
    socket = installation.base.replace("http", "ws") + ticket["path"]
    seen_by_python: list[str] = []

    async def python_client() -> None:
        async with connect(installation.base, CanvasId(canvas)) as client:
            client.append("a.txt", FROM_PYTHON)
            await client.until(lambda: all(word in client.text("a.txt") for word in (FROM_NODE, FROM_PAGE)))
            await client.saved()
            seen_by_python.append(client.text("a.txt"))

    # The browser's event loop lives in this thread; the Python client needs one of its own.
    thread = threading.Thread(target=lambda: asyncio.run(python_client()))
    thread.start()
    with subprocess.Popen(
        ["node", "stock_joiner.mjs", socket, "a.txt", FROM_NODE, FROM_PYTHON, FROM_PAGE],
        cwd=tmp_path,
        env=tool_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as node:
        ana.put_caret("start")
        ana.type(FROM_PAGE)
        for words in (FROM_NODE, FROM_PYTHON, FROM_PAGE):
            expect(ana.editor).to_contain_text(words.strip())
        thread.join(120)
        assert node.stdin is not None
        assert node.stdout is not None
        seen_by_node = json.loads(node.stdout.readline())
        node.stdin.close()
    expect(ana.saved).to_be_visible()
    text = text_on_server(installation.base, canvas, "a.txt")
    assert seen_by_python == [text]
    assert seen_by_node == text
    assert ana.text() == text
    assert all(text.count(words) == 1 for words in (FROM_NODE, FROM_PYTHON, FROM_PAGE))
