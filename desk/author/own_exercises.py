"""The exercises on an instructor's own article that can be made without a person's help.

The lesson has the last lesson's own exercises on any text, all of them read by a person. It leaves
out the one that asks where the student has the text from and what was cleaned: only the instructor
knows. After them comes what can be checked without anybody's opinion, or against the reference:

* **Quotation marks, counted**, if the text has 2 to 30 pairs; and the words between them, if there
  are 5 to 120. Both can be seen and pointed at, and counting them makes one read. Lines are not
  asked for, because their numbers stand beside them, and words are not, because nobody counts 600.
* **Roles of up to eight paragraphs**, if the reference gives three different roles or more: two
  paragraphs a role at most, so that no role can be guessed by its being frequent.
* **Records of who speaks in up to three paragraphs**, with their mode: paragraphs in which the
  reference has exactly one record, with all its parts, and as many modes as there are. Headlines
  and captions are not asked about. How many attributions a whole text has is a decision and no
  fact, so no exercise asks for that number.

Nothing is made of wording, issues and moves: there one reader's labels are too thin to check
anybody by. A reference of one reader's has no disputes, and all its labels count as anchors; the
prompts say whose labels they are.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from desk.handout.compose import own_lesson
from kit import exercises
from kit.base.phrases import join
from kit.base.toml_reader import read_toml
from kit.base.toml_writer import to_toml
from kit.coding.codebook import Codebook
from kit.coding.coding import Annotation, Coding
from kit.library import datasets, facts
from kit.library.course import OWN_LESSON
from kit.library.reference import Reference
from kit.text.article import Article
from kit.text.quotations import quotations, quoted_words
from kit.work import own_texts

# Where no speaker is asked for: little context, and students label the story.
_ASIDE = {"headline", "dateline", "caption", "furniture"}
#: Exercises for whoever has brought the text.
_BROUGHT = {"7.1"}
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
    wanted = {
        "pairs": _PAIRS[0] <= pairs <= _PAIRS[1],
        "words": _QUOTED[0] <= words <= _QUOTED[1],
    }
    table = _asked("quotations")
    table["fields"] = [field for field in table["fields"] if wanted[field["id"]]]
    for field in table["fields"]:
        for wrong in field.get("wrong", ()):
            wrong["value"] = 2 * pairs
    return table if table["fields"] else None


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
    return {**_asked("roles", units), "units": units}


def _records(reference: Coding) -> dict[str, Any] | None:
    layer = reference.codebook.layer("attribution")
    parts = [part.id for part in layer.parts]
    position = reference.codes("position")
    in_block: dict[str, list[Annotation]] = {}
    for one in reference.on("attribution"):
        in_block.setdefault(reference.article.block_of(one.at).id, []).append(one)
    fit = {
        id: records[0]
        for id, records in in_block.items()
        if len(records) == 1
        and position.get(id) not in _ASIDE
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
    return {**_asked("records", blocks), "blocks": blocks}


def _asked(name: str, places: Sequence[str] = ()) -> dict[str, Any]:
    """Return what ``own_exercises.toml`` has on an exercise, with the paragraphs it asks about."""
    table = read_toml(Path(__file__).with_suffix(".toml"), dict, exercises.ExerciseError)[name]
    return {**table, "prompt": table["prompt"].replace("{asked}", join(places))}


def write_lesson(
    folder: Path, article: Article, codebook: Codebook, reference: Coding | None
) -> tuple[str, ...]:
    """Write facts and exercises into an article's folder; return the ids of the exercises.

    A file that somebody has changed since the kit made it stays as it is.

    Args:
        folder: the article's, or one that will be.
        article: the text.
        codebook: what may be said of it.
        reference: the instructor's labels, if they are kept already.

    Raises:
        OSError: the folder cannot be written.
    """
    known = _facts(article, Reference(reference) if reference is not None else None)
    tables = {one.id: {"what": one.what, "value": one.value, "how": one.how} for one in known}
    _put(folder / "facts.toml", to_toml(tables))
    source = datasets.root() / "datasets" / own_texts.PRACTICE / "exercises" / f"{OWN_LESSON}.toml"
    raw = read_toml(source, dict, exercises.ExerciseError)
    own = [
        _on_own_article(table)
        for table in raw["exercises"]
        if table.get("article") == exercises.OWN and table["id"] not in _BROUGHT
    ]
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
            path.write_bytes(to_toml({"lesson": lesson, "exercises": [table]}))
            if not exercises.problems(exercises.model.load_file(path), context):
                kept.append(table)
        path.write_bytes(to_toml({"lesson": lesson, "exercises": [*own, *kept]}))
        ids = tuple(exercise.id for exercise in exercises.model.load_file(path))
        made = path.read_bytes()
    _put(folder / "exercises" / f"{lesson}.toml", made)
    return ids


def _on_own_article(table: dict[str, Any]) -> dict[str, Any]:
    """Return an exercise as it stands in a lesson on an article of an instructor's own."""
    for_a_mark = {**table.get("graded", {}), **table.get("own_graded", {})}
    kept = {key: value for key, value in table.items() if key not in ("graded", "own_graded")}
    return {**kept, "graded": for_a_mark} if for_a_mark else kept


def _facts(article: Article, reference: Reference | None) -> list[facts.Fact]:
    from desk.author.fact_counts import compute

    wanted = {
        "blocks": "Numbered lines of the text",
        "words": "Words of the text",
        "quotations": "Pairs of quotation marks in the text",
        "quoted-words": "Words between quotation marks",
    }
    if reference is not None:
        wanted["attributions"] = "Attributions in the reference"
    found = [facts.Fact(id, what, 0, id) for id, what in wanted.items()]
    return [msgspec.structs.replace(f, value=compute(f, article, reference)) for f in found]


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
