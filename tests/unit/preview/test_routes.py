"""The preview's addresses, asked over ASGI: what they answer and what they never set."""

import json
import re
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from app.errors import NotFound
from app.preview.routes import preview_routes, shell_page, shell_script
from app.preview.runtime import runtime_module

ORIGIN = "http://127.0.0.1:3000"
_FILES = {
    "react/cjs/react.production.js": 'exports.useState = () => "state";\nexports.version = "19";',
    "react/cjs/react-jsx-runtime.production.js": 'require("react");\nexports.jsx = () => 1;',
    "scheduler/cjs/scheduler.production.js": "exports.now = () => 0;",
    "react-dom/cjs/react-dom.production.js": "exports.flushSync = () => 0;",
    "react-dom/cjs/react-dom-client.production.js": "exports.createRoot = () => 0;",
}


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    for name, text in _FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


async def ask(path: str, packages: Path | None = None) -> httpx.Response:
    app = Starlette(routes=preview_routes([ORIGIN], packages))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=ORIGIN) as client:
        return await client.get(path)


async def test_the_frame_is_the_shell_alone() -> None:
    answer = await ask("/preview/frame")
    assert answer.status_code == 200
    assert answer.headers["content-security-policy"].startswith("sandbox allow-scripts; default-src 'none'")
    assert "set-cookie" not in answer.headers
    assert answer.text.count("<script") == 1


async def test_the_frame_says_nothing_of_what_was_asked() -> None:
    answer = await ask("/preview/frame?x=<script>alert(1)</script>")
    assert answer.text == shell_page()


def test_the_shell_cannot_end_its_own_script_element() -> None:
    assert "</script" not in shell_script().lower()
    assert "<!--" not in shell_script()


async def test_react_is_one_module_with_its_names(packages: Path) -> None:
    answer = await ask("/rt/react.js", packages)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    names = json.loads(answer.text.split("\n", 1)[0].removeprefix("// "))
    assert names["react"] == ["useState", "version"]
    assert re.search(r"^export default", answer.text, re.MULTILINE)


async def test_a_file_that_is_not_there_says_what_to_do(tmp_path: Path) -> None:
    assert (await ask("/rt/vue.js")).status_code == 404
    missing = await ask("/rt/react.js")
    assert missing.status_code == 404
    assert "polycanvas build" in missing.text
    assert "polycanvas build" in (await ask("/rt/react.js", tmp_path)).text
    with pytest.raises(NotFound):
        runtime_module("../secrets.js", tmp_path)
