"""The charts a notebook can ask for, by the names it uses."""

from __future__ import annotations

from collections.abc import Callable

from kit.charts.agreement import ReadersAgree, RulesBesideReaders
from kit.charts.along import VoicesAlong
from kit.charts.chart import Chart
from kit.charts.events import OrderOfEvents, Timeline
from kit.charts.expectations import ExpectationRibbon, MovesByVoice
from kit.charts.issues import IssueGrid
from kit.charts.scorecard import Scorecard
from kit.charts.structure import StructureStrip
from kit.charts.voices import Ladder, VoiceShares
from kit.charts.wording import Wording
from kit.coding.coding import Coding
from kit.lessons.cell_output import LessonError
from kit.library import chronicle, datasets

#: By its name, the layer that a chart of one coding's labels is made of, what it shows, and what
#: draws it.
_OF_CODING: dict[str, tuple[str, str, Callable[..., Chart]]] = {
    "structure": ("position", "what each paragraph is, from first to last", StructureStrip),
    "roles": (
        "role",
        "what each paragraph does, from first to last",
        lambda coding: StructureStrip(coding, "role"),
    ),
    "wording": ("wording", "your finds, inside and outside quotation marks", Wording),
    "share of voice": ("attribution", "how large each voice is, counted three ways", VoiceShares),
    "voices along the text": ("attribution", "who speaks where", VoicesAlong),
    "ladder": ("attribution", "how much a reader is told of each speaker", Ladder),
    "expectations": ("expectation", "what raises hopes, and what lowers them", ExpectationRibbon),
    "moves by voice": ("expectation", "who raises hopes, and who lowers them", MovesByVoice),
    "issues": ("issue", "who names which issue, and in which frame", IssueGrid),
    "rules": ("attribution", "how the kit’s rules do", lambda coding: _rules(coding)),
}


def layer_of(name: str) -> str | None:
    """Return the layer that a chart is made of; None for one made of no labels.

    Raises:
        LessonError: there is no such chart.
    """
    if name in _OF_CODING:
        return _OF_CODING[name][0]
    if name in _OF_ARTICLE:
        return None
    known = ", ".join([*_OF_CODING, *_OF_ARTICLE])
    raise LessonError(f"There is no chart “{name}”. There is: {known}.")


def shows(name: str) -> str:
    """Return what a chart of labels will show, for as long as there is none to draw."""
    return _OF_CODING[name][1]


def chart(name: str, coding: Coding, answers: dict, **options: str) -> Chart:
    """Draw the chart called ``name``.

    Args:
        name: see :func:`layer_of`.
        coding: whose labels, one at least on the chart's layer; of a chart without labels only
            the article is used.
        answers: the student's answers to the exercise that the chart follows, by control.
        options: what the chart itself takes, such as ``by="affiliation"``.
    """
    if name in _OF_CODING:
        return _OF_CODING[name][2](coding, **options)
    return _OF_ARTICLE[name](coding, answers)


def _rules(coding: Coding) -> Chart:
    """Set the kit's rules and the readings that come with the article beside a coding."""
    from kit.explorers.third_reader import settings_for
    from kit.suggest import suggest

    reference = datasets.load_reference(coding.article.id)
    if reference is None:
        raise LessonError("This chart sets the rules beside a reference, and here there is none.")
    found = suggest(coding.article, coding.codebook, settings=settings_for(coding))
    return RulesBesideReaders(coding, [*reference.readers, found.coding])


def _order(coding: Coding, answers: dict) -> Chart:
    """Chart the events that the exercise before it asks about, which has them by the same ids."""
    asked = answers.get("order", ())
    events = chronicle.load(coding.article.id).events
    return OrderOfEvents(e for e in events if not asked or e.id in asked)


def _two_readers(coding: Coding, _answers: dict) -> Chart:
    from kit.measure import layer_agreement

    one, other = (datasets.load_coding(coding.article.id, name) for name in ("a", "b"))
    layers = [layer.id for layer in coding.codebook.layers if one.on(layer.id)]
    return ReadersAgree([layer_agreement(one, other, layer) for layer in layers])


_OF_ARTICLE: dict[str, Callable[[Coding, dict], Chart]] = {
    "order of events": _order,
    "timeline": lambda coding, _: Timeline(chronicle.load(coding.article.id)),
    "scorecard": lambda coding, answers: Scorecard(
        chronicle.load(coding.article.id).benchmarks, answers
    ),
    "two readers": _two_readers,
}
