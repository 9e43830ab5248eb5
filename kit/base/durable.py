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

    When this returns, ``data`` is on the disk. When it raises, ``path`` and ``backup`` are as they
    were: two files, whatever happened. A folder that lets nobody set a file's mode is put up with.

    Raises:
        OSError: the folder cannot be written, the disk is full, …
    """
    handle, name = tempfile.mkstemp(prefix=path.stem + ".", suffix=".tmp", dir=path.parent)
    temporary, staged = Path(name), backup.with_name(backup.name + ".tmp")
    try:
        with open(handle, "wb") as file:
            file.write(data)
            file.flush()
            _flush(file.fileno())
        if os.name == "posix":
            # A temporary file is private; the file keeps its mode, a new one gets the usual.
            mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_UMASK
            with suppress(OSError):
                temporary.chmod(mode)
        with suppress(FileNotFoundError):
            staged.unlink()
        if path.exists():
            _stage(path, staged)
        _replace(temporary, path)
    except BaseException:
        for left in (temporary, staged):
            with suppress(OSError):
                left.unlink()
        raise
    # The data are there: nobody may be told otherwise because the version before is not kept.
    with suppress(OSError):
        _replace(staged, backup)
    _flush_folder(path.parent)


def clear_temporary(path: Path) -> None:
    """Remove what a process left behind that ended while it replaced ``path``. Nobody else may be
    about to replace it."""
    pattern = re.compile(re.escape(path.stem) + r"\.(\w{8}|bak\.\w+)\.tmp")
    with suppress(OSError):
        for left in path.parent.iterdir():
            if pattern.fullmatch(left.name):
                with suppress(OSError):
                    left.unlink()


def free_name(path: Path) -> Path:
    """Return a path at which nothing lies yet: this one, or one with a number behind its stem."""
    free, number = path, 1
    while os.path.lexists(free):
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return free


def _stage(path: Path, staged: Path) -> None:
    """Make what becomes the backup once the new version is in its place."""
    try:
        os.link(path, staged)
    except OSError:  # a file system without hard links
        shutil.copyfile(path, staged)


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
