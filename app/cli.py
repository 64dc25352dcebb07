"""The `polycanvas` command: arguments in, one of app/commands/ called, errors as one sentence and exit code 2.

What must not be here: what the commands do; heavy imports (each command imports what it needs, when it runs).
"""

import argparse
import difflib
import sys
from collections.abc import Sequence
from pathlib import Path

from app import __version__
from app.errors import BadInput, PolycanvasError
from app.settings import read_settings

USAGE_ERROR = 2  # also for what a person can mend: a port in use, a folder that cannot be written

_COMMANDS = frozenset({"backup", "build", "doctor", "migrate", "restore", "token", "trailers"})
_OPTIONS = {"help": "--help", "version": "--version"}  # what people type as if they were commands
_ABOUT = """\
A self-hosted canvas where a team and many models build code together.

  polycanvas                 open the sample canvas
  polycanvas some-folder/    open a canvas made from the text files of a folder
  polycanvas build           build the page now instead of at the next start
  polycanvas doctor          say what is installed, what is missing, and which model servers answer
  polycanvas migrate         bring the database up to date
  polycanvas token           make an API token for programs (--list, --revoke ID)
  polycanvas backup FILE     write everything into one file, while people go on working
  polycanvas restore FILE    put a backup in the place of what there is
  polycanvas trailers        print who wrote a folder's canvas, as trailers for a commit message

A folder called like a command is written with a slash: polycanvas ./build
"""


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"the port must be a whole number from 1 to 65535, not “{text}”")
    return int(text)


def _common() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--data", type=Path, metavar="DIR", help="where everything is kept (default: .polycanvas/)")
    return common


def make_parsers() -> tuple[argparse.ArgumentParser, dict[str, argparse.ArgumentParser]]:
    """Return the parser for serving, and one for each sub-command."""
    formatter = argparse.RawDescriptionHelpFormatter
    serve = argparse.ArgumentParser("polycanvas", description=_ABOUT, formatter_class=formatter, parents=[_common()])
    serve.add_argument("folder", nargs="?", type=Path, metavar="FOLDER", help="a project folder to open")
    serve.add_argument("--host", metavar="ADDRESS", help="the address to listen on (default: 127.0.0.1, only you)")
    serve.add_argument("--port", type=_port, metavar="N", help="the port to listen on (default: 3000)")
    serve.add_argument("--no-open", action="store_true", help="do not open a browser")
    serve.add_argument("--version", action="version", version=f"polycanvas {__version__}")
    others = {
        "build": argparse.ArgumentParser("polycanvas build", description="Build the page."),
        "doctor": argparse.ArgumentParser(
            "polycanvas doctor", description="Look this installation over.", parents=[_common()]
        ),
        "migrate": argparse.ArgumentParser(
            "polycanvas migrate", description="Update the database.", parents=[_common()]
        ),
        "token": argparse.ArgumentParser("polycanvas token", description="Make an API token.", parents=[_common()]),
    }
    for name, about in (("backup", "Write everything into one file."), ("restore", "Put a backup back.")):
        others[name] = argparse.ArgumentParser(f"polycanvas {name}", description=about, parents=[_common()])
        others[name].add_argument("file", type=Path, metavar="FILE", help="the backup: one file")
    others["trailers"] = argparse.ArgumentParser(
        "polycanvas trailers",
        description="Print commit trailers: who wrote the text of a canvas, people and models.",
        epilog='For example: git commit -m "Subject" -m "$(polycanvas trailers)"',
        parents=[_common()],
    )
    others["trailers"].add_argument(
        "folder", nargs="?", type=Path, metavar="FOLDER", help="the folder that the canvas was made from (default: .)"
    )
    others["trailers"].add_argument("--canvas", metavar="ID", help="the canvas with this id, instead")
    others["trailers"].add_argument(
        "--file", action="append", metavar="PATH", help="only this file of the canvas; repeat it for several"
    )
    others["token"].add_argument("label", nargs="?", default="command line", help="what the token is for")
    others["token"].add_argument("--list", action="store_true", help="list the tokens there are, instead")
    others["token"].add_argument("--revoke", metavar="ID", help="end the token with this id, instead")
    return serve, others


def run(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code. Raises PolycanvasError for what a person can mend."""
    serve_parser, others = make_parsers()
    if arguments and arguments[0] in _COMMANDS:
        name = arguments[0]
        options = others[name].parse_args(arguments[1:])
        return _sub_command(name, options)
    if arguments:
        _check_first(arguments[0])
    options = serve_parser.parse_args(arguments)
    settings = read_settings(host=options.host, port=options.port, data=options.data)
    from app.commands.serve import serve

    return serve(settings, options.folder, open_browser=not options.no_open)


def _check_first(word: str) -> None:
    """Raise BadInput, naming the command that was probably meant, when `word` is nearly one and no folder's name."""
    if not word.isidentifier() or Path(word).exists():
        return
    meant = _OPTIONS.get(word) or next(iter(difflib.get_close_matches(word.lower(), sorted(_COMMANDS), n=1)), None)
    if meant is not None:
        raise BadInput(f"There is no folder {word}, and no command of that name. Did you mean: polycanvas {meant}")


def _sub_command(name: str, options: argparse.Namespace) -> int:
    if name == "build":
        from app.commands.build import build

        return build()
    settings = read_settings(data=options.data)
    if name == "doctor":
        from app.commands.doctor import doctor

        return doctor(settings)
    if name == "migrate":
        from app.commands.migrate import migrate

        return migrate(settings)
    if name in {"backup", "restore"}:
        from app.commands import backup

        return backup.backup(settings, options.file) if name == "backup" else backup.restore(settings, options.file)
    if name == "trailers":
        from app.commands.trailers import trailers

        return trailers(settings, options.folder, options.canvas, options.file)
    from app.commands.token import token

    return token(settings, options.label, listing=options.list, revoke=options.revoke)


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point of the console script."""
    try:
        code = run(sys.argv[1:] if arguments is None else arguments)
    except PolycanvasError as error:
        for line in getattr(error, "lines", ()):
            print(f"  {line}", file=sys.stderr)
        print(f"polycanvas: {error.sentence}", file=sys.stderr)
        code = USAGE_ERROR
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)
