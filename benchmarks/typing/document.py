"""The file that is typed in: 5,000 lines of JavaScript, with lines for everybody. Pure."""

LINES = 5_000
OTHERS = 20
LONGEST = 60  # characters that are typed in one line: nobody's line runs out of the window
MY_LINES = 4  # for one measurement

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


def mine(number: int) -> str:
    """What the typist's `number`-th line begins with; each measurement takes `MY_LINES` fresh ones."""
    return f"// mine {number:02}:"


def text() -> str:
    """The document: the typist's lines in the middle, a third of the others' on the same screen, the rest everywhere.

    It parses, so the preview runs it.
    """
    near = OTHERS // 3
    mine_and_near = [one for number in range(near) for one in (line_of(number), "")]  # above: in sight when mine are
    mine_and_near += [mine(number) for number in range(2 * MY_LINES)]
    blocks = (LINES - len(mine_and_near) - (OTHERS - near)) // len(_BLOCK)
    before = {blocks // 2: mine_and_near}
    for number in range(near, OTHERS):
        before.setdefault((number - near + 1) * blocks // (OTHERS - near + 2), []).append(line_of(number))
    lines: list[str] = []
    for block in range(blocks):
        lines += [f"{line}\n" for line in before.get(block, ())]
        lines += [line.format(block) for line in _BLOCK]
    return "".join(lines + ["\n"] * (LINES - len(lines)))
