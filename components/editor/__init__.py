"""The editor. Pages do not place it: the dock does, for each open file. What must not be here: anything of `app`."""
