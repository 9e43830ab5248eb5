"""Word lists: words that a student can open, change, and look for in a text.

A list is naive on purpose: it finds forms, not meanings. The files are plain CSV, and what a
spreadsheet program does to such a file on saving is put up with.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from kit.base.errors import KitError
from kit.base.files import read_file
from kit.library.datasets import root
from kit.text.article import Article, find_words
from kit.text.span import Span

T = TypeVar("T")

MAX_BYTES = 1024 * 1024
_COLUMNS = ("word", "class", "note", "source")
_OPTIONAL = ("tier",)
_SEPARATORS = (",", ";", "\t")


class LexiconError(KitError, ValueError):
    """A word list cannot be used; the message says which line and what to do."""


class Entry(NamedTuple):
    """One row of a list: a word, or a few, its class, and its tier.

    The tier is ``"plain"`` unless the list says otherwise: only a rule that asks for another tier
    gets its words.
    """

    word: str
    kind: str = ""
    note: str = ""
    source: str = ""
    tier: str = "plain"


class Hit(NamedTuple):
    """Where an entry stands in an article: its words there, and their block."""

    entry: Entry
    at: Span
    block: str


def names() -> list[str]:
    """Return the names of the lists under ``datasets/lexicons/``."""
    return sorted(path.stem for path in _folder().glob("*.csv"))


def load(name: str) -> tuple[Entry, ...]:
    """Return the list called ``name``, read afresh at each call.

    Raises:
        LexiconError: there is no such list, or it cannot be used.
    """
    if name not in names():
        raise LexiconError(f"There is no word list “{name}”. There is: {', '.join(names())}.")
    return read(_folder() / f"{name}.csv")


def read(path: Path | str) -> tuple[Entry, ...]:
    """Return the entries of a CSV file with the columns word, class, tier, note and source.

    Cells may be parted by commas, semicolons or tabs. A byte-order mark and blank lines do no
    harm, and all columns but the first two may be missing.

    Raises:
        LexiconError: the file is missing, too large, not UTF-8, or a row makes no sense.
    """
    path = Path(path)
    data = read_file(path, MAX_BYTES, LexiconError)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise LexiconError(
            f"{path.name} is not in UTF-8. Save it again as “CSV UTF-8” (in a spreadsheet "
            "program), or with the encoding UTF-8 (in an editor)."
        ) from None
    try:
        return _entries(text, path.name)
    except csv.Error as problem:
        raise LexiconError(f"{path.name} is not a table that can be read: {problem}.") from None


def form(word: str) -> str:
    """Return a word as words are compared: small letters, straight apostrophe and hyphen."""
    return word.casefold().replace("’", "'").replace("‑", "-")


def forms(words: str) -> tuple[str, ...]:
    """Return the words of a phrase as they are compared."""
    return tuple(form(words[start:end]) for start, end in find_words(words))


class Phrases(Generic[T]):
    """Phrases to look for, each with a value; of two that are the same, the first counts."""

    def __init__(self, phrases: Iterable[tuple[str, T]]):
        self._by_first: dict[str, dict[tuple[str, ...], T]] = {}
        for words, value in phrases:
            if phrase := forms(words):
                self._by_first.setdefault(phrase[0], {}).setdefault(phrase, value)
        self._lengths = {
            first: sorted({len(phrase) for phrase in phrases}, reverse=True)
            for first, phrases in self._by_first.items()
        }

    def at(self, words: Sequence[str], n: int) -> tuple[int, T] | None:
        """Return the last word and the value of the longest phrase that begins at word ``n`` of
        these, which are in the form in which words are compared; None if there is none."""
        for length in self._lengths.get(words[n], ()):
            phrase = tuple(words[n : n + length])
            if phrase in self._by_first[words[n]]:
                return n + len(phrase) - 1, self._by_first[words[n]][phrase]
        return None


def find(article: Article, words: Iterable[Entry | str]) -> list[Hit]:
    """Return every place where an entry stands in the article, in text order.

    Whole words only; capitals and the kind of apostrophe make no difference. An entry of several
    words must stand within one block. Where two entries fit, the longer one counts.
    """
    entries = (Entry(word) if isinstance(word, str) else word for word in words)
    phrases = Phrases((entry.word, entry) for entry in entries)
    hits = []
    for block in article.blocks:
        here = [form(article.text[start:end]) for start, end in block.words]
        n = 0
        while n < len(here):
            found = phrases.at(here, n)
            if found:
                start, end = block.words[n][0], block.words[found[0]][1]
                hits.append(Hit(found[1], Span(start, end, article.text[start:end]), block.id))
            n = found[0] + 1 if found else n + 1
    return hits


def _folder() -> Path:
    return root() / "datasets" / "lexicons"


def _entries(text: str, name: str) -> tuple[Entry, ...]:
    lines = list(io.StringIO(text, newline=""))
    if lines and lines[0].casefold().startswith("sep="):  # a spreadsheet program's own first line
        lines[0] = "\n"
    head = next((line for line in lines if line.strip()), "")
    separator = max(_SEPARATORS, key=head.count)
    rows = csv.reader(lines, delimiter=separator, strict=True)
    columns: list[str] = []
    entries: dict[tuple[str, ...], Entry] = {}
    for row in rows:
        cells = [cell.strip() for cell in row]
        where = f"{name}, line {rows.line_num}"
        if not any(cells):
            continue
        if not columns:
            columns = _columns(cells, name)
            continue
        if any(cells[len(columns) :]):
            raise LexiconError(
                f"{where} has {len(cells)} cells, but there are {len(columns)} columns. "
                "Put a cell that holds a comma or a semicolon in quotation marks."
            )
        entry = _entry(dict(zip(columns, cells, strict=False)), where)
        if forms(entry.word) in entries:
            raise LexiconError(f"{where}: “{entry.word}” is in the list twice. Take one out.")
        entries[forms(entry.word)] = entry
    if not columns:
        raise LexiconError(f"{name} is empty. Its first line must be: {','.join(_COLUMNS)}")
    return tuple(entries.values())


def _columns(cells: list[str], name: str) -> list[str]:
    columns = [cell.casefold() for cell in cells]
    while not columns[-1]:
        columns.pop()
    for column in columns:
        if column not in _COLUMNS + _OPTIONAL or columns.count(column) > 1:
            raise LexiconError(
                f"{name}: the column “{column}” is not one a word list has, or is there twice. "
                f"The first line must be: {','.join(_COLUMNS)}"
            )
    for column in _COLUMNS[:2]:
        if column not in columns:
            raise LexiconError(
                f"{name} has no column “{column}”. The first line must be: {','.join(_COLUMNS)}"
            )
    return columns


def _entry(cells: dict[str, str], where: str) -> Entry:
    word, kind = cells.get("word", ""), cells.get("class", "")
    if not find_words(word):
        raise LexiconError(f"{where} has no word in its cell “word”. Add one, or clear the line.")
    if not kind:
        raise LexiconError(f"{where}: “{word}” has no class. Write what kind of word it is.")
    return Entry(
        word,
        kind,
        cells.get("note", ""),
        cells.get("source", ""),
        cells.get("tier", "").casefold() or "plain",
    )
