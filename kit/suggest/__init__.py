"""The kit's rules as a third reader: suggestions that are good enough to argue with.

Each layer has a module of rules of its own. :func:`suggest` runs them and returns one
:class:`~kit.coding.coding.Coding`, like any reader's, whose notes say which rule spoke and how
often it is right.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from kit.base.errors import KitError
from kit.coding.codebook import Codebook
from kit.coding.coding import Annotation, Coding
from kit.suggest.rule import Found, Rule, Settings
from kit.text.article import Article

__all__ = [
    "LAYERS", "Precision", "SuggestError", "Suggestions",
    "precision", "referents", "rules", "suggest",
]  # fmt: skip

#: The layers that may have rules, each in a module of that name.
LAYERS = ("attribution", "expectation", "issue", "position", "wording")
CODER = "rules"
_PRECISION = Path(__file__).with_name("precision.json")
_AS_THE_KIT_COMES = Settings()


class SuggestError(KitError, ValueError):
    """No suggestions can be made; the message says why and what to do."""


class Precision(NamedTuple):
    """How often a rule was right where somebody checked.

    Attributes:
        right: how many of its suggestions were right.
        of: how many it made.
        data: where.
    """

    right: int
    of: int
    data: str

    @property
    def share(self) -> float:
        """The share that was right, from 0 to 1."""
        return self.right / self.of

    @property
    def between(self) -> tuple[float, float]:
        """The share that would be right on many more texts of the kind, with 19 chances in 20
        (Wilson's interval)."""
        z, n, p = 1.96, self.of, self.share
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
        return round(middle - half, 9), round(middle + half, 9)

    def __str__(self) -> str:
        if self.of < 20:
            return f"right {'once' if self.right == 1 else f'{self.right} times'} in {self.of}"
        tenths = round(10 * self.share)
        if self.right < self.of:
            tenths = min(tenths, 9)  # “10 in 10” is kept for rules that never failed
        return f"right {tenths} times in 10"


class Suggestions(NamedTuple):
    """What the rules suggest on one article.

    Attributes:
        coding: the suggestions as a coding by the coder ``rules``.
        rules: which rule made each, by ``(layer, id)``.
    """

    coding: Coding
    rules: Mapping[tuple[str, str], Rule]


def suggest(
    article: Article,
    codebook: Codebook,
    layers: Iterable[str] | None = None,
    settings: Settings = _AS_THE_KIT_COMES,
) -> Suggestions:
    """Return what the rules suggest on an article.

    Args:
        article: any text.
        codebook: the layers; one that it does not have gets no suggestions.
        layers: which of them; all that have rules when left out.
        settings: which word lists count, which rules are off, which verbs are added.

    Raises:
        SuggestError: a layer that was asked for has no rules or is not in the codebook.
    """
    there = {layer.id for layer in codebook.layers}
    wanted: dict[str, ModuleType] = {}
    for layer in LAYERS if layers is None else layers:
        module = _module(layer) if layer in there else None
        if module:
            wanted[layer] = module
        elif layers is not None:
            known = ", ".join(name for name in LAYERS if name in there and _module(name))
            raise SuggestError(f"There are no rules for a layer “{layer}”. There are: {known}.")
    annotations: list[Annotation] = []
    by: dict[tuple[str, str], Rule] = {}
    for layer, module in wanted.items():
        known_rules = {rule.id: rule for rule in module.RULES}
        for id, found in _with_ids(article, codebook, layer, module, settings):
            annotations.append(
                Annotation(
                    id,
                    layer,
                    found.at,
                    found.codes,
                    dict(found.parts),
                    dict(found.fields),
                    _note(layer, found.rule),
                )
            )
            by[layer, id] = known_rules[found.rule]
    about = "Made by the kit’s rules: suggestions to argue with, and no answer key."
    return Suggestions(Coding(article, codebook, CODER, annotations, about=about), by)


def rules(layer: str) -> tuple[Rule, ...]:
    """Return the rules of a layer; none when it has none."""
    module = _module(layer)
    return module.RULES if module else ()


def referents(article: Article) -> dict[int, list[str]]:
    """Return the names of those whom each pronoun of a text may mean, the likeliest first, by where
    it begins; none in a copy of the kit without rules."""
    module = _module("attribution")
    return module.referents(article) if module else {}


def precision(layer: str, rule: str) -> Precision | None:
    """Return how often a rule was right where it was measured; None where it was not."""
    measured = _measured().get(layer, {}).get(rule)
    return Precision(measured["right"], measured["of"], measured["data"]) if measured else None


def _with_ids(
    article: Article, codebook: Codebook, layer: str, module: ModuleType, settings: Settings
) -> Iterator[tuple[str, Found]]:
    """Yield what a layer's rules find, with ids as the layer wants them, each unit once."""
    unit = codebook.layer(layer).unit
    found = module.find(article, codebook, settings)
    if unit == "words":
        for number, one in enumerate(found, start=1):
            yield f"r{number:03}", one
        return
    units = article.blocks if unit == "block" else article.sentences
    ids = {(one.start, one.end): one.id for one in units}
    for one in found:
        id = ids.pop((one.at.start, one.at.end), None)
        if id is not None:
            yield id, one


def _note(layer: str, rule: str) -> str:
    measured = precision(layer, rule)
    name = f"rule {rule.removeprefix(f'{layer}-').replace('-', ' + ')}"
    return f"{name}, {measured}" if measured else name


@cache
def _module(layer: str) -> ModuleType | None:
    """Return the module of a layer's rules; None when there is none."""
    name = f"{__name__}.{layer}"
    return import_module(name) if layer in LAYERS and find_spec(name) else None


@cache
def _measured() -> Mapping[str, Mapping[str, dict]]:
    return json.loads(_PRECISION.read_text(encoding="utf-8"))
