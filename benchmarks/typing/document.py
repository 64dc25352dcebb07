"""The file that is typed in: 5,000 lines of JavaScript, with a line for everybody. Pure."""

LINES = 5_000
OTHERS = 20
MINE = "// mine:"

_BLOCK = """\
export function area{0}(width, height = {0}) {{
  // A comment of the usual length, so that lines are as long as those people write.
  if (width < 0 || height < 0) throw new RangeError("sizes of shape {0} are positive");
  const scaled = Math.round(width * height * {0}) / 100;
  return {{ scaled, label: `shape ${{width}} × ${{height}}`, isLarge: scaled > 1_000 }};
}}

""".splitlines(keepends=True)


def line_of(number: int) -> str:
    """What the `number`-th of the others types behind."""
    return f"// other {number:02}:"


def text() -> str:
    """The document: the typist's line in the middle, a third of the others' on the same screen, the rest everywhere."""
    lines = [_BLOCK[at % len(_BLOCK)].format(at // len(_BLOCK)) for at in range(LINES)]
    middle = LINES // 2
    lines[middle] = MINE + "\n"
    near = OTHERS // 3
    for number in range(OTHERS):
        at = middle + 2 + 2 * number if number < near else (number - near + 1) * LINES // (OTHERS - near + 2) + 7
        lines[at] = line_of(number) + "\n"
    return "".join(lines)
