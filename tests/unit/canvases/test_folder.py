"""A project folder → files, and what was left out and why."""

import os
from pathlib import Path

import pytest

from app.canvases.folder import read_folder
from app.domain.files import MAX_FILE_BYTES
from app.errors import BadInput


def write(root: Path, **files: str | bytes) -> None:
    for name, content in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)


def left_out(root: Path) -> dict[str, str]:
    return {entry.path: entry.why for entry in read_folder(root).left_out}


def test_text_files_are_taken_in_the_order_of_the_tree(tmp_path: Path) -> None:
    write(
        tmp_path,
        **{"b.js": "b", "a/z.js": "z", "a/b/c.css": "c", "a.html": "<p>é", "é/ü.md": "ü", ".editorconfig": "e"},
    )
    reading = read_folder(tmp_path)
    assert list(reading.files.items()) == [
        (".editorconfig", "e"),
        ("a.html", "<p>é"),
        ("b.js", "b"),
        ("a/z.js", "z"),
        ("a/b/c.css", "c"),
        ("é/ü.md", "ü"),
    ]
    assert reading.left_out == []


def test_line_ends_and_marks_become_one_form(tmp_path: Path) -> None:
    write(tmp_path, **{"dos.txt": b"\xef\xbb\xbfa\r\nb\r\n"})
    assert read_folder(tmp_path).files == {"dos.txt": "a\nb\n"}


def test_every_gitignore_counts_and_the_deepest_decides(tmp_path: Path) -> None:
    write(
        tmp_path,
        **{
            ".gitignore": "*.log\n/build/\n!keep.log\n# comment\nsecret[0-9].txt\n",
            "a.log": "",
            "keep.log": "",
            "build/out.js": "",
            "sub/build/out.js": "",
            "secret1.txt": "",
            "sub/.gitignore": "!a.log\n/only-here\n",
            "sub/a.log": "",
            "sub/b.log": "",
            "sub/only-here": "",
            "only-here": "",
        },
    )
    reading = read_folder(tmp_path)
    taken = {".gitignore", "keep.log", "only-here", "sub/.gitignore", "sub/a.log", "sub/build/out.js"}
    assert set(reading.files) == taken
    ignored = ["a.log", "build/", "secret1.txt", "sub/b.log", "sub/only-here"]
    assert [entry.path for entry in reading.left_out] == ignored
    assert {entry.why for entry in reading.left_out} == {"it is ignored by .gitignore"}


def test_what_tools_make_is_left_out_even_when_nobody_ignored_it(tmp_path: Path) -> None:
    names = [".git/config", "node_modules/a/index.js", "sub/__pycache__/a.pyc", ".venv/a.py", ".polycanvas/a.db"]
    write(tmp_path, **dict.fromkeys(names, "x"), **{"lib/index.js": "taken"})
    assert list(read_folder(tmp_path).files) == ["lib/index.js"]
    assert set(left_out(tmp_path).values()) == {"it is made by tools"}
    assert set(left_out(tmp_path)) == {".git/", "node_modules/", "sub/__pycache__/", ".venv/", ".polycanvas/"}


def test_secrets_are_not_taken_silently(tmp_path: Path) -> None:
    write(tmp_path, **dict.fromkeys([".env", ".env.local", "keys/server.pem", "id_ed25519", ".npmrc"], "x"))
    write(tmp_path, **{".env.example": "KEY=", "environment.js": "x"})
    assert set(read_folder(tmp_path).files) == {".env.example", "environment.js"}
    assert set(left_out(tmp_path).values()) == {"it may hold secrets; add it by hand if it does not"}


def test_what_is_not_text_is_left_out_with_the_reason(tmp_path: Path) -> None:
    write(
        tmp_path, **{"image.png": b"\x89PNG\0", "latin.txt": "caf\xe9".encode("latin-1"), "half.txt": b"\xed\xa0\x80"}
    )
    write(tmp_path, **{"big.txt": "x" * (MAX_FILE_BYTES + 1), "just.txt": "x" * MAX_FILE_BYTES})
    os.mkfifo(tmp_path / "pipe")
    reading = read_folder(tmp_path)
    assert list(reading.files) == ["just.txt"]
    assert left_out(tmp_path) == {
        "big.txt": "it has 1,000,001 bytes; a file may have at most 1,000,000",
        "half.txt": "it is not UTF-8 text",
        "image.png": "it is a binary file",
        "latin.txt": "it is not UTF-8 text",
        "pipe": "it is not a regular file",
    }


def test_links_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    root = tmp_path / "root"
    write(outside, passwd="x")
    write(root, **{"a.txt": "a"})
    (root / "file").symlink_to(outside / "passwd")
    (root / "folder").symlink_to(outside)
    (root / "up").symlink_to("..")
    (root / "inside").symlink_to("a.txt")
    (root / "nowhere").symlink_to("missing")
    (root / "loop").symlink_to("loop")
    assert list(read_folder(root).files) == ["a.txt"]
    reasons = left_out(root)
    outward = "it is a link to a place outside the folder"
    assert (reasons["file"], reasons["folder"], reasons["up"]) == (outward, outward, outward)
    assert reasons["inside"] == "it is a link to a.txt"
    assert reasons["nowhere"].startswith("it cannot be read")
    assert reasons["loop"] == "it is a link to itself"


def test_a_folder_that_is_itself_a_link_is_read(tmp_path: Path) -> None:
    write(tmp_path / "real", **{"a.txt": "a"})
    (tmp_path / "link").symlink_to("real")
    assert read_folder(tmp_path / "link").files == {"a.txt": "a"}


def test_names_that_a_canvas_cannot_have_are_left_out(tmp_path: Path) -> None:
    write(tmp_path, **{"a\nb.txt": "x", "c\u202ed.txt": "x", " e.txt ": "x"})
    deep = "/".join("d" * 13)
    write(tmp_path, **{f"{deep}/f.txt": "x"})
    (tmp_path / os.fsdecode(b"bad\xff.txt")).write_text("x")
    reading = read_folder(tmp_path)
    assert reading.files == {}
    assert len(reading.left_out) == 5
    assert f"{deep}/f.txt" in left_out(tmp_path)


def test_bounds_on_the_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.canvases.folder.MAX_FILES", 2)
    write(tmp_path, **dict.fromkeys("abc", "x"))
    assert list(read_folder(tmp_path).files) == ["a", "b"]
    assert left_out(tmp_path) == {"c": "a canvas holds at most 2 files"}
    monkeypatch.setattr("app.canvases.folder.MAX_CANVAS_BYTES", 1)
    assert left_out(tmp_path) == {"b": "a canvas holds at most 1 bytes", "c": "a canvas holds at most 1 bytes"}
    monkeypatch.setattr("app.canvases.folder.MAX_VISITED", 2)
    assert left_out(tmp_path) == {"./": "the folder has more than 2 entries; name a smaller one"}


def test_what_is_not_a_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="There is no folder"):
        read_folder(tmp_path / "none")
    write(tmp_path, file="x")
    with pytest.raises(BadInput, match="is not a folder that can be read"):
        read_folder(tmp_path / "file")
