"""A canvas's past: read, played, named, restored and forked; kept within bounds. See docs/adr/0009-history.md."""
