"""Is everything in order? One line for each check: ``OK``, or ``MEND`` and how."""

from __future__ import annotations

import os
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Finding:
    """What one check found.

    ok: whether nothing need be done.
    text: what was looked at; when not ok, also how to mend it.
    """

    ok: bool
    text: str

    def __str__(self) -> str:
        return f"{'OK  ' if self.ok else 'MEND'}  {self.text}"


def main() -> int:
    """Print a line for each check. Returns 0 when students have all they need, else 1."""
    well = True
    for finding in examine():
        print(finding)
        well = well and finding.ok
    print("\nAll that students need is in order." if well else "\nSomething needs mending.")
    return 0 if well else 1


def examine() -> Iterator[Finding]:
    """Make every check, one after the other. A check that breaks is a finding, too."""
    checks: tuple[Callable[[], Iterator[Finding]], ...] = (
        _python,
        _packages,
        _articles,
        _work_folder,
    )
    for check in checks:
        try:
            yield from check()
        except ModuleNotFoundError as problem:
            yield Finding(False, f"{problem.name} is not installed: {_set_up_anew()}")
        except Exception as problem:
            # The doctor is asked when things are odd: whatever they are, it says so in a line.
            subject = check.__name__.strip("_").replace("_", " ")
            yield Finding(False, f"{subject}: {type(problem).__name__}: {problem}. {_get_anew()}")


def _python() -> Iterator[Finding]:
    from packaging.specifiers import SpecifierSet

    version = ".".join(map(str, sys.version_info[:3]))
    wanted = _project()["requires-python"]
    ok = SpecifierSet(wanted).contains(version)
    mend = "" if ok else f" is not {wanted}: get a newer one from python.org/downloads."
    yield Finding(ok, f"Python {version}{mend}")


def _packages() -> Iterator[Finding]:
    from packaging.requirements import Requirement

    project = _project()
    for line in project["dependencies"] + project["optional-dependencies"]["lab"]:
        requirement = Requirement(line)
        try:
            version = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            yield Finding(False, f"{requirement.name} is not installed: {_set_up_anew()}")
            continue
        ok = requirement.specifier.contains(version, prereleases=True)
        mend = "" if ok else f" is not {requirement.specifier}: {_set_up_anew()}"
        yield Finding(ok, f"{requirement.name} {version}{mend}")


def _articles() -> Iterator[Finding]:
    from kit.library import datasets
    from kit.text.article import ArticleError

    ids = datasets.article_ids()
    if not ids:
        yield Finding(False, f"There is no article under datasets. {_get_anew()}")
    for article_id in ids:
        try:
            article = datasets.load_article(article_id)
        except ArticleError as problem:
            yield Finding(False, f"article {article_id}: {problem} {_get_anew()}")
        else:
            yield Finding(
                True, f"article {article_id}: the text is the right one ({article.sha256[:12]} …)"
            )


def _work_folder() -> Iterator[Finding]:
    from kit.work.names import work_folder

    folder = work_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"Can this be kept?")
            file.flush()
            os.fsync(file.fileno())
    except OSError as problem:
        yield Finding(
            False,
            f"work folder {folder}: nothing can be saved there ({problem.strerror}): make it "
            "writable, or move the kit to a folder of your own.",
        )
    else:
        yield Finding(True, f"work folder {folder}: labels can be saved there")


def _project() -> dict:
    """The table [project] of pyproject.toml."""
    return tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def _set_up_anew() -> str:
    if (Path(sys.prefix) / "conda-meta").is_dir():
        return "run `conda env update --file environment.yml`."
    if Path(sys.prefix).resolve() == (_ROOT / ".venv").resolve():
        return "delete the folder .venv and run `python run.py doctor`."
    return "this is not the kit's own environment: run `python run.py doctor`."


def _get_anew() -> str:
    return "Download or clone the kit again; your work is in the work folder, so keep that."
