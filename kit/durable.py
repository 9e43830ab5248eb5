"""Replace one file so that a crash at any moment leaves the old version or the new, never a mix.

The order of steps follows T. S. Pillai et al., "All File Systems Are Not Created Equal"
(OSDI 2014): write a temporary file beside the target, flush it to the disk, rename, flush the
folder.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

__all__ = ["replace_file"]


def replace_file(path: Path, data: bytes, *, backup: Path) -> None:
    """Put ``data`` into ``path`` and keep what was there before as ``backup``.

    When this returns, ``data`` is on the disk. When it raises, ``path`` is as it was.

    Raises:
        OSError: the folder cannot be written, the disk is full, …
    """
    handle, name = tempfile.mkstemp(prefix=path.stem + ".", suffix=".tmp", dir=path.parent)
    temporary = Path(name)
    try:
        with open(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            _keep(path, backup)
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    _flush_folder(path.parent)


def _keep(path: Path, backup: Path) -> None:
    staged = backup.with_name(backup.name + ".tmp")
    with suppress(FileNotFoundError):
        staged.unlink()
    try:
        os.link(path, staged)
    except OSError:  # a file system without hard links
        shutil.copyfile(path, staged)
    os.replace(staged, backup)


def _flush_folder(folder: Path) -> None:
    if os.name != "posix":
        return  # Windows cannot open a folder, and flushes renames itself
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:
        pass  # some network file systems refuse; the data themselves are flushed
    finally:
        os.close(handle)
