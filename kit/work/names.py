"""Whose work it is: the names under which it is kept, on the disk and in a browser."""

from __future__ import annotations

import getpass
import hashlib
import os
import re
import unicodedata
from pathlib import Path

from kit.base.durable import reserved
from kit.library.datasets import root

#: Whose work it is until somebody signs it.
UNSIGNED = "student"


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
