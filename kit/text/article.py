"""An article: one immutable text, numbered by block and sentence.

Offsets are Unicode code points of the decoded file, half-open ``[start, end)``, and are never
shifted: line endings and a byte-order mark stay where the file has them.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TypedDict

from kit.base.errors import KitError
from kit.base.files import content, reason
from kit.base.toml_reader import read_toml
from kit.text.sentences import find_sentences
from kit.text.span import Span

MAX_BYTES = 10 * 1024 * 1024

_LINE = re.compile(r"[^\r\n\u2028\u2029]+")
# A word as the attribution scorers count it, with the hyphens and apostrophes inside it.
_WORD = re.compile(r"\w+(?:['’\-‑]\w+)*")


class ArticleError(KitError, ValueError):
    """An article cannot be used; the message says which file and what to do."""


class About(TypedDict, total=False):
    """What may stand in ``article.toml``; whatever else does is left aside."""

    title: str
    short: str
    outlet: str
    language: str
    date: date
    date_source: str
    banner: str
    rights: str
    sha256: str
    text_history: str
    spun: bool
    ready: bool
    codebook: str
    cleaned: list[str]
    sides: list[str]


def find_words(text: str, start: int = 0, end: int | None = None) -> tuple[tuple[int, int], ...]:
    """Return the words of ``text[start:end]`` as ``(start, end)`` pairs, offsets into ``text``.

    A word is a run of letters and digits with the apostrophes and hyphens inside it, so
    "high-stakes", "Blinken’s" and "2023" are one word each and a lone dash is none.
    """
    stop = len(text) if end is None else end
    return tuple(match.span() for match in _WORD.finditer(text, start, stop))


@dataclass(frozen=True)
class _Unit:
    """A numbered stretch of an article: its place, its text and its words."""

    id: str
    start: int
    end: int
    text: str = field(repr=False)

    @cached_property
    def words(self) -> tuple[tuple[int, int], ...]:
        """The words as ``(start, end)`` offsets into the whole article."""
        return tuple((self.start + a, self.start + b) for a, b in find_words(self.text))


@dataclass(frozen=True)
class Sentence(_Unit):
    """One sentence, numbered within its block: ``P6.1``."""


@dataclass(frozen=True)
class Block(_Unit):
    """One non-empty line of the file, numbered in file order: ``P6``."""

    number: int

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The block's sentences in order; only white space lies between them."""
        return tuple(
            Sentence(f"{self.id}.{n}", self.start + a, self.start + b, self.text[a:b])
            for n, (a, b) in enumerate(find_sentences(self.text), start=1)
        )


@dataclass(frozen=True)
class Article:
    """One text under study.

    Attributes:
        id: short name, also the name of its folder under ``datasets/``.
        text: the decoded file, unchanged.
        sha256: hexadecimal SHA-256 of the file's bytes; every coding carries it.
        title: how the article is headed.
        meta: what else is known about it (outlet, date, rights …), from ``article.toml``.
    """

    id: str
    text: str = field(repr=False)
    sha256: str
    title: str = ""
    meta: About = field(default_factory=About, repr=False, compare=False)

    @classmethod
    def from_text(
        cls, id: str, text: str, *, title: str = "", meta: About | None = None
    ) -> Article:
        """Make an article from text that is already decoded; its bytes are taken as UTF-8.

        Raises:
            ArticleError: the text has no letter or digit, or cannot be written as UTF-8.
        """
        try:
            data = text.encode("utf-8")
        except UnicodeEncodeError as problem:
            raise ArticleError(
                f"The text of “{id}” holds a broken character at place {problem.start}. "
                "Save it again as UTF-8."
            ) from None
        return cls._checked(id, text, hashlib.sha256(data).hexdigest(), title, meta)

    @classmethod
    def from_file(cls, path: Path | str, *, id: str = "", sha256: str = "") -> Article:
        """Read a UTF-8 text file, with ``article.toml`` beside it when there is one.

        Args:
            path: the text file. Line endings and a byte-order mark are kept.
            id: short name; the folder's name when empty.
            sha256: the hash the file must have; the one in ``article.toml`` when empty.

        Raises:
            ArticleError: the file is missing, too large, not UTF-8, has no words, or is not
                the text that its hash promises.
        """
        path = Path(path)
        try:
            data = content(path, MAX_BYTES)
            text = data.decode("utf-8")
        except FileNotFoundError:
            raise ArticleError(f"There is no file {path}. Check its name and folder.") from None
        except OSError as problem:
            raise ArticleError(f"{path} cannot be read: {reason(problem)}.") from None
        except UnicodeDecodeError as problem:
            raise ArticleError(
                f"{path.name} is not UTF-8 text (byte {problem.start}). "
                "Open it in an editor and save it with the encoding UTF-8."
            ) from None
        about = path.with_suffix(".toml")
        meta = read_toml(about, About, ArticleError, str(about)) if about.exists() else About()
        actual = hashlib.sha256(data).hexdigest()
        expected = sha256 or meta.get("sha256", "")
        if expected and actual != expected:
            raise ArticleError(
                f"{path} has been changed: its fingerprint starts {actual[:12]}, not "
                f"{expected[:12]}. Labels only fit the text they were made on. "
                "Put the original file back."
            )
        return cls._checked(id or path.parent.name, text, actual, meta.get("title", ""), meta)

    @classmethod
    def _checked(cls, id: str, text: str, sha256: str, title: str, meta: About | None) -> Article:
        if not _WORD.search(text):
            raise ArticleError(f"The text of “{id}” has no words in it.")
        return cls(id, text, sha256, title, meta or About())

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The non-empty lines in file order; only white space lies between them."""
        lines = (m for m in _LINE.finditer(self.text) if m.group().strip().strip("\ufeff"))
        return tuple(
            Block(f"P{n}", *m.span(), m.group(), number=n) for n, m in enumerate(lines, start=1)
        )

    @property
    def sentences(self) -> Iterator[Sentence]:
        """Every sentence in text order."""
        return (sentence for block in self.blocks for sentence in block.sentences)

    def block(self, id: str) -> Block:
        """Return the block numbered ``id`` (such as ``"P6"``).

        Raises:
            KeyError: there is no such block.
        """
        return self._blocks_by_id[id]

    def unit(self, id: str) -> Block | Sentence:
        """Return the block ``"P6"`` or the sentence ``"P6.1"``.

        Raises:
            KeyError: there is no such block or sentence.
        """
        block = self.block(id.partition(".")[0])
        if block.id == id:
            return block
        for sentence in block.sentences:
            if sentence.id == id:
                return sentence
        raise KeyError(id)

    def block_at(self, start: int, end: int) -> Block | None:
        """Return the block that holds the whole of ``[start, end)``, or None."""
        place = bisect_right(self._starts, start) - 1
        block = self.blocks[place] if place >= 0 else None
        return block if block and block.start <= start < end <= block.end else None

    def block_of(self, span: Span) -> Block:
        """Return the block that a label's words stand in.

        Raises:
            ValueError: the span does not lie within one block.
        """
        block = self.block_at(span.start, span.end)
        if block is None:
            raise ValueError(f"[{span.start}, {span.end}) does not lie within one block.")
        return block

    def words_in(self, span: Span) -> list[tuple[int, int]]:
        """Return the words that a label touches; raises as :meth:`block_of`."""
        words = self.block_of(span).words
        return [(a, b) for a, b in words if a < span.end and span.start < b]

    @cached_property
    def _starts(self) -> list[int]:
        return [block.start for block in self.blocks]

    @cached_property
    def _blocks_by_id(self) -> dict[str, Block]:
        return {block.id: block for block in self.blocks}
