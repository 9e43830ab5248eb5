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
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import IO, Any, Literal, NamedTuple

from kit.base.errors import KitError
from kit.base.files import opened, reason
from kit.base.phrases import brief
from kit.work.file_format import MAX_BYTES
from kit.work.names import original_of

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

#: The way to a file, folder by folder.
Way = tuple[str, ...]
#: Opens a file of which so many bytes are wanted at most.
Opens = Callable[[int], IO[bytes]]
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
#: The name of a work file, also where a system has put something behind it.
_JSON = re.compile(r".*\.json(\.txt|\.download)?", re.I | re.S)
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
    root = _Folder(os.fspath(folder), {os.path.realpath(path) for path in leave_out})
    try:
        kind = os.stat(folder).st_mode
        if stat.S_ISDIR(kind):
            root.entries()
    except (OSError, ValueError) as problem:
        raise FolderError(f"{folder} cannot be read: {reason(problem)}.") from None
    if stat.S_ISDIR(kind):
        yield from _walk(root, (folder.resolve().name or "class",), assignment)
    elif stat.S_ISREG(kind):
        yield from _in_file(partial(_open, folder), (folder.name,), {}, assignment, None)
    else:
        raise FolderError(f"{folder} is no folder and no zip. Give the folder with the work files.")


def shown(text: str, most: int = 120) -> str:
    """Return a name from outside as it may stand in a table: on one line, without control
    characters, letters that turn the direction of writing, or broken ones, and not too long."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    return brief(unicodedata.normalize("NFC", text[: 8 * most]), most)


def _problem(
    parts: Way, why: str, ask: str = AGAIN, level: Level = "ask", kind: Kind = ""
) -> Problem:
    return Problem(_place(parts), _owner(parts), why, ask, level, kind)


def _place(parts: Way) -> str:
    """Return a path for people; the root's own name is known to them."""
    return shown("/".join(parts[1:] if len(parts) > 1 else parts), 300)


def _owner(parts: Way) -> Owner:
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


def _assignment(parts: Way) -> str:
    """Return for which assignment nbgrader says a folder is; nothing where it does not."""
    if match := _match(_INBOUND, parts[-1]):
        return match["assignment"]
    return parts[-1] if "submitted" in parts[-3:-2] else ""


def _match(form: re.Pattern, part: str) -> re.Match | None:
    return form.fullmatch(part) if len(part) <= 400 else None


def _named(system: str, name: str, id: str, folder: str = "") -> Owner:
    return Owner(system, shown(name.strip(), 80), shown(id, 80), folder)


# -- one walk, on the disk and in zips -------------------------------------------------------------


def _walk(
    folder: _Folder | _ZipFolder, parts: Way, assignment: str, handed_out: bool = False
) -> Iterator[Found | Problem]:
    """Yield what lies in a folder, its files before what is in its folders.

    Args:
        parts: the way to it.
        assignment: as for :func:`find`.
        handed_out: whether it lies in what was handed out.
    """
    if len(parts) > MAX_DEPTH:
        yield _problem(parts, f"More than {MAX_DEPTH} folders lie in one another here.")
        return
    try:
        there = folder.entries()
    except OSError as problem:
        yield _problem(parts, f"The folder cannot be read: {_said(problem)}.")
        return
    beside = dict(there)
    whole = _is_whole(beside)
    if whole and assignment and _assignment(parts) not in ("", assignment):
        yield _problem(parts, "It belongs to another assignment.", "", "nothing")
        return
    if whole:
        yield _came_back(parts, beside)
    handed_out = handed_out or whole
    folders = []
    for name, one in there:
        within = (*parts, name)
        if one is None:
            yield _problem(within, "It is a link to another place; links are not followed.")
        elif whole and name in _KIT:
            continue
        elif isinstance(one, _Folder | _ZipFolder):
            folders.append((one, within))
        elif not (handed_out and _is_handed_out(name)):
            yield from _in_file(one, within, beside, assignment, folder.zip)
    for inner, within in folders:
        if _CLUTTER.fullmatch(within[-1]):
            yield _clutter(within)
        else:
            yield from _walk(inner, within, assignment, handed_out)


def _in_file(
    opens: Opens, parts: Way, beside: Mapping[str, Any], assignment: str, outer: _Zip | None
) -> Iterator[Found | Problem]:
    """Yield what one file holds.

    Args:
        beside: what lies in its folder, by name.
        outer: the zip that it lies in.
    """
    if (passed := _by_name(parts, beside)) is not None:
        yield passed
        return
    try:
        if not _tidy(parts[-1]).lower().endswith(".zip"):
            yield _found(_read(opens), parts, beside)
            return
        with opens(MAX_INNER) as file:
            for one in _in_zip(file, parts, assignment, outer):
                yield one if outer else one._replace(archive=_place(parts))
    except _Unread as problem:
        yield _problem(parts, *problem.args)
    except OSError as problem:
        yield _problem(parts, f"It cannot be read: {_said(problem)}.")


def _read(opens: Opens) -> bytes:
    """Return what a file holds; raises OSError, _Unread or _TooMuch."""
    with opens(MAX_BYTES) as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise _Unread(f"It is larger than {MAX_BYTES // 2**20} MB; no work file is.")
    return data


def _by_name(parts: Way, names: Collection[str]) -> Problem | None:
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
    if suffix == ".zip" or _JSON.fullmatch(name):
        return None
    why = _OTHER_KINDS.get(suffix, "It is no work file: those end in “.json”.")
    return _problem(parts, why, kind="aside")


def _is_whole(names: Collection[str]) -> bool:
    """Say whether a folder with these in it is one as it was handed out."""
    there = set(names)
    return (there >= _KIT and not there.isdisjoint(_WITH_KIT)) or there >= _ON_A_HUB


def _came_back(parts: Way, names: Collection[str]) -> Problem:
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
    return name in _WITH_KIT or (kind in _HANDED_OUT_KINDS and not _JSON.fullmatch(name))


def _tidy(name: str) -> str:
    """Return a file's name without the blanks and dots at its end that some systems leave out and
    others take for a part of it."""
    return name.rstrip(" .") or name


def _clutter(parts: Way) -> Problem:
    return _problem(parts, "Made by a system for itself.", "", "nothing", "aside")


def _found(data: bytes, parts: Way, beside: Mapping[str, Any]) -> Found:
    """Return a file that may be work, with the version before it that lies beside it."""
    before = parts[-1].removesuffix(".json") + ".bak.json"
    opens = beside.get(before)
    spare = Spare(shown(before), partial(_if_readable, opens)) if callable(opens) else None
    original = original_of(parts[-1], beside)
    copy_of = _place((*parts[:-1], original)) if original else ""
    return Found(_place(parts), _owner(parts), data, spare, copy_of)


def _if_readable(opens: Opens) -> bytes | None:
    try:
        return _read(opens)
    except (OSError, _Unread, _TooMuch):
        return None


def _said(problem: Exception) -> str:
    return shown(reason(problem), 160).rstrip(".")


class _Unread(Exception):
    """A file cannot be used: why, and what to ask."""


class _Folder(NamedTuple):
    """A folder on the disk, and which folders in it are not looked into."""

    path: str
    left_out: Collection[str]
    zip: None = None

    def entries(self) -> list[tuple[str, _Folder | Opens | None]]:
        """Return what lies in it by name; None stands for a link. Raises OSError."""
        with os.scandir(self.path) as entries:
            there = sorted(entries, key=lambda entry: entry.name)
        found = [(entry.name, self._one(entry)) for entry in there]
        return [(name, one) for name, one in found if not self._leaves_out(one)]

    def _one(self, entry: os.DirEntry[str]) -> _Folder | Opens | None:
        if entry.is_symlink():
            return None
        if entry.is_dir(follow_symlinks=False):
            return self._replace(path=entry.path)
        return partial(_open, Path(entry.path))

    def _leaves_out(self, one: _Folder | Opens | None) -> bool:
        return isinstance(one, _Folder) and os.path.realpath(one.path) in self.left_out


def _open(path: Path, _most: int) -> IO[bytes]:
    return opened(path, follow=False)  # it may have been swapped for a link meanwhile


# -- in zips ---------------------------------------------------------------------------------------


class _TooMuch(Exception):
    """A zip on the disk has unfolded to more than it may."""


class _Contents:
    """A zip as zipfile gets it, which reads the list of contents in one piece when it opens it.

    Attributes:
        most: how many bytes may be read at once.
    """

    def __init__(self, file: IO[bytes]):
        self._file = file
        self.most = MAX_CONTENTS

    def read(self, size: int = -1) -> bytes:
        if size > self.most:
            raise zipfile.BadZipFile("its list of contents is too long")
        return self._file.read(size)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


class _Zip(zipfile.ZipFile):
    """An open zip.

    Attributes:
        depth: how many zips lie in one another here.
        outermost: the one on the disk.
        left: how many bytes may still be unfolded of that one, zips within it included.
    """

    def __init__(self, file: IO[bytes], outer: _Zip | None):
        self.depth: int = outer.depth + 1 if outer else 1
        self.outermost: _Zip = outer.outermost if outer else self
        self.left = MAX_RATIO * file.seek(0, os.SEEK_END) + SPARE
        contents = _Contents(file)
        super().__init__(contents)
        contents.most = sys.maxsize

    def opens(self, info: zipfile.ZipInfo, most: int) -> IO[bytes]:
        """Return a member open for reading, with at most a byte more than is wanted.

        Raises:
            _Unread: it cannot be unpacked.
            _TooMuch: with it, the zip on the disk has unfolded to more than it may.
        """
        if info.flag_bits & 1:
            raise _Unread("It is locked with a password.", "Ask for it without one.")
        if info.compress_type not in _PACKED:
            raise _Unread("It is packed in an unusual way.", "Unpack it, run again.")
        whole = self.outermost
        try:
            with self.open(info) as member:
                # What the archive says of a member's size is not believed.
                data = member.read(min(most, max(whole.left, 0)) + 1)
        except Exception as problem:  # zipfile has no one class for all that damage can do to it
            whole.left -= info.compress_size
            raise _Unread(f"It cannot be unpacked ({_said(problem)}).") from None
        whole.left -= len(data)
        if whole.left < 0:
            raise _TooMuch
        if len(data) > most:
            raise _Unread(f"It is larger than {most // 2**20} MB.", "Unpack it, run again.")
        return BytesIO(data)


class _ZipFolder(NamedTuple):
    """A folder in a zip: how far below the zip's own it lies, and all that is below it, sorted."""

    zip: _Zip
    members: list[tuple[Way, zipfile.ZipInfo]]
    below: int = 0

    def entries(self) -> list[tuple[str, _ZipFolder | Opens | None]]:
        """Return what lies in it by name. Two files may have one name."""
        found: list[tuple[str, _ZipFolder | Opens | None]] = []
        for name, group in groupby(self.members, key=lambda member: member[0][self.below]):
            inside = list(group)
            files = [info for way, info in inside if len(way) == self.below + 1]
            found += [(name, partial(self.zip.opens, info)) for info in files]
            if members := inside[len(files) :]:
                found.append((name, self._replace(members=members, below=self.below + 1)))
        return found


def _in_zip(
    file: IO[bytes], parts: Way, assignment: str, outer: _Zip | None
) -> Iterator[Found | Problem]:
    if outer and outer.depth == MAX_ZIPS:
        yield _problem(parts, f"More than {MAX_ZIPS} zips lie in one another.", _HOSTILE)
        return
    stem = _tidy(parts[-1])
    root = (*parts[:-1], stem[: -len(".zip")] if stem.lower().endswith(".zip") else stem)
    try:
        with _Zip(file, outer) as zip:
            every = [(_way(info.filename), info) for info in zip.infolist()]
            # What is called like a folder is passed over, unless there is something in it.
            every = [(way, info) for way, info in every if way[-1] or info.file_size]
            if not every:
                yield _problem(parts, "There is nothing in the zip.")
            members = []
            for way, info in sorted(every, key=lambda member: member[0]):
                if why := _amiss(way, info):
                    yield _problem((*root, *way), *why)
                else:
                    members.append((way, info))
            yield from _walk(_ZipFolder(zip, members), root, assignment)
    except _TooMuch:
        if outer:
            raise  # the archive on the disk is told once
        yield _problem(parts, "It unfolds to far more than it is: a zip bomb.", _HOSTILE)
    except Exception as problem:  # zipfile has no one class for all that damage can do to it
        yield _problem(parts, f"The zip is damaged or incomplete ({_said(problem)}).")


def _amiss(way: Way, info: zipfile.ZipInfo) -> tuple[str, str] | None:
    """Return why a member of a zip is not looked at, and what to ask; None if it may be."""
    if not way[-1]:
        return "It is called like a folder, and is a file.", AGAIN
    if ".." in way or not way[0] or way[0].endswith(":"):
        return "The zip names a place outside itself.", _HOSTILE
    if stat.S_ISLNK(info.external_attr >> 16):
        return "It is a link to another place; links are not followed.", AGAIN
    if len(way) > MAX_DEPTH:
        return f"More than {MAX_DEPTH} folders lie in one another here.", AGAIN
    return None


def _way(name: str) -> Way:
    """Return the way to a member of a zip, the last part empty where it is a folder. A beginning
    at the root stays as an empty part; “.” and doubled strokes, which some programs write, go."""
    first, *rest = name.replace("\\", "/").split("/")
    ways = [part for part in rest[:-1] if part not in ("", ".")] + rest[-1:]
    return tuple(ways) if first == "." and ways else (first, *ways)
