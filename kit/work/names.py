"""Whose work it is: the names under which it is kept, on the disk and in a browser, and those that
browsers and programs which keep folders alike give to a second copy of a file."""

from __future__ import annotations

import getpass
import hashlib
import os
import re
import unicodedata
from collections.abc import Collection
from pathlib import Path

import msgspec

from kit.base.durable import reserved
from kit.library.datasets import root
from kit.work.file_format import bare, bytes_of

#: Whose work it is until somebody signs it.
UNSIGNED = "student"

#: What the kit itself puts beside a file.
_OWN = re.compile(r".+\.(bak|settled|aside-[\d-]+)\.json", re.I)
#: ``student.json.txt``, ``student.json.download``: what some systems put behind a name.
_TAIL = re.compile(r"(?P<name>.+\.json)\.(txt|download)", re.I)
_COPY = re.compile(
    r"(?P<stem>.+?)(?: ?\(\d{1,3}\)| \d{1,3}"  # student (1), student 2
    r"| - \w+(?: \(\d{1,3}\))?"  # student - Copy (2)
    r"| ?\([^()]*conflict[^()]*\)"  # student (Ana's conflicted copy 2024-10-08)
    r"|\.sync-conflict-[\w-]+)"  # student.sync-conflict-20241008-101500-ABCDEFG
    r"|Copy of (?P<of>.+)"
)


def work_folder() -> Path:
    """Return the folder for work files: ``$KIT_WORK``, or ``work/`` beside ``notebooks/``."""
    return Path(os.environ.get("KIT_WORK") or root() / "work")


def keeper(student: str, folder: Path) -> str:
    """Return under which name work is kept: where all accounts of a server share one folder, work
    without a name is kept under the account's."""
    account = os.environ.get("JUPYTERHUB_USER", "")
    if student != UNSIGNED or not account:
        return student
    home = Path.home().resolve()
    return student if Path(folder).resolve().is_relative_to(home) else account


def file_stem(student: str) -> str:
    """Return a name that is safe as a file's on every system: ``"ana"`` as it is, ``"Ana María"``
    as ``"ana-maria-1f0a9c3e"``.

    Only a name of small Latin letters, digits and single hyphens stays as it is. Any other gets
    eight digits of its SHA-256 behind it: names that differ share no file, whatever a system takes
    for the same.
    """
    plain = _plain(student)
    if plain == student and len(plain) <= 40 and not reserved(plain):
        return plain
    return stem_apart(student)


def stem_before(student: str) -> str:
    """Return how earlier versions named the file of somebody: many names could share one."""
    letters = unicodedata.normalize("NFKD", student)
    plain = "".join(c for c in letters if not unicodedata.combining(c))
    stem = "" if reserved(_plain(student)) else _plain(student)
    if not stem or len(stem) > 40 or any(c.isalnum() and not c.isascii() for c in plain):
        digits = hashlib.sha256(student.encode("utf-8", "replace")).hexdigest()[:8]
        stem = f"{stem[:31].strip('-') or 'student'}-{digits}"
    return stem


def _plain(student: str) -> str:
    letters = unicodedata.normalize("NFKD", student)
    plain = "".join(c for c in letters if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def stem_apart(student: str) -> str:
    plain = _plain(student)
    start = "" if reserved(plain) else plain[:31].strip("-")
    return f"{start or UNSIGNED}-{name_digest(student)}"


def name_digest(student: str) -> str:
    """Return what stands for a name: the same for what looks the same, however it is typed."""
    name = " ".join(unicodedata.normalize("NFC", student).split())
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:8]


def browser_key(*what: str) -> str:
    """Return what tells something that a browser keeps from all else on the same address: digits
    for the server's account and for what it is, such as a file's path."""
    said = (os.environ.get("JUPYTERHUB_USER", "") or _login(), *what)
    return hashlib.sha256("\0".join(said).encode("utf-8", "replace")).hexdigest()[:20]


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # some servers give their accounts no name
        return ""


# -- files by their names --------------------------------------------------------------------------


def place_of(folder: Path, student: str, kept_by: str) -> tuple[Path, Path | None]:
    """Return where the work of somebody is; and a file that may be theirs, if that has to be asked.

    Args:
        folder: the article's.
        student: the name.
        kept_by: the name under which it is kept; see :func:`keeper`.
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


def original_of(name: str, names: Collection[str]) -> str:
    """Return of which file another one seems to be a copy, by its name alone; "" if of none.

    Args:
        name: the file's, such as ``"student-DESKTOP-AB12CD3.json"``.
        names: of the files that lie with it.
    """
    tail = _TAIL.fullmatch(name)
    plain = tail["name"] if tail else name
    if tail and plain in names:
        return plain
    if len(plain) > 255 or not plain.lower().endswith(".json") or _OWN.fullmatch(plain):
        return ""
    stem, end = plain[: -len(".json")], plain[-len(".json") :]
    stems = [match["stem"] or match["of"]] if (match := _COPY.fullmatch(stem)) else []
    # A machine’s name has a capital letter; the kit’s own names have none.
    hyphens = [place for place, sign in enumerate(stem) if sign == "-"]
    stems += [stem[:n] for n in reversed(hyphens) if re.search("[A-Z]", stem[n:])]
    return next((found for one in stems if (found := one + end) in names), "")
