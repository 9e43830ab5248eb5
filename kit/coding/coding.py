"""A coding: one coder's annotations on one article, whoever the coder is.

What a student labelled, a classmate's labels, a reference reading and what the kit's rules
suggest are all the same type, so every view, chart and measure takes any of them.

Annotations are stand-off: offsets into an article that never changes, with the words they cover
repeated beside them. A coding made on another text is refused, never shifted.
"""

from __future__ import annotations

import csv
import io
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal
from urllib.parse import quote

import msgspec

from kit.base.errors import KitError
from kit.base.files import read_file
from kit.base.phrases import brief
from kit.coding.codebook import Codebook, CodebookError, Layer
from kit.text.article import Article, Block, find_words
from kit.text.span import Span

MAX_BYTES = 20 * 1024 * 1024
MAX_NOTE = 4_000

# What a spreadsheet program takes for a formula, wide forms and invisible characters included.
_FORMULA = re.compile(r"[\t\r\n]|[\s\ufeff\u200b-\u200f\u2060]*[=+\-@＝＋－＠]")


class CodingError(KitError, ValueError):
    """Labels that cannot stand; the message says which, why and what to do."""


class MisfitError(CodingError):
    """A label that the codebook does not allow; with another codebook it may stand."""


class Annotation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One label, or one record with named parts and fields.

    Attributes:
        id: in layers of blocks or sentences the unit's own id (``P6``, ``P6.1``); elsewhere any
            short name that is unique within the layer.
        layer: id of the codebook's layer.
        at: the words the annotation is about; never longer than a block.
        codes: ids of codes, the main one first.
        parts: named spans of a record; each lies within one block.
        fields: named values of a record.
        note: the coder's own words.
    """

    id: str
    layer: str
    at: Span
    codes: tuple[str, ...] = ()
    parts: dict[str, tuple[Span, ...]] = {}
    fields: dict[str, str] = {}
    note: str = ""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: Literal["kit-coding-1"]
    article: str
    sha256: str
    coder: str
    annotations: tuple[Annotation, ...]
    about: str = ""


class Coding:
    """One coder's annotations on one article, checked against a codebook. It never changes;
    :meth:`replace` gives a new one.

    Args:
        article: the text that is annotated.
        codebook: what may be said of it.
        coder: who annotated: a name, a pseudonym, ``"A"``, ``"rules"``.
        annotations: in any order.
        about: a sentence on how the coding was made.

    Raises:
        CodingError: an annotation names an unknown layer, code, part, field or unit, reaches
            beyond a block, repeats other words than the article has there, or overlaps another
            where a layer allows one label only.
    """

    def __init__(
        self,
        article: Article,
        codebook: Codebook,
        coder: str,
        annotations: Iterable[Annotation] = (),
        *,
        about: str = "",
    ):
        self.article = article
        self.codebook = codebook
        self.coder = coder
        self.about = about
        layers: dict[str, dict[str, Annotation]] = {}
        for annotation in annotations:
            in_layer = layers.setdefault(annotation.layer, {})
            if annotation.id in in_layer:
                raise CodingError(f"{_where(annotation)} is there twice.")
            in_layer[annotation.id] = _checked(annotation, article, codebook)
        for layer_id, in_layer in layers.items():
            _refuse_overlaps(codebook.layer(layer_id), in_layer.values())
        self._layers = layers

    def __repr__(self) -> str:
        counts = ", ".join(f"{layer} {len(self.on(layer))}" for layer in sorted(self._layers))
        return f"<Coding by {self.coder} of {self.article.id}: {counts or 'empty'}>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Coding):
            return NotImplemented
        return (self.article.sha256, self.coder, self.about, self._layers) == (
            other.article.sha256,
            other.coder,
            other.about,
            other._layers,
        )

    def __iter__(self) -> Iterator[Annotation]:
        for layer in sorted(self._layers):
            yield from self.on(layer)

    def __len__(self) -> int:
        return sum(map(len, self._layers.values()))

    def on(self, layer: str) -> tuple[Annotation, ...]:
        """Return the annotations on one layer, in text order."""
        return tuple(sorted(self.by_id(layer).values(), key=lambda a: (a.at.start, a.at.end, a.id)))

    def by_id(self, layer: str) -> Mapping[str, Annotation]:
        """Return the annotations on one layer by their ids."""
        return MappingProxyType(self._layers.get(layer, {}))

    def codes(self, layer: str) -> dict[str, str]:
        """Return the main code of every coded unit on one layer: ``{"P6": "lede", …}``."""
        return {a.id: a.codes[0] for a in self.on(layer) if a.codes}

    def story(self, layer: str = "role") -> list[Block]:
        """Return the blocks that a layer asks about: where it is about the story only, those that
        stand in it by the positions of this coding, or have none. Raises CodebookError."""
        story = self.codebook.layer(layer).story
        positions = self.codes("position")
        blocks = self.article.blocks
        return [b for b in blocks if not story or positions.get(b.id, story[0]) in story]

    def replace(self, layer: str, changes: Mapping[str, Annotation | None]) -> Coding:
        """Return a coding in which each id on one layer has its new annotation, or none.

        Raises:
            CodebookError: there is no such layer.
            CodingError: what comes out could not stand.
        """
        self.codebook.layer(layer)
        for id, annotation in changes.items():
            if annotation is not None and (annotation.id, annotation.layer) != (id, layer):
                raise CodingError(
                    f"{_where(annotation)} was handed in under another name, “{brief(id)}”."
                )
        kept = {**self.by_id(layer), **changes}
        new = object.__new__(Coding)
        new.__dict__.update(self.__dict__)
        in_layer = {
            id: a if self.by_id(layer).get(id) is a else _checked(a, self.article, self.codebook)
            for id, a in kept.items()
            if a is not None
        }
        _refuse_overlaps(self.codebook.layer(layer), in_layer.values())
        new._layers = {**self._layers, layer: in_layer}
        return new

    def fits(self, annotation: Annotation) -> bool:
        """Say whether the codebook allows a label, whatever other labels there are."""
        try:
            _checked(annotation, self.article, self.codebook)
        except CodingError:
            return False
        return True

    # -- files ---------------------------------------------------------------------------------

    def to_json(self) -> bytes:
        """Return the coding as indented UTF-8 JSON, the same bytes for the same coding."""
        text, labels = self.article, tuple(self)
        file = _File("kit-coding-1", text.id, text.sha256, self.coder, labels, self.about)
        return msgspec.json.format(msgspec.json.encode(file), indent=1) + b"\n"

    @classmethod
    def from_json(
        cls, data: bytes, article: Article, codebook: Codebook, *, name: str = "The coding"
    ) -> Coding:
        """Read a coding; ``name`` is what error messages call the file.

        Raises:
            CodingError: the data are not such JSON, belong to another text, or could not stand.
        """
        if len(data) > MAX_BYTES:
            raise CodingError(f"{name} is larger than {MAX_BYTES // 2**20} MB: not a coding.")
        try:
            # Some editors put a byte-order mark in front when they save.
            file = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"), type=_File)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
            raise CodingError(f"{name} is not a coding this kit can read: {problem}.") from None
        if file.sha256 != article.sha256:
            raise CodingError(
                f"{name} was made on another text ({file.article}, {file.sha256[:12]}) than "
                f"{article.id} ({article.sha256[:12]}). Labels fit only the text they were made on."
            )
        try:
            return cls(article, codebook, file.coder, file.annotations, about=file.about)
        except CodingError as problem:
            raise CodingError(f"{name}: {problem}") from None

    @classmethod
    def from_file(cls, path: Path | str, article: Article, codebook: Codebook) -> Coding:
        """Read a coding from a file; raises CodingError as :meth:`from_json` does."""
        path = Path(path)
        data = read_file(path, MAX_BYTES, CodingError, str(path))
        return cls.from_json(data, article, codebook, name=path.name)

    def to_csv(self) -> str:
        """Return one row an annotation, for a spreadsheet. Cells that a spreadsheet program
        would run as a formula begin with an apostrophe."""
        parts = _in_use(a.parts for a in self)
        fields = _in_use(a.fields for a in self)
        out = io.StringIO()
        write = csv.writer(out, lineterminator="\n").writerow
        head = "article coder layer id block start end text codes".split()
        write([*head, *parts, *fields, "note"])
        for a in self:
            block = self.article.block_of(a.at)
            cells = [self.article.id, self.coder, a.layer, a.id, block.id, a.at.start, a.at.end]
            cells += [self._words(a.at), " + ".join(a.codes)]
            cells += [" … ".join(map(self._words, a.parts.get(part, ()))) for part in parts]
            cells += [a.fields.get(field, "") for field in fields]
            write([defuse(cell) for cell in [*cells, a.note]])
        return out.getvalue()

    def to_w3c(self) -> bytes:
        """Return the coding as a W3C Web Annotation collection (https://www.w3.org/TR/
        annotation-model/): JSON-LD, positions in code points."""
        items = [self._w3c_item(n, a) for n, a in enumerate(self, start=1)]
        page = {"type": "AnnotationPage", "startIndex": 0, "items": items}
        collection = {
            "@context": "http://www.w3.org/ns/anno.jsonld",
            "id": f"urn:sha256:{self.article.sha256}#{quote(self.coder)}",
            "type": "AnnotationCollection",
            "label": f"{self.article.id}, coded by {self.coder}",
            "total": len(items),
            "first": page,
        }
        return msgspec.json.format(msgspec.json.encode(collection), indent=1) + b"\n"

    def _w3c_item(self, number: int, a: Annotation) -> dict:
        bodies = [_body("classifying", f"{a.layer}:{code}") for code in a.codes]
        bodies += [_body("tagging", f"{a.layer}.{k}:{v}") for k, v in a.fields.items() if v]
        bodies += [
            {
                "type": "SpecificResource",
                "purpose": "identifying",
                "value": f"{a.layer}.{part}",
                **self._w3c_target(span),
            }
            for part, spans in a.parts.items()
            for span in spans
        ]
        if a.note:
            bodies.append(_body("commenting", a.note))
        return {
            "id": f"urn:sha256:{self.article.sha256}#{quote(self.coder)}-{number}",
            "type": "Annotation",
            "motivation": "classifying",
            "creator": {"type": "Person", "nickname": self.coder},
            "body": bodies,
            "target": self._w3c_target(a.at),
        }

    def _w3c_target(self, span: Span) -> dict:
        text = self.article.text
        return {
            "source": f"urn:sha256:{self.article.sha256}",
            "selector": [
                {"type": "TextPositionSelector", "start": span.start, "end": span.end},
                {
                    "type": "TextQuoteSelector",
                    "exact": self._words(span),
                    "prefix": text[max(0, span.start - 24) : span.start],
                    "suffix": text[span.end : span.end + 24],
                },
            ],
        }

    def _words(self, span: Span) -> str:
        return self.article.text[span.start : span.end]


def fitting(
    article: Article, codebook: Codebook, coder: str, annotations: Iterable[Annotation]
) -> tuple[Coding, tuple[Annotation, ...]]:
    """Return a coding of the labels that the codebook allows, and the others. Of two that it does
    not allow together, the one that comes first stands.

    Raises:
        CodingError: a label does not fit the article.
    """
    coding = Coding(article, codebook, coder)
    taken: dict[str, list[Span]] = {}
    others = []
    for annotation in annotations:
        try:
            checked = _checked(annotation, article, codebook)
        except MisfitError:
            others.append(annotation)
            continue
        spans = taken.setdefault(checked.layer, [])
        place = bisect_left(spans, checked.at.start, key=lambda span: span.end - 1)
        alone = codebook.layer(checked.layer).choice == "one"
        overlaps = alone and place < len(spans) and spans[place].start < checked.at.end
        in_layer = coding._layers.setdefault(checked.layer, {})
        if overlaps or checked.id in in_layer:
            others.append(annotation)
            continue
        in_layer[checked.id] = checked
        if alone:
            spans.insert(place, checked.at)
    return coding, tuple(others)


@lru_cache(4096)  # the coders of one article label the same words
def excerpt(text: str) -> str:
    """Return ``text``, shortened in the middle when it has more than eight words.

    A coding repeats the words it covers so that a person can see what was labelled and a shifted
    label is noticed; a whole paragraph need not be repeated for that.
    """
    words = find_words(text)
    if len(words) <= 8:
        return text
    return f"{text[: words[2][1]]} … {text[words[-2][0] :]}"


def defuse(cell: object) -> object:
    """Return ``cell`` so that no spreadsheet program runs it as a formula."""
    if isinstance(cell, str) and _FORMULA.match(cell):
        return "'" + cell
    return cell


def _body(purpose: str, value: str) -> dict:
    return {"type": "TextualBody", "purpose": purpose, "value": value}


def _in_use(mappings: Iterable[Mapping[str, object]]) -> list[str]:
    return list(dict.fromkeys(key for mapping in mappings for key in mapping))


def _where(a: Annotation) -> str:
    words = f" (“{brief(a.at.text, 90)}”)" if a.at.text else ""
    return f"The label {brief(a.id)}{words} on {brief(a.layer)}"


def _checked(a: Annotation, article: Article, codebook: Codebook) -> Annotation:
    """Return the annotation with its words filled in, or raise CodingError."""
    where = _where(a)
    try:
        layer = codebook.layer(a.layer)
    except CodebookError as problem:
        raise MisfitError(f"{where}: {brief(str(problem), 300)}") from None
    _check_names(a, layer, where)
    if not a.id or len(a.id) > 40 or not a.id.isprintable():
        raise CodingError(f"{where} needs an id of 1 to 40 plain characters.")
    if len(a.note) > MAX_NOTE or any(len(value) > MAX_NOTE for value in a.fields.values()):
        raise CodingError(f"{where}: a note may have {MAX_NOTE:,} characters at most. Shorten it.")
    try:
        msgspec.json.encode(a)
    except UnicodeEncodeError:
        raise CodingError(f"{where} holds a broken character. Type that word again.") from None
    if layer.unit != "words":
        _check_unit(a, layer, article, where)
    return msgspec.structs.replace(
        a,
        at=_with_words(a.at, article, where),
        parts={
            part: tuple(_with_words(span, article, where) for span in spans)
            for part, spans in a.parts.items()
            if spans
        },
        fields={name: value for name, value in a.fields.items() if value},
    )


def _check_names(a: Annotation, layer: Layer, where: str) -> None:
    known = {code.id for code in layer.codes}
    for code in a.codes:
        if code not in known:
            raise MisfitError(f"{where}: the codebook has no code “{brief(code)}”.")
    if len(a.codes) > layer.most:
        raise MisfitError(f"{where} has {len(a.codes)} codes; {layer.most} at most are allowed.")
    if len(set(a.codes)) < len(a.codes):
        raise MisfitError(f"{where} has the same code twice.")
    parts = {part.id: part for part in layer.parts}
    for part, spans in a.parts.items():
        if part not in parts:
            raise MisfitError(f"{where}: the codebook has no part “{brief(part)}”.")
        if len(spans) > 1 and not parts[part].many:
            raise MisfitError(f"{where} may have one {part} only.")
    fields = {field.id: field for field in layer.fields}
    for name, value in a.fields.items():
        if name not in fields:
            raise MisfitError(f"{where}: the codebook has no field “{brief(name)}”.")
        if value and not fields[name].allows(value):
            raise MisfitError(f"{where}: “{brief(value)}” is not one of the choices for {name}.")


def _check_unit(a: Annotation, layer: Layer, article: Article, where: str) -> None:
    try:
        unit = article.unit(a.id)
    except KeyError:
        raise CodingError(f"{where}: the article has no {layer.unit} {brief(a.id)}.") from None
    if (layer.unit == "sentence") != ("." in a.id):
        whole = "whole blocks, such as P6" if layer.unit == "block" else "sentences, such as P6.1"
        raise MisfitError(f"{where}: this layer labels {whole}.")
    if (a.at.start, a.at.end) != (unit.start, unit.end):
        raise CodingError(
            f"{where}: {a.id} runs from {unit.start} to {unit.end} in this text, "
            f"not from {a.at.start} to {a.at.end}. The label was made on another text."
        )


def _with_words(span: Span, article: Article, where: str) -> Span:
    if article.block_at(span.start, span.end) is None:
        raise CodingError(
            f"{where}: [{span.start}, {span.end}) does not lie within one block of the article."
        )
    covered = article.text[span.start : span.end]
    words = excerpt(covered)
    if span.text in ("", covered):
        return Span(span.start, span.end, words)
    if span.text != words:
        raise CodingError(
            f"{where}: the article has “{words}” there, not “{brief(span.text, 90)}”. "
            "The label was made on another text."
        )
    return span


def _refuse_overlaps(layer: Layer, annotations: Iterable[Annotation]) -> None:
    if layer.choice != "one":
        return
    ordered = sorted(annotations, key=lambda a: (a.at.start, a.at.end))
    for left, right in zip(ordered, ordered[1:]):
        if right.at.start < left.at.end:
            raise MisfitError(
                f"{_where(right)} overlaps {left.id} (“{left.at.text}”). "
                "On this layer words carry one label: clear the old one first."
            )
