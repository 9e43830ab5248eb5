"""The student's own words."""

from __future__ import annotations

from kit.exercises.kinds.kind import FREE, Kind, named


class FreeText(Kind):
    """A field for the student's own words, which a person reads."""

    items = dict.fromkeys(FREE, ("disputed", "open"))
    keys = ("texts",)
    kept = {"texts": named("id", "label", "starter", "words", "evidence")}
