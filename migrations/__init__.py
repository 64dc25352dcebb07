"""The database's revisions, oldest first, in `versions/`. A package so that an installed copy carries them along."""
