"""Who sits at this machine's keyboard: a first name for the owner who never signs in.

What must not be here: who may do what; a name grants nothing.
"""

import getpass
import sys

from app.auth.names import check_name
from app.errors import BadInput

LOCAL_NAME = "Owner"

# Names of machines' own accounts: they say nothing about the person.
_NOBODYS = frozenset(
    {"root", "admin", "administrator", "user", "app", "nobody", "runner", "vscode", "ubuntu", "debian"}
)


def name_at_keyboard() -> str:
    """Return the full name of whoever is logged in to this machine, else their login, else LOCAL_NAME."""
    try:
        login = getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container whose user has no entry anywhere
        return LOCAL_NAME
    if login.lower() in _NOBODYS:
        return LOCAL_NAME
    for name in (_full_name(login), login[:1].upper() + login[1:]):
        try:
            return check_name(name)
        except BadInput:
            continue
    return LOCAL_NAME


def _full_name(login: str) -> str:
    if sys.platform == "win32":
        return ""
    import pwd

    try:
        # “Ana Silva,room,phone”: the first field of the comment.
        return pwd.getpwnam(login).pw_gecos.partition(",")[0]
    except KeyError:
        return ""
