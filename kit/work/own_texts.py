"""Texts that students bring, and which text each of them has chosen to work on.

A text is kept under ``texts/own-<first 8 digits of its SHA-256>/`` in the work folder: the same
text always has the same id, so work on it is found again whenever it is brought again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from msgspec.structs import replace

from kit.base.durable import replace_file
from kit.base.errors import KitError
from kit.base.files import content
from kit.base.phrases import one_line
from kit.base.toml_writer import to_toml
from kit.coding.codebook import Codebook, Field, Option
from kit.library import datasets
from kit.text.article import About, Article
from kit.text.intake import Cleaned
from kit.work.errors import saving
from kit.work.names import file_stem, keeper, stem_before, work_folder

#: The article that the kit offers to whoever has no text at hand.
PRACTICE = "harran-talks"

MAX_TITLE, MAX_SIDE = 200, 40
_SHORT = 80
_ID = re.compile(r"own-[0-9a-f]{8}")


class OwnTextError(KitError, ValueError):
    """A text that a student brought cannot be used; the message says why and what to do."""


def is_own(id: str) -> bool:
    """Say whether ``id`` is that of a text from elsewhere, such as ``"own-0a1b2c3d"``."""
    return bool(_ID.fullmatch(id))


def keep(text: Cleaned, title: str = "", sides: Iterable[str] = ()) -> Article:
    """Put a text into the work folder and return it as an article; it is not chosen by that.

    A text that is there already stays, with a new title if there is one. Where its file has been
    changed meanwhile, the right text takes its place and the changed file is kept beside it.

    Args:
        text: as :func:`kit.text.intake.clean` returns it.
        title: as it was typed; the beginning of the text if empty.
        sides: the two sides whose voices are told apart; those of before if it is not two.

    Raises:
        NotSaved: the work folder cannot be written.
        ArticleError: the text cannot be used as an article.
    """
    sha256 = Article.from_text("own", text.text).sha256
    id = f"own-{sha256[:8]}"
    folder = _folder() / id
    before = _before(id)
    changes = [change.what for change in text.changes] or before.get("cleaned", [])
    known = {
        "title": _one_line(title)[:MAX_TITLE] or before.get("title") or _beginning(text.text),
        "sha256": sha256,
        "cleaned": [_one_line(change) for change in changes],
        "sides": _two(sides) or _two(before.get("sides", [])),
    }
    _write(folder / "article.toml", to_toml(known))
    _write(folder / "article.txt", text.text.encode("utf-8"))
    return load(id)


def texts() -> tuple[tuple[str, str], ...]:
    """Return id and title of every kept text that can be read, by title."""
    found = []
    for path in _folder().glob("own-*/article.txt"):
        try:
            article = load(path.parent.name)
        except KitError:
            continue
        found.append((article.id, article.title))
    return tuple(sorted(found, key=lambda text: (text[1].casefold(), text[0])))


def ready() -> list[str]:
    """Return the ids of the texts that come with the kit for whoever brings none, the practice
    article first: those whose ``article.toml`` says ``ready``."""
    found = [id for id in datasets.article_ids() if datasets.load_article(id).meta.get("ready")]
    return sorted(found, key=lambda id: (id != PRACTICE, id))


def load(id: str) -> Article:
    """Return the article called ``id``: a kept text, or one that comes with the kit.

    Raises:
        ArticleError: there is no such article, or its text is not the one its hash promises.
        OwnTextError: the file of a kept text has been changed.
    """
    if not is_own(id):
        return datasets.load_article(id)
    folder = _folder() / id
    article = Article.from_file(folder / "article.txt", id=id)
    if id != f"own-{article.sha256[:8]}":
        raise OwnTextError(
            f"The files in {folder} have been changed. Labels only fit the text they were made "
            "on: bring the text once more, as it was."
        )
    return article


def current(student: str) -> str:
    """Return the id of the text that a student has chosen; :data:`PRACTICE` where there is no
    choice, or none that can be used. The choice itself is left as it is."""
    kept_by = keeper(student, work_folder())
    for stem in dict.fromkeys((file_stem(kept_by), stem_before(kept_by))):
        try:
            id = content(_folder() / f"{stem}.choice.txt", 100).decode("utf-8").strip()
            return load(id).id
        except (OSError, UnicodeDecodeError, KitError):
            continue
    return PRACTICE


def codebook(article: Article) -> Codebook:
    """Return the codebook for a text: on one from elsewhere, affiliations are called after the two
    sides that the student has named. Their ids stay, so that work fits whatever they are called."""
    book = datasets.codebook(article.id)
    sides = _two(article.meta.get("sides", [])) if is_own(article.id) else []
    return _sided(book, *sides) if sides else book


@cache
def _sided(book: Codebook, one: str, other: str) -> Codebook:
    called = {"us": one, "chinese": other}

    def option(given: Option) -> Option:
        prefix, _, which = given.id.partition("-")
        if (side := called.get(prefix)) is None:
            return given
        said = f"from {side}, not its government"
        if which == "government":
            said = f"speaks for or from the government of {side}"
        return replace(given, name=f"{side}, {which}", definition=said)

    def field(given: Field) -> Field:
        return replace(given, options=tuple(map(option, given.options)))

    layers = (replace(layer, fields=tuple(map(field, layer.fields))) for layer in book.layers)
    return Codebook(tuple(layers))


def _two(sides: Iterable[str]) -> list[str]:
    """Return the names of two sides; nothing if it is not two."""
    named = [_one_line(side.replace(",", " "))[:MAX_SIDE].strip() for side in sides]
    return named if len(set(filter(None, named))) == len(named) == 2 else []


def choose(student: str, id: str) -> None:
    """Make a text the one that a student works on.

    Raises:
        ArticleError, OwnTextError: as :func:`load`; the choice stays as it was.
        NotSaved: the work folder cannot be written.
    """
    stem = file_stem(keeper(student, work_folder()))
    _write(_folder() / f"{stem}.choice.txt", f"{load(id).id}\n".encode())


def _folder() -> Path:
    return work_folder() / "texts"


def _one_line(text: str) -> str:
    return one_line(text.encode("utf-8", "replace").decode("utf-8"))


def _beginning(text: str) -> str:
    first = _one_line(text.lstrip().partition("\n")[0])
    if len(first) <= _SHORT:
        return first
    return first[:_SHORT].rpartition(" ")[0] + " …" if " " in first[:_SHORT] else first[:_SHORT]


def _before(id: str) -> About:
    """Return what is known of a text that is kept already."""
    try:
        return load(id).meta
    except KitError:
        return About()


def _write(path: Path, data: bytes) -> None:
    """Write a file unless it holds this already; what it held before is kept beside it."""
    with saving(path):
        if path.exists() and path.read_bytes() == data:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, data, backup=path.with_suffix(f".bak{path.suffix}"))
