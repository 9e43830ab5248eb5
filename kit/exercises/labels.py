"""Checks of labels: what the student labelled, beside the reference reading.

Only anchors count against anybody: labels that both codings behind the reference have and that
are not disputed. A label on words that the reference has not labelled is never wrong, since no
list of that kind is complete.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from kit.base.phrases import join, plural
from kit.coding.codebook import Layer
from kit.coding.coding import Annotation, Coding
from kit.exercises.exercise import ExerciseError
from kit.exercises.outcome import Context, Disputed, Opinion, Outcome, Part, Parts, stand, summed_up
from kit.library.reference import Dispute, Reference
from kit.measure.spans import CONTENT, NumberedWords, Unmatched
from kit.text.article import Article, find_words
from kit.text.quotations import quotations
from kit.text.span import Span

#: An answer keeps so many labels at most, and of a part so many runs of words.
MOST_KEPT, MOST_RUNS = 300, 8

_NOTHING = "Not answered yet: nothing is labelled there."
_WITH_REASON = "Your reason is kept with the label."
_NO_REASON = "No reason yet. Write one in the label’s note: here the reason is what counts."


def check_labels(exercise: Any, context: Context) -> Outcome:
    """Return what there is to say of the student's labels.

    Raises:
        ExerciseError: the exercise asks about labels that the reference has not.
    """
    layer = context.codebook.layer(exercise.layer)
    if exercise.status == "open":
        return _counted(exercise, context)
    if exercise.status == "disputed":
        return _disputed(exercise, context, layer)
    return (_units if layer.unit != "words" else _words)(exercise, context, layer)


def handed_in(exercise: Any, context: Context) -> tuple[Annotation, ...]:
    """Return the labels that an exercise is about as they are now, to be kept with an answer; none
    if it is not about labels.

    Whoever marks an answer may check other fields than this copy of the kit knows of, so all that
    are chosen from lists are kept. What somebody wrote, in fields and notes, stays where it is.
    """
    if not exercise.layer:
        return ()
    lists = {field.id for field in context.codebook.layer(exercise.layer).fields if field.options}
    asked = asked_of(exercise, context, context.coding)[:MOST_KEPT]
    return tuple(
        Annotation(
            a.id,
            a.layer,
            _bare(a.at),
            a.codes,
            {id: tuple(map(_bare, runs[:MOST_RUNS])) for id, runs in a.parts.items()},
            {id: value for id, value in a.fields.items() if id in lists},
        )
        for a in asked
    )


def same_answer(exercise: Any, some: Iterable[Annotation], others: Iterable[Annotation]) -> bool:
    """Say whether labels are the same answer: on the same words, with the same codes and the same
    choices in the fields that are checked."""

    def said(labels: Iterable[Annotation]) -> dict[tuple[int, int], tuple]:
        checked = exercise.checked_fields
        return {
            (a.at.start, a.at.end): (a.codes, [a.fields.get(name, "") for name in checked])
            for a in labels
        }

    return said(some) == said(others)


def asked_of(exercise: Any, context: Context, coding: Coding) -> tuple[Annotation, ...]:
    """Return a coding's labels on the units or in the paragraphs that an exercise asks about."""
    labels = coding.on(exercise.layer)
    if exercise.units:
        return tuple(a for a in labels if a.id in exercise.units)
    if exercise.blocks:
        return tuple(a for a in labels if _block(context.article, a) in exercise.blocks)
    return labels


def targets(exercise: Any, context: Context) -> tuple[Annotation, ...]:
    """Return the anchors that an exercise asks for, in text order.

    Raises:
        ExerciseError: there is no reference, or one of the units is no anchor in it.
    """
    reference = reference_of(exercise, context)
    anchors = reference.anchors(exercise.layer)
    found = asked_of(exercise, context, reference.coding)
    for unit in exercise.units:
        if unit not in anchors or unit not in {a.id for a in found}:
            raise ExerciseError(
                f"Exercise {exercise.id}: {unit} is no anchor on {exercise.layer}: the readers "
                "differ there, or did not label it."
            )
    return tuple(a for a in found if a.id in anchors)


def undisputed(exercise: Any, context: Context) -> tuple[Annotation, ...]:
    """Return all labels of the reference that count if somebody finds them, anchors or not; raises
    ExerciseError if there is no reference."""
    reference = reference_of(exercise, context)
    disputed = reference.disputed(exercise.layer)
    asked = asked_of(exercise, context, reference.coding)
    return tuple(a for a in asked if a.id not in disputed)


def reference_of(exercise: Any, context: Context) -> Reference:
    """Return the reference; raises ExerciseError if there is none."""
    if context.reference is None:
        raise ExerciseError(f"Exercise {exercise.id} needs a reference reading; there is none.")
    return context.reference


def in_quotation(article: Article, a: Annotation) -> bool:
    """Say whether a label stands inside quotation marks."""
    return any(start <= a.at.start and a.at.end <= end for start, end in quotations(article))


# -- anchors: whole units ------------------------------------------------------------------------


def _units(exercise: Any, context: Context, layer: Layer) -> Outcome:
    mine = context.coding.by_id(layer.id)
    parts: Parts = {}
    for right in targets(exercise, context):
        a = mine.get(right.id)
        if a is None or not a.codes:
            parts[right.id] = Part(None)
        elif a.codes[0] == right.codes[0]:
            parts[right.id] = Part(True)
        else:
            parts[right.id] = Part(False, _against(exercise, context, layer, right.id, a.codes[0]))
    return summed_up(parts, context.say(exercise.yes), {})


def _against(exercise: Any, context: Context, layer: Layer, where: str, code: str) -> str:
    """Return the reason against a code: the exercise's own, or the codebook's definition and test
    put as a question."""
    if own := _own_reason(exercise, where, code):
        return context.say(own)
    chosen = layer.code(code)
    meaning = chosen.definition[:1].lower() + chosen.definition[1:]
    meant = f"“{chosen.name}” is for this: {meaning}"
    return f"{meant} Ask of {where}: {chosen.test or 'is that so here?'}"


def _own_reason(exercise: Any, where: str, code: str) -> str:
    """Return what the exercise itself says against a code or a choice; mostly nothing."""
    reasons = exercise.reasons.get(where, {})
    return reasons.get(code, "") if isinstance(reasons, dict) else ""


# -- anchors: words ------------------------------------------------------------------------------


class Remark(NamedTuple):
    """What there is to say of one of the student's labels; ``theirs`` is what it was matched to."""

    mine: Annotation
    theirs: Annotation | None
    ok: bool | None
    say: str = ""


def _words(exercise: Any, context: Context, layer: Layer) -> Outcome:
    wanted = targets(exercise, context)
    if not wanted:
        raise ExerciseError(f"Exercise {exercise.id}: the reference has no anchor there.")
    if not asked_of(exercise, context, context.coding):
        return Outcome("empty", _NOTHING)
    remarks = remarks_on(exercise, context, layer, wanted)
    blocks: dict[str, tuple[list[Remark], list[Annotation]]] = {
        block.id: ([], []) for block in context.article.blocks
    }
    for remark in remarks:
        blocks[_block(context.article, remark.mine)][0].append(remark)
    for annotation in wanted:
        blocks[_block(context.article, annotation)][1].append(annotation)
    if exercise.at_least:
        parts = {id: _sampled(here) for id, (here, _) in blocks.items() if here}
        return _enough(exercise, context, parts, remarks)
    parts = {id: _searched(here, asked) for id, (here, asked) in blocks.items() if asked or here}
    return summed_up(parts, context.say(exercise.yes), {})


def _searched(here: Sequence[Remark], asked: Sequence[Annotation]) -> Part:
    """Return the part of a paragraph in which every anchor is asked for."""
    if not here:
        return Part(None)
    says = [_quoted(remark) for remark in here if remark.say]
    met = {remark.theirs.id for remark in here if remark.theirs}
    left = sum(a.id not in met for a in asked)
    if left:
        says.append(f"There is still {plural(left, 'label')} to find here.")
    good = not left and all(remark.ok is not False for remark in here)
    return Part(good, " ".join(says))


def _sampled(here: Sequence[Remark]) -> Part:
    """Return the part of a paragraph out of which only some labels are asked for."""
    says = " ".join(_quoted(remark) for remark in here if remark.say)
    return Part(True if all(remark.ok for remark in here) else None, says)


def _quoted(remark: Remark) -> str:
    return f"“{remark.mine.at.text}”: {remark.say}"


def _enough(exercise: Any, context: Context, parts: Parts, remarks: Sequence[Remark]) -> Outcome:
    found = [remark.mine for remark in remarks if remark.ok]
    quoted = sum(in_quotation(context.article, a) for a in found)
    if len(found) >= exercise.at_least and quoted >= exercise.in_quotes:
        return Outcome("yes", f"Yes. {context.say(exercise.yes)}", parts)
    say = f"Not yet. Found so far: {len(found)}; at least {exercise.at_least} are asked for."
    if exercise.in_quotes:
        say += f" Inside quotation marks: {quoted}, of {exercise.in_quotes}."
    amiss = sum(remark.ok is False for remark in remarks)
    if amiss:
        say += f" Look again at {plural(amiss, 'label')}: the reason stands beside each."
    return Outcome("not yet", say, parts)


def remarks_on(
    exercise: Any, context: Context, layer: Layer, wanted: Sequence[Annotation]
) -> list[Remark]:
    """Match the student's labels to the reference's and say what there is to say of each.

    Labels with the same code are matched first, then the rest by their words alone, so that of
    two labels on the same words the right one counts.
    """
    # What is no anchor is never asked for; found, it counts.
    theirs = undisputed(exercise, context)
    mine = list(asked_of(exercise, context, context.coding))
    match = Unmatched(mine, theirs, _numbered(context.article).covered)
    pairs = match.take_by_code([code.id for code in layer.codes] if exercise.codes else [])
    remarks = []
    other_label = set()
    for a, b in pairs:
        said = _amiss(exercise, context, layer, a, b)
        if said and b not in wanted:
            match.ones.append(a)  # the readers do not agree on it either
            other_label.add(a.id)
        else:
            remarks.append(Remark(a, b, not said, said))
    near = match.take(match.ones, [a for a in match.others if a in wanted], overlap=0)
    remarks += [Remark(a, b, False, _beside(layer, a)) for a, b in near]
    # What is disputed is neither right nor wrong, and is said to be.
    reference = reference_of(exercise, context)
    disputed = reference.disputed(layer.id)
    asked = asked_of(exercise, context, reference.coding)
    on_disputed = match.take(match.ones, [a for a in asked if a.id in disputed])
    remarks += [Remark(a, None, None, "this can be read in two ways.") for a, _ in on_disputed]
    others = [a for a in match.ones if a.id not in other_label]
    partly = match.take(others, match.others, overlap=0)
    remarks += [Remark(a, b, None, _beside(layer, a)) for a, b in partly]
    remarks += [
        Remark(a, None, None, _ANOTHER if a.id in other_label else _UNLISTED) for a in match.ones
    ]
    return sorted(remarks, key=lambda remark: (remark.mine.at.start, remark.mine.at.end))


_UNLISTED = "not on our list, which is not complete."
_ANOTHER = (
    "our list has another label on these words. Its two readings do not agree on them, so yours is "
    "not judged."
)


def _amiss(
    exercise: Any, context: Context, layer: Layer, mine: Annotation, theirs: Annotation
) -> str:
    """Return what to say against a label whose words are found, or ""."""
    block = _block(context.article, mine)
    if exercise.codes and (not mine.codes or mine.codes[0] not in theirs.codes):
        if not mine.codes:
            return "it has no code yet."
        return _against(exercise, context, layer, block, mine.codes[0])
    says = []
    covered = _numbered(context.article).covered
    for part in layer.parts:
        ours, yours = theirs.parts.get(part.id, ()), mine.parts.get(part.id, ())
        shared = covered(ours) & covered(yours)
        if shared or not (ours or yours):
            continue
        said = "is not marked yet" if not yours else "may stand in other words"
        says.append(f"{part.name} {said}: look for {part.hint or part.name}.")
    for name in exercise.checked_fields:
        field, chosen = layer.field(name), mine.fields.get(name, "")
        if chosen == theirs.fields.get(name, ""):
            continue
        if not chosen:
            says.append(f"{field.name} is not filled in yet.")
            continue
        own = _own_reason(exercise, block, chosen)
        option = field.option(chosen)
        meant = f"“{option.name}” means: {option.definition}. Is that so here?"
        says.append(context.say(own) or f"{field.name}: {meant}")
    return " ".join(says)


def _beside(layer: Layer, a: Annotation) -> str:
    """Return what to say of words that overlap ours by less than half."""
    for part in layer.parts:
        if part.id == CONTENT and not a.parts.get(CONTENT):
            return f"{part.name} is not marked yet: look for {part.hint or part.name}."
    return "part of it is on our list. Have you marked too many words here, or too few?"


# -- disputed and open ---------------------------------------------------------------------------


def _disputed(exercise: Any, context: Context, layer: Layer) -> Outcome:
    disputes = disputes_of(exercise, context)
    mine = {a.id: a for a in asked_of(exercise, context, context.coding)}
    if not mine:
        return Outcome("empty", _NOTHING)
    parts: Parts = {}
    shown = []
    for dispute in disputes:
        yours = mine.get(dispute.id)
        if yours is None:
            parts[dispute.id] = Part(None)
            continue
        parts[dispute.id] = Part(None, _WITH_REASON if yours.note.strip() else _NO_REASON)
        readings = tuple(
            Opinion(r.by, _named(layer, r.codes) or "no label", context.say(r.reason))
            for r in dispute.readings
        )
        shared = [r.by for r in dispute.readings if r.held_by(yours)]
        asks = dispute.question
        about = asks if dispute.id in asks else f"{dispute.id}: {asks}"
        said = _named(layer, yours.codes) or "a label"
        shown.append(Disputed(about, readings, said, stand(shared)))
    missing = [id for id, part in parts.items() if not part.say]
    if missing:
        far = f"Kept as far as it goes: {len(parts) - len(missing)} of {len(parts)}."
        return Outcome("empty", f"{far} Not answered yet: {join(missing, most=4)}.", parts)
    given = sum(bool(a.note.strip()) for a in mine.values())
    say = f"You gave a reason for {given} of {plural(len(mine), 'label')}."
    return Outcome("kept", say, parts, tuple(shown))


def disputes_of(exercise: Any, context: Context) -> list[Dispute]:
    """Return the disputes that an exercise is about, in text order.

    Raises:
        ExerciseError: there is no reference, or a unit is not disputed in it.
    """
    reference = reference_of(exercise, context)
    found = []
    for id in exercise.units:
        if (dispute := reference.dispute(exercise.layer, id)) is None:
            raise ExerciseError(
                f"Exercise {exercise.id}: the reference has no dispute on {id} in "
                f"{exercise.layer}. Take it out, or add it to disputed.toml."
            )
        found.append(dispute)
    return sorted(found, key=lambda dispute: context.article.unit(dispute.id).start)


def _named(layer: Layer, codes: Sequence[str]) -> str:
    return ", ".join(layer.code(code).name for code in codes)


def _counted(exercise: Any, context: Context) -> Outcome:
    mine = asked_of(exercise, context, context.coding)
    if not mine:
        return Outcome("empty", _NOTHING)
    missing = [unit for unit in exercise.units if unit not in {a.id for a in mine}]
    if missing:
        far = f"Kept as far as it goes: {len(mine)} of {len(exercise.units)}."
        return Outcome("empty", f"{far} Not answered yet: {join(missing, most=4)}.")
    if len(mine) < exercise.at_least:
        asked = plural(exercise.at_least, "label")
        return Outcome("empty", f"Kept as far as it goes: {len(mine)} of at least {asked}.")
    return Outcome("kept", f"You made {plural(len(mine), 'label')}.")


# -- where words stand ---------------------------------------------------------------------------


def _bare(span: Span) -> Span:
    return Span(span.start, span.end)


def _block(article: Article, a: Annotation) -> str:
    return article.block_of(a.at).id


@lru_cache(maxsize=8)
def _numbered(article: Article) -> NumberedWords:
    return NumberedWords(find_words(article.text))
