"""The packages a preview can import without a network: React, made into one ES module from what is installed.

The front end is built on React anyway, so its files are at hand; nothing is fetched and nothing is vendored.
What must not be here: HTTP.
"""

import json
import re
from functools import lru_cache
from pathlib import Path

from app.errors import NotFound

NAMES = ("react.js",)

# React ships as CommonJS. These files, in the order in which they need each other, make all of it.
_FILES = {
    "react": "react/cjs/react.production.js",
    "react/jsx-runtime": "react/cjs/react-jsx-runtime.production.js",
    "scheduler": "scheduler/cjs/scheduler.production.js",
    "react-dom": "react-dom/cjs/react-dom.production.js",
    "react-dom/client": "react-dom/cjs/react-dom-client.production.js",
}


_EXPORT = re.compile(r"^exports\.([A-Za-z]\w*) =", re.MULTILINE)


@lru_cache(maxsize=len(NAMES))
def runtime_module(name: str, packages: Path | None) -> str:
    """Return the text of the run-time file `name`: an ES module whose default export maps specifier to exports.

    Its first line is a comment with JSON: specifier → names that it exports.

    Raises NotFound when there is no such file, or when the front end's packages are not installed at `packages`.
    """
    if name not in NAMES:
        raise NotFound(f"There is no run-time file named {name}.")
    if packages is None:
        raise NotFound("React is not installed beside this server. Build the front end with “polycanvas build”.")
    try:
        texts = {key: (packages / path).read_text(encoding="utf-8") for key, path in _FILES.items()}
    except OSError as error:
        raise NotFound(f"React is not where it should be ({error.filename}). Run “polycanvas build”.") from error
    names = {key: sorted(set(_EXPORT.findall(text))) for key, text in texts.items()}
    bodies = ",\n".join(
        f"{json.dumps(key)}: function (exports, module, require, process) {{\n{text}\n}}" for key, text in texts.items()
    )
    return (
        f"// {json.dumps(names, separators=(',', ':'))}\n"
        "const bodies = {\n" + bodies + "\n};\nconst made = {};\n"
        'const environment = { env: { NODE_ENV: "production" } };\n'
        "function load(name) {\n"
        "  if (made[name]) return made[name].exports;\n"
        "  const module = (made[name] = { exports: {} });\n"
        "  bodies[name](module.exports, module, load, environment);\n"
        "  return module.exports;\n}\n"
        f"export default {{ {', '.join(f'{json.dumps(key)}: load({json.dumps(key)})' for key in _FILES)} }};\n"
    )
