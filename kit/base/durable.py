"""Replace one file so that a crash at any moment leaves the old version or the new, never a mix.

The order of steps follows T. S. Pillai et al., "All File Systems Are Not Created Equal"
(OSDI 2014): write a temporary file beside the target, flush it to the disk, rename, flush the
folder.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

if sys.platform == "darwin":
    import fcntl

__all__ = ["replace_file", "reserved"]

_UMASK = os.umask(0o077)  # it can only be read by setting it
os.umask(_UMASK)


def reserved(stem: str) -> bool:
    """Say whether Windows keeps a name for itself, so that no file or folder can have it there.

    Args:
        stem: the name without what stands after its first dot, in small letters.
    """
    return re.fullmatch(r"con|prn|aux|nul|com\d|lpt\d", stem) is not None


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
            _flush(file.fileno())
        if os.name == "posix":
            # A temporary file is private; the file keeps its mode, a new one gets the usual.
            temporary.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_UMASK)
        if path.exists():
            _keep(path, backup)
        _replace(temporary, path)
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
    _replace(staged, backup)


def _replace(source: Path, target: Path) -> None:
    """Rename, with patience: on Windows a file that something is reading cannot be replaced."""
    for pause in (0.02, 0.05, 0.1, 0.2, 0.4):
        try:
            os.replace(source, target)
            return
        except PermissionError:
            if os.name != "nt":
                raise
            time.sleep(pause)
    os.replace(source, target)


def _flush(handle: int) -> None:
    if sys.platform == "darwin":  # fsync leaves data in the drive's own memory
        with suppress(OSError):
            fcntl.fcntl(handle, fcntl.F_FULLFSYNC)
            return
    os.fsync(handle)


def _flush_folder(folder: Path) -> None:
    """Let the rename itself reach the disk. Windows offers no such call: there a power cut may
    bring back the version before."""
    if os.name != "posix":
        return
    with suppress(OSError):  # some network file systems refuse; the data themselves are flushed
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
