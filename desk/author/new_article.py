"""An instructor's own article: taken in, numbered, labelled, with exercises that can be computed.

It goes into a folder of its own, ``datasets/<id>/``, beside the articles that come with the kit:

* ``article.txt`` and ``article.toml``: the text as :mod:`kit.text.intake` has cleaned it, with its
  fingerprint, and what is known of it;
* ``codebook/attribution.toml`` and ``codebook/issue.toml``: the affiliations of its two sides in
  place of those of the article that comes with the kit, and the matters that come back in it, in
  its own words, beside the general ones;
* ``codings/suggested.json``: what the kit's rules suggest, until somebody has read the text;
* ``codings/reference.json``: the instructor's labels, once they are kept as the reference, on the
  layers that the instructor has looked through. The rules' notes are left out: students would take
  them for the instructor's reasons. The suggestions then move out of ``codings/``: they are no
  reading of a person, and among the readings they would decide which labels of the reference count;
* ``facts.toml`` and ``exercises/07-<id>.toml``: numbers, and a lesson of exercises.

Which exercises these are, and why, :mod:`.own_exercises` says.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date as Date
from datetime import datetime as DateTime
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from desk.author.own_exercises import write_lesson
from desk.base.markdown import words_of
from desk.handout.compose import own_lesson
from kit import exercises
from kit.base.durable import free_name, replace_file, reserved
from kit.base.errors import KitError
from kit.base.files import reason
from kit.base.phrases import all_of, one_line, plural
from kit.base.toml_reader import read_toml
from kit.base.toml_writer import to_toml
from kit.coding.codebook import Codebook, CodebookError, Layer
from kit.coding.coding import Annotation, Coding
from kit.library import datasets, facts
from kit.text import intake
from kit.text.article import Article
from kit.text.intake import Choices, Cleaned
from kit.work.changes import same_label
from kit.work.names import work_folder
from kit.work.workbook import Workbook

MAX_TITLE = 200
MAX_ABOUT = 2_000
#: Where the articles' folders lie.
DATA = datasets.root() / "datasets"
#: Under this name the instructor's labels are kept until they are the reference.
LABELLER = "reference"
#: The layers that an instructor goes through, in this order.
LAYERS = ("position", "role", "attribution", "expectation", "issue")

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
# Names that the kit keeps for itself.
_TAKEN = re.compile(r"own|own-.*|codebook|lexicons|texts|instructor")
_BANNER = "This text is its publisher’s. It is here to be studied; do not pass it on."
_NEXT = "Next: look through the suggestions in notebooks/instructor/new-article.ipynb."
_DAYS = ("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%B %d %Y")
# Keys for the matters of an article's own.
_KEYS = "bcdefgijnpqrstuvwyz"
# Where a title is not looked for.
_NO_TITLE = {"furniture", "dateline", "caption"}
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


class Gone(NamedTuple):
    """How far somebody has gone through the rules' suggestions on one layer.

    Attributes:
        layer: the layer.
        same: labels that stand as they were suggested, or with another note.
        changed: labels that were suggested otherwise.
        own: labels that no rule suggested.
        out: suggestions that were taken out.
    """

    layer: Layer
    same: int
    changed: int
    own: int
    out: int

    @property
    def labels(self) -> int:
        """How many labels there are on the layer."""
        return self.same + self.changed + self.own

    @property
    def untouched(self) -> bool:
        """Whether all is as the rules left it, with something there to look at."""
        return bool(self.same) and not (self.changed or self.own or self.out)


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
    sides: str = "",
    choices: Choices = intake.AS_IT_COMES,
) -> Added:
    """Clean a text, number it, and put it beside the articles of the kit.

    All of it is made before the folder appears: nothing half done is ever there.

    Args:
        text: a file's bytes, or text that was pasted.
        name: the file's name, for messages.
        id: a short name, such as ``"harbour-strike"``; from the title if empty.
        title: its headline; if empty, the line of the text that looks like one.
        outlet, date, source, rights: who published it, on which day (``2027-01-15``, or with the
            month in words), where the instructor has it from, and what may be done with it; all
            may be empty.
        banner: what students see above the text; if empty, outlet and day, and that the text is
            its publisher's.
        sides: the two countries or sides that it is about, with a comma between; called “first”
            and “second” if empty.
        choices: what was decided about the text when it was cleaned.

    Raises:
        IntakeError: it is no text, too long or too short.
        NewArticleError: the id cannot be one, or there is such an article; the day is none; there
            are not two sides; the folder cannot be written.
    """
    if id:
        check_id(id)
    day, two = _day(date), _two(sides)
    cleaned = intake.clean(text, name=name, choices=choices)
    title = one_line(title)[:MAX_TITLE] or headline_of(cleaned.text)
    id = id or suggested_id(title)
    check_id(id)
    about = {
        "title": title,
        "outlet": outlet,
        "source": source,
        "rights": rights or _RIGHTS,
        "banner": banner or _said_above(outlet, day),
        "sha256": hashlib.sha256(cleaned.text.encode("utf-8")).hexdigest(),
    }
    known: dict[str, object] = {
        key: line for key, text in about.items() if (line := one_line(text)[:MAX_ABOUT])
    }
    known["cleaned"] = [change.what for change in cleaned.changes]
    if day:
        known["date"] = day
    head = to_toml(known)
    with _written(DATA / id):
        temporary = tempfile.TemporaryDirectory(
            prefix=".new-article-", dir=DATA.parent, ignore_cleanup_errors=True
        )
    with temporary as place, _written(DATA / id):
        folder = Path(place) / id
        folder.mkdir()
        (folder / "article.txt").write_bytes(cleaned.text.encode("utf-8"))
        (folder / "article.toml").write_bytes(head)
        article = Article.from_file(folder / "article.txt", id=id)
        _write_layers(folder / "codebook", DATA / "codebook", two, article)
        codebook = Codebook.from_folder(DATA / "codebook", folder / "codebook")
        suggested = _suggested(article, codebook)
        if suggested is not None and len(suggested):
            (folder / "codings").mkdir()
            (folder / "codings" / "suggested.json").write_bytes(suggested.to_json())
        ids = write_lesson(folder, article, codebook, None)
        check_id(id)  # somebody may have been quicker
        os.rename(folder, DATA / id)
    found = [] if suggested is None else [one.layer for one in suggested]
    counts = {layer: found.count(layer) for layer in dict.fromkeys(found)}
    return Added(_article(id), cleaned, counts, ids)


def told(added: Added, then: str = _NEXT) -> list[str]:
    """Return what was done, in lines: what was cleaned, how large the text is, and ``then`` what
    comes next, if anything."""
    article, changes = added.article, added.cleaned.changes
    words = sum(len(block.words) for block in article.blocks)
    lines = [
        f"“{article.title}” is kept as {article.id}: {len(article.blocks)} numbered paragraphs, "
        f"{words:,} words."
    ]
    lines += ["What was cleaned:"] if changes else ["The text was clean."]
    for change in changes:
        example = f" (first here: {change.example})" if change.example else ""
        lines.append(f"- {change.what}{example}")
    if added.suggested:
        on = sorted(added.suggested, key=_place)
        counts = ", ".join(f"{added.suggested[layer]} on {layer}" for layer in on)
        lines.append(f"The rules suggest labels: {counts}. Some are wrong, and some are missing.")
        lines.append("Nothing is suggested on roles: those are yours to give.")
    lines.append(
        f"It has {plural(len(added.exercises), 'exercise')} so far; those that check roles and "
        "speakers are made from your labels."
    )
    return [*lines, then] if then else lines


def check_id(id: str) -> None:
    """Look whether an article may be called so.

    Raises:
        NewArticleError: it may not, or there is something of that name.
    """
    if not _ID.fullmatch(id) or _taken(id):
        shown = one_line(id)[:60]
        raise NewArticleError(
            f"“{shown}” cannot be the short name of an article. Use small letters, digits and "
            "hyphens, 40 at most, such as harbour-strike; a few names are taken."
        )
    if os.path.lexists(DATA / id):
        raise NewArticleError(
            f"There is something called “{id}” under datasets already, and it is left as it is. "
            "Choose another short name."
        )


def _taken(id: str) -> bool:
    return reserved(id) or _TAKEN.fullmatch(id) is not None


def suggested_id(title: str) -> str:
    """Return a short name that a title suggests and that is free."""
    stem = "-".join(words_of(title)[:4])[:32].strip("-") or "article"
    if _taken(stem):
        stem = f"article-{stem[:24]}"
    return free_name(DATA / stem).name


def added_ids() -> list[str]:
    """Return the ids of the articles that were added so."""
    return sorted(
        path.parent.name
        for path in DATA.glob("*/article.txt")
        if (path.parent / "exercises" / f"{own_lesson(path.parent.name)}.toml").exists()
    )


def exercises_of(id: str) -> list[exercises.Exercise]:
    """Return the exercises of an added article.

    Raises:
        NewArticleError: it is no article that was added.
        ExerciseError: somebody has changed their file, and it cannot be used any more.
    """
    _refuse_others(id)
    lesson = own_lesson(id)
    return list(exercises.model.load_file(DATA / id / "exercises" / f"{lesson}.toml"))


def headline_of(text: str) -> str:
    """Return the line of a cleaned text that looks like its headline.

    That is what the kit's rules take for one, unless it is the menu of a web page; then the first
    line of some length that is no furniture; then the text's first words.
    """
    article = Article.from_text("new", text)
    suggested = _suggested(article, Codebook.from_folder(DATA / "codebook"), ["position"])
    position = {} if suggested is None else suggested.codes("position")
    lines = [(position.get(block.id, ""), one_line(block.text)) for block in article.blocks]
    lines = [(at, line) for at, line in lines if len(line.split()) > 3 and "|" not in line]
    for at, line in lines:
        if at == "headline" and len(line) <= MAX_TITLE:
            return line
    beginning = one_line(text.partition("\n")[0])
    return _shortened(next((line for at, line in lines if at not in _NO_TITLE), beginning))


def _place(layer: str) -> int:
    return LAYERS.index(layer) if layer in LAYERS else len(LAYERS)


def _shortened(line: str) -> str:
    if len(line) <= 80:
        return line
    # Not every script has blanks between words.
    return (line[:80].rpartition(" ")[0] or line[:78]) + " …"


def _day(typed: str) -> Date | None:
    typed = one_line(typed)
    if not typed:
        return None
    with suppress(ValueError):
        return Date.fromisoformat(typed)
    for form in _DAYS:
        with suppress(ValueError):
            return DateTime.strptime(typed, form).date()
    raise NewArticleError(
        f"“{typed[:40]}” is no date. Write it as 2027-01-15 or 15 January 2027, or leave it empty."
    )


def _two(sides: str) -> tuple[str, str]:
    """Return the two sides as they were typed."""
    typed = [one_line(side)[:40] for side in re.split(r"[,;/]| and ", sides) if one_line(side)]
    if not typed:
        return ("First side", "Second side")
    if len(typed) != 2 or typed[0].casefold() == typed[1].casefold():
        raise NewArticleError(
            "Name the two sides with a comma between, such as: Norland, Velsk. Or leave it empty."
        )
    return (typed[0], typed[1])


def _write_layers(folder: Path, general: Path, sides: tuple[str, str], article: Article) -> None:
    """Write an article's own layers: whose side a speaker can be on, and which matters come back
    in it. A layer that the general codebook does not have is left out."""
    folder.mkdir()
    if (general / "attribution.toml").exists():
        layer = read_toml(general / "attribution.toml", dict, CodebookError)
        for field in layer["fields"]:
            if field["id"] == "affiliation":
                shared = {one["id"]: one for one in field["options"]}
                field["options"] = [
                    *(_affiliation(n, side, "government") for n, side in enumerate(sides)),
                    shared["both-governments"],
                    *(_affiliation(n, side, "other") for n, side in enumerate(sides)),
                    *(shared[id] for id in ("third-country", "unclear")),
                ]
        (folder / "attribution.toml").write_bytes(to_toml(layer))
    if (general / "issue.toml").exists():
        layer = read_toml(general / "issue.toml", dict, CodebookError)
        known = {code["id"] for code in layer["codes"]}
        keys = [key for key in _KEYS if key not in {code["key"] for code in layer["codes"]}]
        for word, key in zip((w for w in _recurring(article) if w not in known), keys):
            layer["codes"].append(
                {
                    "id": word,
                    "name": word.capitalize(),
                    "key": key,
                    "definition": f"Whatever the two sides have to settle about “{word}”.",
                    "example": word,
                }
            )
        (folder / "issue.toml").write_bytes(to_toml(layer))


def _recurring(article: Article) -> list[str]:
    """Return the matters that come back in a text; none where there are no rules."""
    try:
        from kit.suggest.issue import recurring
    except ImportError:
        return []
    return recurring(article)


def _affiliation(number: int, side: str, kind: str) -> dict[str, str]:
    begins = ("one", "two")[number]
    name, says = {
        "government": (f"{side} government", f"speaks for or from the government of {side}"),
        "other": (f"{side}, other", f"from {side}, not its government"),
    }[kind]
    return {"id": f"{begins}-{kind}", "name": name, "definition": says}


def _said_above(outlet: str, day: Date | None) -> str:
    """Return the sentences that students see above the text."""
    when = f"{day.day} {day:%B} {day.year}" if day else ""
    origin = ", ".join(filter(None, [one_line(outlet)[:MAX_TITLE], when]))
    return f"From: {origin.rstrip('.')}. {_BANNER}" if origin else _BANNER


def _article(id: str) -> Article:
    return Article.from_file(DATA / id / "article.txt", id=id)


def _codebook(id: str) -> Codebook:
    return Codebook.from_folder(DATA / "codebook", DATA / id / "codebook")


def _suggested(
    article: Article, codebook: Codebook, layers: Sequence[str] | None = None
) -> Coding | None:
    """Return what the kit's rules suggest; None where there are no rules or they fail."""
    try:
        from kit.suggest import suggest

        return suggest(article, codebook, layers).coding
    except (ImportError, KitError):
        return None


@contextmanager
def _written(path: Path) -> Iterator[None]:
    try:
        yield
    except KitError:
        raise
    except OSError as problem:
        raise NewArticleError(
            f"{path} cannot be written: {reason(problem)}. Look whether the disk is "
            "full, or the folder belongs to somebody else."
        ) from None


# -- the reference ---------------------------------------------------------------------------------


def workbook_of(id: str) -> Workbook:
    """Return the workbook in which an instructor labels an added article. When it is opened for
    the first time, it has the rules' suggestions in it.

    Raises:
        NewArticleError: it is no article that was added.
        NotSaved: the work folder cannot be written.
    """
    _refuse_others(id)
    article, codebook = _article(id), _codebook(id)
    workbook = Workbook.open(article, codebook, LABELLER, work_folder() / "instructor")
    workbook.refresh()
    begun = workbook.revision or workbook.question
    suggested = None if begun else _were_suggested(id, article, codebook)
    if suggested is not None:
        for layer in dict.fromkeys(one.layer for one in suggested):
            workbook.apply(layer, {one.id: (None, one) for one in suggested.on(layer)})
    return workbook


def gone_through(id: str, coding: Coding) -> list[Gone]:
    """Return how far somebody has gone through the suggestions, by layer in the order in which
    they are gone through; a layer without labels and suggestions is left out.

    Args:
        id: the article.
        coding: the instructor's labels as they are now.

    Raises:
        NewArticleError: it is no article that was added.
    """
    _refuse_others(id)
    suggested = _were_suggested(id, coding.article, coding.codebook)
    found = []
    for layer in sorted(coding.codebook.layers, key=lambda layer: _place(layer.id)):
        were = suggested.by_id(layer.id) if suggested is not None else {}
        now = {one.id: one for one in _labels(coding) if one.layer == layer.id}
        both = [id for id in now if id in were]
        same = sum(_stands(now[id], were[id]) for id in both)
        gone = Gone(layer, same, len(both) - same, len(now) - len(both), len(were) - len(both))
        if gone.labels or gone.out:
            found.append(gone)
    return found


def keep_reference(id: str, coding: Coding, layers: Iterable[str] = ()) -> tuple[str, ...]:
    """Keep a coding as an added article's reference, make its exercises anew, and return their
    ids. A reference of before stays beside it as ``reference.json.before``, and exercises or
    facts that somebody has changed by hand stay as they are.

    A rule's note is left out, and so is what has nothing but a note, or a role for a line that is
    no part of the story: whoever calls a line a caption need not take its role out as well.

    Args:
        id: the article.
        coding: the instructor's labels.
        layers: the layers that are kept; all if none is named.

    Raises:
        NewArticleError: it is no article that was added, the codebook has no such layer, the
            coding has no labels there, or the folder cannot be written.
        CodingError: the labels do not fit the article.
    """
    _refuse_others(id)
    article, codebook = _article(id), _codebook(id)
    known, wanted = [layer.id for layer in codebook.layers], set(layers)
    if unknown := sorted(wanted.difference(known)):
        raise NewArticleError(
            f"The codebook has no layer {one_line(', '.join(unknown))[:60]}. "
            f"There is: {', '.join(known)}."
        )
    suggested = _were_suggested(id, article, codebook)
    were = {(one.layer, one.id): one for one in suggested or ()}
    labels, same = [], 0
    for one in _labels(coding):
        if wanted and one.layer not in wanted:
            continue
        was = were.get((one.layer, one.id))
        same += was is not None and _stands(one, was)
        # What was changed is no rule's finding any more, and what was not, nobody has argued.
        labels.append(_bare(one) if was is not None and one.note == was.note else one)
    if not labels:
        raise NewArticleError("There is no label yet. Label something first.")
    about = "One instructor’s reading"
    if same:
        about += f", begun from what the kit’s rules suggest: {all_of(same, len(labels), 'label')}"
        about += f" {'stands' if same == 1 else 'stand'} as suggested"
    made = Coding(article, codebook, "reference", labels, about=f"{about}.")
    folder = DATA / id
    with _written(folder):
        (folder / "codings").mkdir(exist_ok=True)
        path = folder / "codings" / "reference.json"
        # Not called .json: whatever is called so there is taken for a reading.
        replace_file(path, made.to_json(), backup=path.with_name("reference.json.before"))
        if (folder / "codings" / "suggested.json").exists():
            os.replace(folder / "codings" / "suggested.json", folder / "suggested.json")
        ids = write_lesson(folder, article, codebook, made)
    datasets.load_reference.cache_clear()
    facts.load.cache_clear()
    return ids


def _were_suggested(id: str, article: Article, codebook: Codebook) -> Coding | None:
    """Return what the rules suggested when the article was added; None where nothing was."""
    for path in (DATA / id / "codings" / "suggested.json", DATA / id / "suggested.json"):
        if path.exists():
            return Coding.from_file(path, article, codebook)
    return None


def _labels(coding: Coding) -> list[Annotation]:
    """Return the labels that say something, on lines that their layer is about."""
    positions = coding.codes("position")
    found = []
    for one in coding:
        story = coding.codebook.layer(one.layer).story
        line = coding.article.block_of(one.at).id
        if (one.codes or one.parts) and (not story or positions.get(line, story[0]) in story):
            found.append(one)
    return found


def _bare(one: Annotation) -> Annotation:
    """Return a label without its note."""
    return replace(one, note="")


def _stands(one: Annotation, was: Annotation) -> bool:
    return same_label(_bare(one), _bare(was))


def _refuse_others(id: str) -> None:
    if id not in added_ids():
        there = ", ".join(added_ids()) or "none yet"
        raise NewArticleError(
            f"“{one_line(id)[:60]}” is no article that was added here. There is: {there}."
        )
