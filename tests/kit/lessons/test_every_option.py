"""Every option of every exercise, chosen, leaves every page working: what is chosen goes through
the form into the work file, and then all cells of the lesson's notebook are shown."""

import ast

import msgspec
import nbformat
import pytest

from kit import exercises
from kit.coding.coding import Annotation
from kit.exercises import expected
from kit.exercises.forms import for_student
from kit.exercises.surroundings import context_of, workbook_of
from kit.lessons import lesson as open_lesson
from kit.lessons.live import _FAILED, Live
from kit.library import datasets
from kit.widgets.task import Task
from kit.work.workbook import Workbook

NOTEBOOKS = sorted((datasets.root() / "notebooks").glob("0*.ipynb"))
PRACTICE = "harran-talks"


def rounds(asked) -> int:
    """So many answers give every option of every question, and every code, at least once; one more
    is answered in part only."""
    most = [len(e.options_of(q)) for e in asked for q in e.questions]
    return max([2, *most]) + 1


def answer(exercise, context, n: int, last: bool) -> tuple[dict, list[Annotation]]:
    """The nth answer: of each question the nth option, of each label the nth code."""
    right = expected(exercise, context)
    values = dict(right.values)
    for place, question in enumerate(exercise.questions):
        options = exercise.options_of(question)
        values[question.id] = [options[(n + place) % len(options)].id]
    for field in exercise.numbers:
        values[field.id] = values[field.id] if n == 0 else str(17 * n)
    if exercise.entries:
        ids = [entry.id for entry in exercise.entries]
        values["order"] = ids[n % len(ids) :] + ids[: n % len(ids)]
    if exercise.checked:
        values["sure"] = ["guess", "fairly", "sure"][n % 3]
    labels = [_with_code(a, context, n + place) for place, a in enumerate(right.labels)]
    if last and len(exercise.questions) > 1:
        values.pop(exercise.questions[-1].id)
    return values, (labels[:-1] or labels) if last else labels


def _with_code(a: Annotation, context, n: int) -> Annotation:
    codes = context.codebook.layer(a.layer).codes
    return msgspec.structs.replace(a, codes=(codes[n % len(codes)].id,)) if codes else a


def shown(path) -> list[str]:
    """All that the cells of a notebook show, as HTML."""
    space: dict = {}
    made = []
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type != "code":
            continue
        body = ast.parse(cell.source).body
        exec(compile(ast.Module(body[:-1], []), path.name, "exec"), space)
        if not isinstance(body[-1], ast.Expr):
            exec(compile(ast.Module(body[-1:], []), path.name, "exec"), space)
            continue
        result = eval(compile(ast.Expression(body[-1].value), path.name, "eval"), space)
        if isinstance(result, Live):
            result = result._shown
        if hasattr(result, "_repr_mimebundle_"):
            there = result._repr_mimebundle_()  # of a widget with metadata beside it
            made.append((there[0] if isinstance(there, tuple) else there)["text/html"])
        else:
            made.append(result._repr_html_())
    return made


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_option_leaves_every_page_working(path, tmp_path, monkeypatch):
    asked = exercises.load(path.stem)
    monkeypatch.setenv("KIT_WORK", str(tmp_path))
    chosen = set()
    for n in range(rounds(asked)):
        monkeypatch.setenv("KIT_STUDENT", f"round {n}")
        last = n == rounds(asked) - 1
        today = open_lesson(path.stem)
        if path.stem.startswith("07"):
            article = datasets.load_article(PRACTICE)
            book = Workbook.open(article, datasets.codebook(PRACTICE), f"round {n}", tmp_path)
        else:
            book = today.workbook
        for exercise in (for_student(one, book) for one in asked):
            values, labels = answer(exercise, context_of(exercise, book), n, last)
            if labels:
                workbook_of(exercise, book).apply(exercise.layer, {a.id: (None, a) for a in labels})
            task = Task(exercise, book, lambda e=exercise, b=book: context_of(e, b))
            told = task._do("hand-in", values)
            assert told["type"] == "saved" and told["outcome"]["say"], exercise.id
            assert exercises.read(book, exercise.id).attempts == 1, exercise.id
            assert "{" not in told["outcome"]["say"] + told["outcome"]["reveal"]
            chosen |= {(exercise.id, q.id, *values.get(q.id, ())) for q in exercise.questions}
        for layer in book.codebook.layers:
            book.commit(layer.id)
        pages = shown(path)
        assert len(pages) > 5 and all(pages)
        assert not [page for page in pages if _FAILED in page]
    for exercise in asked:
        for question in exercise.questions:
            for option in exercise.options_of(question):
                assert (exercise.id, question.id, option.id) in chosen
