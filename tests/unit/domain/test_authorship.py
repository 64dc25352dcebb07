"""Totals per author, and the trailers made of them."""

from app.domain.authorship import FileAuthors, Span, cost_of, count, together
from app.domain.people import SYSTEM, Origin
from app.domain.trailers import trailers_of

ANA = Origin(kind="person", id="ana", name="Ana", hue=60)
BO = Origin(kind="person", id="bo", name="Bo", hue=200)
RUFF = Origin(kind="expert", id="ruff", name="ruff", hue=150, run="r9", asked_by="Bo", accepted_by="Bo")


def qwen(run: str, cost: float | None = 0.0, asked: str = "Ana", accepted: str = "Ana") -> Origin:
    return Origin("model", "qwen", "qwen-coder", 290, run=run, asked_by=asked, accepted_by=accepted, cost_usd=cost)


def spans_of(*parts: tuple[str, Origin]) -> tuple[str, list[Span]]:
    spans, at = [], 0
    for text, origin in parts:
        end = at + len(text.encode("utf-16-le")) // 2
        spans.append(Span(at, end, origin))
        at = end
    return "".join(text for text, _ in parts), spans


def file_of(*parts: tuple[str, Origin], path: str = "a.js") -> FileAuthors:
    text, spans = spans_of(*parts)
    return FileAuthors(path, path, spans, count(text, spans))


def test_a_line_counts_for_whoever_wrote_most_of_it_and_a_blank_one_for_nobody() -> None:
    one = file_of(("let a", ANA), (" = 1234567;\n", BO), ("\n   \n", BO), ("    ", BO), ("b()\n", ANA), ("😀😀", BO))
    assert [(total.origin.id, total.characters, total.lines) for total in one.totals] == [("bo", 25, 2), ("ana", 9, 1)]
    assert [total.to_json(34)["share"] for total in one.totals] == [0.7353, 0.2647]


def test_an_empty_file_has_no_authors() -> None:
    assert count("", []) == []
    assert FileAuthors("x", "x", [], []).characters == 0
    assert together([]) == []


def test_a_model_s_runs_are_counted_once_with_their_price() -> None:
    first = file_of(("one\n", qwen("r1", 0.25)), ("mine\n", ANA), ("two\n", qwen("r1", 0.25)), ("x\n", qwen("r2", 0.5)))
    second = file_of(("three\n", qwen("r1", 0.25)), path="b.js")
    total = together([first, second])[0]
    assert total.to_json(21) == {
        "by": {"kind": "model", "id": "qwen", "name": "qwen-coder", "hue": 290},
        "characters": 16,
        "lines": 4,
        "share": 0.7619,
        "runs": ["r1", "r2"],
        "cost_usd": 0.75,
    }
    assert cost_of(together([file_of(("a", qwen("r1", None)))])[0]) is None


def test_trailers_name_people_first_then_models_with_whoever_asked() -> None:
    one = file_of(
        ("c" * 1000, SYSTEM),
        ("q" * 120, qwen("r1")),
        ("a" * 60, ANA),
        ("b" * 2, BO),
        ("q" * 10, qwen("r2", 0.004, accepted="Bo")),
        ("f" * 8, RUFF),
        ("q" * 200, qwen("r3", 0.02, asked="Bo", accepted="Bo")),
        ("q" * 200, qwen("r4", 0.01, asked="Bo", accepted="Bo")),
    )
    assert trailers_of([one]) == [
        "Written-by: Ana (10%)",
        "Written-by: Bo (<1%)",
        "Assisted-by: qwen-coder via Bo (67%, 2 runs, $0.03)",
        "Assisted-by: qwen-coder via Ana (20%, run r1, $0.00)",
        "Assisted-by: qwen-coder via Ana (2%, run r2, $0.0040, accepted by Bo)",
        "Assisted-by: ruff via Bo (1%, run r9, no model)",
    ]
    assert trailers_of([file_of(("came with it", SYSTEM))]) == []


def test_a_name_cannot_begin_a_trailer_of_its_own() -> None:
    odd = Origin(kind="person", id="x", name="Eve\nSigned-off-by: Ana\u2028\x00", hue=1)
    assert trailers_of([file_of(("e", odd))]) == ["Written-by: Eve Signed-off-by: Ana (100%)"]
