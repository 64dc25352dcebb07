"""The stylesheet of a page that stands alone: the look's tokens, by what the reader's system asks for, and its code.

What must not be here: colours. They are in `assets/tokens.css`; on paper the light ones hold.
"""

import re
from functools import cache
from pathlib import Path

from app.rendering.styles import stylesheet

TOKENS = Path(__file__).parents[2] / "assets" / "tokens.css"

_PAGE = """\
*, ::before { box-sizing: border-box; margin: 0; }
body {
  font: var(--text-md)/var(--line) var(--font-ui); color: var(--ink); background: var(--paper);
  max-width: 110ch; margin: 0 auto; padding: var(--space-8) var(--space-4); overflow-wrap: anywhere;
}
a { color: inherit; text-decoration-color: var(--rule-strong); text-underline-offset: 3px; }
:focus-visible { outline: var(--focus-width) solid var(--focus); outline-offset: var(--focus-gap); }
h1 { font-size: var(--text-xl); }
h2 { font-size: var(--text-md); margin-bottom: var(--space-2); }
header p, h2 span, nav span, .none, .by { color: var(--ink-soft); font-size: var(--text-sm); font-weight: 400; }
ul, ol { list-style: none; padding: 0; }
nav, section, .by { margin-top: var(--space-6); }
nav li { display: flex; gap: var(--space-3); justify-content: space-between; padding: var(--space-1) 0;
  border-top: var(--hair) solid var(--rule); }
nav span { flex: none; font-variant-numeric: tabular-nums; }
h2 a { text-decoration: none; }
.by, .by ul { display: flex; flex-wrap: wrap; gap: var(--space-1) var(--space-3); }
.by { margin-top: var(--space-2); }
.by li { display: flex; align-items: center; gap: var(--space-1); }
.swatch { width: var(--swatch); height: var(--swatch); border-radius: var(--radius-1); flex: none; }
pre.pc-code { counter-reset: line; padding-left: 0; white-space: pre; }
.line { counter-increment: line; }
.line::before {
  content: counter(line); display: inline-block; width: calc(var(--digits) * 1ch + 2 * var(--space-3));
  padding-right: var(--space-3); text-align: right; color: var(--ink-faint); user-select: none;
}
@media print {
  body { max-width: none; padding: 0; background: none; }
  h2 { break-after: avoid; }
  pre.pc-code { white-space: pre-wrap; overflow: visible; background: none; }
  .line { display: block; break-inside: avoid; padding-left: calc(var(--digits) * 1ch + 2 * var(--space-3)); }
  .line::before { margin-left: calc(var(--digits) * -1ch - 2 * var(--space-3)); }
  .swatch { print-color-adjust: exact; }
}
"""


@cache
def page_style() -> str:
    """Return the whole stylesheet. The theme is what the reader's system asks for: there is no script to choose."""
    tokens = TOKENS.read_text(encoding="utf-8")
    ground, light, dark, contrast = (
        _block(tokens, opening)
        for opening in (":root", ':root, [data-theme="light"]', '[data-theme="dark"]', '[data-theme="contrast"]')
    )
    who = tokens[tokens.index(".who {") :]
    return (
        f":root {{{ground}}}\n:root {{{light}}}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{{dark}}} }}\n"
        f"@media screen and (prefers-contrast: more) {{ :root {{{contrast}}} }}\n"
        f"{who}{stylesheet()}{_PAGE}"
    )


def _block(css: str, opening: str) -> str:
    """Return what stands between the braces of the rule that begins with `opening`."""
    found = re.search(rf"^{re.escape(opening)} \{{(.*?)^\}}", css, re.DOTALL | re.MULTILINE)
    if found is None:
        raise AssertionError(f"assets/tokens.css has no rule {opening}")
    return found[1]
