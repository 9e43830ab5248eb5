"""The kit's rules beside the student and the reference: switch one off, and see what changes."""

from __future__ import annotations

from typing import NamedTuple

from markupsafe import Markup

from kit.base.phrases import one_line, percent, plural
from kit.base.templating import macros
from kit.coding.coding import Annotation, Coding
from kit.explorers.exploration import Control, Exploration, Values, own_words
from kit.measure import agreed
from kit.suggest import Suggestions, precision, rules, suggest
from kit.suggest.rule import PLAIN, SPUN, Rule, Settings


def settings_for(coding: Coding) -> Settings:
    """Return how the rules are set at first: with the words that a synonym machine makes only for
    an article that is known to have been through one."""
    spun = coding.article.meta.get("spun", False)
    return Settings(tiers=frozenset({PLAIN, SPUN} if spun else {PLAIN}))


def third_reader(layer: str, mine: Coding, reference: Coding | None) -> Exploration:
    """Return the tool that sets the rules' labels on a layer beside other readers'.

    Args:
        layer: a layer that has rules.
        mine: the student's labels.
        reference: what the rules are scored against; None where there is nothing.
    """
    known = rules(layer)
    first = settings_for(mine)
    kinds_of_words = [
        (PLAIN, "words of ordinary news"),
        (SPUN, "words that a synonym machine puts in their place"),
    ]
    tiers = Control("checks", "tiers", "Words that count", sorted(first.tiers), kinds_of_words)
    offered = [(rule.id, _offered(layer, rule)) for rule in known]
    on = Control("checks", "on", "Rules that are on", [rule.id for rule in known], offered)
    verbs = Control("text", "verbs", "Reporting verbs of your own, with commas")

    def show(values: Values) -> tuple[str, Markup]:
        settings = Settings(
            frozenset(tiers.of(values)),
            frozenset(rule.id for rule in known) - set(on.of(values)),
            tuple(own_words(verbs.of(values))),
        )
        found = suggest(mine.article, mine.codebook, [layer], settings)
        said = _score(layer, found.coding, reference)
        return said, _columns(said, layer, mine, found, reference)

    return Exploration(
        f"The third reader: rules for {mine.codebook.layer(layer).title.lower()}",
        # The rules come last, so that what they do is beside them.
        (tiers, verbs, on) if layer == "attribution" else (tiers, on),
        show,
    )


def _offered(layer: str, rule: Rule) -> str:
    measured = precision(layer, rule.id)
    if measured is None:
        return rule.says
    low, high = measured.between
    counted = f"{measured.right} of {measured.of}, so {low:.0%} to {high:.0%} elsewhere"
    return f"{rule.says} ({measured}: {counted})"


def _score(layer: str, found: Coding, reference: Coding | None) -> str:
    made = len(found.on(layer))
    if reference is None:
        return f"The rules make {plural(made, 'label')}. Nobody knows how many of them are right."
    shared, there = len(agreed(reference, found, layer)), len(reference.on(layer))
    if not made:
        return f"The rules make no label; the reference has {there}."
    return (
        f"The rules make {plural(made, 'label')}; {shared} of them the reference has too "
        f"({percent(shared / made)}: precision). It has {there}, so they find "
        f"{percent(shared / there) if there else '–'} of it (recall)."
    )


def _columns(
    said: str, layer: str, mine: Coding, found: Suggestions, reference: Coding | None
) -> Markup:
    """Return one row a paragraph and one column a reader, under how well the rules do."""
    readers = {"You": mine, "The rules": found.coding}
    if reference is not None:
        readers["The reference"] = reference
    right = {id(b) for _, b in agreed(reference, found.coding, layer)} if reference else None
    drawn = macros("explorers/third_reader")
    rows = []
    for block in mine.article.blocks:
        there = [
            [
                _label(coding, a, found if coding is found.coding else None, right)
                for a in coding.on(layer)
                if block.start <= a.at.start < block.end
            ]
            for coding in readers.values()
        ]
        if any(there):
            rows.append((block.id, *map(drawn.labels, there)))
    return drawn.columns(said, tuple(readers), rows)


class _Label(NamedTuple):
    """A label as a reader's column says it.

    Attributes:
        said: its codes, or a record's speaker.
        words: the labelled words, of labels on words.
        how: a record's cue and mode; None of other labels.
        rule: the rule that made it; "" for a person's.
        right: whether the reference has it, too; None where there is none.
    """

    said: str
    words: str = ""
    how: str | None = None
    rule: str = ""
    right: bool | None = None


def _label(
    coding: Coding, a: Annotation, found: Suggestions | None, right: set[int] | None
) -> _Label:
    layer = coding.codebook.layer(a.layer)
    if a.parts:
        cue = " … ".join(span.text for span in a.parts.get("cue", ()))
        how = f"{cue}, {a.fields['mode']}" if "mode" in a.fields else cue
        source = " … ".join(span.text for span in a.parts.get("source", ()))
        label = _Label(one_line(a.fields.get("speaker") or source or "somebody"), how=how)
    else:
        names = ", ".join(layer.code(code).name for code in a.codes)
        label = _Label(names, words=a.at.text if layer.unit == "words" else "")
    if found is None:
        return label
    rule = found.rules[a.layer, a.id].id.replace("-", " ")
    return label._replace(rule=rule, right=None if right is None else id(a) in right)
