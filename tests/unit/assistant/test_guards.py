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


LONG = R + R[:8]


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("API_KEY=abcd1234efgh5678", "abcd1234efgh5678"),
        ("export DB_PASSWORD=supersecret99\n", "supersecret99"),
        ("DB_PASSWORD=correcthorse # the old one", "correcthorse"),
        ("  GITHUB_TOKEN=abcdefgh12345678\r\nA=1", "abcdefgh12345678"),
        ("ENV NPM_TOKEN=abcdefgh12345678", "abcdefgh12345678"),
        ("SIGNING_KEY=abcdefghij", "abcdefghij"),
        ("STORE_KEY=abcd1234efgh56789", "abcd1234efgh56789"),
        ("[db]\npassword = p@ssw0rd!x\n", "p@ssw0rd!x"),
        ("db:\n  password: hunter2hunter\n", "hunter2hunter"),
        ("  - secret: abc/def+12345678", "abc/def+12345678"),
        ("aws_secret_access_key = " + LONG, LONG),
        ("AWS_SESSION_TOKEN=" + LONG + "/+=", LONG + "/+="),
        (f"secretAccessKey: '{LONG}',", LONG),
        (f'"SecretAccessKey": "{LONG}"', LONG),
        ('"password": "hunter22 x9"', "hunter22 x9"),
        ('SECRET="p@ss w0rd long"', "p@ss w0rd long"),
        ('token: "abcdefgh12345678"', "abcdefgh12345678"),
        ('client_secret: "abcd-1234-efgh"', "abcd-1234-efgh"),
        ('SECRET_KEY = "django-insecure-abcdef"', "django-insecure-abcdef"),
        ("const dbPassword = 'correct horse 1'", "correct horse 1"),
        ("$config['api_key'] => 'abcdefgh12345678'", "abcdefgh12345678"),
        ("Authorization: Bearer " + R, R),
        ('headers = {"Authorization": "Bearer ' + R + '"}', R),
        ("curl -H 'authorization: Basic dXNlcjpwYXNz'", "dXNlcjpwYXNz"),
        ("fetch(url, auth(`Bearer " + R + "`))", R),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\n" + R + "\n" + R, R),
        ("-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: 1\n\n" + R + "\n-----END PGP PRIVATE KEY BLOCK-----", R),
        ('"private_key": "-----BEGIN PRIVATE KEY-----\\n' + R + '\\n-----END PRIVATE KEY-----\\n"', R),
    ],
)
def test_a_secret_is_known_by_what_it_is_assigned_to(text: str, secret: str) -> None:
    guarded = redact(text)
    assert secret not in guarded.text
    assert guarded.taken
    assert guarded.restore(guarded.text) == text


@pytest.mark.parametrize(
    "text",
    [
        "token = parse(x)",
        "token = next_token",
        "token = tokens[0]",
        "token = self.lexer.token2",
        "    password=password,\n    token=token)",
        "    password=new_password",
        "password: string",
        "  token: SecretStr",
        "  apiKey: string;",
        "  password: form.password1,",
        'password = os.environ["DB_PASSWORD"]',
        "API_KEY=${API_KEY}",
        "API_KEY=$(cat key)",
        "API_KEY=<your-key>",
        'api_key: "{{ vault.api_key }}"',
        'password: "Enter your password"',
        'label = "password", type = "password"',
        'password: "Password"',
        'password: "settings.password"',
        'primary_key = "customer_id"',
        'STORAGE_KEY = "layout-v2"',
        'sort_key: "created_at"',
        'key = "abcdefgh12345678"',
        '{"token": "keyword", "tokens": 12345678}',
        "MAX_TOKENS=12345678",
        "if token == previous_token_2:",
        "const token = await read1(next2)",
        "the bearer of this-is-good-news-for-all",
        "`Authorization: Bearer ${token}`",
        "PASSWORD_FILE=/run/secrets/db1",
        'monkey = "abcdefgh12345678abcd"',
    ],
)
def test_code_that_only_passes_secrets_along_stays(text: str) -> None:
    assert redact(text).text == text


@pytest.mark.parametrize(
    "piece",
    [
        "password=",
        "a_",
        "token: ",
        "Bearer ",
        'password = "',
        "\\",
        "authorization: bearer ",
        "x=y ",
        "PASSWORD=abcdef\n",
    ],
)
def test_hostile_text_hides_no_secret_behind_it(piece: str) -> None:
    """As long as a prompt may be: a form that is quadratic in it would not come back within the life of a test run."""
    secret = "sk-ant-" + "a1" * 20
    found = redact(piece * (400_000 // len(piece)) + f"\n\n{secret}\n")
    assert secret in found.taken.values()
    assert secret not in found.text
