"""Commit first, then compare: a student's labels beside another reading of the same text.

The other reading is one that comes with the article, or a partner's, or both. Here, where readings
differ, a student can also propose a change to the codebook.
"""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from kit.base.phrases import one_line, plural
from kit.base.templating import macros
from kit.coding.coding import Coding
from kit.lessons.assigned import Handout
from kit.lessons.cell_output import LessonError
from kit.lessons.conversation import Against, Talk
from kit.lessons.differences import figures
from kit.lessons.live import follow
from kit.lessons.partner import labels_file, partners_labels, side_by_side
from kit.library.reference import Reference
from kit.widgets.panel import Answer, Field, Panel, Upload
from kit.work.workbook import Workbook

#: How many words make a proposal, and how many characters fit.
LEAST_PROPOSAL, MOST_PROPOSAL = 5, 1_000
#: How many pairs are named to a student who is in none of them.
MOST_PAIRS = 40


def comparison_panel(
    workbook: Workbook,
    layer_id: str,
    reading: Coding | None,
    reference: Reference | None,
    handed: Handout,
    against: Against,
) -> Panel:
    """Return the panel that keeps a student's first answer and then shows another's.

    Args:
        reading: the reference's labels, of those paragraphs that were asked about; None where none
            is at hand.
        reference: for the places where two readings may stand, if the article has one.
        handed: what the folder says of itself: it may name a partner, or be for a mark.
        against: what the lesson's exercises say against a label, see
            :data:`kit.lessons.conversation.Against`.
    """
    layer = workbook.codebook.layer(layer_id)
    other = "the reference" if reading else ""
    with_partner = bool(handed.pairs) or (reading is None and not handed.graded)
    done = f"I am done. Show me {other}" if reading else "I am done on my own"

    def before() -> tuple[str, Markup]:
        count = len(workbook.coding.on(layer_id))
        made = plural(count, "label")
        drawn = macros("comparison")
        html = drawn.before(layer, count and made, other, done, handed.graded)
        if with_partner:
            partner = handed.partner_of(workbook.student)
            html += drawn.who(partner, handed.pairs, MOST_PAIRS)
        return f"{layer.title}: {made}, first answer not kept yet", html

    def first() -> Coding:
        mine = workbook.committed(layer_id)
        if mine is None:
            raise LessonError("Keep your first answer first.")
        return mine

    def after() -> tuple[str, Markup]:
        mine = first()
        if reading is not None:
            chart, numbers = figures(mine, reading, layer, other, reference)
            talk = Talk(mine, reading, layer, other, reference, against)
            summary, html = f"{talk.said()}\n{chart!r}", talk.html(numbers)
        else:
            made = plural(len(mine.on(layer_id)), "label")
            summary = f"{layer.title}: {made} kept as a first answer"
            html = macros("comparison").kept(layer, made, handed.graded)
        if with_partner:
            html += macros("comparison").steps(handed.partner_of(workbook.student))
        return summary, macros("comparison").about(workbook.article.id, html)

    seen = ""  # the proposal as this panel knows it to stand in the work file

    def controls() -> tuple[list[Field], list[tuple[str, str]]]:
        """What can be filled in and pressed once a first answer is kept."""
        nonlocal seen
        kept = seen = workbook.notes.get(_subject(layer_id), "")
        about = f"A change to the codebook on {layer.title} that would spare others a doubt"
        fields: list[Field] = []
        buttons: list[tuple[str, str]] = []
        if with_partner:
            fields.append(Field("partner", "Your partner’s labels", type="file"))
            buttons.append(("give", "Download my labels for my partner"))
            buttons.append(("differ", "Show where we differ"))
        fields.append(Field("proposal", about, kept, type="area"))
        buttons.append(("propose", "Keep my proposal"))
        return fields, buttons

    def offered() -> list[tuple[str, str]]:
        """What can be pressed before: nothing, while there is nothing to keep."""
        return [("commit", done)] if workbook.coding.on(layer_id) else []

    committed = workbook.committed(layer_id) is not None

    def renew() -> None:
        """Follow the work: how many labels there are, and a commit made elsewhere."""
        nonlocal committed
        if committed:
            return  # the comparison stays with the first answer
        committed = workbook.committed(layer_id) is not None
        shown.summary, shown.html = after() if committed else before()
        fields, buttons = controls() if committed else ([], offered())
        # The page draws fields anew when the buttons change, so they come first.
        shown.ask(*fields)
        shown.buttons = [{"id": id, "label": label} for id, label in buttons]

    def press(panel: Panel, button: str, values: Mapping[str, str | Upload]) -> Answer:
        nonlocal seen
        workbook.refresh()
        if button == "commit":
            return commit()
        mine = first()
        if button == "propose":
            said, seen = _propose(workbook, layer_id, values.get("proposal", ""), seen)
            return Answer(said)
        if button == "give":
            name, text = labels_file(workbook, layer_id)
            said = f"{name} is in your browser’s download folder. Give it to your partner."
            return Answer(said, download=(name, text))
        theirs = partners_labels(values.get("partner"), workbook, layer)
        more = side_by_side(mine, theirs, layer)
        panel.html = after()[1] + macros("comparison").about(workbook.article.id, more)
        return Answer(f"Here you and {theirs.coder} are side by side. Talk about it now.")

    def commit() -> Answer:
        if not workbook.coding.on(layer_id):
            return Answer(
                f"Nothing to compare yet: make at least one label on {layer.title} first."
            )
        workbook.commit(layer_id)
        renew()
        return Answer(f"Your first answer is kept.{f' Here is {other}.' if reading else ''}")

    if committed:
        fields, buttons = controls()
        return Panel(*after(), fields=fields, buttons=buttons, on_press=press)
    shown = Panel(*before(), buttons=offered(), on_press=press)
    follow(workbook, f"compare {layer_id} {other}", renew)
    return shown


# -- a partner, and a proposal ---------------------------------------------------------------------


def _subject(layer_id: str) -> str:
    """Return under which subject a proposal is kept; whoever marks looks for its first word."""
    return f"codebook {layer_id}"


def _propose(workbook: Workbook, layer_id: str, typed: object, seen: str) -> tuple[str, str]:
    """Keep a proposed change to the codebook; return a word about it, and what is kept now as far
    as its writer knows."""
    text = one_line(typed)[:MOST_PROPOSAL] if isinstance(typed, str) else ""
    if 0 < len(text.split()) < LEAST_PROPOSAL:
        said = f"Use {LEAST_PROPOSAL} words or more, so that others can try what you propose."
        return said, seen
    if not text and not workbook.notes.get(_subject(layer_id)):
        said = "Write your proposal into the box first: which words would you change, and how?"
        return said, seen
    for torn in workbook.note(_subject(layer_id), text, was=seen).conflicts:
        there = torn.theirs or ""
        said = f"Another window has kept another proposal: “{there}”. Yours is not kept yet. "
        return f"{said}Press again to put it in that one’s place.", there
    said = "Your proposal is kept with your work." if text else "Your proposal is taken back."
    return said, text
