"""The charts a notebook can ask for, by the names it uses."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from kit import charts
from kit.lessons.cell_output import LessonError
from kit.library import datasets

if TYPE_CHECKING:
    from kit.charts import Chart
    from kit.coding.coding import Coding
    from kit.library.chronicle import Chronicle

__all__ = ["chart", "layer_of"]


class _OfCoding(NamedTuple):
    """A chart of one coding's labels on one layer."""

    layer: str
    draw: Callable[..., Chart]


_OF_CODING = {
    "structure": _OfCoding("position", lambda c: charts.StructureStrip(c, "position")),
    "roles": _OfCoding("role", lambda c: charts.StructureStrip(c, "role")),
    "wording": _OfCoding("wording", charts.Wording),
    "share of voice": _OfCoding("attribution", charts.VoiceShares),
    "voices along the text": _OfCoding("attribution", charts.VoicesAlong),
    "ladder": _OfCoding("attribution", charts.Ladder),
    "expectations": _OfCoding("expectation", charts.ExpectationRibbon),
    "moves by voice": _OfCoding("expectation", charts.MovesByVoice),
    "word list": _OfCoding("expectation", lambda c: _word_list(c)),
    "issues": _OfCoding("issue", charts.IssueGrid),
    "rules": _OfCoding("attribution", lambda c: _rules(c)),
}


def layer_of(name: str) -> str | None:
    """Return the layer that a chart is made of; None for one made of no labels.

    Raises:
        LessonError: there is no such chart.
    """
    if name in _OF_CODING:
        return _OF_CODING[name].layer
    if name in _OF_ARTICLE:
        return None
    known = ", ".join([*_OF_CODING, *_OF_ARTICLE])
    raise LessonError(f"There is no chart “{name}”. There is: {known}.")


def chart(name: str, coding: Coding, answers: dict, **options: str) -> Chart:
    """Draw the chart called ``name``.

    Args:
        name: see :func:`layer_of`.
        coding: whose labels; of a chart without labels only the article is used.
        answers: the student's answers to the exercise that the chart follows, by control.
        options: what the chart itself takes, such as ``by="affiliation"``.
    """
    if name in _OF_CODING:
        return _OF_CODING[name].draw(coding, **options)
    return _OF_ARTICLE[name](coding, answers)


def _word_list(coding: Coding) -> Chart:
    from kit.library import lexicon

    return charts.WordListHits(lexicon.find(coding.article, lexicon.load("hedges")), coding)


def _rules(coding: Coding) -> Chart:
    """Set the kit's rules and the readings that come with the article beside a coding."""
    from kit.explorers.third_reader import settings_for
    from kit.suggest import suggest

    reference = datasets.load_reference(coding.article.id)
    if reference is None:
        raise LessonError("This chart sets the rules beside a reference, and here there is none.")
    found = suggest(coding.article, coding.codebook, settings=settings_for(coding))
    return charts.RulesBesideReaders(coding, [*reference.readers, found.coding])


def _order(coding: Coding, answers: dict) -> Chart:
    """Chart the events that the exercise before it asks about, which has them by the same ids."""
    asked = answers.get("order", ())
    events = _chronicle(coding).events
    return charts.OrderOfEvents(e for e in events if not asked or e.id in asked)


def _timeline(coding: Coding, _answers: dict) -> Chart:
    return charts.Timeline(_chronicle(coding))


def _scorecard(coding: Coding, answers: dict) -> Chart:
    return charts.Scorecard(_chronicle(coding).benchmarks, answers)


def _two_readers(coding: Coding, _answers: dict) -> Chart:
    from kit.measure import layer_agreement

    one, other = (datasets.load_coding(coding.article.id, name) for name in ("a", "b"))
    layers = [layer.id for layer in coding.codebook.layers if one.on(layer.id)]
    return charts.ReadersAgree([layer_agreement(one, other, layer) for layer in layers])


def _chronicle(coding: Coding) -> Chronicle:
    from kit.library import chronicle

    return chronicle.load(coding.article.id)


_OF_ARTICLE = {
    "order of events": _order,
    "timeline": _timeline,
    "scorecard": _scorecard,
    "two readers": _two_readers,
}
