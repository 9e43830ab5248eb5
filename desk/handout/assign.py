"""Hand out an assignment: a folder, or a zip, with all that students need and nothing else.

The folder is the kit's own files: notebooks (:mod:`.notebooks`), ``kit/`` as it is, and the
articles that the notebooks use (:mod:`.contents`). It runs offline like the whole kit. For practice
the readings and the answers go along, as in the kit itself. For a mark they are left out: every
exercise becomes one that a person reads (:mod:`.blanking`), and every cell that would show another
reading goes.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from desk.base.notebook_cells import keep_original, write_notebook
from desk.base.output_folder import MOST_BYTES, STAMP, MadeError, making, writing
from desk.handout.assignment import Assignment, write
from desk.handout.contents import copy_data, copy_kit
from desk.handout.covering_notes import SECRET, readme, rights, secret
from desk.handout.notebooks import handed_out
from kit.base.files import opened
from kit.library import datasets

#: What the stamp of the folder calls it.
WHAT = "assignment for students"

_NOTE = (
    "Made by: python -m desk assign\n"
    "Making it again replaces the notebooks, the kit and the data. The folder “work” stays."
)


def make(assignment: Assignment, out: Path, *, zipped: bool = False) -> Path:
    """Write what is handed out and return it: the folder, or with ``zipped`` the file ``out.zip``.

    All is made before the first thing is moved: if something fails, what was there stays as it
    was. A folder handed out before is made anew; students' work in it stays.

    Args:
        assignment: as :func:`.compose.compose` returns it.
        out: the folder: new, empty, or made before by this command.

    Raises:
        MadeError: the folder or the zip is something else, or cannot be written.
        KitError: an exercise or a fact cannot be used.
    """
    if not zipped:
        in_folder(out, lambda folder: _fill(folder, assignment))
        return out
    out = Path(os.path.abspath(out))
    target = out if out.suffix == ".zip" else out.with_name(f"{out.name or assignment.id}.zip")
    _check_zip(target)
    with writing(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        aside = tempfile.TemporaryDirectory(
            prefix=f".{target.stem}-", dir=target.parent, ignore_cleanup_errors=True
        )
    with aside as name, writing(target, Path(name)):
        folder = Path(name) / "new" / assignment.id
        folder.mkdir(parents=True)
        _fill(folder, assignment)
        (folder / STAMP).write_text(f"{WHAT}\n\n{_NOTE}\n", encoding="utf-8")
        packed = Path(name) / target.name
        _pack(folder.parent, packed)
        os.replace(packed, target)
    return target


def in_folder(out: Path, write: Callable[[Path], None]) -> None:
    """Make a folder to hand out with what ``write`` puts into an empty one; work that lies in it
    from before stays.

    Raises:
        MadeError: as :func:`make`.
    """
    with making(out, WHAT, _NOTE) as folder:
        write(folder)


def fill(folder: Path, assignment: Assignment) -> None:
    """Write what students need wherever they work: the kit, the data, the licences, and what was
    asked; not the notebooks, and not how to begin.

    Raises:
        KitError: an exercise or a fact cannot be used.
    """
    root = datasets.root()
    for name in ("LICENSE", "LICENSE-CONTENT.md"):
        shutil.copyfile(root / name, folder / name)
    suggesting = copy_kit(folder, assignment)
    copy_data(folder / "datasets", assignment, suggesting=suggesting)
    text = rights(assignment)
    (folder / "datasets" / "README.md").write_text(text, encoding="utf-8", newline="\n")
    (folder / SECRET).write_text(secret(assignment), encoding="utf-8", newline="\n")
    write(assignment, folder)


def _fill(folder: Path, assignment: Assignment) -> None:
    fill(folder, assignment)
    root = datasets.root()
    shutil.copyfile(root / "requirements.lock", folder / "requirements.lock")
    first = assignment.lessons[0]
    for name in ("run.py", "pyproject.toml", "environment.yml"):
        # What opens first is the first notebook that was handed out.
        text = (root / name).read_text(encoding="utf-8").replace("00-start-here", first)
        text = text.replace('packages = ["kit", "desk"]', 'packages = ["kit"]')
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    (folder / "notebooks").mkdir()
    for lesson in assignment.lessons:
        notebook = handed_out(lesson, assignment)
        write_notebook(folder / "notebooks", lesson, notebook)
        keep_original(lesson, notebook, folder)
    (folder / "README.md").write_text(readme(assignment), encoding="utf-8", newline="\n")


def _check_zip(path: Path) -> None:
    if not path.exists():
        return
    try:
        with opened(path) as there, zipfile.ZipFile(there) as file:
            stamps = [name for name in file.namelist() if name.endswith(f"/{STAMP}")]
            if stamps and file.getinfo(stamps[0]).file_size < MOST_BYTES:
                first = file.read(stamps[0]).decode("utf-8", "replace").partition("\n")[0]
                if first == WHAT:
                    return
    except (OSError, zipfile.BadZipFile, RuntimeError):
        pass
    raise MadeError(f"{path} is there already and is no {WHAT}. Name another, or move it away.")


def _pack(folder: Path, path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for found in sorted(folder.rglob("*")):
            if found.is_file():
                file.write(found, found.relative_to(folder).as_posix())
