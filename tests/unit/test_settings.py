"""The environment → settings, or a sentence."""

from pathlib import Path

import pytest

from app.errors import SettingsError
from app.settings import Settings, read_settings


def test_an_empty_environment_is_enough() -> None:
    settings = read_settings({})
    assert (settings.host, settings.port) == ("127.0.0.1", 3000)
    assert settings.data == Path(".polycanvas").resolve()
    assert settings.database == f"sqlite:///{settings.data}/polycanvas.db"
    assert settings.on_loopback
    assert settings.url == "http://127.0.0.1:3000"


def test_everything_can_be_told(tmp_path: Path) -> None:
    settings = read_settings(
        {
            "POLYCANVAS_HOST": "0.0.0.0",
            "POLYCANVAS_PORT": "8080",
            "POLYCANVAS_DATA": str(tmp_path),
            "POLYCANVAS_DATABASE_URL": "postgresql://ana@db/canvas",
            "POLYCANVAS_PUBLIC_URL": "https://canvas.example.org/",
            "POLYCANVAS_MODELS": str(tmp_path / "models.toml"),
            "POLYCANVAS_LOCAL_SERVERS": "http://127.0.0.1:11434/, ,http://127.0.0.1:1234",
            "POLYCANVAS_HISTORY_DAYS": "90",
            "POLYCANVAS_HISTORY_MB": "16",
        }
    )
    assert settings == Settings(
        host="0.0.0.0",
        port=8080,
        data=tmp_path,
        database_url="postgresql://ana@db/canvas",
        public_url="https://canvas.example.org",
        models_file=tmp_path / "models.toml",
        local_servers=("http://127.0.0.1:11434", "http://127.0.0.1:1234"),
        history_days=90,
        history_bytes=16 << 20,
    )
    assert settings.database == "postgresql://ana@db/canvas"
    assert settings.url == "https://canvas.example.org"
    assert settings.origins == {"https://canvas.example.org"}


def test_the_command_line_wins(tmp_path: Path) -> None:
    env = {"POLYCANVAS_HOST": "0.0.0.0", "POLYCANVAS_PORT": "8080", "POLYCANVAS_DATA": "/elsewhere"}
    settings = read_settings(env, host="localhost", port=1, data=tmp_path)
    assert (settings.host, settings.port, settings.data) == ("localhost", 1, tmp_path)


@pytest.mark.parametrize(
    ("env", "sentence"),
    [
        ({"POLYCANVAS_PORT": "http"}, "port must be a whole number"),
        ({"POLYCANVAS_PORT": "0"}, "port must be a whole number"),
        ({"POLYCANVAS_PORT": "65536"}, "port must be a whole number"),
        ({"POLYCANVAS_PORT": "-1"}, "port must be a whole number"),
        ({"POLYCANVAS_PUBLIC_URL": "canvas.example.org"}, "POLYCANVAS_PUBLIC_URL must start with"),
        ({"POLYCANVAS_PUBLIC_URL": "https://canvas.example.org/team"}, "origin without a path"),
        ({"POLYCANVAS_DATABASE_URL": "mysql://db/canvas"}, "POLYCANVAS_DATABASE_URL must start with"),
        ({"POLYCANVAS_HISTORY_DAYS": "0"}, "POLYCANVAS_HISTORY_DAYS must be a whole number from 1 to"),
        ({"POLYCANVAS_HISTORY_DAYS": "-3"}, "POLYCANVAS_HISTORY_DAYS must be a whole number"),
        ({"POLYCANVAS_HISTORY_MB": "all"}, "POLYCANVAS_HISTORY_MB must be a whole number from 1 to"),
    ],
)
def test_what_cannot_be_used_is_named(env: dict[str, str], sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence):
        read_settings(env)


@pytest.mark.parametrize(
    ("host", "on_loopback", "url"),
    [
        ("127.0.0.1", True, "http://127.0.0.1:3000"),
        ("localhost", True, "http://localhost:3000"),
        ("::1", True, "http://[::1]:3000"),
        ("0.0.0.0", False, "http://127.0.0.1:3000"),
        ("::", False, "http://127.0.0.1:3000"),
        ("192.168.1.5", False, "http://192.168.1.5:3000"),
        ("fd00::5", False, "http://[fd00::5]:3000"),
    ],
)
def test_who_can_reach_it_and_how(host: str, on_loopback: bool, url: str) -> None:
    settings = Settings(host=host)
    assert settings.on_loopback is on_loopback
    assert settings.url == url
    assert url in settings.origins


def test_behind_a_public_address_nobody_is_at_the_keyboard() -> None:
    assert not Settings(public_url="https://canvas.example.org").on_loopback
