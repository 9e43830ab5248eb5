"""The instructor's edition: every notebook as a model student leaves it, with teaching notes.

Nothing in it is kept by hand. The notebooks are the students' own; the answers come from the
reference and the exercises, what an instructor should know from the files of teaching notes.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from desk.base import teaching_notes
from desk.base.notebook_cells import tasks_of
from desk.base.output_folder import check, making
from desk.base.teaching_notes import Note
from desk.make.model_student import do_lesson
from kit import exercises
from kit.base.errors import KitError
from kit.base.templating import render, without_formulas
from kit.exercises import Context, Exercise
from kit.exercises.markup import inline, to_html
from kit.exercises.surroundings import context_of
from kit.library import datasets
from kit.library.course import ARTICLE, OWN_LESSON, known_lessons
from kit.work import own_texts
from kit.work.names import UNSIGNED
from kit.work.workbook import Workbook

if TYPE_CHECKING:
    from nbformat import NotebookNode

#: What the mark of the folder calls it.
WHAT = "instructor edition"

_NOTE = (
    "Made by: python -m desk edition\n"
    "It holds the expected answers. Do not hand it out. Making it again overwrites the notebooks."
)
_FIRST = (
    "> **Instructor’s edition.** Made by `python -m desk edition` from the students’ notebooks, as "
    "if the reference were a student, with the teaching notes under each exercise. It holds the "
    "expected answers: **not to be handed out.** Read it, and do not run it: run, it shows your "
    "own work. Where evidence is asked for, it has what the exemplar quotes, or a paragraph’s "
    "first words."
)
_WIDGET = "application/vnd.jupyter.widget"
_SECONDS_A_CELL = 180
_KINDS = {
    "fact": "checked",
    "anchor": "checked",
    "disputed": "two readings, no right answer",
    "open": "read by a person",
}


class EditionError(KitError):
    """The edition cannot be made; the message says which lesson and why."""


def make(out: Path, lessons: Iterable[str] | None = None) -> list[Path]:
    """Make the edition and return the notebooks that were written.

    All are made before the first is written: if one fails, the folder stays as it was. Notebooks
    of other lessons that lie in it stay too.

    Args:
        out: the folder; new, empty, or an edition made before.
        lessons: names or numbers, such as ``"03-who-speaks"`` or ``"03"``; all if None.

    Raises:
        EditionError: there is no such lesson, a notebook does not run to its end, or an exercise
            does not take the answer that the kit itself expects.
        MadeError: the folder is something else, or cannot be written.
        KitError: an exercise, a note or a fact cannot be used.
    """
    try:
        import nbformat
    except ImportError:
        raise EditionError(
            "The edition needs nbformat and nbclient: run `python run.py doctor`."
        ) from None

    chosen = _chosen(lessons)
    check(out, WHAT)
    with making(out, WHAT, _NOTE) as folder:
        for lesson in chosen:
            nbformat.write(_lesson(lesson), folder / f"{lesson}.ipynb")
    return [out / f"{lesson}.ipynb" for lesson in chosen]


def run(path: Path, work: Path) -> NotebookNode:
    """Return a notebook as it runs on this Python, with the student's work in ``work``.

    Live widgets are taken out of what it shows, and the name of the folder ``work``.

    Raises:
        EditionError: it cannot be run to its end.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        km=_kernel(),
        timeout=_SECONDS_A_CELL,
        extra_arguments=["--IPKernelApp.log_level=ERROR"],  # what it warns of is no concern here
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        # What a kernel grumbles about on starting is not for whoever asked for the edition.
        client.execute(cleanup_kc=True, env=_environment(work), stderr=subprocess.DEVNULL)
    except CellExecutionError as problem:
        said = (problem.evalue or "").strip().partition("\n")[0]
        raise EditionError(f"{path.name} does not run: {problem.ename}: {said}") from None
    except CellTimeoutError:
        raise EditionError(
            f"{path.name}: a cell has not ended after {_SECONDS_A_CELL} seconds."
        ) from None
    except (DeadKernelError, RuntimeError, OSError) as problem:
        raise EditionError(f"{path.name}: the kernel stopped: {problem}") from None
    _still(notebook, work)
    return notebook


def annotate(notebook: NotebookNode, cells: Mapping[str, str]) -> None:
    """Put a cell of words under each exercise that a notebook asks for, and the head's warning.

    Args:
        notebook: it is changed; its first cell begins with its heading.
        cells: the words by exercise, as :func:`note_cell` returns them.
    """
    from nbformat.v4 import new_markdown_cell

    notebook.nbformat_minor = max(notebook.nbformat_minor, 5)  # cells have ids since then
    put = []
    for cell in notebook.cells:
        put.append(cell)
        for id in tasks_of(cell):
            if id in cells:
                name = f"for-the-instructor-{id.replace('.', '-')}"
                put.append(new_markdown_cell(cells[id], id=name))
    notebook.cells = put
    heading, _, rest = put[0].source.partition("\n")
    put[0].source = f"{heading}\n\n{_FIRST}\n\n{rest.lstrip()}".rstrip()


def note_cell(exercise: Exercise, note: Note | None, context: Context) -> str:
    """Return the words for the instructor on one exercise, as Markdown.

    Only the first line is Markdown, the rest is HTML: a note may hold any sign without becoming
    a heading, a formula or a link.

    Raises:
        KitError: the note names a fact that the article has not.
    """

    def line(text: str) -> Markup:
        return inline(context.fill(text))

    told = note and {
        "expected": to_html(context.fill(note.expected)),
        "wrong": [line(one) for one in note.wrong],
        "talk": [line(one) for one in note.talk],
        "levels": [
            Markup("Level {}: {}").format(name, line(getattr(note.levels, name)))
            for name in ("one", "two", "three")
            if note.levels
        ],
    }
    body = render(
        "edition",
        "desk",
        title=line(exercise.title),
        kind=_KINDS[exercise.status],
        minutes=exercise.minutes,
        skip=exercise.skip,
        note=told,
        article=exercise.article,
        lesson=exercise.lesson,
    )
    # An empty line would end the HTML.
    safe = without_formulas(body).replace("$", "&#36;")
    lines = [line for line in safe.splitlines() if line.strip()]
    return "\n".join([f"**For the instructor · {exercise.id}**", "", *lines])


def all_taken(lesson: str, verdicts: Mapping[str, str]) -> None:
    """Look whether each exercise of a lesson has taken the answer that the kit itself expects.

    Raises:
        EditionError: one has not.
    """
    amiss = [f"{id} ({said})" for id, said in verdicts.items() if said not in ("yes", "kept")]
    if amiss:
        raise EditionError(
            f"{lesson}: the answers that the kit expects are not taken: {', '.join(amiss)}. "
            "An exercise and the reference contradict each other."
        )


# -- one lesson ------------------------------------------------------------------------------------


def open_for(lesson: str, work: Path) -> Workbook:
    """Open the work of somebody without a name, on the text that a lesson of this kit is about."""
    article = own_texts.PRACTICE if lesson == OWN_LESSON else ARTICLE
    return Workbook.open(datasets.load_article(article), datasets.codebook(article), UNSIGNED, work)


def _lesson(lesson: str) -> NotebookNode:
    asked = exercises.load(lesson)
    notes = {note.id: note for note in teaching_notes.load(lesson)}
    with tempfile.TemporaryDirectory(prefix="kit-edition-", ignore_cleanup_errors=True) as folder:
        work = Path(folder)
        workbook = open_for(lesson, work)
        contexts = {e.id: context_of(e, workbook) for e in asked}
        cells = {e.id: note_cell(e, notes.get(e.id), contexts[e.id]) for e in asked}
        texts = {
            id: contexts[id].say(note.levels.three)
            for id, note in notes.items()
            if note.levels and id in contexts
        }
        all_taken(lesson, do_lesson(workbook, lesson, texts=texts))
        notebook = run(datasets.root() / "notebooks" / f"{lesson}.ipynb", work)
    annotate(notebook, cells)
    return notebook


def _chosen(lessons: Iterable[str] | None) -> list[str]:
    known = known_lessons()
    if lessons is None:
        return known
    chosen = []
    for asked in lessons:
        found = [name for name in known if asked in (name, name.partition("-")[0])]
        if not found:
            raise EditionError(f"There is no lesson “{asked}”. There is: {', '.join(known)}.")
        chosen += found
    return list(dict.fromkeys(chosen))


# -- running and tidying ---------------------------------------------------------------------------


def _kernel():
    """Return the manager of a kernel that is this very Python, whatever else Jupyter knows of."""
    from ipykernel.kernelspec import RESOURCES, get_kernel_dict
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager

    class ThisPython(KernelSpecManager):
        def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
            return KernelSpec(resource_dir=str(RESOURCES), **get_kernel_dict())

    return AsyncKernelManager(kernel_name="python3", kernel_spec_manager=ThisPython())


def _environment(work: Path) -> dict[str, str]:
    left_out = ("KIT_STUDENT", "MPLBACKEND")  # as on a student's machine
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    paths = filter(None, [str(datasets.root()), kept.get("PYTHONPATH", "")])
    return {**kept, "KIT_WORK": str(work), "PYTHONPATH": os.pathsep.join(paths)}


def _still(notebook: NotebookNode, work: Path) -> None:
    """Take out what needs a kernel, when it was run and where."""
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            for kind in [kind for kind in data if kind.startswith(_WIDGET)]:
                del data[kind]
            for kind, text in data.items():
                if isinstance(text, str):
                    data[kind] = _without(text, work)
            if isinstance(output.get("text"), str):
                output["text"] = _without(output["text"], work)


def _without(text: str, work: Path) -> str:
    places = {str(work.resolve()), str(work)}
    places |= {escape(place) for place in places} | {repr(place)[1:-1] for place in places}
    for place in sorted(places, key=len, reverse=True):  # one may be the end of another
        text = text.replace(place, "work")
    return text
