"""The page, and the order of what stands on it."""

from __future__ import annotations

from datetime import datetime

from markupsafe import Markup

from desk.collect.class_report import agreeing, change, points
from desk.collect.class_report.readers import beside
from desk.collect.class_report.talk import talk
from desk.collect.roll import Roll
from kit.base import templating
from kit.base.phrases import one_line
from kit.base.templating import render, style_sheet


def page(roll: Roll, *, made: datetime) -> str:
    """Return the report on a class as one page of HTML.

    Args:
        roll: the class.
        made: when it was collected.
    """
    title = f"{one_line(roll.plan.title)}: the class"
    body = render(
        "class_report/page",
        "desk",
        title=title,
        files=len(roll.students),
        article=roll.plan.article.title,
        to_ask=roll.to_ask,
        made=f"{made:%Y-%m-%d at %H:%M}",
        contents=contents(roll),
    )
    style = style_sheet("class_report/page", "desk")
    return templating.page(title, body, style + PICTURES)


def contents(roll: Roll, *, folded: bool = False) -> Markup:
    """Return what the report says, as HTML for this page or for a panel; :data:`PICTURES` is its
    style. Each name is in a ``span`` of the class ``name``, followed by one of the class
    ``alias``; show one of the two.

    Args:
        roll: the class.
        folded: whether each student's points are folded away.
    """
    proposals = [
        (text[:400], student) for student in roll.students for text in student.marks.proposals[:3]
    ]
    return render(
        "class_report/contents",
        "desk",
        points=points.overview(roll),
        strips=agreeing.strips(roll),
        talk=talk(roll),
        figures=agreeing.figures(roll),
        confusions=agreeing.confusions(roll),
        beside=beside(roll),
        proposals=proposals,
        exercises=points.exercises(roll),
        change=change.over_the_course(roll),
        students=points.students(roll),
        folded=folded,
    )


#: The style of the strips and the bars, wherever the report is shown.
PICTURES = style_sheet("class_report/pictures", "desk")
