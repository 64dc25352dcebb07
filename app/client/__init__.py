"""The Python client of a canvas: used by tests, benches and programs that edit along. No server code here."""

from app.client.canvas import CanvasClient, connect

__all__ = ["CanvasClient", "connect"]
