"""`python -m app` is the `polycanvas` command."""

from app.cli import main

main()
