"""Work files of the version before this one, taken over into its form.

In ``kit-work-1`` an answer kept the labels that it was about three times over: by their places
among its values, with codes and checked fields as texts, and beside those what else they held::

    {"values": {"labels": {"P6": ["lede"], "10-80": ["mode=direct"]}}, "verdict": …, "at": …,
     "whole": {"10-80": {"parts": {"cue": [[40, 48]]}, "fields": {"mode": "direct"}}}}

Now it keeps annotations. Files from before there was ``whole`` do not say where the parts of a
label stood: they are taken from the label on the same words, now or as it was committed. Where
there is none, the answer stays as it was, and what it was worth is known no longer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import msgspec

from kit.coding.codebook import Codebook, CodebookError, Layer
from kit.coding.coding import Annotation
from kit.library import lesson_files
from kit.text.article import Article
from kit.text.span import Span
from kit.work.file_format import WorkFile

#: What an answer called its labels among its values.
LABELS = "labels"
#: It kept the parts of so many labels at most, and of a part so many runs of words.
MOST_WHOLE, MOST_RUNS = 200, 8

_PLACE = re.compile(r"(\d{1,7})-(\d{1,7})")


class _Whole(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    parts: dict[str, tuple[tuple[int, int], ...]] = {}
    fields: dict[str, str] = {}


class Before:
    """Takes over the answers of one file.

    Args:
        file: the file, with its labels and commits as they are.
    """

    def __init__(self, file: WorkFile, article: Article, codebook: Codebook):
        self._file = file
        self._article = article
        self._codebook = codebook

    def record(self, exercise: str, raw: Any) -> Any:
        """Return the record of an exercise as this version keeps it; what somebody wrote by hand,
        and the kit cannot read, as it is.

        Args:
            exercise: its number.
            raw: the record, as plain JSON data.

        Raises:
            KitError: the kit's own exercises cannot be read.
        """
        if not isinstance(raw, dict):
            return raw
        try:
            layer = self._codebook.layer(lesson_files.layers().get(exercise, ""))
        except CodebookError:
            layer = None
        new = dict(raw)
        if "first" in raw:
            new["first"] = self._try(raw["first"], layer)
        if isinstance(raw.get("tries"), list):
            new["tries"] = [self._try(one, layer) for one in raw["tries"]]
        return new

    def _try(self, raw: Any, layer: Layer | None) -> Any:
        """Return an answer with its labels as annotations; if that cannot be done, with all that
        it kept of them among its values."""
        match raw:
            case {"values": {"labels": dict(kept)} as values}:
                pass
            case _:
                return raw
        try:
            wholes = msgspec.convert(raw.get("whole", {}), dict[str, _Whole])
        except msgspec.ValidationError:
            return raw
        runs = (there for whole in wholes.values() for there in whole.parts.values())
        if len(wholes) > MOST_WHOLE or any(len(there) > MOST_RUNS for there in runs):
            return raw
        new = {key: value for key, value in raw.items() if key != "whole"}
        made = self._labels(kept, wholes, layer, raw.get("verdict") == "kept") if layer else None
        if made is None:
            left = {"whole": raw["whole"]} if wholes else {}
            return {**new, "values": {**values, **left}}
        rest = {key: value for key, value in values.items() if key != LABELS}
        return {**new, "values": rest, "labels": msgspec.to_builtins(made)}

    def _labels(
        self, kept: dict[str, Any], wholes: dict[str, _Whole], layer: Layer, unchecked: bool
    ) -> list[Annotation] | None:
        """Return the labels of an answer; None if nothing says any longer where the parts of one
        of them stood. What has not the form of a label counts as none.

        Args:
            unchecked: whether nothing was checked: a copy for a mark does not know what will be,
                and kept no fields. Then those of the label on the same words are taken.
        """
        made = []
        for place, said in kept.items():
            at = self._at(place)
            if at is None or not _is_texts(said):
                continue
            pairs = [text.partition("=") for text in said]
            codes = tuple(name for name, sign, _ in pairs if not sign)
            fields = {name: value for name, sign, value in pairs if sign}
            parts: dict[str, tuple[Span, ...]] = {}
            if layer.parts and (whole := wholes.get(place)):
                fields = {**whole.fields, **fields}
                parts = {id: tuple(Span(*run) for run in runs) for id, runs in whole.parts.items()}
            elif layer.parts:
                there = self._there.get((layer.id, at.start, at.end))
                if there is None:
                    return None
                parts = there.parts
                fields = there.fields if unchecked and not fields else fields
            made.append(Annotation(place, layer.id, at, codes, parts, fields))
        return made

    @cached_property
    def _there(self) -> Mapping[tuple[str, int, int], Annotation]:
        """The labels there are, by where they stand: those of now before those of a commit."""
        commits = (commit.annotations for commit in self._file.commits.values())
        found: dict[tuple[str, int, int], Annotation] = {}
        for labels in (self._file.labels, *commits):
            for a in labels:
                found.setdefault((a.layer, a.at.start, a.at.end), a)
        return found

    def _at(self, place: str) -> Span | None:
        if words := _PLACE.fullmatch(place):
            start, end = int(words[1]), int(words[2])
            return Span(start, end) if self._article.block_at(start, end) else None
        try:
            unit = self._article.unit(place)
        except KeyError:
            return None
        return Span(unit.start, unit.end)


def _is_texts(said: Any) -> bool:
    return isinstance(said, list) and all(isinstance(text, str) for text in said)
