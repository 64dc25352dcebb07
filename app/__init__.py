"""Polycanvas: a self-hosted canvas where a team and many models build code together."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("polycanvas")
except PackageNotFoundError:  # running from a tree that was never installed
    __version__ = "0.0.0"
