"""What may be kept as an arrangement of panels."""

import json
from typing import Any

import pytest

from app.domain.layout import MAX_LAYOUT_DEPTH, MAX_PANELS, Device, check_layout, read_device
from app.errors import BadInput, TooLarge

FILE = "file:abcdefgh2345"


def layout(**changes: Any) -> dict[str, Any]:
    """An arrangement in the form that dockview writes."""
    left = {"type": "leaf", "data": {"views": ["files"], "activeView": "files", "id": "1"}, "size": 200}
    middle = {"type": "leaf", "data": {"views": [FILE, "console"], "activeView": FILE, "id": "2"}, "size": 824}
    panels = {name: {"id": name, "contentComponent": "panel", "title": "Панель"} for name in ("files", FILE, "console")}
    grid = {
        "root": {"type": "branch", "data": [left, middle]},
        "width": 1024,
        "height": 768.5,
        "orientation": "HORIZONTAL",
    }
    return {"grid": grid, "panels": panels, "activeGroup": "2"} | changes


def window(url: Any) -> list[dict[str, Any]]:
    return [{"url": url, "data": {"views": [], "id": "3"}, "position": None}]


def test_an_arrangement_comes_back_as_it_was() -> None:
    assert json.loads(check_layout(layout())) == layout()


def test_an_empty_arrangement_is_one() -> None:
    check_layout({"grid": {"root": {"type": "branch", "data": []}}, "panels": {}})


@pytest.mark.parametrize("url", ["/popout.html", "/popout.html?panel=a", None])
def test_a_window_opens_inside_the_app(url: str | None) -> None:
    check_layout(layout(popoutGroups=window(url)))


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "",
        7,
        ["/"],
    ],
)
def test_a_window_opens_nowhere_else(url: Any) -> None:
    with pytest.raises(BadInput, match="inside the app"):
        check_layout(layout(popoutGroups=window(url)))


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        "text",
        {},
        {"grid": {}, "panels": {}},
        {"grid": {"root": []}, "panels": {}},
        layout(panels=[]),
        layout(panels={"files": {"id": "other"}}),
        layout(panels={"../etc": {"id": "../etc"}}),
        layout(panels={"files": {"id": "files"}}),  # the grid shows panels that are not there
        layout(floatingGroups=[{"data": {"views": ["files"], "id": "9"}}]),  # shown in two places
        layout(floatingGroups=[{"data": {"views": "files"}}]),
        layout(extra=float("nan")),
        layout(extra=float("inf")),
        layout(extra=b"bytes"),
        layout(extra={"__proto__": {"admin": True}}),
        layout(extra={"constructor": 1}),
        layout(extra={1: 2}),
        layout(extra="a" * 301),
        layout(extra="line\nbreak"),
        layout(extra="\u202e"),
        layout(extra="\ud800"),
    ],
)
def test_what_is_not_an_arrangement_is_refused(value: object) -> None:
    with pytest.raises(BadInput, match="Reset the layout"):
        check_layout(value)


def test_depth_is_bounded_and_cannot_hurt() -> None:
    deep: Any = 1
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(BadInput, match="nested too deeply"):
        check_layout(layout(extra=deep))
    split: Any = {"type": "leaf", "data": {"views": [], "id": "1"}}
    for _ in range(MAX_LAYOUT_DEPTH // 2 - 4):
        split = {"type": "branch", "data": [split]}
    check_layout({"grid": {"root": split}, "panels": {}})
    while isinstance(deep, list):  # or freeing it would recurse
        deep = deep[0]


def test_size_is_bounded() -> None:
    with pytest.raises(TooLarge):
        check_layout(layout(extra=["x" * 300] * 300))
    with pytest.raises(TooLarge):
        check_layout(layout(extra=[[]] * 100_000))
    names = [f"p{number}" for number in range(MAX_PANELS + 1)]
    with pytest.raises(TooLarge):
        check_layout({"grid": {"root": {}}, "panels": {name: {"id": name} for name in names}})


def test_there_are_two_classes_of_screen() -> None:
    assert [read_device("wide"), read_device("narrow")] == list(Device)
    with pytest.raises(BadInput, match="“phone”"):
        read_device("phone")
