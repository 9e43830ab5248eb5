"""What is asked of a class: lessons, exercises, layers, a last day.

What an instructor typed comes in, and an assignment that can be handed out comes out, or a sentence
that says what to mend. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from desk.base.lesson_facts import facts_of
from desk.handout.assignment import ID, Assignment, AssignmentError, Mode
from desk.handout.notebooks import notebook_of
from kit import exercises
from kit.base.durable import reserved
from kit.base.phrases import one_line
from kit.library import datasets
from kit.library.course import ARTICLE, OWN_LESSON, known_lessons
from kit.work import own_texts

MAX_TITLE, MAX_HAND_IN = 200, 500


def own_lesson(article: str) -> str:
    """Return the name of the lesson that an instructor's own article has, if it has one."""
    return f"07-{article}"


def has_own_lesson(article: str) -> bool:
    """Say whether an article has a lesson of its own: whether an instructor has added it."""
    lesson = f"{own_lesson(article)}.toml"
    return (datasets.root() / "datasets" / article / "exercises" / lesson).exists()


def lessons_of(article: str) -> list[str]:
    """Return the lessons that can be handed out on an article, in order.

    The lessons 00 to 06 are written about the course's own article. Any other is for the last
    lesson: in a form of its own where :mod:`desk.author.new_article` has made one.
    """
    if article == ARTICLE:
        return known_lessons()
    if has_own_lesson(article):
        return [own_lesson(article)]
    return [OWN_LESSON] if article == own_texts.PRACTICE else []


def is_marked(exercise: exercises.Exercise, article: str) -> bool:
    """Say whether an exercise counts for a mark unless somebody says otherwise: what is about the
    article, and what a student does alone at a lesson's end on another."""
    return exercise.article in (article, exercises.OWN) or exercise.checked


def compose(
    id: str,
    title: str,
    lessons: Iterable[str],
    *,
    article: str = "",
    exercises: Iterable[str] = (),
    layers: Iterable[str] = (),
    due: date | str | None = None,
    mode: Mode = "practice",
    pairs: Sequence[tuple[str, str]] = (),
    hand_in: str = "",
) -> Assignment:
    """Return an assignment that can be handed out.

    Args:
        id: a short name, such as ``"week-3"``; also what students' folder is called.
        title: what students see.
        lessons: names or numbers, such as ``"03-who-speaks"`` or ``"03"``.
        article: which article; the course's own if empty, and the practice article where the
            last lesson is all there is.
        exercises: those that count, such as ``"3.1"``; if none is named, all exercises of these
            lessons that are about the article.
        layers: the layers on which the class is compared; if none is named, those that the named
            exercises are about, and if none of these is either, all that the notebooks let
            students label.
        due: the last day, as a date or as ``"2027-02-01"``; empty for none.
        pairs: as :func:`.pairs.read_pairs` returns them.
        hand_in: where work is handed in: an address on the web, or a few words.

    Raises:
        AssignmentError: something that was asked for is not there or makes no sense.
    """
    if not ID.fullmatch(id) or reserved(id):
        raise AssignmentError(
            f"“{one_line(id)[:60]}” cannot be the short name of an assignment. Use small letters, "
            "digits and hyphens, such as week-3."
        )
    title = one_line(title)[:MAX_TITLE]
    if not title:
        raise AssignmentError("An assignment needs a title that students can read.")
    asked = [lesson.strip() for lesson in lessons if lesson.strip()]
    if not asked:
        raise AssignmentError("Choose one lesson or more, such as 03-who-speaks.")
    if not article:
        only_last = all(lesson in (OWN_LESSON, OWN_LESSON[:2]) for lesson in asked)
        article = own_texts.PRACTICE if only_last else ARTICLE
    if article not in datasets.article_ids():
        there = ", ".join(datasets.article_ids())
        raise AssignmentError(f"There is no article “{one_line(article)[:60]}”. There is: {there}.")
    chosen = _chosen(asked, article)
    named = {id.strip() for id in exercises} - {""}
    return Assignment(
        id=id,
        title=title,
        article=article,
        lessons=tuple(chosen),
        exercises=_exercises(named, chosen, article, graded=mode == "graded"),
        layers=_layers(layers, chosen, article, named),
        due=_due(due),
        mode=mode,
        pairs=tuple(pairs),
        hand_in=one_line(hand_in)[:MAX_HAND_IN],
    )


def _chosen(asked: Iterable[str], article: str) -> list[str]:

    can = lessons_of(article)
    chosen: set[str] = set()
    for lesson in asked:
        found = [name for name in can if lesson in (name, name.partition("-")[0])]
        if found:
            chosen.update(found)
        elif article != ARTICLE and any(lesson in (n, n[:2]) for n in known_lessons()):
            there = f"For it there is: {', '.join(can)}." if can else "There is no lesson on it."
            raise AssignmentError(
                f"Lesson “{lesson}” is about the article {ARTICLE}, not about {article}. {there}"
            )
        else:
            there = ", ".join(can)
            raise AssignmentError(
                f"There is no lesson “{one_line(lesson)[:60]}”. There is: {there}."
            )
    return [name for name in can if name in chosen]


def _exercises(
    asked: Iterable[str], lessons: Sequence[str], article: str, *, graded: bool
) -> tuple[str, ...]:
    # What is asked before and after the course about an unseen text is never marked.
    loaded = [e for n in lessons for e in exercises.load(n) if e.article != exercises.UNSEEN]
    known = [exercise.id for exercise in loaded]
    wanted = _known(asked, known, "There is no exercise {} in these lessons.")
    gone = {e.id for e in loaded if e.graded.left_out} if graded else set()
    if wanted & gone:
        raise AssignmentError(
            f"Exercise {', '.join(sorted(wanted & gone))} asks about another reading, which is "
            "not handed out for a mark. Choose others, or hand out for practice."
        )
    if not wanted:
        wanted = {e.id for e in loaded if is_marked(e, article)} - gone
    return tuple(id for id in known if id in wanted)


def _known(asked: Iterable[str], known: Sequence[str], complaint: str) -> set[str]:
    """Return what was asked for, all of it known; ``{}`` in the complaint is what is not."""
    wanted = {id.strip() for id in asked} - {""}
    unknown = one_line(", ".join(sorted(wanted - set(known))))[:60]
    if unknown:
        raise AssignmentError(f"{complaint.format(unknown)} There is: {', '.join(known)}.")
    return wanted


def _layers(
    asked: Iterable[str], lessons: Sequence[str], article: str, named: Collection[str]
) -> tuple[str, ...]:
    known = [layer.id for layer in datasets.codebook(article).layers]
    wanted = _known(asked, known, "The codebook has no layer {}.")
    if not wanted and named:
        loaded = (e for lesson in lessons for e in exercises.load(lesson))
        wanted = {e.layer for e in loaded if e.id in named}
    elif not wanted:
        for lesson in lessons:
            wanted.update(facts_of(notebook_of(lesson), lesson).layers)
    return tuple(id for id in known if id in wanted)


def _due(due: date | str | None) -> date | None:
    if not due or isinstance(due, date):
        return due or None
    try:
        return date.fromisoformat(due.strip())
    except ValueError:
        raise AssignmentError(
            f"“{one_line(due)[:40]}” is no date. Write year, month and day, such as 2027-02-01."
        ) from None
