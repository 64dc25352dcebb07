"""Mirrors app/assistant/guards.py. Every secret here is made up, in pieces so that no scanner takes it for one."""

import pytest

from app.assistant.guards import redact

R = "aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY"


@pytest.mark.parametrize(
    "secret",
    [
        "sk-" + R,
        "sk-proj-" + R,
        "sk-ant-" + R,
        "sk-or-v1-" + R,
        "ghp_" + R + R[:4],
        "github_pat_" + R,
        "glpat-" + R[:20],
        "AKIA" + "ABCDEFGH12345678",
        "AIza" + R + R[:3],
        "xoxb-" + "123456789012-abcdef",
        "hf_" + R,
        "gsk_" + R + R[:20],
        "npm_" + R + R[:4],
        "rk_live_" + R,
        "eyJ" + R + ".eyJ" + R + "." + R,
        "-----BEGIN RSA PRIVATE KEY-----\n" + R + "\n-----END RSA PRIVATE KEY-----",
    ],
)
def test_a_known_form_is_kept_back_and_can_be_restored(secret: str) -> None:
    text = f"a = '{secret}'\nb = 1\n"
    guarded = redact(text)
    assert secret not in guarded.text
    assert "REDACTED-1" in guarded.text
    assert guarded.restore(guarded.text) == text
    assert guarded.sentence().startswith("1 secret kept back: ")


def test_assigned_passwords_and_passwords_in_addresses() -> None:
    text = 'password = "correct-horse"\nurl = "postgres://ana:pass123@db/x"\n'
    guarded = redact(text)
    assert "correct-horse" not in guarded.text
    assert "pass123" not in guarded.text
    assert guarded.text.startswith('password = "REDACTED-')
    assert len(guarded.taken) == 2
    assert guarded.restore(guarded.text) == text


def test_equal_secrets_get_one_placeholder_and_others_another() -> None:
    guarded = redact(f"sk-{R} sk-{R} ghp_{R}{R[:4]}")
    assert sorted(guarded.taken) == ["REDACTED-1", "REDACTED-2"]


@pytest.mark.parametrize(
    "text",
    ["task-list-of-everything-we-have-to-do", "password = ''", "const token = next();", "https://example.org:8080/x"],
)
def test_ordinary_text_stays(text: str) -> None:
    assert redact(text).text == text


def test_a_long_hostile_text_takes_no_long_time() -> None:
    text = "-----BEGIN PRIVATE KEY-----" * 2_000 + "a:" * 100_000
    assert redact(text).text
