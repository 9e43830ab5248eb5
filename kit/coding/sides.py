"""Which side a voice is on, and how a side looks: one colour and one pattern wherever it is drawn.

Sides are countries: affiliations whose ids begin alike, ``us-government`` and ``us-other``, are one
side, called as the first of them is before “government” or a comma. A voice is on the side that
most of its attributions give it.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from kit.base.phrases import one_line
from kit.coding.coding import Annotation, Coding
from kit.coding.palette import Style

LAYER, FIELD = "attribution", "affiliation"
#: Affiliations that put a voice on neither country's side.
NO_SIDE = ("both-governments", "third-country", "unclear")

# The sides' looks in the codebook's order. No code has any of these colours, so that a side cannot
# be taken for a code; light and dark apart, so that paper without colour tells them, too.
_LOOKS = (
    Style("#5B8FD6", "", "solid"),
    Style("#F7A98F", "\\\\\\\\", "fall"),
    Style("#7FB77E", "....", "dots"),
    Style("#C9A0DC", "xxxx", "cross"),
)


class Side(NamedTuple):
    """A side: its name, and how it looks; ``known`` where it is a country's."""

    name: str
    style: Style
    known: bool = True


#: The side of a voice that is on none, or of which nobody has said.
NEITHER = Side("neither, or not known", Style("#FFFFFF", "", "none"), known=False)


class Sides:
    """The sides that one coding's attributions tell apart.

    Attributes:
        all: the countries' sides, in the codebook's order, whether they speak or not.
    """

    def __init__(self, coding: Coding):
        options = coding.codebook.layer(LAYER).field(FIELD).options
        called: dict[str, str] = {}
        names = {
            o.id: called.setdefault(o.id.partition("-")[0], re.split(r",|\s+government", o.name)[0])
            for o in options
            if o.id not in NO_SIDE
        }
        known = list(dict.fromkeys(names.values()))
        self.all = [Side(name, _LOOKS[n % len(_LOOKS)]) for n, name in enumerate(known)]
        by_name = {side.name: side for side in self.all}
        self._by_affiliation = {id: by_name[name] for id, name in names.items()}
        recorded: dict[str, Counter[Side]] = {}
        for record in coding.on(LAYER):
            speaker, side = _key(record.fields.get("speaker", "")), self.of(record)
            if speaker and side.known:
                recorded.setdefault(speaker, Counter())[side] += 1
        self._by_voice = {
            speaker: sides.most_common(1)[0][0] for speaker, sides in recorded.items()
        }

    def of(self, record: Annotation) -> Side:
        """Return the side that one attribution is on."""
        return self.of_affiliation(record.fields.get(FIELD, ""))

    def of_affiliation(self, id: str) -> Side:
        """Return the side of an affiliation, by its id."""
        return self._by_affiliation.get(id, NEITHER)

    def of_voice(self, name: str) -> Side:
        """Return the side that a voice is on, by its name in whichever capitals."""
        return self._by_voice.get(_key(name), NEITHER)


def _key(name: str) -> str:
    return one_line(name).casefold()
