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

LAYER = "attribution"


def settings_for(coding: Coding) -> Settings:
    """Return how the rules are set at first: with the words that a synonym machine makes only for
    an article that is known to have been through one."""
    spun = coding.article.meta.get("spun", False)
    return Settings(tiers=frozenset({PLAIN, SPUN} if spun else {PLAIN}))


def third_reader(mine: Coding, reference: Coding | None) -> Exploration:
    """Return the tool that sets the attributions of the rules beside other readers'.

    Args:
        mine: the student's labels.
        reference: what the rules are scored against; None where there is nothing.
    """
    known = rules(LAYER)
    first = settings_for(mine)
    kinds_of_words = [
        (PLAIN, "words of ordinary news"),
        (SPUN, "words that a synonym machine puts in their place"),
    ]
    tiers = Control("checks", "tiers", "Words that count", sorted(first.tiers), kinds_of_words)
    offered = [(rule.id, _offered(rule)) for rule in known]
    on = Control("checks", "on", "Rules that are on", [rule.id for rule in known], offered)
    verbs = Control("text", "verbs", "Reporting verbs of your own, with commas")

    def show(values: Values) -> tuple[str, Markup]:
        settings = Settings(
            frozenset(tiers.of(values)),
            frozenset(rule.id for rule in known) - set(on.of(values)),
            tuple(own_words(verbs.of(values))),
        )
        found = suggest(mine.article, mine.codebook, [LAYER], settings)
        said = _score(found.coding, reference)
        return said, _columns(said, mine, found, reference)

    title = f"The third reader: rules for {mine.codebook.layer(LAYER).title.lower()}"
    # The rules come last, so that what they do is beside them.
    return Exploration(title, (tiers, verbs, on), show)


def _offered(rule: Rule) -> str:
    measured = precision(LAYER, rule.id)
    if measured is None:
        return rule.says
    low, high = measured.between
    counted = f"{measured.right} of {measured.of}, so {low:.0%} to {high:.0%} elsewhere"
    return f"{rule.says} ({measured}: {counted})"


def _score(found: Coding, reference: Coding | None) -> str:
    made = len(found.on(LAYER))
    if reference is None:
        return f"The rules make {plural(made, 'label')}. Nobody knows how many of them are right."
    shared, there = len(agreed(reference, found, LAYER)), len(reference.on(LAYER))
    if not made:
        return f"The rules make no label; the reference has {there}."
    return (
        f"The rules make {plural(made, 'label')}; {shared} of them the reference has too "
        f"({percent(shared / made)}: precision). It has {there}, so they find "
        f"{percent(shared / there) if there else '–'} of it (recall)."
    )


def _columns(said: str, mine: Coding, found: Suggestions, reference: Coding | None) -> Markup:
    """Return one row a paragraph and one column a reader, under how well the rules do."""
    readers = {"You": mine, "The rules": found.coding}
    if reference is not None:
        readers["The reference"] = reference
    right = {id(b) for _, b in agreed(reference, found.coding, LAYER)} if reference else None
    drawn = macros("explorers/third_reader")
    rows = []
    for block in mine.article.blocks:
        there = [
            [
                _record(a, found if coding is found.coding else None, right)
                for a in coding.on(LAYER)
                if block.start <= a.at.start < block.end
            ]
            for coding in readers.values()
        ]
        if any(there):
            rows.append((block.id, *map(drawn.labels, there)))
    return drawn.columns(said, tuple(readers), rows)


class _Record(NamedTuple):
    """A record as a reader's column says it.

    Attributes:
        said: who speaks.
        how: cue and mode.
        rule: the rule that made it; "" for a person's.
        right: whether the reference has it, too; None where there is none.
    """

    said: str
    how: str
    rule: str = ""
    right: bool | None = None


def _record(a: Annotation, found: Suggestions | None, right: set[int] | None) -> _Record:
    cue, source = (" … ".join(s.text for s in a.parts.get(id, ())) for id in ("cue", "source"))
    how = f"{cue}, {a.fields['mode']}" if "mode" in a.fields else cue
    record = _Record(one_line(a.fields.get("speaker") or source or "somebody"), how)
    if found is None:
        return record
    rule = found.rules[a.layer, a.id].id.replace("-", " ")
    return record._replace(rule=rule, right=None if right is None else id(a) in right)
