"""On whose side a speaker is, by the words that describe them; nothing where no word tells.

The sides are the codebook's: ``us-government`` and ``us-other`` are one, called as their names
begin. A word is a side's if it begins as a side's name does: Norland, Norlandic.
"""

from __future__ import annotations

from os.path import commonprefix

from kit.coding.codebook import Layer
from kit.suggest.attribution.speakers import Speaker
from kit.suggest.attribution.tokens import W

__all__ = ["Affiliations"]

FIELD, BOTH = "affiliation", "both-governments"
_KINDS = ("government", "other")
_ALIKE = {"us": frozenset("u.s american america washington".split())}
_SHORTEST = 4  # letters with which a word begins as a side's name does


class Affiliations:
    """Tells speakers' affiliations in the terms of one codebook.

    Args:
        layer: the layer of attributions; one without the field tells nothing.
    """

    def __init__(self, layer: Layer):
        self._sides: dict[str, set[str]] = {}
        options = next((field.options for field in layer.fields if field.id == FIELD), ())
        self._known = {option.id for option in options}
        for option in options:
            side, _, kind = option.id.rpartition("-")
            if kind in _KINDS and side:
                name = option.name.replace(",", " ").removesuffix(kind).strip().casefold()
                self._sides.setdefault(side, set()).update((name, *_ALIKE.get(side, ())))

    def of(self, who: Speaker) -> str:
        """Return the id of a speaker's affiliation; empty where nothing tells."""
        said = {word.rstrip(".") for word in who.words}
        if not said:
            said = {w.casefold().replace("’", "'").removesuffix("'s") for w in who.name.split()}
        sides = [
            side
            for side, names in self._sides.items()
            if any(_alike(w, n) for w in said for n in names)
        ]
        alone = len(said) == 1  # “Norland denied it”
        governs = alone or bool(said & W.government and not said & W.no_longer)
        if len(sides) == 2 and governs and BOTH in self._known:
            return BOTH
        if len(sides) != 1:
            return ""
        return f"{sides[0]}-{_KINDS[not governs]}"


def _alike(word: str, name: str) -> bool:
    least = max(_SHORTEST, len(name) - 3)
    return word == name or len(commonprefix((word, name))) >= least
