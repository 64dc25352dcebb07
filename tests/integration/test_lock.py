"""One installation, one process: who comes second is told where the first is, and a crash leaves nothing behind."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.cli import USAGE_ERROR, main
from app.commands.lock import held, lock_path
from app.errors import SettingsError
from app.settings import Settings
from tests.server import local_settings

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = "http://192.0.2.7:3000"
_HOLDER = """
import sys
from pathlib import Path
from app.commands.lock import held
from app.settings import Settings
with held(Settings(data=Path(sys.argv[1]))) as say:
    say(sys.argv[2])
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def _another_process(data: Path) -> Iterator["subprocess.Popen[str]"]:
    line = [sys.executable, "-c", _HOLDER, str(data), ADDRESS]
    with subprocess.Popen(line, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_nothing_is_migrated_under_a_running_server(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    data = tmp_path / "data"
    with _another_process(data):
        with pytest.raises(SystemExit) as ended:
            main(["migrate", "--data", str(data)])
        assert ended.value.code == USAGE_ERROR
        said = capsys.readouterr().err.strip()
        assert said.startswith(f"polycanvas: Polycanvas runs on this data at {ADDRESS} ")
        assert "Stop it" in said
        assert len(said.splitlines()) == 1


def test_a_killed_process_leaves_no_lock(tmp_path: Path) -> None:
    settings = local_settings(tmp_path)
    with _another_process(settings.data) as process:
        with pytest.raises(SettingsError, match="already runs"), held(settings):
            pass
        process.send_signal(signal.SIGKILL)
        process.wait()
        with held(settings) as say:
            say("x")
            with pytest.raises(SettingsError, match="at x\\."), held(settings):
                pass
    with held(settings):
        assert lock_path(settings).read_text() == ""  # nobody is sent to where the last one was


def test_installations_apart_do_not_know_each_other(tmp_path: Path) -> None:
    with held(Settings(data=tmp_path / "one")), held(Settings(data=tmp_path / "two")):
        pass


def test_one_database_under_two_data_folders_is_one_installation(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'shared.db'}"
    one, two = (Settings(data=tmp_path / name, database_url=url) for name in ("one", "two"))
    with held(one), pytest.raises(SettingsError, match="already runs"), held(two):
        pass


def test_a_lock_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    settings = local_settings(tmp_path)
    lock_path(settings).mkdir(parents=True)
    with pytest.raises(SettingsError, match="cannot be written"), held(settings):
        pass
