"""What the `polycanvas` command does, one file per sub-command. Floor 8.

What must not be here: business rules; argument parsing is in app/cli.py.
"""
