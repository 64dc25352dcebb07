"""Runs one tool as a process: text in, text out, bounded in time and bytes, without a shell or our environment.

What must not be here: knowledge of a particular tool.
"""

import asyncio
import os
import shutil
import sysconfig
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from app.domain.files import MAX_FILE_BYTES
from app.errors import BadInput, Unavailable

SECONDS = 15.0  # a formatter takes well under a second for a large file; more means that it hangs
MAX_OUTPUT = 2 * MAX_FILE_BYTES  # bytes: a formatted file may grow, and a file over the bound is refused anyway


@dataclass(frozen=True, slots=True)
class Finished:
    """How a process ended, and what it wrote."""

    code: int
    out: str
    err: str


def find(program: str) -> str | None:
    """Return the path of a program, looked for beside our Python first: that is the version we were tried with."""
    return shutil.which(program, path=sysconfig.get_path("scripts")) or shutil.which(program)


async def run(command: Sequence[str], text: str) -> Finished:
    """Run `command` with `text` on its input.

    Raises Unavailable when it takes longer than SECONDS or writes more than MAX_OUTPUT; it is killed then, and also
    when the task is cancelled.
    """
    name = os.path.basename(command[0])
    # Nothing of our environment (keys!) reaches a tool; it needs a place for programs and nothing else.
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd="/",
        env={"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"},
    )
    reading = asyncio.create_task(_read(process.stdout, name))
    hearing = asyncio.create_task(_read(process.stderr, name))
    writing = asyncio.create_task(_write(process.stdin, text))
    try:
        async with asyncio.timeout(SECONDS):
            out, err, _ = await asyncio.gather(reading, hearing, writing)
            code = await process.wait()
    except TimeoutError as error:
        raise Unavailable(f"{name} did not finish within {SECONDS:.0f} s and was ended; try a smaller file.") from error
    finally:
        for task in (reading, hearing, writing):
            task.cancel()
        await asyncio.gather(reading, hearing, writing, return_exceptions=True)
        if process.returncode is None:
            await _kill(process)
    try:
        return Finished(code, out.decode(), err.decode(errors="replace"))
    except UnicodeDecodeError as error:
        raise BadInput(f"{name} wrote something that is not text.") from error


async def _kill(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()
    # asyncio sees the end of a process only once its pipes are empty, and stops to read a full one.
    for stream in (process.stdout, process.stderr):
        while stream is not None and await stream.read(65_536):
            pass
    await process.wait()


async def _write(stream: asyncio.StreamWriter | None, text: str) -> None:
    assert stream is not None
    with suppress(BrokenPipeError, ConnectionResetError):  # it may fail before it has read everything; its code says so
        stream.write(text.encode())
        await stream.drain()
        stream.close()
        await stream.wait_closed()


async def _read(stream: asyncio.StreamReader | None, name: str) -> bytes:
    assert stream is not None
    parts: list[bytes] = []
    size = 0
    while part := await stream.read(65_536):
        size += len(part)
        if size > MAX_OUTPUT:
            raise Unavailable(f"{name} wrote more than {MAX_OUTPUT:,} bytes and was ended; try a smaller file.")
        parts.append(part)
    return b"".join(parts)
