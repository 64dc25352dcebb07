"""The anchors: CodeMirror without anything of ours, bundled from the product's packages, on the server's address.

`plain` is what a keystroke costs anyway; `shared` is what the peers have: Yjs's own binding and its own provider, in
the same room with the same others.
"""

import subprocess
from pathlib import Path
from urllib.parse import urlencode

import httpx
from playwright.sync_api import Page, Route

from benchmarks.relay.peers import node_environment

HERE = Path(__file__).parent
WEB = HERE.parents[1] / ".web"
BOX = 674, 584  # pixels of the product's text in a window of 1440x900
STOCK, ENTRIES = "stock.js", ("plain", "shared")
PAGE = """<!doctype html><title>{0}</title><link rel="icon" href="data:,">
<style>
body {{ margin: 0 }}
.cm-editor {{ width: {1}px; height: {2}px }}
.cm-scroller {{ font: 12.5px/20px monospace }}
</style>
<body><script type="module" src="{0}.js"></script></body>
"""


def bundle(folder: Path) -> None:
    """Write the bundles into `folder`. The packages are those that the product was built with."""
    beside = WEB / "typing-anchors"  # beside the packages: that is where the bundler looks for them
    beside.mkdir(exist_ok=True)
    sources = [beside / name for name in (STOCK, *(f"{entry}.js" for entry in ENTRIES))]
    for source in sources:
        source.write_bytes((HERE / source.name).read_bytes())
    try:
        for entry in ENTRIES:
            rolldown, out = str(WEB / "node_modules/.bin/rolldown"), str(folder / f"{entry}.js")
            command = [rolldown, str(beside / f"{entry}.js"), "--file", out, "--format", "esm", "--minify"]
            subprocess.run(command, cwd=WEB, env=node_environment(), check=True, capture_output=True, text=True)
    except subprocess.CalledProcessError as error:
        raise SystemExit(f"The plain editor could not be bundled: {error.stderr[-1000:]}") from error
    finally:
        for source in sources:
            source.unlink()
        beside.rmdir()


def show(page: Page, url: str, folder: Path, name: str, **asked: str) -> None:
    """Open an anchor in `page` as if the server at `url` served it from `folder`: it may then join the rooms there."""

    # As large as the product's own editor: what is painted is a part of what a key costs.
    width, height = BOX

    def answer(route: Route) -> None:
        file = route.request.url.partition("?")[0].rpartition("/")[2]
        if file:
            route.fulfill(path=folder / file, content_type="text/javascript")
        else:
            route.fulfill(body=PAGE.format(name, width, height), content_type="text/html")

    # A page that no server sent comes from nowhere, as the browser sees it, and would not be let to this machine.
    page.context.grant_permissions(["local-network-access"], origin=url)
    page.route(f"{url}/anchor/**", answer)
    page.goto(f"{url}/anchor/?{urlencode(asked)}")


def ticket(url: str, canvas: str) -> str:
    """Return the path of a canvas's room, with a ticket to it for a page at `url`."""
    answer = httpx.post(f"{url}/api/v1/canvases/{canvas}/tickets", headers={"Origin": url}, timeout=60)
    answer.raise_for_status()
    return str(answer.json()["path"])
