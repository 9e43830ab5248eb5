"""Hand out an assignment: a folder, or a zip, with all that students need and nothing else.

The folder is the kit's own files, chosen: notebooks, the part of ``kit/`` that they import, the
articles that they use. It runs offline like the whole kit. For practice the readings and the
answers go along, as in the kit itself. For a mark they are left out: every exercise becomes one
that a person reads (:func:`for_students`), and every cell that would show another reading goes.
"""

from __future__ import annotations

import ast
import csv
import io
import json
import os
import re
import shutil
import tempfile
import tomllib
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Literal

from kit import datasets, exercises, facts, own_texts
from kit.classroom.assignment import Assignment, AssignmentError, write
from kit.made import MARK, MadeError, check, making

__all__ = [
    "SECRET",
    "WHAT",
    "compose",
    "for_students",
    "lessons_of",
    "make",
    "own_lesson",
    "pairs_of",
    "read_pairs",
    "secret",
    "to_toml",
]

#: What the mark of the folder calls it.
WHAT = "assignment for students"
#: The file that says what is secret and what is not.
SECRET = "WHAT-IS-SECRET.txt"

MAX_TITLE = 200
MAX_NAME = 80
MAX_PAIRS = 1_000
MAX_PAIRS_BYTES = 1024 * 1024

_NOTE = (
    "Made by: python -m kit assign\n"
    "Making it again replaces the notebooks, the kit and the data. The folder “work” stays."
)
_MARKED = (
    "*In this assignment nothing is checked at once, and no other reading is shown: your answer is "
    "kept, and your instructor marks it.*"
)
# Names that Windows keeps for itself.
_KEPT = re.compile(r"con|prn|aux|nul|com\d|lpt\d")


# -- what is asked of the class --------------------------------------------------------------------


def own_lesson(article: str) -> str:
    """Return the name of the lesson that an instructor's own article has, if it has one."""
    return f"07-{article}"


def lessons_of(article: str) -> list[str]:
    """Return the lessons that can be handed out on an article, in order.

    The lessons 00 to 06 are written about the course's own article. Any other is for the last
    lesson: in a form of its own where :mod:`kit.classroom.new_article` has made one.
    """
    from kit.edition import known_lessons
    from kit.lessons import ARTICLE, OWN

    if article == ARTICLE:
        return known_lessons()
    own = own_lesson(article)
    if (_data() / article / "exercises" / f"{own}.toml").exists():
        return [own]
    return [OWN] if article == own_texts.PRACTICE else []


def compose(
    id: str,
    title: str,
    lessons: Iterable[str],
    *,
    article: str = "",
    exercises: Iterable[str] = (),
    layers: Iterable[str] = (),
    due: date | str | None = None,
    mode: Literal["practice", "graded"] = "practice",
    pairs: Sequence[tuple[str, str]] = (),
) -> Assignment:
    """Return an assignment that can be handed out.

    Args:
        id: a short name, such as ``"week-3"``; also what students' folder is called.
        title: what students see.
        lessons: names or numbers, such as ``"03-who-speaks"`` or ``"03"``.
        article: which article; the course's own if empty, and the practice article where the
            last lesson is all there is.
        exercises: those that count, such as ``"3.1"``; if none is named, all exercises of these
            lessons that are about the article.
        layers: the layers on which the class is compared; if none is named, all that the
            notebooks let students label.
        due: the last day, as a date or as ``"2027-02-01"``; empty for none.
        pairs: as :func:`read_pairs` returns them.

    Raises:
        AssignmentError: something that was asked for is not there or makes no sense.
    """
    from kit.lessons import ARTICLE, OWN

    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,59}", id) or _KEPT.fullmatch(id):
        raise AssignmentError(
            f"“{_plain(id)[:60]}” cannot be the short name of an assignment. Use small letters, "
            "digits and hyphens, such as week-3."
        )
    title = _plain(title)[:MAX_TITLE]
    if not title:
        raise AssignmentError("An assignment needs a title that students can read.")
    asked = [lesson.strip() for lesson in lessons if lesson.strip()]
    if not asked:
        raise AssignmentError("Choose one lesson or more, such as 03-who-speaks.")
    if not article:
        only_last = all(lesson in (OWN, OWN[:2]) for lesson in asked)
        article = own_texts.PRACTICE if only_last else ARTICLE
    if article not in datasets.article_ids():
        there = ", ".join(datasets.article_ids())
        raise AssignmentError(f"There is no article “{_plain(article)[:60]}”. There is: {there}.")
    chosen = _chosen(asked, article)
    return Assignment(
        id=id,
        title=title,
        article=article,
        lessons=tuple(chosen),
        exercises=_exercises(exercises, chosen, article),
        layers=_layers(layers, chosen, article),
        due=_due(due),
        mode=mode,
        pairs=tuple(pairs),
    )


def read_pairs(data: bytes | str) -> tuple[tuple[str, str], ...]:
    """Return the pairs of a CSV file, two names a row.

    A first row of ``first,second`` or the like is a heading. Empty rows do no harm.

    Raises:
        AssignmentError: it is no such file, or somebody is in two pairs or paired with nobody.
    """
    if len(data) > MAX_PAIRS_BYTES:
        raise AssignmentError("The list of pairs is far too long.")
    try:
        text = data.decode("utf-8-sig") if isinstance(data, bytes) else data
        if "\0" in text:
            raise UnicodeError
        first = text.partition("\n")[0]
        separator = next((sign for sign in ";\t" if sign in first and "," not in first), ",")
        rows = [
            [_plain(cell) for cell in row]
            for row in csv.reader(io.StringIO(text), delimiter=separator)
        ]
    except (UnicodeError, csv.Error):
        raise AssignmentError(
            "The list of pairs is no CSV file: save it as CSV in UTF-8, two names a row."
        ) from None
    numbered = [(n, row) for n, row in enumerate(rows, start=1) if any(row)]
    if numbered and {cell.casefold() for cell in numbered[0][1]} & _HEADINGS:
        numbered = numbered[1:]
    if len(numbered) > MAX_PAIRS:
        raise AssignmentError(f"There are more than {MAX_PAIRS:,} pairs.")
    pairs: list[tuple[str, str]] = []
    seen: dict[str, int] = {}
    for n, row in numbered:
        names = [cell for cell in row if cell]
        if len(names) != 2:
            raise AssignmentError(f"Pairs, row {n}: write two names, parted by a comma.")
        for name in names:
            if len(name) > MAX_NAME:
                raise AssignmentError(f"Pairs, row {n}: a name has {MAX_NAME} characters at most.")
            if name.casefold() in seen:
                where = seen[name.casefold()]
                raise AssignmentError(
                    f"Pairs, row {n}: “{name}” stands in row {where} already. "
                    "Everybody can be in one pair only."
                )
            seen[name.casefold()] = n
        pairs.append((names[0], names[1]))
    return tuple(pairs)


def pairs_of(path: Path) -> tuple[tuple[str, str], ...]:
    """Return the pairs of a CSV file; raises AssignmentError as :func:`read_pairs`."""
    try:
        with path.open("rb") as file:
            return read_pairs(file.read(MAX_PAIRS_BYTES + 1))
    except OSError as problem:
        raise AssignmentError(f"{path} cannot be read: {problem.strerror}.") from None


_HEADINGS = {"first", "second", "a", "b", "student", "partner", "name", "one", "two", "pair"}


def _chosen(asked: Iterable[str], article: str) -> list[str]:
    from kit.edition import known_lessons
    from kit.lessons import ARTICLE

    can = lessons_of(article)
    chosen: set[str] = set()
    for lesson in asked:
        found = [name for name in can if lesson in (name, name.partition("-")[0])]
        if found:
            chosen.update(found)
        elif article != ARTICLE and any(lesson in (n, n[:2]) for n in known_lessons()):
            there = f"For it there is: {', '.join(can)}." if can else "There is no lesson on it."
            raise AssignmentError(
                f"Lesson “{lesson}” is about the article {ARTICLE}, not about {article}. {there}"
            )
        else:
            there = ", ".join(can)
            raise AssignmentError(f"There is no lesson “{_plain(lesson)[:60]}”. There is: {there}.")
    return [name for name in can if name in chosen]


def _exercises(asked: Iterable[str], lessons: Sequence[str], article: str) -> tuple[str, ...]:
    loaded = [exercise for lesson in lessons for exercise in exercises.load(lesson)]
    known = [exercise.id for exercise in loaded]
    wanted = {id.strip() for id in asked} - {""}
    unknown = sorted(wanted - set(known))
    if unknown:
        raise AssignmentError(
            f"There is no exercise {_plain(', '.join(unknown))[:60]} in these lessons. "
            f"There is: {', '.join(known)}."
        )
    if not wanted:
        # The questions before and after the course are about another article and are not marked.
        wanted = {e.id for e in loaded if e.article in (article, exercises.OWN)}
    return tuple(id for id in known if id in wanted)


def _layers(asked: Iterable[str], lessons: Sequence[str], article: str) -> tuple[str, ...]:
    known = [layer.id for layer in datasets.codebook(article).layers]
    wanted = {id.strip() for id in asked} - {""}
    unknown = sorted(wanted - set(known))
    if unknown:
        raise AssignmentError(
            f"The codebook has no layer {_plain(', '.join(unknown))[:60]}. "
            f"There is: {', '.join(known)}."
        )
    if not wanted:
        for lesson in lessons:
            for cell in _notebook(lesson)["cells"]:
                wanted.update(re.findall(r"""today\.label\(\s*["'](\w+)""", _source(cell)))
    return tuple(id for id in known if id in wanted)


def _due(due: date | str | None) -> date | None:
    if not due or isinstance(due, date):
        return due or None
    try:
        return date.fromisoformat(due.strip())
    except ValueError:
        raise AssignmentError(
            f"“{_plain(due)[:40]}” is no date. Write year, month and day, such as 2027-02-01."
        ) from None


def _plain(text: str) -> str:
    """Return a text on one line, without what no screen shows."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


# -- making the folder -----------------------------------------------------------------------------


def make(assignment: Assignment, out: Path, *, zipped: bool = False) -> Path:
    """Write what is handed out and return it: the folder, or with ``zipped`` the file ``out.zip``.

    All is made before the first thing is moved: if something fails, what was there stays as it
    was. A folder handed out before is made anew; students' work in it stays.

    Args:
        assignment: as :func:`compose` returns it.
        out: the folder: new, empty, or made before by this command.

    Raises:
        MadeError: the folder or the zip is something else, or cannot be written.
        KitError: an exercise or a fact cannot be used.
    """
    if not zipped:
        check(out, WHAT)
        with (
            tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as old,
            making(out, WHAT, _NOTE) as folder,
        ):
            _fill(folder, assignment)
            _clear_way(folder, out, Path(old))
        return out
    target = out.with_name(out.name if out.suffix == ".zip" else f"{out.name}.zip")
    _check_zip(target)
    with tempfile.TemporaryDirectory(prefix="kit-assign-") as name:
        folder = Path(name) / assignment.id
        folder.mkdir()
        _fill(folder, assignment)
        (folder / MARK).write_text(f"{WHAT}\n\n{_NOTE}\n", encoding="utf-8")
        with _written(target):
            target.absolute().parent.mkdir(parents=True, exist_ok=True)
            handle, made = tempfile.mkstemp(dir=target.absolute().parent, suffix=".tmp")
            os.close(handle)
            try:
                _pack(Path(name), Path(made))
                os.replace(made, target)
            finally:
                Path(made).unlink(missing_ok=True)
    return target


def _fill(folder: Path, assignment: Assignment) -> None:
    root, graded = datasets.root(), assignment.mode == "graded"
    for name in ("requirements.lock", "LICENSE", "LICENSE-CONTENT.md"):
        shutil.copyfile(root / name, folder / name)
    first = assignment.lessons[0]
    for name in ("run.py", "pyproject.toml", "environment.yml"):
        # What opens first is the first notebook that was handed out.
        text = (root / name).read_text(encoding="utf-8").replace("00-start-here", first)
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    modules = _modules(root)
    for path in modules:
        _copy(root / path, folder / path)
    _fill_data(
        folder / "datasets", assignment, suggesting=Path("kit/suggest/__init__.py") in modules
    )
    (folder / "notebooks").mkdir()
    for lesson in assignment.lessons:
        notebook = _handed_out(_notebook(lesson), assignment, graded)
        text = json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
        path = folder / "notebooks" / f"{lesson}.ipynb"
        path.write_text(text, encoding="utf-8", newline="\n")
    (folder / "README.md").write_text(_readme(assignment), encoding="utf-8", newline="\n")
    (folder / SECRET).write_text(secret(assignment), encoding="utf-8", newline="\n")
    write(assignment, folder)


def _clear_way(folder: Path, out: Path, old: Path) -> None:
    """Move folders of before out of the way: a folder cannot be put in place of a full one."""
    with _written(out):
        for path in folder.iterdir():
            there = out / path.name
            if path.is_dir() and there.is_dir() and not there.is_symlink():
                shutil.move(there, old / path.name)


def _check_zip(path: Path) -> None:
    if not path.exists():
        return
    try:
        with zipfile.ZipFile(path) as file:
            marks = [name for name in file.namelist() if name.endswith(f"/{MARK}")]
            if marks and file.getinfo(marks[0]).file_size < 10_000:
                first = file.read(marks[0]).decode("utf-8", "replace").partition("\n")[0]
                if first == WHAT:
                    return
    except (OSError, zipfile.BadZipFile, RuntimeError):
        pass
    raise MadeError(
        f"{path} is there already and is no {WHAT}. Name another, with --out, or move it away."
    )


def _pack(folder: Path, path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for found in sorted(folder.rglob("*")):
            if found.is_file():
                file.write(found, found.relative_to(folder).as_posix())
    path.chmod(0o644)


@contextmanager
def _written(path: Path):
    try:
        yield
    except OSError as problem:
        why = problem.strerror or problem
        raise MadeError(f"{path} cannot be written: {why}. Name another, with --out.") from None


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _data() -> Path:
    return datasets.root() / "datasets"


# -- the kit: what notebooks import ----------------------------------------------------------------

# Whence a student's copy is reached. What `python -m kit` can do besides is for instructors.
_ROOTS = ("kit/__init__.py", "kit/__main__.py", "kit/doctor.py", "kit/lessons/*.py")


def _modules(root: Path) -> set[Path]:
    """Return the files of ``kit/`` that a student's copy needs, as paths from the root.

    Those are the modules that the lessons import, by whatever way, and what is no Python in the
    folders of these: style sheets, scripts.
    """
    waiting = [path for pattern in _ROOTS for path in root.glob(pattern)]
    found: set[Path] = set()
    while waiting:
        path = waiting.pop()
        if path in found or not path.is_file():
            continue
        found.add(path)
        waiting += [
            folder / "__init__.py" for folder in path.parents if folder.is_relative_to(root / "kit")
        ]
        if path.name != "__main__.py":
            waiting += _imported(path, root)
    for folder in {path.parent for path in found} - {root / "kit"}:
        found |= {p for p in folder.iterdir() if p.is_file() and p.suffix in (".css", ".js")}
        if _by_name(folder / "__init__.py"):
            found |= {p for p in folder.iterdir() if p.is_file()}
    return {path.relative_to(root) for path in found}


def _imported(path: Path, root: Path) -> list[Path]:
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    found = []
    for name in names:
        if name.split(".")[0] == "kit":
            place = root.joinpath(*name.split("."))
            found += [place.with_suffix(".py"), place / "__init__.py"]
    if _by_name(path):
        found += path.parent.glob("*.py")
    return found


def _by_name(path: Path) -> bool:
    """Say whether a package imports its modules by names that only running it could tell."""
    return path.is_file() and "import_module(" in path.read_text(encoding="utf-8")


# -- the data --------------------------------------------------------------------------------------

#: What an article keeps for whoever may see the answers.
_ANSWERS = ("benchmarks.toml", "dates.toml", "disputed.toml", "facts.toml")
#: Word lists that are an answer of their own: which words a machine has put in.
_TELLING = ("cues-spun.csv", "swaps.csv")


def _articles(assignment: Assignment) -> list[str]:
    """Return the articles that the notebooks use."""
    from kit.lessons import OWN

    found = {assignment.article}
    if OWN in assignment.lessons:
        found.add(own_texts.PRACTICE)  # what the last lesson offers to whoever has no text
    for lesson in assignment.lessons:
        found |= {path.parent.parent.name for path in _data().glob(f"*/exercises/{lesson}.toml")}
    return sorted(found)


def _fill_data(folder: Path, assignment: Assignment, *, suggesting: bool) -> None:
    data, graded = _data(), assignment.mode == "graded"
    for path in sorted((data / "codebook").glob("*.toml")):
        _copy(path, folder / "codebook" / path.name)
    for path in sorted((data / "lexicons").iterdir()):
        if path.name in _TELLING and graded and not suggesting:
            continue
        _copy(path, folder / "lexicons" / path.name)
    for id in _articles(assignment):
        home, there = data / id, folder / id
        for name in ("article.txt", "article.toml"):
            _copy(home / name, there / name)
        for path in sorted((home / "codebook").glob("*.toml")):
            _copy(path, there / "codebook" / path.name)
        for lesson in assignment.lessons:
            path = home / "exercises" / f"{lesson}.toml"
            if path.exists() and graded:
                (there / "exercises").mkdir(exist_ok=True)
                (there / "exercises" / path.name).write_bytes(_without_answers(path, id))
            elif path.exists():
                _copy(path, there / "exercises" / path.name)
        if graded:
            continue
        for name in _ANSWERS:
            if (home / name).exists():
                _copy(home / name, there / name)
        for path in sorted((home / "codings").glob("*")):
            # What the rules suggested is for whoever makes the reference.
            if path.suffix in (".json", ".md") and path.name != "suggested.json":
                _copy(path, there / "codings" / path.name)
    (folder / "README.md").write_text(_rights(assignment), encoding="utf-8", newline="\n")


def _rights(assignment: Assignment) -> str:
    lines = ["# Data\n"]
    for id in _articles(assignment):
        meta = datasets.load_article(id).meta
        rights = meta.get("rights") or "The text is its publisher’s. It is here to be studied."
        lines.append(f"**{id}**: {meta.get('title', id)}. {' '.join(str(rights).split())}\n")
    lines.append(
        "The codebook, the word lists, the exercises and all labels are the kit’s, under CC BY 4.0."
    )
    return "\n".join(lines) + "\n"


# -- exercises without answers ---------------------------------------------------------------------


def for_students(exercise: Mapping[str, Any]) -> dict[str, Any]:
    """Return an exercise, as its TOML table, turned into one that a person reads.

    What has a right answer or known readings becomes ``open`` and loses them: right and wrong
    numbers, options, orders and labels, every reason, and the sentence after a right answer. Kind,
    prompt, options, hints and free text stay, so the form takes and keeps the same answers as
    before; the prompt says that an instructor marks them. What was open stays as it was.
    """
    table = dict(exercise)
    if table.get("item") == "open":
        return table
    table["item"] = "open"
    table["prompt"] = f"{str(table.get('prompt', '')).rstrip()}\n\n{_MARKED}\n"
    for key in ("yes", "reasons", "order", "ties", "codes", "in_quotes"):
        table.pop(key, None)
    if table.get("kind") == "label":
        table.pop("fields", None)  # the names of what would be checked
    elif "fields" in table:
        table["fields"] = [_only(field, ("id", "label")) for field in table["fields"]]
    if "questions" in table:
        kept = ("id", "text", "most", "options")
        table["questions"] = [_only(question, kept) for question in table["questions"]]
    return table


def _only(table: Mapping[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    return {key: table[key] for key in keys if key in table}


def _without_answers(path: Path, article: str) -> bytes:
    """Return a file of exercises as it is handed out for a mark.

    Numbers that a prompt states are written into it: the facts, whence they come, stay at home.
    """
    exercises.model.load_file(path)  # says in words what is wrong with it, before it is changed
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    known = facts.load(article) if facts.there_are(article) else None
    tables = []
    for exercise in raw["exercises"]:
        table = for_students(exercise)
        own = table.get("article") == exercises.OWN
        tables.append(_everywhere(table, known.fill) if known and not own else table)
    return to_toml(raw["lesson"], tables)


def to_toml(lesson: str, tables: Iterable[Mapping[str, Any]]) -> bytes:
    """Return exercises, as tables, as the file of a lesson."""
    lines = [f"lesson = {_toml(lesson)}"]
    for table in tables:
        lines += [
            "",
            "[[exercises]]",
            *(f"{_key(key)} = {_toml(value)}" for key, value in table.items()),
        ]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _everywhere(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_everywhere(one, change) for one in value]
    if isinstance(value, dict):
        return {key: _everywhere(one, change) for key, one in value.items()}
    return value


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _toml(key)


def _toml(value: Any) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, dict):
        pairs = (f"{_key(key)} = {_toml(one)}" for key, one in value.items())
        return "{ " + ", ".join(pairs) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    # JSON writes strings, numbers and truth as TOML does; only the sign DEL it leaves bare.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


# -- notebooks -------------------------------------------------------------------------------------

_OTHERS = re.compile(r""",\s*of=["']\w+["']""")
# Charts that are made of the readings, or of days and outcomes that an exercise asks for.
_TELL = re.compile(r"""today\.chart\(\s*["'](two readers|order of events|timeline|scorecard)["']""")
_LINK = re.compile(r"\[([^\]]+)\]\(([\w-]+)\.ipynb\)")
_LEFT_OUT = {
    "compare": "*The comparison with another reading comes when your work is handed back.*",
    "chart": "*This chart would show answers. Your instructor has it.*",
}


def _notebook(lesson: str) -> dict[str, Any]:
    """Return a lesson's notebook; that of an instructor's own article is made from the last."""
    from kit.lessons import OWN

    path = datasets.root() / "notebooks" / f"{lesson}.ipynb"
    if path.exists():
        return json.loads(path.read_text(encoding="utf-8"))
    path = path.with_name(f"{OWN}.ipynb")
    return _on_article(json.loads(path.read_text(encoding="utf-8")), lesson)


def _on_article(notebook: dict[str, Any], lesson: str) -> dict[str, Any]:
    """Return the last lesson's notebook on one article, with that article's exercises in it."""
    from kit.lessons import OWN

    article = lesson.partition("-")[2]
    title = datasets.load_article(article).title or article
    asked = [e.id for e in exercises.load(lesson)]
    there = set()
    cells: list[dict[str, Any]] = []
    for cell in notebook["cells"]:
        source = _source(cell)
        if cell["cell_type"] == "code":
            cell = _code(cell, source)
            task = re.search(r"""today\.task\(["']([\d.a-z]+)["']""", source)
            if "today.my_text()" in source or (task and task[1] not in asked):
                # With the words that lead up to it, which stand in the cell before.
                if cells and cells[-1]["cell_type"] == "markdown":
                    cells.pop()
                continue
            there.update([task[1]] if task else [])
            source = source.replace(f'lesson("{OWN}")', f'lesson("{lesson}", article="{article}")')
            cell["source"] = source
        cells.append(cell)
    more = [id for id in asked if id not in there]
    if more:
        place = next(n for n, cell in enumerate(cells) if "today.compare(" in _source(cell)) - 1
        new = [_words("check-yourself", _CHECK)]
        for id in more:
            task = _code(
                {"id": f"task-{id.replace('.', '-')}", "metadata": _HIDDEN}, f'today.task("{id}")'
            )
            new.append({"cell_type": "code", **task})
        cells[place:place] = new
    head = (
        f"\n\n**The text.** Your instructor has chosen it: “{_md(title)}”. It stands ready below."
    )
    cells[0] = {**cells[0], "source": _source(cells[0]) + head}
    return {**notebook, "cells": cells}


_CHECK = (
    "## Check yourself\n\n"
    "These are about what can be counted in this text, and about the labels that you have made."
)
_HIDDEN = {"jupyter": {"source_hidden": True}}


def _handed_out(notebook: dict[str, Any], assignment: Assignment, graded: bool) -> dict[str, Any]:
    """Return a notebook as students get it."""
    cells = [dict(cell) for cell in notebook["cells"]]
    if graded:
        sources = {_source(cell) for cell in cells if cell["cell_type"] == "code"}
        cells = [new for cell in cells if (new := _without_readings(cell, sources)) is not None]
    for cell in cells:
        if cell["cell_type"] == "markdown":
            cell["source"] = _LINK.sub(
                lambda link: link[0] if link[2] in assignment.lessons else link[1], _source(cell)
            )
    cells.insert(1, _words("assignment", _notice(assignment)))
    return {**notebook, "cells": cells}


def _without_readings(cell: dict[str, Any], sources: set[str]) -> dict[str, Any] | None:
    """Return a cell that shows no other reading and no stored page; None for one that goes."""
    source = _source(cell)
    if cell["cell_type"] != "code":
        return None if "load_coding(" in source else cell
    if "today.compare(" in source:
        return _words(cell["id"], _LEFT_OUT["compare"])
    own = _OTHERS.sub("", source)
    if _TELL.search(source) or (own != source and own in sources):
        return _words(cell["id"], _LEFT_OUT["chart"])
    return _code(cell, own)


def _source(cell: Mapping[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _code(cell: Mapping[str, Any], source: str) -> dict[str, Any]:
    return {**cell, "source": source, "outputs": [], "execution_count": None}


def _words(id: str, source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": id, "metadata": {}, "source": source}


def _md(text: str) -> str:
    """Return a text that Markdown takes as words and nothing else."""
    return re.sub(r"([\\`*_{}\[\]()#+!|$<>~&-])", r"\\\1", text)


def _notice(assignment: Assignment) -> str:
    lines = [f"> **Assignment: {_md(assignment.title)}.**"]
    if assignment.due:
        lines.append(f"> To be handed in by {assignment.due:%A} {assignment.due.isoformat()}.")
    lines.append(f"> What counts: {', '.join(assignment.exercises) or 'your labels'}.")
    if assignment.mode == "graded":
        lines.append(
            "> Your instructor marks it. This copy has no answers in it and no reading but yours: "
            "forms keep what you write and say nothing of right or wrong, and charts show your own "
            "labels. Where the text below speaks of the reference, you will see it later."
        )
    else:
        lines.append("> This is for practice: the forms check your answers, as often as you like.")
    lines.append(
        "> When you have finished, sign at the end of the page, press **Download my work**, and "
        "hand in that one file."
    )
    return "\n".join(lines)


# -- words to go with it ---------------------------------------------------------------------------


def _readme(assignment: Assignment) -> str:
    due = f"\nHand it in by **{assignment.due.isoformat()}**.\n" if assignment.due else ""
    notebooks = "\n".join(f"- `notebooks/{lesson}.ipynb`" for lesson in assignment.lessons)
    counts = ", ".join(assignment.exercises) or "your labels"
    marked = (
        "Your instructor marks this work. The forms keep your answers and do not check them."
        if assignment.mode == "graded"
        else "This is for practice. The forms check your answers, and you can try again."
    )
    return f"""# {_md(assignment.title)}
{due}
## Begin

You need Python 3.11 or newer. In this folder:

```
python run.py lab
```

The first time it sets itself up, which takes about a minute and needs the network once; after that
it works offline. (On some systems the command is `python3` or `py` in place of `python`.) Your
browser opens the first page. Choose **Run → Run All Cells**, and begin.

## What to do

{notebooks}

What counts: {counts}. {marked}

## Hand it in

Everything you make is saved at once, in the folder `work`. At the end of a notebook write your name
or pseudonym, press **Download my work**, and hand in the file that arrives. Nothing is sent
anywhere by itself.

Something is not in order? `python run.py doctor` says what, and how to mend it.

The kit’s code is under the licence in `LICENSE`, its words under that in `LICENSE-CONTENT.md`. The
article’s rights stand in `datasets/README.md`.
"""


def secret(assignment: Assignment) -> str:
    """Return in plain words what in the folder is secret and what is not."""
    pairs = (
        "\nThe names of pairs stand in assignment.json, and whoever has the folder can read them. "
        "If\nthat is not wanted, use pseudonyms.\n"
        if assignment.pairs
        else ""
    )
    if assignment.mode == "practice":
        return f"""WHAT IS SECRET, AND WHAT IS NOT

This folder is for practice. Nothing in it is secret.

It holds the exercises with their answers and reasons, the reference and the readings it was
made from. A notebook shows these only after a student has committed an answer, but whoever opens
the files can read them. Do not give a mark for right answers in such a folder.

Not in it: the teaching notes, and the kit’s tools for instructors.
{pairs}"""
    own = not _ships_with_kit(assignment.article)
    where = (
        "The article is one that you added yourself. Its answers are in your own copy of the kit "
        "and\nnowhere else, as long as you pass that copy on to nobody."
        if own
        else "The kit is public. Whoever gets the whole kit, from where you got it, has the "
        "reference, both\nreadings, and every answer with its reason. So a mark for right answers "
        "on this article shows\nat best who did not look them up. For a mark that stands on more: "
        "give weight to the free text\nand its evidence, or add an article of your own "
        "(python -m kit new-article)."
    )
    return f"""WHAT IS SECRET, AND WHAT IS NOT

This folder is for a mark.

Not in this folder:
- the reference, and the readings it was made from;
- which places are disputed, and what can be said for either side;
- the right answers, the wrong ones, and the reasons for both;
- the stored facts, dates and outcomes that answers are checked against;
- the teaching notes, and the kit’s tools for instructors.

In this folder, for everybody who opens the files:
- the article, the codebook with its examples, and the prompts;
- all hints, those a student has not asked for too. A work file tells how many were asked for in
  the form; it cannot tell who has read them in the files;
- numbers that a page or a prompt states, such as how many labels the reference has;
- the kit’s rules and word lists. What the rules suggest on the article is often right.

Not secret elsewhere:
{where}

A student’s work is a plain file. Whoever has it can read it and change it; it is signed with a
name, not sealed.
{pairs}"""


def _ships_with_kit(article: str) -> bool:
    return not (_data() / article / "exercises" / f"{own_lesson(article)}.toml").exists()
