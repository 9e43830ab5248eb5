"""Two states of one student's work, put together as one."""

from __future__ import annotations

import msgspec

from kit.base.phrases import join
from kit.work.changes import change_labels
from kit.work.merge import changed, merged_notes, merged_records
from kit.work.state import File, State


def put_together(base: State, ours: State, theirs: State) -> tuple[State, str]:
    """Return two states as one, by unit, and what to say of it; where both have changed the same
    thing, both stay.

    Args:
        base: what both began from.
        ours: what is held here.
        theirs: what is on the disk.
    """
    layers = theirs.coding.codebook.layers
    coding, file = theirs.coding, joined(ours, theirs)
    torn = {
        id: {**ours.file.torn.get(id, {}), **theirs.file.torn.get(id, {})}
        for id in (*(layer.id for layer in layers), *ours.file.torn, *theirs.file.torn)
    }
    places: list[str] = []
    for layer in layers:
        before, after = base.coding.by_id(layer.id), ours.coding.by_id(layer.id)
        ids = dict.fromkeys((*before, *after))
        changes = {id: (before.get(id), after.get(id)) for id in ids}
        coding, conflicts = change_labels(coding, layer.id, changes)
        for one in conflicts:
            torn[layer.id][one.id] = one.yours
            places.append(one.id if layer.unit != "words" else layer.title)
    answers = dict(theirs.file.answers)
    for id in dict.fromkeys((*base.file.answers, *ours.file.answers)):
        was, now, there = (one.file.answers.get(id) for one in (base, ours, theirs))
        new, both = merged_records(was, now, there)
        if both:
            places.append(f"exercise {id}")
        if new is None:
            answers.pop(id, None)
        else:
            answers[id] = new
    notes = merged_notes(base.file.notes, ours.file.notes, theirs.file.notes)
    commits = dict(theirs.file.commits)
    for name, commit in ours.file.commits.items():
        commits[name] = min(commit, commits.get(name, commit), key=lambda one: one.at)
    said = "Work from another window or machine was put together with yours."
    if places:
        said += (
            " Where both had changed the same thing, both are kept, and you choose: "
            f"{join([*dict.fromkeys(places)], 8)}."
        )
    file = msgspec.structs.replace(
        file,
        student=changed(file.student, base.file.student, ours.file.student)[0],
        answers=answers,
        notes=notes,
        commits=commits,
        torn={layer: labels for layer, labels in torn.items() if labels},
        unfit=(*theirs.file.unfit, *(a for a in ours.file.unfit if a not in theirs.file.unfit)),
    )
    return State(coding, file), said


def joined(ours: State, theirs: State) -> File:
    """Return the file of ``theirs`` as one that has all that is in ``ours``, too."""
    one, other = ours.file, theirs.file
    writers = {**one.writers, **other.writers}
    writers = {name: max(one.writers.get(name, 0), n) for name, n in writers.items()}
    return msgspec.structs.replace(
        other,
        revision=max(one.revision, other.revision),
        writers=writers,
        whose=tuple(dict.fromkeys((*one.whose, *other.whose))),
    )
