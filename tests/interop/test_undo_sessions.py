"""What Yjs's own undo brings back is proven from what pages sent, and each letter is its writer's again."""

import base64
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from pycrdt import Doc, Map

from app.collab import document
from app.collab.history.returning import Case
from app.collab.provenance import authors_of
from app.collab.returned import Whose, read_claim
from app.collab.schema import text_root
from app.collab.structs import read_update
from app.domain.people import Origin
from app.ids import FileId
from tests.interop.test_cut_lines import ROOT, run

FILE = FileId("abcdefghjkmn")
LETTERS = {"ana": "aä", "bo": "b😀", "cy": "c✓"}
SESSIONS = 120  # of sixty turns each; some seconds


@pytest.mark.node
async def test_s3_10_after_whatever_real_pages_undo_each_letter_is_its_writer_s(built: None, tmp_path: Path) -> None:
    (tmp_path / "node_modules").symlink_to(ROOT / ".web" / "node_modules")
    shutil.copytree(ROOT / "components", tmp_path / "components", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "tests" / "interop" / "undo_sessions.ts", tmp_path)
    bundler = ("node_modules/.bin/rolldown", "undo_sessions.ts", "--platform", "node", "--format", "esm")
    await run(*bundler, "--file", "sessions.mjs", cwd=tmp_path)
    said = await run("node", "sessions.mjs", FILE, str(SESSIONS), cwd=tmp_path)
    restored = sum(judged(session) for session in json.loads(said.splitlines()[-1]))
    assert restored > SESSIONS  # letters that an undo brought back for somebody else


def judged(session: dict[str, Any]) -> int:
    """Judge all that a session claims, check who wrote each letter; return how many were brought back."""
    doc: Doc[Any] = Doc()
    updates = [base64.b64decode(one["update"]) for one in session["sent"]]
    owners = {one["client"]: Origin("person", one["who"], one["who"], 1) for one in session["sent"]}
    for update in updates:
        doc.apply_update(update)
    claims = [read_claim(key, value) for key, value in (doc.get("returned", type=Map).to_py() or {}).items()]
    snapshot = doc.get_update()
    case = Case(snapshot, [claim for claim in claims if claim is not None], [text_root(FILE)], owners, {})
    for update in updates:
        case.letters.read(update, read_update(update))
    verdict = case.verdict()
    text = document.text_of(doc, FILE)
    assert text == session["text"]
    assert None not in claims
    assert not (session["together"] and verdict.unproven)
    [found] = authors_of(snapshot, Whose(owners, verdict.ranges), {FILE: ("a.txt", text)})
    units = text.encode("utf-16-le")
    for span in found.spans:
        words = units[2 * span.start : 2 * span.end].decode("utf-16-le")
        # What the store cannot prove stays hers who brought it back.
        assert set(words) <= set(LETTERS[span.origin.id]) or (span.origin.id == "ana" and not session["together"])
    return sum(span.end - span.start for span in found.spans if span.origin.restored_by)
