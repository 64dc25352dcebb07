"""What a start says of the folder that it opened.

What must not be here: opening it (opening.py, joining.py).
"""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.canvases.folder import FolderReading
    from app.commands.opening import Opened

LEFT_OUT_SHOWN = 12


def tell_of_folder(folder: Path, reading: "FolderReading", opened: "Opened", address: str) -> None:
    """Say what became of the folder's files, and how what is changed gets out of the canvas again."""
    if opened.is_new:
        count = len(reading.files)
        print(f"Read {count:,} text file{'' if count == 1 else 's'} from {folder}.")
        for one in reading.left_out[:LEFT_OUT_SHOWN]:
            print(f"  left out: {one.path} ({one.why})")
        if len(reading.left_out) > LEFT_OUT_SHOWN:
            print(f"  and {len(reading.left_out) - LEFT_OUT_SHOWN} more")
    else:
        print(f"Opened the canvas that was made from {folder} before; it was not read again.")
    print("The folder itself is never changed. To get the canvas's files back out, download them as a zip:")
    print(f"  {address}/api/v1/canvases/{opened.canvas}/export", flush=True)
