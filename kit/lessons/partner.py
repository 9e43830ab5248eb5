"""Two students, each with a page of their own: give labels away, take a partner's, see where the
two differ.

A file for a partner holds the first answer on one layer and nothing else of the work. It is given
and taken only after both have kept a first answer, so that each labels alone.
"""

from __future__ import annotations

import msgspec
from markupsafe import Markup

from kit.base.phrases import one_line
from kit.coding.codebook import Layer
from kit.coding.coding import Annotation, Coding, CodingError, fitting
from kit.lessons.cell_output import LessonError
from kit.lessons.conversation import Talk
from kit.lessons.differences import figures
from kit.widgets.panel import Upload
from kit.work.names import UNSIGNED, file_stem
from kit.work.workbook import Workbook

SCHEMA = "kit-labels-1"
MOST_LABELS = 3_000

_ASK = (
    "Ask your partner to open the same lesson, to press the button under the labels that "
    "begins with “I am done”, then “Download my labels for my partner”, and to give you that file."
)


class _Labels(msgspec.Struct, frozen=True):
    schema: str = ""
    sha256: str = ""
    student: str = ""
    layer: str = ""
    labels: tuple[Annotation, ...] = ()


def labels_file(workbook: Workbook, layer: str) -> tuple[str, str]:
    """Return the name and the text of the file that a student gives to a partner.

    Raises:
        LessonError: there is no first answer on the layer yet.
    """
    first = workbook.committed(layer)
    if first is None:
        raise LessonError(
            "Keep your first answer first: press the button under the labels that begins with "
            "“I am done”."
        )
    made = {
        "schema": SCHEMA,
        "article": workbook.article.id,
        "sha256": workbook.article.sha256,
        "student": workbook.student,
        "layer": layer,
        "labels": first.on(layer),
    }
    text = msgspec.json.format(msgspec.json.encode(made), indent=1).decode("utf-8")
    return f"{file_stem(workbook.student)}-{layer}-for-partner.json", text + "\n"


def partners_labels(opened: object, workbook: Workbook, layer: Layer) -> Coding:
    """Return a partner's first answer out of a file that was opened in the page.

    Args:
        opened: the file, as a panel hands it on.
        workbook: the work of the student who opened it.
        layer: the layer on which the two compare.

    Raises:
        LessonError: it is no such file, is about something else, or holds no first answer.
    """
    if not isinstance(opened, Upload):
        raise LessonError(f"Open your partner’s file first. {_ASK}")
    name = one_line(opened.name)[:60] or "This file"

    def refused(said: str) -> LessonError:
        return LessonError(f"{name} {said} {_ASK}")

    try:
        file = msgspec.json.decode(opened.data.removeprefix(b"\xef\xbb\xbf"), type=_Labels)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise refused("is no file of labels.") from None
    if file.schema != SCHEMA:
        raise refused("is no file of labels.")
    if file.sha256 != workbook.article.sha256:
        raise refused("is about another text than this page.")
    if file.layer != layer.id:
        about = one_line(file.layer)[:40] or "nothing"
        raise refused(f"holds labels on {about}; this is {layer.title}.")
    found = tuple(a for a in file.labels if a.layer == layer.id)
    if not found:
        raise refused(f"holds no first answer on {layer.title} yet.")
    who = one_line(file.student)[:40]
    who = "your partner" if who in ("", UNSIGNED) else who
    try:
        if len(found) > MOST_LABELS:
            raise CodingError("there are too many.")
        coding, _ = fitting(workbook.article, workbook.codebook, who, found)
    except CodingError as problem:
        raise LessonError(
            f"The labels in {name} cannot be used: {str(problem)[:200]} {_ASK}"
        ) from None
    if not len(coding):
        raise refused("holds no label that fits the codebook as it is here.")
    own = workbook.committed(layer.id)
    same = own is not None and found == own.on(layer.id)
    if same and who.casefold() == workbook.student.casefold():
        raise LessonError(f"{name} is your own file. Open your partner’s.")
    return coding


def side_by_side(mine: Coding, theirs: Coding, layer: Layer) -> Markup:
    """Return what two first answers have in common and where they part, as HTML."""
    other = theirs.coder
    _, numbers = figures(mine, theirs, layer, other)
    return Talk(mine, theirs, layer, other).html(numbers)
