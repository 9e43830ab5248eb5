"""Labels on the article, which are set in the labeller and not in the form."""

from __future__ import annotations

from kit.exercises.kinds.kind import Kind, named


class Label(Kind):
    """Labels on whole paragraphs, sentences or words."""

    items = {"label": ("anchor", "disputed", "open")}
    keys = (
        *("fields", "reasons"),
        *("layer", "units", "blocks", "at_least", "in_quotes", "codes"),
    )
    where = ("label",)
    kept = named("layer", "units", "blocks", "at_least")
