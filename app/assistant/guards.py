"""Takes secrets out of text before it leaves for a model that is not on the team's own machines.

What must not be here: deciding where text goes (domain/routing.py). A guard cannot know every secret: it knows the
forms below, which are those that people paste by mistake.
"""

import re
from dataclasses import dataclass

from app.assistant.assigned import assigned_secrets

# Keys are long and random; the lengths keep ordinary identifiers out. Named so that a person sees what was taken.
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "private key",
        re.compile(
            r"-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----"
            # To its end; one that was cut off, or is given in part, as far as it looks like a key.
            r"(?:(?:(?!-----BEGIN)[\s\S]){20,10000}?-----END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----"
            r"|(?:\s|\\n|[A-Za-z0-9+/=]|[A-Z][A-Za-z-]{1,20}: [^\n]{1,80}\n){20,10000}+)"
        ),
    ),
    (
        "authorization header",
        re.compile(
            r"(?i)\bauthorization[\"']?\s{0,5}[:=,]\s{0,5}[\"'`]?(?:bearer|basic|token|digest)[ \t]{1,5}"
            r"(?P<value>[A-Za-z0-9._~+/=-]{8,2000}+)"
        ),
    ),
    # Without the header's name only what has a digit: “bearer” is a word, too.
    (
        "bearer token",
        re.compile(r"\b[Bb]earer[ \t](?P<value>(?=[A-Za-z._~+/-]{0,200}[0-9])[A-Za-z0-9._~+/=-]{16,2000}+)"),
    ),
    ("Anthropic key", re.compile(r"\bsk-ant-[A-Za-z0-9_-]{20,200}")),
    ("OpenRouter key", re.compile(r"\bsk-or-[A-Za-z0-9_-]{20,200}")),
    ("OpenAI key", re.compile(r"\bsk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{20,200}")),
    ("Stripe key", re.compile(r"\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,200}")),
    ("GitHub token", re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{30,255}|github_pat_[A-Za-z0-9_]{30,255})")),
    ("GitLab token", re.compile(r"\bglpat-[A-Za-z0-9_-]{20,200}")),
    ("AWS key", re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b")),
    ("Google key", re.compile(r"\bAIza[A-Za-z0-9_-]{35}")),
    ("Slack token", re.compile(r"\bxox[abeoprs]-[A-Za-z0-9-]{10,200}")),
    ("Hugging Face token", re.compile(r"\bhf_[A-Za-z0-9]{30,200}")),
    ("Groq key", re.compile(r"\bgsk_[A-Za-z0-9]{40,200}")),
    ("npm token", re.compile(r"\bnpm_[A-Za-z0-9]{36}")),
    ("web token", re.compile(r"\beyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{10,2000}")),
    ("password in an address", re.compile(r"(?<=://)[^\s/:@\"']{1,100}:[^\s/@\"']{1,200}(?=@)")),
)
_PLACEHOLDER = re.compile(r"REDACTED-[0-9]+")


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text without its secrets. `taken` maps each placeholder to what it stands for; it never leaves the process."""

    text: str
    taken: dict[str, str]
    kinds: tuple[str, ...]

    def restore(self, text: str) -> str:
        """Put the secrets back where a model repeated their placeholders, so that its edits fit the real text."""
        return _PLACEHOLDER.sub(lambda m: self.taken.get(m.group(), m.group()), text)

    def sentence(self) -> str:
        """Say what was taken out."""
        count = len(self.taken)
        return f"{count} secret{'s' if count > 1 else ''} kept back: {', '.join(sorted(set(self.kinds)))}."


def redact(text: str) -> Redacted:
    """Replace every known form of secret by a placeholder; equal secrets get the same one."""
    taken: dict[str, str] = {}
    names: dict[str, str] = {}
    kinds: list[str] = []

    def hide(secret: str, kind: str) -> str:
        if _PLACEHOLDER.fullmatch(secret):
            return secret
        if secret not in names:
            names[secret] = f"REDACTED-{len(names) + 1}"
            taken[names[secret]] = secret
            kinds.append(kind)
        return names[secret]

    for kind, form in _FORMS:

        def replace(match: re.Match[str], kind: str = kind) -> str:
            group = "value" if "value" in match.re.groupindex else 0
            start, end = (at - match.start() for at in match.span(group))
            return match[0][:start] + hide(match[group], kind) + match[0][end:]

        text = form.sub(replace, text)
    pieces, at = [], 0
    for found in sorted(assigned_secrets(text), key=lambda one: one.start):
        pieces += [text[at : found.start], hide(text[found.start : found.end], "assigned secret")]
        at = found.end
    text = "".join([*pieces, text[at:]])
    return Redacted(text, taken, tuple(kinds))
