"""What lies in the folder of a class: work files, at any depth, in zips too, and whose they are.

Nothing here is trusted. Links are not followed, nothing is unpacked to the disk, no file is read
further than a work file can be long, and an archive may not unfold to much more than it is.
Whatever is passed over is told as a :class:`Problem`, with what to ask the student.

Names are understood as these systems write them:

* Moodle: ``Ana Pérez_1234567_assignsubmission_file_/…``, with or without folders;
* Canvas: ``perezana_12345_67890_…`` and ``perezana_LATE_12345_67890_…``, or, where it hides names,
  ``anon_a1B2c_67890_…``;
* nbgrader: ``submitted/ana/week-3/…`` and, in the exchange, ``ana+week-3+2024-10-08 …/…``.
"""

from __future__ import annotations

import os
import re
import stat
import sys
import unicodedata
import zipfile
from collections.abc import Callable, Collection, Iterator
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Literal, NamedTuple

from kit.base.errors import KitError
from kit.base.phrases import brief
from kit.work.copies import original_of

__all__ = ["AGAIN", "NO_WORK", "Found", "FolderError", "Owner", "Problem", "Spare", "find", "shown"]

#: The largest file that is read as one student's work; :mod:`kit.work` writes none larger.
MAX_BYTES = 20 * 2**20
#: The largest zip within a zip: it is unfolded in memory.
MAX_INNER = 64 * 2**20
#: The largest list of contents of a zip.
MAX_CONTENTS = 16 * 2**20
#: How many folders, or zips, may lie in one another.
MAX_DEPTH, MAX_ZIPS = 40, 3
#: How members of a zip may be packed: others may ask for gigabytes of memory before the first byte.
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
#: An archive may unfold to so many times its size, and this many bytes more.
MAX_RATIO, SPARE = 100, 64 * 2**20

#: The way to a file in a zip, folder by folder.
Way = tuple[str, ...]
Level = Literal["ask", "look", "nothing"]
Kind = Literal["", "aside", "whole"]


class FolderError(KitError, ValueError):
    """The folder cannot be used at all; the message says why."""


class Owner(NamedTuple):
    """Whose a file is by its place: a name and an id, as far as the system writes them.

    Attributes:
        system: ``moodle``, ``canvas``, ``nbgrader`` or nothing.
        name: the student's name or login there.
        id: the number or login by which marks go back.
        folder: where files of that form lie, for Canvas alone: other names, such as those with a
            date, have its form too.
        late: whether the system says in the name that it came late.
    """

    system: str = ""
    name: str = ""
    id: str = ""
    folder: str = ""
    late: bool = False

    @property
    def who(self) -> tuple[str, ...]:
        """What all files of one student on a platform have in common; empty without an id."""
        if not self.id:
            return ()
        if self.system == "canvas":
            return (self.system, self.name, self.id, self.folder)
        return (self.system, self.id)


class Spare(NamedTuple):
    """An older version that lies beside a file.

    Attributes:
        name: what it is called.
        read: returns its bytes, while the file itself is looked at; None if it cannot be read.
    """

    name: str
    read: Callable[[], bytes | None]


class Problem(NamedTuple):
    """A file that is not used, or something to know about one that is.

    Attributes:
        place: where it lies.
        owner: whose it is by that path.
        why: what is the matter, in a sentence.
        ask: what to ask the student or to do; nothing if nothing is to be done.
        level: ``ask`` the student, ``look`` at it yourself, or ``nothing`` to do.
        kind: ``aside`` of a file that is of no matter where there is work too; ``whole`` of a
            folder as it was handed out, which is of matter only where there is none.
        archive: the zip on the disk that it is in, or nothing.
    """

    place: str
    owner: Owner
    why: str
    ask: str = ""
    level: Level = "ask"
    kind: Kind = ""
    archive: str = ""


class Found(NamedTuple):
    """A file that may be a student's work.

    Attributes:
        place: where it lies, for people: path from the folder, through archives.
        owner: whose it is by that path.
        data: its bytes.
        spare: an older version of it that lies beside it, or None.
        copy_of: where the file lies of which its name says that it is a copy, or nothing.
        archive: the zip on the disk that it is in, or nothing.
    """

    place: str
    owner: Owner
    data: bytes
    spare: Spare | None = None
    copy_of: str = ""
    archive: str = ""

    def problem(self, why: str, ask: str = "", kind: Kind = "") -> Problem:
        """Return what is the matter with it; the student is asked if there is something to ask."""
        level: Level = "ask" if ask else "nothing"
        return Problem(self.place, self.owner, why, ask, level, kind, self.archive)


#: What to ask whoever handed in what cannot be used.
AGAIN = "Ask for the work file again: “Download my work” in the notebook makes it."
NO_WORK = "The assignment came back as it was handed out, with no work in it."
_HOSTILE = "Do not open it by hand. " + AGAIN
_CLUTTER = re.compile(
    r"\..*|__MACOSX|Thumbs\.db|desktop\.ini|~\$.*|.*\.lock|.*\.tmp|.*~|timestamp\.txt", re.I
)
_ARCHIVE = re.compile(r".*\.(rar|7z|tar|tgz|tbz2?|txz|gz|bz2|xz|zst)", re.I)
_OLDER = re.compile(r"(?P<stem>.+)\.(bak|aside-[\d-]+)\.json", re.I)
_SETTLED = re.compile(r"(?P<stem>.+)\.settled\.json", re.I)
#: What lies in a folder that is handed out, of an assignment or of the whole kit; students may hand
#: in all of it. On a hub it is the pages and the work alone.
_KIT = {"kit", "datasets"}
_WITH_KIT = {"assignment.json", "run.py"}
_ON_A_HUB = {"notebooks", "work"}
_HANDED_OUT_KINDS = ("", ".ipynb", ".lock", ".md", ".py", ".toml", ".txt", ".yml")
_OTHER_KINDS = {
    ".ipynb": "It is a notebook. A student’s work is not kept in notebooks.",
    ".html": "It is a page, such as a report, and no work file.",
    ".htm": "It is a page, such as a report, and no work file.",
}
_MOODLE = re.compile(r"(?P<name>.+?)_(?P<id>\d{1,19})_assignsubmission_(?:file|onlinetext)(?:_.*)?")
_CANVAS = re.compile(r"(?P<name>[^_/]+)_(?P<late>LATE_)?(?P<id>\d{1,19})_\d{1,19}_.+")
_CANVAS_HIDDEN = re.compile(
    r"(?P<name>anon_(?P<id>[A-Za-z0-9]{5}))_(?P<late>LATE_)?(?:\d{1,19}_)?.+"
)
_INBOUND = re.compile(r"(?P<name>[^/]+)\+(?P<assignment>[^+/]+)\+\d{4}-\d\d-\d\d[^/]*")


def find(
    folder: Path, *, leave_out: Collection[Path] = (), assignment: str = ""
) -> Iterator[Found | Problem]:
    """Yield what may be a student's work, and what is passed over, one after another.

    Args:
        folder: a folder, or one zip.
        leave_out: folders within it that are not looked into, such as the one for the results.
        assignment: where nbgrader says which assignment a folder is for, only that one's is used;
            all if empty.

    Raises:
        FolderError: there is no such folder, or it cannot be read.
    """
    left_out = {os.path.realpath(path) for path in leave_out}
    try:
        kind = os.stat(folder).st_mode
    except (OSError, ValueError) as problem:
        said = getattr(problem, "strerror", None) or problem
        raise FolderError(f"{folder} cannot be read: {said}.") from None
    if stat.S_ISDIR(kind):
        yield from _in_folder(folder, left_out, assignment)
    elif stat.S_ISREG(kind):
        yield from _in_file(folder, (folder.name,), {folder.name})
    else:
        raise FolderError(f"{folder} is no folder and no zip. Give the folder with the work files.")


def shown(text: str, most: int = 120) -> str:
    """Return a name from outside as it may stand in a table: on one line, without control
    characters, letters that turn the direction of writing, or broken ones, and not too long."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    return brief(unicodedata.normalize("NFC", text[: 8 * most]), most)


def _problem(
    parts: tuple[str, ...],
    why: str,
    ask: str = AGAIN,
    level: Level = "ask",
    kind: Kind = "",
) -> Problem:
    return Problem(_place(parts), _owner(parts), why, ask, level, kind)


def _place(parts: tuple[str, ...]) -> str:
    """Return a path for people; the root's own name is known to them."""
    return shown("/".join(parts[1:] if len(parts) > 1 else parts), 300)


def _owner(parts: tuple[str, ...]) -> Owner:
    """Return whose a file is, by the part of its path that says so.

    What lies inside a student's folder was named by the student, so the outermost part counts. Only
    Canvas's form is also that of other names, such as one with a date, and is looked for inside.
    """
    for place, part in enumerate(parts):
        for system, form in (("moodle", _MOODLE), ("nbgrader", _INBOUND)):
            if match := _match(form, part):
                named = match.groupdict()
                return _named(system, named["name"], named.get("id") or named["name"])
        if part == "submitted" and place < len(parts) - 2:
            name = parts[place + 1]
            if not (name.startswith(".") or _match(_MOODLE, name) or _match(_CANVAS, name)):
                return _named("nbgrader", name, name)
    for place in range(len(parts) - 1, -1, -1):
        name = parts[place]
        if match := _match(_CANVAS_HIDDEN, name) or _match(_CANVAS, name):
            there = shown("/".join(parts[1:place]), 300)
            owner = _named("canvas", match["name"], match["id"], there)
            return owner._replace(late=bool(match["late"]))
    return Owner()


def _assignment(parts: tuple[str, ...]) -> str:
    """Return for which assignment nbgrader says a folder is; nothing where it does not."""
    if match := _match(_INBOUND, parts[-1]):
        return match["assignment"]
    return parts[-1] if "submitted" in parts[-3:-2] else ""


def _match(form: re.Pattern, part: str) -> re.Match | None:
    return form.fullmatch(part) if len(part) <= 400 else None


def _named(system: str, name: str, id: str, folder: str = "") -> Owner:
    return Owner(system, shown(name.strip(), 80), shown(id, 80), folder)


# -- on the disk -----------------------------------------------------------------------------------


def _in_folder(root: Path, left_out: Collection[str], assignment: str) -> Iterator[Found | Problem]:
    stack: list[tuple[str, Way, bool]] = [
        (os.fspath(root), (root.resolve().name or "class",), False)
    ]
    while stack:
        folder, parts, handed_out = stack.pop()
        if len(parts) > MAX_DEPTH:
            yield _problem(parts, f"More than {MAX_DEPTH} folders lie in one another here.")
            continue
        try:
            with os.scandir(folder) as entries:
                there = sorted(entries, key=lambda entry: entry.name)
        except (OSError, ValueError) as problem:
            if len(parts) == 1:
                raise FolderError(f"{folder} cannot be read: {problem}.") from None
            yield _problem(parts, f"The folder cannot be read: {_said(problem)}.")
            continue
        names = {entry.name for entry in there}
        whole = _is_whole(names)
        if whole and assignment and _assignment(parts) not in ("", assignment):
            yield _problem(parts, "It belongs to another assignment.", "", "nothing")
            continue
        if whole:
            yield _came_back(parts, names)
        handed_out = handed_out or whole
        inner = []
        for entry in there:
            within = (*parts, entry.name)
            try:
                is_link = entry.is_symlink()
                is_folder = entry.is_dir(follow_symlinks=False)
            except OSError as problem:
                yield _problem(within, f"It cannot be read: {_said(problem)}.")
                continue
            if is_link:
                yield _problem(within, "It is a link to another place; links are not followed.")
            elif (whole and entry.name in _KIT) or (
                handed_out and not is_folder and _is_handed_out(entry.name)
            ):
                continue
            elif is_folder and os.path.realpath(entry.path) in left_out:
                continue
            elif is_folder and _CLUTTER.fullmatch(entry.name):
                yield _clutter(within)
            elif is_folder:
                inner.append((entry.path, within, handed_out))
            else:
                yield from _in_file(Path(entry.path), within, names)
        stack += reversed(inner)


def _in_file(path: Path, parts: tuple[str, ...], names: Collection[str]) -> Iterator:
    """Yield what one file holds; ``names`` are those in its folder."""
    if (passed := _by_name(parts, names)) is not None:
        yield passed
        return
    try:
        with _opened(path) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                yield _problem(parts, "It is no ordinary file.")
            elif _tidy(parts[-1]).lower().endswith(".zip"):
                archive = _place(parts)
                yield from (one._replace(archive=archive) for one in _in_zip(file, parts, 1))
            else:
                yield _read(
                    file.read(MAX_BYTES + 1), parts, names, lambda name: _beside(path, name)
                )
    except (OSError, ValueError) as problem:
        yield _problem(parts, f"It cannot be read: {_said(problem)}.")


def _is_whole(names: Collection[str]) -> bool:
    """Say whether a folder with these in it is one as it was handed out."""
    there = set(names)
    return (there >= _KIT and not there.isdisjoint(_WITH_KIT)) or there >= _ON_A_HUB


def _came_back(parts: tuple[str, ...], names: Collection[str]) -> Problem:
    """Return what to know of a folder that holds all that was handed out."""
    why = "The whole assignment came back; what was handed out is passed over."
    if len(parts) > 1:
        return _problem(parts, why, "", "nothing", "whole")
    others = set(names) - _KIT - _WITH_KIT
    if any(name == "work" or name.lower().endswith((".json", ".zip")) for name in others):
        return _problem(parts, why, "", "nothing")
    return _problem(parts, NO_WORK)


def _is_handed_out(name: str) -> bool:
    """Say whether a file in what was handed out is not a student's work: of a kind that holds
    none, or the assignment itself."""
    kind = os.path.splitext(name)[1].lower()
    return name in _WITH_KIT or (kind in _HANDED_OUT_KINDS and not _is_json(name))


def _is_json(name: str) -> bool:
    """Say whether a name is that of a work file, or was before a system put something behind it."""
    return re.search(r"\.json(\.txt|\.download)?$", name, re.I) is not None


def _beside(path: Path, name: str) -> bytes | None:
    """Return what a file beside another holds; None if it is none, or is too large."""
    try:
        with _opened(path.with_name(name)) as file:
            ordinary = stat.S_ISREG(os.fstat(file.fileno()).st_mode)
            data = file.read(MAX_BYTES + 1) if ordinary else b""
    except (OSError, ValueError):
        return None
    return data if 0 < len(data) <= MAX_BYTES else None


def _opened(path: Path) -> IO[bytes]:
    """Open a file that has not been swapped for a link meanwhile, and never wait for a pipe."""
    flags = os.O_RDONLY
    for flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"):
        flags |= getattr(os, flag, 0)
    return open(os.open(path, flags), "rb")


def _by_name(parts: tuple[str, ...], names: Collection[str]) -> Problem | None:
    """Return why a file is passed over whatever is in it, or None."""
    name = _tidy(parts[-1])
    if _CLUTTER.fullmatch(name):
        return _clutter(parts)
    if _ARCHIVE.fullmatch(name):
        return _problem(
            parts, "It is an archive of a kind that is not opened here.", "Unpack it, run again."
        )
    older = _OLDER.fullmatch(name)
    if older and f"{older['stem']}.json" in names:
        return _problem(parts, f"An older version of {older['stem']}.json.", "", "nothing")
    settled = _SETTLED.fullmatch(name)
    if settled and f"{settled['stem']}.json" in names:
        why = f"What a pair settled in a copy of {settled['stem']}.json. What was handed in counts."
        return _problem(parts, why, "", "nothing")
    suffix = os.path.splitext(name)[1].lower()
    if suffix == ".zip" or _is_json(name):
        return None
    why = _OTHER_KINDS.get(suffix, "It is no work file: those end in “.json”.")
    return _problem(parts, why, kind="aside")


def _tidy(name: str) -> str:
    """Return a file's name without the blanks and dots at its end that some systems leave out and
    others take for a part of it."""
    return name.rstrip(" .") or name


def _clutter(parts: tuple[str, ...]) -> Problem:
    return _problem(parts, "Made by a system for itself.", "", "nothing", "aside")


def _read(
    data: bytes,
    parts: tuple[str, ...],
    names: Collection[str],
    beside: Callable[[str], bytes | None],
) -> Found | Problem:
    """Return what a file holds; ``beside`` reads another of those in its folder."""
    if len(data) > MAX_BYTES:
        return _problem(parts, f"It is larger than {MAX_BYTES // 2**20} MB; no work file is.")
    before = parts[-1].removesuffix(".json") + ".bak.json"
    original = original_of(parts[-1], names)
    return Found(
        _place(parts),
        _owner(parts),
        data,
        Spare(shown(before), lambda: beside(before)) if before in names else None,
        _place((*parts[:-1], original)) if original else "",
    )


def _said(problem: Exception) -> str:
    return shown(str(getattr(problem, "strerror", None) or problem), 160).rstrip(".")


# -- in zips ---------------------------------------------------------------------------------------


class _Budget:
    """How many bytes an archive on the disk may still unfold to, zips within it included."""

    def __init__(self, size: int):
        self.left = MAX_RATIO * size + SPARE


class _TooMuch(Exception):
    """The budget is spent."""


class _TooLong(Exception):
    """A zip's list of contents is too long."""


class _Opened:
    """A zip as zipfile gets it, which reads the list of contents in one piece when it opens it.

    Attributes:
        most: how many bytes may be read at once.
    """

    def __init__(self, file: IO[bytes]):
        self._file = file
        self.most = MAX_CONTENTS

    def read(self, size: int = -1) -> bytes:
        if size > self.most:
            raise _TooLong
        return self._file.read(size)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def _in_zip(
    file: IO[bytes], parts: tuple[str, ...], depth: int, budget: _Budget | None = None
) -> Iterator[Found | Problem]:
    if depth > MAX_ZIPS:
        yield _problem(parts, f"More than {MAX_ZIPS} zips lie in one another.", _HOSTILE)
        return
    budget = budget or _Budget(file.seek(0, os.SEEK_END))
    opened = _Opened(file)
    try:
        with zipfile.ZipFile(opened) as archive:
            opened.most = sys.maxsize
            yield from _members(archive, parts, depth, budget)
    except _TooLong:
        yield _problem(parts, "Its list of contents is too long.", _HOSTILE)
    except _TooMuch:
        if depth > 1:
            raise  # the archive on the disk is told once
        yield _problem(parts, "It unfolds to far more than it is: a zip bomb.", _HOSTILE)
    except Exception as problem:  # zipfile has no one class for all that damage can do to it
        yield _problem(parts, f"The zip is damaged or incomplete ({_said(problem)}).")


def _members(
    archive: zipfile.ZipFile, parts: tuple[str, ...], depth: int, budget: _Budget
) -> Iterator[Found | Problem]:
    members = [
        (info, inner)
        for info in archive.infolist()
        # What is called like a folder is passed over, unless there is something in it.
        if (inner := _inner(info.filename))[-1] or info.file_size
    ]
    if not members:
        yield _problem(parts, "There is nothing in the zip.")
    names: dict[Way, set[str]] = {}
    by_way = {inner: info for info, inner in members}
    for _, inner in members:
        names.setdefault(inner[:-1], set()).add(inner[-1])
    stem = _tidy(parts[-1])
    stem = stem[: -len(".zip")] if stem.lower().endswith(".zip") else stem
    root = (*parts[:-1], stem)
    whole = _whole_folders(names, [inner for _, inner in members])
    for folder in sorted(whole):
        yield _came_back((*root, *folder), whole[folder])
    for info, inner in members:
        within = (*root, *inner)
        beside = names[inner[:-1]]
        if ".." in inner or not inner[0] or inner[0].endswith(":"):
            yield _problem(within, "The zip names a place outside itself.", _HOSTILE)
        elif stat.S_ISLNK(info.external_attr >> 16):
            yield _problem(within, "It is a link to another place; links are not followed.")
        elif len(inner) > MAX_DEPTH:
            yield _problem(within, f"More than {MAX_DEPTH} folders lie in one another here.")
        elif not inner[-1]:
            yield _problem(within, "It is called like a folder, and is a file.")
        elif whole and _in_whole(inner, whole):
            continue
        elif any(map(_CLUTTER.fullmatch, inner)):
            yield _clutter(within)
        elif (passed := _by_name(within, beside)) is not None:
            yield passed
        elif info.flag_bits & 1:
            yield _problem(within, "It is locked with a password.", "Ask for it without one.")
        elif info.compress_type not in _PACKED:
            yield _problem(within, "It is packed in an unusual way.", "Unpack it, run again.")
        else:
            folder = inner[:-1]

            def other(name: str, folder: Way = folder) -> bytes | None:
                return _spare(archive, by_way[*folder, name], budget)

            yield from _member(archive, info, within, beside, other, depth, budget)


def _whole_folders(names: dict[Way, set[str]], members: Collection[Way]) -> dict[Way, set[str]]:
    """Return the folders in a zip that are as they were handed out, each with what is in it."""
    inside: dict[Way, set[str]] = {}
    for folder, files in names.items():
        if not files.isdisjoint(_WITH_KIT):
            inside.setdefault(folder, set())
        if folder and folder[-1] == "notebooks":
            inside.setdefault(folder[:-1], set())
    if inside:
        for inner in members:
            for depth in range(len(inner)):
                if (there := inside.get(inner[:depth])) is not None:
                    there.add(inner[depth])
    return {folder: there for folder, there in inside.items() if _is_whole(there)}


def _in_whole(inner: Way, whole: Collection[Way]) -> bool:
    """Say whether a member of a zip is what was handed out, of which nothing is a student's."""
    above = [depth for depth in range(len(inner)) if inner[:depth] in whole]
    return any(inner[depth] in _KIT and depth < len(inner) - 1 for depth in above) or (
        bool(above) and _is_handed_out(inner[-1])
    )


def _inner(name: str) -> Way:
    """Return the way to a member of a zip, the last part empty where it is a folder. A beginning
    at the root stays as an empty part; “.” and doubled strokes, which some programs write, go."""
    first, *rest = name.replace("\\", "/").split("/")
    ways = [part for part in rest[:-1] if part not in ("", ".")] + rest[-1:]
    return tuple(ways) if first == "." and ways else (first, *ways)


def _member(
    archive: zipfile.ZipFile,
    info: zipfile.ZipInfo,
    parts: tuple[str, ...],
    names: Collection[str],
    other: Callable[[str], bytes | None],
    depth: int,
    budget: _Budget,
) -> Iterator[Found | Problem]:
    is_zip = _tidy(parts[-1]).lower().endswith(".zip")
    most = MAX_INNER if is_zip else MAX_BYTES
    try:
        data = _unpacked(archive, info, most, budget)
    except Exception as problem:  # zipfile has no one class for all that damage can do to it
        budget.left -= info.compress_size
        yield _problem(parts, f"It cannot be unpacked ({_said(problem)}).")
        return
    if budget.left < 0:
        raise _TooMuch
    if not is_zip:
        yield _read(data, parts, names, other)
    elif len(data) > most:
        yield _problem(
            parts, f"A zip of more than {most // 2**20} MB within a zip.", "Unpack it, run again."
        )
    else:
        yield from _in_zip(BytesIO(data), parts, depth + 1, budget)


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int, budget: _Budget) -> bytes:
    """Return what a member holds, at most a byte more than is allowed."""
    with archive.open(info) as member:
        # What the archive says of a member's size is not believed.
        data = member.read(min(most, max(budget.left, 0)) + 1)
    budget.left -= len(data)
    return data


def _spare(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: _Budget) -> bytes | None:
    """Return what a member holds beside another one; None if it cannot be read or is too large."""
    if info.flag_bits & 1 or info.compress_type not in _PACKED:
        return None
    try:
        data = _unpacked(archive, info, MAX_BYTES, budget)
    except Exception:  # zipfile has no one class for all that damage can do to it
        return None
    return data if len(data) <= MAX_BYTES and budget.left >= 0 else None
