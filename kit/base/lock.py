"""Take turns at a file, in whatever folder it lies.

Folders of schools are on servers that know no locks, or hold a folder where the lock should be.
Work goes on there where it safely can, and one sentence says what is the matter.
"""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import BaseFileLock, FileLock, SoftFileLock, Timeout

#: What a file system says that knows no locks.
_NONE = {errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS}
#: After so many seconds a marker is that of a machine that went away: a save takes far less.
_STALE = 120


@contextmanager
def turn(path: Path, seconds: float) -> Iterator[str]:
    """Wait until nobody else is about to change a file, and keep it so within the block.

    Args:
        path: the file; its lock lies beside it.
        seconds: how long to wait at most.

    Yields:
        A sentence for whoever works there, if the lock is not as it should be; otherwise "".

    Raises:
        Timeout: somebody else holds it all the time.
        OSError: nothing can be written in the folder.
    """
    lock, said = _taken(path, seconds)
    try:
        yield said
    finally:
        with suppress(OSError):  # what was done within the block is done
            lock.release()


def _taken(path: Path, seconds: float) -> tuple[BaseFileLock, str]:
    lock, said = Path(f"{path}.lock"), ""
    if lock.is_symlink() or lock.is_dir():
        said = (
            f"{lock.name}, beside your work, is a folder or a link and should be a small file. "
            "Delete it when no notebook is open. Your work is saved all the same."
        )
        lock = Path(f"{path}.2.lock")
    try:
        taken: BaseFileLock = FileLock(lock, timeout=seconds)
        taken.acquire()
        return taken, said
    except (OSError, NotImplementedError) as problem:
        if isinstance(problem, Timeout) or getattr(problem, "errno", errno.ENOSYS) not in _NONE:
            raise
    # Here the file system gives no locks: a file that only one can make says whose turn it is.
    marker = Path(f"{path}.turn.lock")
    with suppress(OSError):
        if time.time() - marker.stat().st_mtime > _STALE:
            os.unlink(marker)
    taken = SoftFileLock(marker, timeout=seconds)
    taken.acquire()
    return taken, (
        "This folder does not let programs take turns as they should. Your work is saved all the "
        "same; have it open on one machine at a time."
    )
