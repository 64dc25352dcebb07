"""The anchor: plain CodeMirror over the same document, bundled from the product's own packages and served as files."""

import contextlib
import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from benchmarks.relay.peers import node_environment

HERE = Path(__file__).parent
WEB = HERE.parents[1] / ".web"
PAGE = """<!doctype html><title>plain</title>
<style>body { margin: 0 } .cm-editor { height: 100vh } .cm-scroller { font: 14px/1.6 monospace }</style>
<body><script type="module" src="plain.js"></script></body>
"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def bundle(folder: Path) -> None:
    """Write the bundle into `folder`. The packages are those that the product was built with."""
    entry = WEB / "plain-typing.js"  # beside the packages: that is where the bundler looks for them
    entry.write_bytes((HERE / "plain.js").read_bytes())
    rolldown, out = str(WEB / "node_modules/.bin/rolldown"), str(folder / "plain.js")
    command = [rolldown, str(entry), "--file", out, "--format", "esm", "--minify"]
    try:
        subprocess.run(command, cwd=WEB, env=node_environment(), check=True, capture_output=True, text=True)
    except subprocess.CalledProcessError as error:
        raise SystemExit(f"The plain editor could not be bundled: {error.stderr[-1000:]}") from error
    finally:
        entry.unlink()


@contextlib.contextmanager
def served(folder: Path, text: str) -> Iterator[str]:
    """Serve plain CodeMirror with `text`; yield its address."""
    bundle(folder)
    (folder / "index.html").write_text(PAGE)
    (folder / "document.js").write_text(text)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=folder))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
