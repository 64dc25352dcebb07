"""The `polycanvas` command: what it refuses with one sentence and exit code 2, and what it prints."""

import re
import socket
import sqlite3
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from app.assistant.discovery import servers
from app.assistant.providers import PROVIDERS
from app.cli import USAGE_ERROR, main
from app.commands import serve as serving
from app.commands.serve import listen
from app.errors import SettingsError
from app.persistence.migrate import migrate
from app.settings import Settings, read_settings
from tests.server import free_port, local_settings

ROOT = Path(__file__).resolve().parents[2]


def _refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == USAGE_ERROR
    lines = capsys.readouterr().err.strip().splitlines()
    assert lines[-1].startswith("polycanvas: "), lines
    assert "Traceback" not in "\n".join(lines)
    return lines[-1]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("HOST", "PORT", "DATA", "MODELS", "PUBLIC_URL", "DATABASE_URL", "LOCAL_SERVERS"):
        monkeypatch.delenv(f"POLYCANVAS_{name}", raising=False)


def test_a_port_in_use_is_said_with_another_to_take(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        sentence = _refusal(capsys, "--port", str(port), "--no-open")
    assert f"Port {port} is in use" in sentence
    assert f"--port {port + 1}" in sentence


def test_an_address_of_another_machine_is_said() -> None:
    with pytest.raises(SettingsError, match="Check --host"):
        listen(Settings(host="192.0.2.1", port=0))


def test_a_data_folder_that_cannot_be_made_is_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    sentence = _refusal(capsys, "--data", str(tmp_path / "file" / "data"), "--no-open", "--port", "38999")
    assert "--data" in sentence


def test_a_database_from_a_newer_version_is_left_alone(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    settings = local_settings(tmp_path)
    migrate(settings)
    file = settings.data / "polycanvas.db"
    with sqlite3.connect(file) as database:
        database.execute("UPDATE alembic_version SET version_num = 'zzzz'")
    before = file.read_bytes()
    sentence = _refusal(capsys, "migrate", "--data", str(settings.data))
    assert "newer version" in sentence
    assert file.read_bytes() == before


def test_a_typing_error_in_models_toml_is_said_with_its_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "models.toml").write_text("[[models]]\nname = \n")
    sentence = _refusal(capsys, "--port", "38998", "--no-open")
    assert re.search(r"line 2\b", sentence), sentence


@pytest.mark.parametrize("folder", ["nowhere", "file.txt"])
def test_a_folder_that_is_none_is_said(folder: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "file.txt").write_text("x")
    assert folder in _refusal(capsys, folder, "--no-open")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("biuld", "build"), ("Doctor", "doctor"), ("tokne", "token"), ("migration", "migrate"), ("help", "--help")],
)
def test_a_command_that_was_mistyped_is_named(typed: str, meant: str, capsys: pytest.CaptureFixture[str]) -> None:
    sentence = _refusal(capsys, typed, "label")
    assert f"There is no folder {typed}" in sentence
    assert sentence.endswith(f"polycanvas {meant}")


@pytest.mark.parametrize(("name", "value"), [("PORT", "http"), ("PUBLIC_URL", "canvas.example"), ("DATABASE_URL", "x")])
def test_a_setting_that_cannot_be_used_is_said_by_name(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(f"POLYCANVAS_{name}", value)
    assert name.replace("_", " ").lower().split()[0] in _refusal(capsys, "--no-open").lower().replace("_", " ")


def test_tokens_are_listed_and_revoked(tmp_path: Path) -> None:
    def token(*more: str) -> "subprocess.CompletedProcess[str]":
        line = [sys.executable, "-m", "app", "token", *more, "--data", str(tmp_path / "data")]
        return subprocess.run(line, capture_output=True, text=True, check=False)

    assert token("backup").returncode == 0
    identity, day, label = token("--list").stdout.split()
    assert label == "backup"
    assert day.count("-") == 2
    assert token("--revoke", identity).returncode == 0
    again = token("--revoke", identity)
    assert again.returncode == 2
    assert "no such API token" in again.stderr
    assert token("--list").stdout == ""


def test_the_token_stands_alone_on_standard_output(tmp_path: Path) -> None:
    line = [sys.executable, "-m", "app", "token", "--data", str(tmp_path / "data")]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=True)
    assert re.fullmatch(r"pc_[a-z0-9]+\n", done.stdout)
    assert "shown once" in done.stderr


def _doctor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[object, dict[str, str]]:
    """Return the exit code, and each line by what it is about."""
    with pytest.raises(SystemExit) as ended:
        main(["doctor", "--data", str(tmp_path / "data")])
    lines = [re.split(r"  +", line.strip(), maxsplit=2) for line in capsys.readouterr().out.splitlines()]
    return ended.value.code, {line[1]: f"{line[0]} {line[2]}" for line in lines if len(line) == 3}


@pytest.fixture
def _no_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make this machine one without a model server at the usual ports and without a key."""
    monkeypatch.setattr("app.assistant.catalog.servers", partial(servers, usual=()))
    for provider in PROVIDERS:
        monkeypatch.delenv(provider.key_name, raising=False)


@pytest.mark.usefixtures("_no_models")
def test_the_doctor_says_which_models_can_be_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _, said = _doctor(tmp_path, capsys)
    assert said["Models"].startswith("-- none can be asked yet; set a key such as OPENAI_API_KEY")
    assert said["Database"].startswith("-- There is no database yet")

    (tmp_path / "models.toml").write_text('[[model]]\nname = "m"\nmodel = "openai/m"\nkey_env = "SOME_KEY"\n')
    assert _doctor(tmp_path, capsys)[1]["Models"].startswith("-- none can be asked yet; set SOME_KEY,")
    monkeypatch.setenv("SOME_KEY", "k")
    assert _doctor(tmp_path, capsys)[1]["Models"] == "ok m can be asked"


@pytest.mark.usefixtures("_no_models")
def test_the_doctor_finds_fault_with_a_named_server_that_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    address = f"http://127.0.0.1:{free_port()}"
    monkeypatch.setenv("POLYCANVAS_LOCAL_SERVERS", address)
    code, said = _doctor(tmp_path, capsys)
    assert code == 1
    assert said[address.removeprefix("http://")] == f"!! Nothing answers at {address}; start the model server there."


def test_paths_are_relative_to_where_the_person_stands(tmp_path: Path) -> None:
    assert read_settings({}).data == tmp_path / ".polycanvas"
    assert serving._with_models_here(Settings()).models_file is None
    (tmp_path / "models.toml").write_text("")
    assert serving._with_models_here(Settings()).models_file == tmp_path / "models.toml"


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs" / "SETTINGS.md").read_text(encoding="utf-8")
    read = set()
    for path in (ROOT / "app").rglob("*.py"):
        read |= set(re.findall(r"POLYCANVAS_[A-Z_]+", path.read_text(encoding="utf-8")))
    assert read
    assert {name for name in read if f"`{name}`" not in text} == set()
