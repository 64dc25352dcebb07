"""Which of the look's colours each kind of token has. Building the page writes `assets/pygments.css` from here.

What must not be here: colours. They are in `assets/tokens.css`, which knows light, dark and high contrast.
"""

# Pygments' short class names: https://pygments.org/docs/tokens/ by family.
_TOKENS = {
    "--code-key": ("k", "kc", "kd", "kn", "kp", "kr", "kt", "ow", "cp", "cpf", "nd"),
    "--code-str": ("s", "sa", "sb", "sc", "dl", "sd", "s2", "se", "sh", "si", "sx", "sr", "s1", "ss"),
    "--code-num": ("m", "mb", "mf", "mh", "mi", "il", "mo", "l", "ld", "no"),
    "--code-tag": ("nt", "nf", "fm", "nc", "nb", "bp", "nn", "na", "gh", "gu"),
    "--code-com": ("c", "ch", "cm", "c1", "cs", "w"),
    "--ok": ("gi",),
    "--bad": ("gd", "gr", "err"),
}

_HEAD = """/* Code outside the editor: Pygments' classes in the look's colours. Written by app/rendering/styles.py. */
.pc-code {
  font-family: var(--font-code);
  font-size: var(--text-sm);
  line-height: var(--line-code);
  color: var(--ink);
  tab-size: 2;
}
pre.pc-code {
  margin: 0;
  padding: var(--space-2) var(--space-3);
  overflow-x: auto;
  background: var(--paper-sunk);
  border: 1px solid var(--rule);
  border-radius: var(--radius-2);
}
"""

_TAIL = """.pc-code :is(.c, .ch, .cm, .c1, .cs, .ge) { font-style: italic; }
.pc-code :is(.gs, .gh, .gu) { font-weight: 600; }
.pc-diff { overflow-x: auto; }
.pc-diff-row { display: grid; grid-template-columns: var(--space-6) 1fr; min-width: max-content; white-space: pre; }
.pc-diff-row code { font: inherit; }
.pc-diff-sign { text-align: center; color: var(--ink-faint); user-select: none; }
.pc-diff-add { background: var(--add); }
.pc-diff-del { background: var(--del); }
.pc-diff-add .pc-diff-sign { color: var(--ok); }
.pc-diff-del .pc-diff-sign { color: var(--bad); }
.pc-diff-word {
  position: absolute;
  width: 1px;
  height: 1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}
.pc-diff-gap {
  padding: 0 var(--space-2);
  color: var(--ink-faint);
  background: var(--paper-sunk);
  font-size: var(--text-xs);
}
.pc-md-address, .pc-md-image { color: var(--ink-faint); overflow-wrap: anywhere; }
.pc-md-link { text-decoration: underline; text-decoration-color: var(--rule-strong); text-underline-offset: 3px; }
.pc-md-cut { color: var(--ink-soft); font-style: italic; }
"""


def stylesheet() -> str:
    """Return the whole of the stylesheet."""
    rules = [
        f".pc-code :is({', '.join(f'.{name}' for name in names)}) {{ color: var({colour}); }}\n"
        for colour, names in _TOKENS.items()
    ]
    return _HEAD + "".join(rules) + _TAIL
