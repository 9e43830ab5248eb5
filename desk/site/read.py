"""The lessons as plain pages: their words, and what their cells showed when they were last run.

They need neither a server nor a script. What a student would fill in stands there to be read.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
from nbconvert.filters import markdown2html

from desk.make.packet import codebook_body
from desk.site import SiteError
from desk.site.page import page
from kit.exercises.markup import inline
from kit.lessons import ARTICLE, OWN
from kit.library import datasets
from kit.library.lesson_facts import facts_of
from kit.text.article import Article
from kit.widgets.page import article_html
from kit.work import own_texts

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["lesson_page", "load", "write"]

PRACTICE_PAGE, ARTICLE_PAGE, CODEBOOK_PAGE = (
    "practice-article.html",
    "article.html",
    "codebook.html",
)

_NOTEBOOK_LINK = re.compile(r'href="([\w-]+)\.ipynb"')
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_ANCHOR = re.compile(r"<a\b[^>]*\banchor-link\b[^>]*>[^<]*</a>")
_ARTICLE = re.compile(r"(?:<style>[^<]*</style>\s*)?<article\b[^>]*>.*?</article>", re.DOTALL)
# What a page may not have that needs nothing but itself.
_LIVE = re.compile(r"<(script|iframe|object|embed|link)\b|\bsrc\s*=(?!\s*[\"']?data:)", re.I)


def write(site: Path, *, article: bool, in_lab: Collection[str]) -> list[Path]:
    """Write the first page of the site and the folder ``read``; return the pages.

    Args:
        site: the folder of the whole site.
        article: whether the article under study has a page.
        in_lab: the lessons that can also be done, in the folder ``lab``.

    Raises:
        SiteError: a notebook cannot be read, was not run to its end, or shows what needs more
            than a page.
        KitError: an article or a layer cannot be used.
    """
    notebooks = {name: load(path) for name, path in _notebooks().items()}
    titles = {name: facts_of(notebook, name).title for name, notebook in notebooks.items()}
    texts = {PRACTICE_PAGE: datasets.load_article(own_texts.PRACTICE)}
    if article:
        texts[ARTICLE_PAGE] = datasets.load_article(ARTICLE)
    links = [("Front page", "../index.html"), ("All lessons", "index.html")]
    links += [(_short(text), name) for name, text in texts.items()]
    links += [("Codebook", CODEBOOK_PAGE)]
    pages = {
        "index.html": page(
            "Lessons to read", _index(notebooks, in_lab), links=links, here="index.html"
        )
    }
    for name, text in texts.items():
        pages[name] = page(_short(text), _article(text), links=links, here=name)
    pages[CODEBOOK_PAGE] = page("Codebook", _codebook(), links=links, here=CODEBOOK_PAGE)
    for name, notebook in notebooks.items():
        main = lesson_page(name, notebook, article=article, in_lab=name in in_lab)
        pages[f"{name}.html"] = page(titles[name], main, links=links)
    folder = site / "read"
    folder.mkdir()
    for name, text in pages.items():
        (folder / name).write_bytes(text.encode("utf-8", "replace"))
    front = page(
        "Reading diplomatic news",
        _front(in_lab, len(notebooks), article),
        links=[("Lessons to read", "read/index.html"), ("Laboratory", "lab/index.html")],
    )
    (site / "index.html").write_bytes(front.encode("utf-8", "replace"))
    return [site / "index.html", *(folder / name for name in pages)]


def load(path: Path) -> NotebookNode:
    """Return a notebook that can be published.

    Raises:
        SiteError: it cannot be read, or a cell of it failed when it was run.
    """
    try:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, nbformat.ValidationError):
        raise SiteError(
            f"{path.name} cannot be read as a notebook. Put the file back as it was, then make the "
            "site again."
        ) from None
    for number, cell in enumerate(notebook.cells, 1):
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                raise SiteError(
                    f"{path.name}: cell {number} shows an error ({output.ename}). Mend it, run "
                    "`python run.py notebooks`, then make the site again."
                )
    return notebook


def lesson_page(name: str, notebook: NotebookNode, *, article: bool, in_lab: bool) -> str:
    """Return what the page of one lesson says.

    Args:
        name: the lesson's, such as ``"02-structure"``.
        notebook: as :func:`load` returns it.
        article: whether the site has a page of the article under study.
        in_lab: whether the lesson can be done in the site's laboratory.

    Raises:
        SiteError: a cell shows what needs a script or another file.
    """
    where = _to_lab(name, "Do this lesson in the laboratory") if in_lab else ""
    told = (
        "This page is for reading. Buttons, forms and the labeller come when the lesson is opened "
        f"in Jupyter, and the charts then show your own labels. {where}"
    )
    parts = []
    for number, cell in enumerate(notebook.cells, 1):
        if cell.cell_type == "markdown":
            parts.append(_words(cell.source))
        elif cell.cell_type == "code":
            parts.append(_code(cell.source))
            for output in cell.outputs:
                shown = _output(output, _stands_for_article(name, cell.source, article))
                if _LIVE.search(shown):
                    raise SiteError(
                        f"{name}.ipynb: what cell {number} shows needs a script or a file of its "
                        "own, and a page to read has none. Run `python run.py notebooks`, then "
                        "make the site again."
                    )
                parts.append(shown)
        if number == 1:
            parts.append(f'<p class="note">{told.strip()}</p>')
    return "\n".join(filter(None, parts))


# -- the cells -------------------------------------------------------------------------------------


def _words(source: str) -> str:
    html = _ANCHOR.sub("", markdown2html(_COMMENT.sub("", source)))
    return _NOTEBOOK_LINK.sub(r'href="\1.html"', html).strip()


def _code(source: str) -> str:
    return (
        '<details class="code"><summary>Show the code</summary>'
        f"<pre><code>{escape(source)}</code></pre></details>"
    )


def _output(output: NotebookNode, article: str) -> str:
    if output.output_type == "stream":
        return f'<pre class="output">{escape(output.text)}</pre>'
    data = output.get("data", {})
    if "text/html" in data:
        html = _ARTICLE.sub(article, data["text/html"])
        # A lesson's own headings have two levels; those of exercises come below them.
        html = html.replace("<h4>", "<h3>").replace("</h4>", "</h3>")
        return f'<div class="output">{html}</div>'
    return f'<pre class="output">{escape(data.get("text/plain", ""))}</pre>'


def _stands_for_article(name: str, source: str, article: bool) -> str:
    """Return what stands where a cell shows the text in Jupyter."""
    what = "the labeller, with the text" if "today.label(" in source else "the text"
    if name == OWN:
        more = f'The <a href="{PRACTICE_PAGE}">practice article</a> has a page of its own.'
    elif article:
        more = f'The <a href="{ARTICLE_PAGE}">article</a> has a page of its own.'
    else:
        more = (
            "The article is its publisher’s and not part of this site; the "
            f'<a href="{PRACTICE_PAGE}">practice article</a> is.'
        )
    return f'<p class="note">Here stands {what}. {more}</p>'


# -- the other pages -------------------------------------------------------------------------------


def _front(in_lab: Collection[str], all_: int, article: bool) -> str:
    doing = (
        "All lessons, with the labeller, the forms and the charts"
        if len(in_lab) == all_
        else "Lesson 07 on the practice article, with the labeller, the forms and the charts"
    )
    own = (
        "<p>This copy holds the article under study. It is its publisher’s: do not pass it on.</p>"
        if article
        else "<p>The article under study is its publisher’s and not part of this site. Lessons 00 "
        "to 06 are about it: they can be read here, and done with the whole kit on a computer.</p>"
    )
    return (
        "<h1>Reading diplomatic news</h1>"
        "<p>A course in taking one news story on a diplomatic visit apart: what each part does, "
        "who speaks, what is expected, whose agenda it is, and what a count of it is worth.</p>"
        '<ul class="lessons">'
        '<li><a href="read/index.html">Read the lessons</a><p>Plain pages: the words, the charts '
        "and the exercises of every lesson. They work everywhere, on paper too.</p></li>"
        f'<li><a href="lab/index.html">Do them in the laboratory</a><p>{doing}, in your browser. '
        "Nothing to install, no account; what you make stays in this browser.</p></li></ul>" + own
    )


def _index(notebooks: dict[str, NotebookNode], in_lab: Collection[str]) -> str:
    items = []
    for name, notebook in notebooks.items():
        told = facts_of(notebook, name)
        lab = (
            f'<p class="quiet">{_to_lab(name, "Do this lesson in the laboratory")}</p>'
            if name in in_lab
            else ""
        )
        items.append(
            f'<li><a href="{escape(name)}.html">{escape(told.title)}</a>'
            f'<p>{inline(told.aim)}</p><p class="quiet">Minutes: {inline(told.minutes)}</p>'
            f"{lab}</li>"
        )
    return (
        "<h1>Lessons to read</h1>"
        "<p>Each page is one lesson as a student first meets it: nothing is labelled yet, so most "
        "charts are still empty.</p>"
        f'<ol class="lessons">{"".join(items)}</ol>'
    )


def _article(article: Article) -> str:
    rights = article.meta.get("rights")
    foot = f'<p class="quiet">{escape(" ".join(rights.split()))}</p>' if rights else ""
    return (
        f"<h1>{escape(_short(article))}</h1>"
        '<p class="quiet">P1, P2 and so on number the paragraphs.</p>'
        f"{article_html(article)}{foot}"
    )


def _codebook() -> str:
    practice = datasets.load_article(own_texts.PRACTICE)
    own = datasets.codebook(practice.id)
    body = codebook_body(datasets.codebook(ARTICLE), own, practice, second="h2")
    return f'<div class="codebook">{body}</div>'


def _to_lab(name: str, said: str) -> str:
    return f'<a href="../lab/lab/index.html?path={escape(name)}.ipynb">{said}</a>'


def _notebooks() -> dict[str, Path]:
    paths = sorted((datasets.root() / "notebooks").glob("[0-9]*.ipynb"))
    return {path.stem: path for path in paths}


def _short(article: Article) -> str:
    short = article.meta.get("short") or article.title or article.id
    return unescape(short)
