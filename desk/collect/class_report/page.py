"""The page, and the order of what stands on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from desk.collect.class_report import agreeing, change, points
from desk.collect.class_report.common import who
from desk.collect.class_report.readers import beside
from desk.collect.class_report.talk import talk
from desk.collect.readings import Readings, readings
from desk.collect.roll import Roll
from kit.base import html_page
from kit.base.html_page import bullets, section, typed
from kit.base.phrases import one_line, plural

__all__ = ["PICTURES", "contents", "page"]


def page(roll: Roll, *, made: datetime, read: Mapping[str, Readings] | None = None) -> str:
    """Return the report on a class as one page of HTML.

    Args:
        roll: the class.
        made: when it was collected.
        read: what reference and rules say, if that is known already.
    """
    title = f"{one_line(roll.plan.title)}: the class"
    count = plural(len(roll.students), "work file")
    asks = roll.to_ask
    asked = plural(asks, "file") if asks else "no file"
    body = _BODY.format(
        title=typed(title),
        said=f"{count} on “{typed(roll.plan.article.title)}”; {asked} to ask about.",
        made=f"{made:%Y-%m-%d at %H:%M}",
        contents=contents(roll, read),
    )
    return html_page.page(title, body, _STYLE + PICTURES)


def contents(
    roll: Roll, read: Mapping[str, Readings] | None = None, *, folded: bool = False
) -> str:
    """Return what the report says, as HTML for this page or for a panel; :data:`PICTURES` is its
    style. Each name is in a ``span`` of the class ``name``, followed by one of the class
    ``alias``; show one of the two.

    Args:
        roll: the class.
        read: what reference and rules say, if that is known already.
        folded: whether each student's points are folded away.
    """
    students = points.students(roll)
    if folded:
        students = f"<details><summary>Points of each student</summary>{students}</details>"
    over_time = change.over_the_course(roll)
    parts = [
        section("How the class did", points.overview(roll)),
        section("Where the class disagrees", agreeing.strips(roll)),
        section("What to talk about", talk(roll)),
        section("How far the class agrees", agreeing.figures(roll)),
        section("Which codes are taken for each other", agreeing.confusions(roll)),
        section(
            "The class beside the reference and the rules",
            beside(roll, readings(roll) if read is None else read),
        ),
        section("Edits of the codebook that students propose", _proposals(roll)),
        section("Exercises", points.exercises(roll)),
        *([section("Before and after the course", over_time)] if over_time else []),
        section("Students", students),
    ]
    return f"<div class='kit-class-report'>{''.join(parts)}</div>"


def _proposals(roll: Roll) -> str:
    items = [
        f"{typed(text[:400])} – {who(roll, student.number)}"
        for student in roll.students
        for text in student.work.marks.proposals[:3]
    ]
    return bullets(items) if items else "<p>None yet.</p>"


_BODY = """\
<input type="checkbox" id="names"><label for="names">Show names</label>
<div class="page">
<header><h1>{title}</h1>
<p>{said} Made on {made}.</p>
<p class="warn">Names are hidden on this page until you tick the box above, but they are in the
file: show it, print it, and do not hand it out.</p></header>
<main>
{contents}
</main>
</div>
"""

_STYLE = """
body { max-width: 52rem; margin-top: 1rem; }
label { margin-left: 0.4rem; }
#names:not(:checked) ~ .page .name { display: none; }
#names:checked ~ .page .alias { display: none; }
.name, .alias { font-style: italic; }
th .name, th .alias { font-style: normal; }
h3 small, tbody th { font-weight: normal; }
article { break-inside: avoid; margin-bottom: 1rem; }
.warn { font-size: 0.9rem; }
@media print { #names, label, .warn { display: none; } }
"""

#: The style of the strips and the bars, wherever the report is shown.
PICTURES = """
.kit-class-report :is(.readers, .bars) :is(th, td) { overflow-wrap: break-word; }
.kit-class-report .alias { white-space: nowrap; }
.kit-class-report .bars { width: 100%; }
.kit-class-report .bars td:last-child { width: 60%; }
.kit-class-report .bars tbody th { white-space: nowrap; }
.kit-class-report .bar { display: inline-block; height: 0.8rem; background: #4a7fb5;
  border: 1px solid #2f5c88; }
.kit-class-report .strip { display: flex; flex-wrap: wrap; gap: 2px; margin: 0.3rem 0; padding: 0;
  list-style: none; break-inside: avoid; }
.kit-class-report .strip li { width: 2.5rem; padding: 0.1rem 0; border: 1px solid #8a8a8a;
  text-align: center; font: 0.8rem/1.2 sans-serif; color: #000; }
.kit-class-report .strip b { display: block; font-weight: normal; font-size: 0.7rem; color: #333; }
.kit-class-report .bar, .kit-class-report .strip li { -webkit-print-color-adjust: exact;
  print-color-adjust: exact; }
"""
