"""An instructor's own article: taken in, numbered, labelled, with exercises that can be computed.

It goes into a folder of its own, ``datasets/<id>/``, beside the articles that come with the kit:

* ``article.txt`` and ``article.toml``: the text as :mod:`kit.intake` has cleaned it, with its
  fingerprint, and what is known of it;
* ``codings/suggested.json``: what the kit's rules suggest, until somebody has read the text;
* ``codings/reference.json``: the instructor's labels, once they are kept as the reference. The
  suggestions then move out of ``codings/``: they are no reading of a person, and among the
  readings they would decide which labels of the reference count;
* ``facts.toml`` and ``exercises/07-<id>.toml``: numbers, and a lesson of exercises.

The lesson has the last lesson's own exercises on any text, all of them read by a person, and after
them what can be checked without anybody's opinion, or against the reference:

* **Quotation marks, counted**, if the text has 2 to 30 pairs; and the words between them, if there
  are 5 to 120. Both can be seen and pointed at, and counting them makes one read. Lines are not
  asked for, because their numbers stand beside them, and words are not, because nobody counts 600.
* **Roles of up to eight paragraphs**, if the reference gives three different roles or more: two
  paragraphs a role at most, so that no role can be guessed by its being frequent.
* **Records of who speaks in up to three paragraphs**, with their mode: paragraphs in which the
  reference has exactly one record, with all its parts, and as many modes as there are. How many
  attributions a whole text has is a decision and no fact, so no exercise asks for that number.

Nothing is made of wording, issues and moves: there one reader's labels are too thin to check
anybody by. A reference of one reader's has no disputes, and all its labels count as anchors; the
prompts say whose labels they are.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import contextmanager
from datetime import date as Date
from pathlib import Path
from typing import Any, NamedTuple

from kit import datasets, exercises, facts, intake, own_texts
from kit.article import Article
from kit.classroom.blanked import to_toml
from kit.classroom.compose import own_lesson
from kit.classroom.plain import one_line
from kit.codebook import Codebook
from kit.coding import Annotation, Coding
from kit.durable import replace_file
from kit.errors import KitError
from kit.intake import Cleaned
from kit.quotations import quotations, quoted_words
from kit.reference import Reference
from kit.workbook import Workbook, work_folder

__all__ = [
    "Added",
    "NewArticleError",
    "add",
    "added_ids",
    "check_id",
    "keep_reference",
    "pick",
    "suggested_id",
    "told",
    "workbook_of",
]

MAX_FILE = intake.MAX_BYTES + 1
MAX_TITLE = 200
MAX_ABOUT = 2_000
#: Under this name the instructor's labels are kept until they are the reference.
LABELLER = "reference"

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
# Names that Windows or the kit keeps for itself.
_TAKEN = re.compile(r"con|prn|aux|nul|com\d|lpt\d|own|own-.*|codebook|lexicons|texts|instructor")
_BANNER = "This text is its publisher’s. It is here to be studied; do not pass it on."
_RIGHTS = "The text is its publisher’s. The kit’s licences do not cover it."


class NewArticleError(KitError, ValueError):
    """An article cannot be added or its reference kept; the message says why and what to do."""


class Added(NamedTuple):
    """An article that was added.

    Attributes:
        article: the article, numbered.
        cleaned: what was changed in the text.
        suggested: the layers on which the rules suggest something, with how many labels.
        exercises: the ids of its exercises.
    """

    article: Article
    cleaned: Cleaned
    suggested: dict[str, int]
    exercises: tuple[str, ...]


# -- adding ----------------------------------------------------------------------------------------


def add(
    text: bytes | str,
    *,
    name: str = "",
    id: str = "",
    title: str = "",
    outlet: str = "",
    date: str = "",
    source: str = "",
    rights: str = "",
    banner: str = "",
    data: Path | None = None,
) -> Added:
    """Clean a text, number it, and put it beside the articles of the kit.

    All of it is made before the folder appears: nothing half done is ever there.

    Args:
        text: a file's bytes, or text that was pasted.
        name: the file's name, for messages.
        id: a short name, such as ``"harbour-strike"``; from the title if empty.
        title: its headline; its first words if empty.
        outlet, date, source, rights: who published it, on which day (``2027-01-15``), where the
            instructor has it from, and what may be done with it; all may be empty.
        banner: a sentence that students see above the text.
        data: where the articles' folders lie; the kit's ``datasets/`` if None.

    Raises:
        IntakeError: it is no text, too long or too short.
        NewArticleError: the id cannot be one, or there is such an article; the day is none; the
            folder cannot be written.
    """
    data = data or datasets.root() / "datasets"
    if id:
        check_id(id, data)
    cleaned = intake.clean(text, name=name)
    title = one_line(title)[:MAX_TITLE] or _beginning(cleaned.text)
    id = id or suggested_id(title, data)
    check_id(id, data)
    head = _head(
        title=title,
        outlet=outlet,
        date=date,
        source=source,
        rights=rights or _RIGHTS,
        banner=banner or _BANNER,
        sha256=hashlib.sha256(cleaned.text.encode("utf-8")).hexdigest(),
        cleaned=[change.what for change in cleaned.changes],
    )
    with _written(data / id):
        temporary = tempfile.TemporaryDirectory(
            prefix=".new-article-", dir=data.parent, ignore_cleanup_errors=True
        )
    with temporary as place, _written(data / id):
        folder = Path(place) / id
        folder.mkdir()
        (folder / "article.txt").write_bytes(cleaned.text.encode("utf-8"))
        (folder / "article.toml").write_bytes(head)
        article = Article.from_file(folder / "article.txt", id=id)
        codebook = _codebook(data, id)
        suggested = _suggested(article, codebook)
        if suggested is not None and len(suggested):
            (folder / "codings").mkdir()
            (folder / "codings" / "suggested.json").write_bytes(suggested.to_json())
        ids = _write_lesson(folder, article, codebook, None, data)
        check_id(id, data)  # somebody may have been quicker
        os.rename(folder, data / id)
    found = [] if suggested is None else [one.layer for one in suggested]
    counts = {layer: found.count(layer) for layer in dict.fromkeys(found)}
    return Added(_article(data, id), cleaned, counts, ids)


def told(added: Added) -> list[str]:
    """Return what was done, in lines: what was cleaned, how large the text is, what comes next."""
    article, changes = added.article, added.cleaned.changes
    words = sum(len(block.words) for block in article.blocks)
    lines = [
        f"“{article.title}” is kept as {article.id}: {len(article.blocks)} numbered lines, "
        f"{words:,} words."
    ]
    lines += ["What was cleaned:"] if changes else ["The text was clean."]
    for change in changes:
        example = f" (first here: {change.example})" if change.example else ""
        lines.append(f"- {change.what}{example}")
    if added.suggested:
        counts = ", ".join(f"{count} on {layer}" for layer, count in added.suggested.items())
        lines.append(f"The rules suggest labels: {counts}. They are often wrong.")
    lines.append(f"Exercises so far: {', '.join(added.exercises)}.")
    lines.append("Next: look through the suggestions in notebooks/instructor/new-article.ipynb.")
    return lines


def check_id(id: str, data: Path | None = None) -> None:
    """Look whether an article may be called so.

    Raises:
        NewArticleError: it may not, or there is something of that name.
    """
    data = data or datasets.root() / "datasets"
    if not _ID.fullmatch(id) or _TAKEN.fullmatch(id):
        shown = one_line(id)[:60]
        raise NewArticleError(
            f"“{shown}” cannot be the short name of an article. Use small letters, digits and "
            "hyphens, 40 at most, such as harbour-strike; a few names are taken."
        )
    if os.path.lexists(data / id):
        raise NewArticleError(
            f"There is something called “{id}” under datasets already, and it is left as it is. "
            "Choose another short name, with --id."
        )


def suggested_id(title: str, data: Path | None = None) -> str:
    """Return a short name that a title suggests and that is free."""
    data = data or datasets.root() / "datasets"
    letters = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", letters)
    stem = "-".join(words[:4])[:32].strip("-") or "article"
    if _TAKEN.fullmatch(stem):
        stem = f"article-{stem[:24]}"
    id, number = stem, 1
    while os.path.lexists(data / id):
        number += 1
        id = f"{stem}-{number}"
    return id


def added_ids(data: Path | None = None) -> list[str]:
    """Return the ids of the articles that were added so."""
    data = data or datasets.root() / "datasets"
    return sorted(
        path.parent.name
        for path in data.glob("*/article.txt")
        if (path.parent / "exercises" / f"{own_lesson(path.parent.name)}.toml").exists()
    )


def _beginning(text: str) -> str:
    first = one_line(text.partition("\n")[0])
    return first if len(first) <= 80 else first[:80].rpartition(" ")[0] + " …"


def _head(**known: Any) -> bytes:
    day = known.pop("date").strip()
    if day:
        try:
            day = Date.fromisoformat(day).isoformat()
        except ValueError:
            raise NewArticleError(
                f"“{one_line(day)[:40]}” is no date. Write year, month and day, such as "
                "2027-01-15, or leave it empty."
            ) from None
    lines = []
    for key, value in known.items():
        if isinstance(value, list):
            lines.append(f"{key} = [{', '.join(_string(one) for one in value)}]")
        elif value := one_line(value)[:MAX_ABOUT]:
            lines.append(f"{key} = {_string(value)}")
    lines += [f"date = {day}"] if day else []
    return "".join(f"{line}\n" for line in lines).encode("utf-8")


def _string(text: str) -> str:
    # JSON writes printable text as TOML does.
    return json.dumps(one_line(text), ensure_ascii=False)


def _article(data: Path, id: str) -> Article:
    return Article.from_file(data / id / "article.txt", id=id)


def _codebook(data: Path, id: str) -> Codebook:
    return Codebook.from_folder(data / "codebook", data / id / "codebook")


def _suggested(article: Article, codebook: Codebook) -> Coding | None:
    """Return what the kit's rules suggest; None where there are no rules or they fail."""
    try:
        from kit.suggest import suggest

        return suggest(article, codebook).coding
    except (ImportError, KitError):
        return None


@contextmanager
def _written(path: Path):
    try:
        yield
    except KitError:
        raise
    except OSError as problem:
        raise NewArticleError(
            f"{path} cannot be written: {problem.strerror or problem}. Look whether the disk is "
            "full, or the folder belongs to somebody else."
        ) from None


# -- the reference ---------------------------------------------------------------------------------


def workbook_of(id: str, data: Path | None = None) -> Workbook:
    """Return the workbook in which an instructor labels an added article. When it is opened for
    the first time, it has the rules' suggestions in it.

    Raises:
        NewArticleError: it is no article that was added.
        NotSaved: the work folder cannot be written.
    """
    data = data or datasets.root() / "datasets"
    _refuse_others(id, data)
    article, codebook = _article(data, id), _codebook(data, id)
    workbook = Workbook.open(article, codebook, LABELLER, work_folder() / "instructor")
    workbook.refresh()
    if not workbook.revision:
        for path in (data / id / "codings" / "suggested.json", data / id / "suggested.json"):
            if path.exists():
                suggested = Coding.from_file(path, article, codebook)
                for layer in dict.fromkeys(one.layer for one in suggested):
                    labels = {one.id: (None, one) for one in suggested.on(layer)}
                    workbook.apply(layer, labels)
                break
    return workbook


def keep_reference(id: str, coding: Coding, data: Path | None = None) -> tuple[str, ...]:
    """Keep a coding as an added article's reference, make its exercises anew, and return their
    ids. A reference of before stays beside it as ``reference.json.before``, and exercises or
    facts that somebody has changed by hand stay as they are.

    Raises:
        NewArticleError: it is no article that was added, the coding has no labels, or the folder
            cannot be written.
        CodingError: the labels do not fit the article.
    """
    data = data or datasets.root() / "datasets"
    _refuse_others(id, data)
    if not len(coding):
        raise NewArticleError("There is no label yet. Label something first.")
    article, codebook = _article(data, id), _codebook(data, id)
    made = Coding(
        article,
        codebook,
        "reference",
        coding,
        about="One instructor’s reading, begun from what the kit’s rules suggest.",
    )
    folder = data / id
    with _written(folder):
        (folder / "codings").mkdir(exist_ok=True)
        path = folder / "codings" / "reference.json"
        # Not called .json: whatever is called so there is taken for a reading.
        replace_file(path, made.to_json(), backup=path.with_name("reference.json.before"))
        if (folder / "codings" / "suggested.json").exists():
            os.replace(folder / "codings" / "suggested.json", folder / "suggested.json")
        ids = _write_lesson(folder, article, codebook, made, data)
    datasets.load_reference.cache_clear()
    facts.load.cache_clear()
    return ids


def _refuse_others(id: str, data: Path) -> None:
    if id not in added_ids(data):
        there = ", ".join(added_ids(data)) or "none yet"
        raise NewArticleError(
            f"“{one_line(id)[:60]}” is no article that was added here. There is: {there}."
        )


# -- exercises -------------------------------------------------------------------------------------

_PAIRS, _QUOTED, _UNITS, _A_CODE, _RECORDS = (2, 30), (5, 120), 8, 2, 3


def pick(article: Article, reference: Coding | None, first: int) -> list[dict[str, Any]]:
    """Return the exercises on an article that can be checked, as tables; the module's head says
    which and why.

    Args:
        reference: the instructor's labels, if there are any yet.
        first: the number of the first: ``7`` makes it 7.7.
    """
    found = [_count_quotations(article)]
    if reference is not None:
        found += [_roles(reference), _records(reference)]
    chosen = [table for table in found if table]
    return [{"id": f"7.{n}", **table} for n, table in enumerate(chosen, start=first)]


def _count_quotations(article: Article) -> dict[str, Any] | None:
    pairs, words = len(quotations(article)), len(quoted_words(article))
    fields = []
    if _PAIRS[0] <= pairs <= _PAIRS[1]:
        fields.append(
            {
                "id": "pairs",
                "label": "Pairs of quotation marks",
                "fact": "quotations",
                "wrong": [
                    {"value": 2 * pairs, "reason": "These are the marks. How many pairs are they?"}
                ],
                "other": "Go line by line. A quotation that is cut in two by “she said” has two "
                "pairs; one that is never closed counts as one.",
            }
        )
    if _QUOTED[0] <= words <= _QUOTED[1]:
        fields.append(
            {
                "id": "words",
                "label": "Words between quotation marks",
                "fact": "quoted-words",
                "other": "Count each pair’s words and add them up. What has a hyphen or an "
                "apostrophe inside is one word.",
            }
        )
    if not fields:
        return None
    return {
        "title": "How much stands in quotation marks?",
        "kind": "count",
        "item": "fact",
        "minutes": [3, 6, 10],
        "prompt": "Count in the text above. Only double quotation marks count, “such” or "
        '"such", in the headline too. Count what stands there; whether these were anybody’s '
        "words is another question.",
        "hints": ["Write the number of pairs beside each line’s number, then add up."],
        "yes": "Now you know where the text says that it quotes. Who is quoted, and how much, is "
        "the next question.",
        "fields": fields,
    }


def _roles(reference: Coding) -> dict[str, Any] | None:
    by_code: dict[str, list[str]] = {}
    for one in reference.on("role"):
        if one.codes:
            by_code.setdefault(one.codes[0], []).append(one.id)
    if len(by_code) < 3:
        return None
    units: list[str] = []
    for place in range(_A_CODE):
        for ids in by_code.values():
            if place < len(ids) and len(units) < _UNITS:
                units.append(ids[place])
    units = [block.id for block in reference.article.blocks if block.id in units]
    return {
        "title": "What do these paragraphs do?",
        "kind": "label",
        "item": "anchor",
        "minutes": [6, 10, 15],
        "prompt": f"Give a role to each of {_joined(units)}, then press the button. They are held "
        "against **your instructor’s labels**: one careful person’s reading. Where yours is "
        "another and you have a reason, write it into the note, and keep it.",
        "hints": [
            "Has it happened? If yes: is it the newest thing, something before it, or something "
            "that follows from it? If no: who expects it?",
        ],
        "yes": "On all of these you and your instructor read alike.",
        "layer": "role",
        "units": units,
    }


def _records(reference: Coding) -> dict[str, Any] | None:
    layer = reference.codebook.layer("attribution")
    parts = [part.id for part in layer.parts]
    in_block: dict[str, list[Annotation]] = {}
    for one in reference.on("attribution"):
        in_block.setdefault(reference.article.block_at(one.at.start, one.at.end).id, []).append(one)
    fit = {
        id: records[0]
        for id, records in in_block.items()
        if len(records) == 1
        and records[0].fields.get("mode")
        and all(records[0].parts.get(part) for part in parts)
    }
    # One of each mode first, then more until there are enough.
    modes: dict[str, str] = {}
    for id, record in fit.items():
        modes.setdefault(record.fields["mode"], id)
    chosen = [*modes.values(), *(id for id in fit if id not in modes.values())][:_RECORDS]
    if len(chosen) < 2:
        return None
    blocks = [block.id for block in reference.article.blocks if block.id in chosen]
    return {
        "title": "Who speaks here, and in whose words?",
        "kind": "label",
        "item": "anchor",
        "minutes": [6, 10, 15],
        "prompt": f"Make a record for each of {_joined(blocks)}: mark *source*, *cue* and "
        "*content*, and choose the *mode*. Each of these has one record in **your instructor’s "
        "labels**.",
        "hints": ["Mode: are all, some or none of the content’s words inside quotation marks?"],
        "yes": "These records are your instructor’s, too. In the whole text that reading has "
        "{attributions} of them; another reader may find more, or fewer.",
        "layer": "attribution",
        "blocks": blocks,
        "fields": ["mode"],
    }


def _joined(ids: Sequence[str]) -> str:
    return f"{', '.join(ids[:-1])} and {ids[-1]}"


def _write_lesson(
    folder: Path, article: Article, codebook: Codebook, reference: Coding | None, data: Path
) -> tuple[str, ...]:
    """Write facts and exercises into an article's folder; return the ids of the exercises."""
    from kit.lessons import OWN

    known = _facts(article, Reference(reference) if reference is not None else None)
    _put(folder / "facts.toml", _facts_file(known))
    raw = tomllib.loads(
        (data / own_texts.PRACTICE / "exercises" / f"{OWN}.toml").read_text("utf-8")
    )
    own = [table for table in raw["exercises"] if table.get("article") == exercises.OWN]
    first = 1 + max(int(re.findall(r"\d+", table["id"])[1]) for table in raw["exercises"])
    lesson = own_lesson(article.id)
    picked = pick(article, reference, first)
    context = exercises.Context(
        article,
        Coding(article, codebook, "nobody"),
        codebook,
        Reference(reference) if reference is not None else None,
        facts.Facts({fact.id: fact for fact in known}, "facts.toml"),
    )
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / article.id / "exercises" / f"{lesson}.toml"
        path.parent.mkdir(parents=True)
        # What does not fit this very text after all is not asked.
        kept = []
        for table in picked:
            path.write_bytes(to_toml(lesson, [table]))
            if not exercises.problems(exercises.model.load_file(path), context):
                kept.append(table)
        path.write_bytes(to_toml(lesson, [*own, *kept]))
        ids = tuple(exercise.id for exercise in exercises.model.load_file(path))
        made = path.read_bytes()
    _put(folder / "exercises" / f"{lesson}.toml", made)
    return ids


def _facts(article: Article, reference: Reference | None) -> list[facts.Fact]:
    from kit.fact_counts import compute

    wanted = [
        ("blocks", "Numbered lines of the text"),
        ("words", "Words of the text"),
        ("quotations", "Pairs of quotation marks in the text"),
        ("quoted-words", "Words between quotation marks"),
    ]
    if reference is not None:
        wanted.append(("attributions", "Attributions in the reference"))
    found = [facts.Fact(id, what, 0, id) for id, what in wanted]
    return [
        facts.Fact(fact.id, fact.what, compute(fact, article, reference), fact.how)
        for fact in found
    ]


def _facts_file(known: Iterable[facts.Fact]) -> bytes:
    tables = [
        f"[{fact.id}]\nwhat = {_string(fact.what)}\n"
        f"value = {fact.value}\nhow = {_string(fact.how)}\n"
        for fact in known
    ]
    return "\n".join(tables).encode("utf-8")


_STAMP = "# Made by the kit. Change it as you like: it is then left alone. "


def _put(path: Path, content: bytes) -> None:
    """Write a file that the kit makes, unless somebody has changed it since it was made."""
    stamped = f"{_STAMP}{hashlib.sha256(content).hexdigest()}\n".encode() + content
    if path.exists():
        first, _, rest = path.read_bytes().partition(b"\n")
        if first.decode("utf-8", "replace") != _STAMP + hashlib.sha256(rest).hexdigest():
            return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(stamped)
