"""Names that browsers and programs which keep folders alike give to a second copy of a file."""

from __future__ import annotations

import re
from collections.abc import Collection

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
