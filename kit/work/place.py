"""Where the work of somebody lies."""

from __future__ import annotations

from pathlib import Path

import msgspec

from kit.work.file_format import bare, bytes_of
from kit.work.names import UNSIGNED, file_stem, name_digest, stem_apart, stem_before


def place_of(folder: Path, student: str, kept_by: str) -> tuple[Path, Path | None]:
    """Return where the work of somebody is; and a file that may be theirs, if that has to be asked.

    Args:
        folder: the article's.
        student: the name.
        kept_by: the name under which it is kept; see :func:`kit.work.names.keeper`.
    """

    def at(stem: str) -> Path:
        return (folder / f"{stem}.json").resolve()

    own = at(file_stem(kept_by))
    apart = at(stem_apart(kept_by))
    if apart.exists():
        return apart, None
    if kept_by == UNSIGNED:
        return own, None
    before = [at(stem_before(kept_by)), *([at(UNSIGNED)] if kept_by != student else [])]
    for path in dict.fromkeys((own, *before)):
        if path.exists() or path.with_suffix(".bak.json").exists():
            return (path, None) if _answers_to(path, kept_by) else (apart, path)
    return own, None


def _answers_to(path: Path, name: str) -> bool:
    """Say whether a file is somebody's, or says nothing of whose it is."""
    try:
        said = msgspec.json.decode(bare(bytes_of(path) or b"{}"), type=_Names)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return True  # it is opened, and what is the matter with it is told
    if said.whose:
        return name_digest(name) in said.whose
    return not said.student or name_digest(said.student) == name_digest(name)


class _Names(msgspec.Struct, frozen=True):
    student: str = ""
    whose: tuple[str, ...] = ()
