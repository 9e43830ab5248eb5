"""Files that people hand in: never more of one than is wanted, and nothing that is no file.

A pipe or a device where a file should be would be waited for without end.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO


def opened(path: Path, *, follow: bool = True) -> IO[bytes]:
    """Return a file that is open for reading.

    Args:
        path: where it lies.
        follow: whether it may be a link to another place.

    Raises:
        OSError: it cannot be read or is no ordinary file, or nothing can have such a name.
    """
    more = 0 if follow else getattr(os, "O_NOFOLLOW", 0)
    if sys.platform != "emscripten":  # a browser has no pipes, and takes it for a wish to write
        more |= getattr(os, "O_NONBLOCK", 0)
    try:
        file = open(path, "rb", opener=lambda name, flags: os.open(name, flags | more))
    except ValueError as problem:
        raise OSError(errno.EINVAL, str(problem)) from None
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EINVAL, "it is no ordinary file")
    return file


def content(path: Path, most: int) -> bytes:
    """Return what a file holds; raises OSError as :func:`opened` does, or if that is more than
    ``most`` bytes."""
    with opened(path) as file:
        data = file.read(most + 1)
    if len(data) > most:
        size = f"{most // 2**20} MB" if most >= 2**20 else f"{most:,} bytes"
        raise OSError(errno.EFBIG, f"it is larger than {size}")
    return data


def read_file(path: Path, most: int, error: Callable[[str], Exception], name: str = "") -> bytes:
    """Return what a file holds.

    Args:
        path: the file.
        most: how many bytes it may have.
        error: makes what is raised from a sentence for people.
        name: what that sentence calls the file; its own name if empty.

    Raises:
        error: it cannot be read, is no ordinary file, or is too large.
    """
    try:
        return content(path, most)
    except OSError as problem:
        raise error(f"{name or path.name} cannot be read: {reason(problem)}.") from None


def reason(problem: Exception) -> str:
    """Return what a system says of a file that it cannot read or write."""
    return getattr(problem, "strerror", None) or str(problem)
