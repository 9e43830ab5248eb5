"""The board of issues, one frame at a time."""

from __future__ import annotations

from markupsafe import Markup

from kit.base.phrases import one_line, plural, where
from kit.base.templating import macros, render
from kit.coding.coding import Annotation, Coding
from kit.explorers.exploration import Control, Exploration, Values
from kit.measure.shares import NOT_GIVEN

ALL = "all"
LAYER = "issue"


def frame(coding: Coding) -> Exploration:
    """Return the board of issues by voice, which can be narrowed to one frame."""
    layer = coding.codebook.layer(LAYER)
    options = layer.field("frame").options
    frames = [(ALL, "every frame"), *((option.id, option.name.lower()) for option in options)]
    control = Control("choice", "frame", "Show the frame", ALL, frames)

    def show(values: Values) -> tuple[str, Markup]:
        chosen = control.of(values)
        labels = [one for one in coding.on(LAYER) if chosen in (ALL, one.fields.get("frame"))]
        voices = list(dict.fromkeys(map(_voice, labels)))
        issues = [code for code in layer.codes if _lines(coding, labels, code.id)]
        rows = [
            (code.name, *(_lines(coding, labels, code.id, voice) or "–" for voice in voices))
            for code in issues
        ]
        if not coding.on(LAYER):
            said = "Nothing is labelled yet: the board comes with your first issue."
            return said, macros("explorers/widget").sentence(said)
        every = len({one.codes[0] for one in coding.on(LAYER) if one.codes})
        said = (
            f"Frame: {dict(frames)[chosen]}. {plural(len(labels), 'mention')} of {len(issues)} of "
            f"{plural(every, 'issue')}, by {plural(len(voices), 'voice')}."
        )
        heads = ("Issue", *map(one_line, voices))
        return said, render("explorers/frame", said=said, heads=heads, rows=rows)

    return Exploration("The board of issues", (control,), show)


def _voice(label: Annotation) -> str:
    return label.fields.get("voice", NOT_GIVEN)


def _lines(coding: Coding, labels: list[Annotation], code: str, voice: str = "") -> str:
    """Return the lines in which an issue is named, by one voice or by any."""
    return where(
        coding.article.block_of(one.at).id
        for one in labels
        if one.codes[:1] == (code,) and voice in ("", _voice(one))
    )
