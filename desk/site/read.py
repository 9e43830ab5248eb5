"""The lessons as plain pages: their words, and what their cells showed when they were last run.

They need neither a server nor a script. What a student would fill in stands there to be read.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import nbformat
from markupsafe import Markup
from nbconvert.filters import markdown2html

from desk.base.lesson_facts import facts_of
from desk.make.packet import codebook_body
from desk.site import SiteError
from kit.base.templating import document, render, style_sheet
from kit.exercises.markup import inline
from kit.library import datasets
from kit.library.course import ARTICLE, OWN_LESSON
from kit.text.article import Article
from kit.widgets.page import article_html
from kit.work import own_texts

if TYPE_CHECKING:
    from nbformat import NotebookNode

PRACTICE_PAGE, ARTICLE_PAGE, CODEBOOK_PAGE = (
    "practice-article.html",
    "article.html",
    "codebook.html",
)

_NOTEBOOK_LINK = re.compile(r'href="([\w-]+)\.ipynb"')
_NAMED = re.compile(r'"([\w-]+)"')
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_ANCHOR = re.compile(r"<a\b[^>]*\banchor-link\b[^>]*>[^<]*</a>")
_ARTICLE = re.compile(r"(?:<style>[^<]*</style>\s*)?<article\b[^>]*>.*?</article>", re.DOTALL)
# What to press in Jupyter, as the kit's still forms say it: alone, or after something else.
_PRESS = r"(?:This page stands still\. )?To [^<.]*?choose Run → Run All Cells\."
_TO_PRESS = re.compile(rf"<p><small>{_PRESS}</small></p>| {_PRESS}")
_STARTS = "The page starts by itself when you open it. "
# What is about the work of somebody who does the lesson: on a page to read nobody has any.
_OF_WORK = re.compile(r"## Take your work away|today\.my_work\(")
_SHOWS_WORK = re.compile(r"^today(?: = lesson|\.end)\(", re.MULTILINE)
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
    paths = sorted((datasets.root() / "notebooks").glob("[0-9]*.ipynb"))
    notebooks = {path.stem: load(path) for path in paths}
    facts = {name: facts_of(notebook, name) for name, notebook in notebooks.items()}
    texts = {PRACTICE_PAGE: datasets.load_article(own_texts.PRACTICE)}
    if article:
        texts[ARTICLE_PAGE] = datasets.load_article(ARTICLE)
    ready = {_page_of(id): datasets.load_article(id) for id in own_texts.ready()}
    links = [("Front page", "../index.html"), ("All lessons", "index.html")]
    links += [(_short(text), name) for name, text in texts.items()]
    links += [("Codebook", CODEBOOK_PAGE)]
    front = render("site/front", "desk", all_in_lab=len(in_lab) == len(facts), article=article)
    lessons = render("site/lessons", "desk", lessons=facts, in_lab=in_lab, inline=inline)
    pages: dict[str, tuple[str, str]] = {"index.html": ("Lessons to read", lessons)}
    pages |= {name: (_short(text), _article(text)) for name, text in (ready | texts).items()}
    # The packet's page has a second part for the practice article; here that is a section.
    practice = texts[PRACTICE_PAGE]
    layers = datasets.codebook(ARTICLE), datasets.codebook(practice.id)
    pages[CODEBOOK_PAGE] = ("Codebook", codebook_body(*layers, practice, second="h2"))
    for name, notebook in notebooks.items():
        main = lesson_page(name, notebook, article=article, in_lab=name in in_lab)
        pages[f"{name}.html"] = (facts[name].title, main)
    (site / "read").mkdir()
    around = [("Lessons to read", "read/index.html"), ("Laboratory", "lab/index.html")]
    whole = {"index.html": _page("Reading diplomatic news", front, around)}
    whole |= {f"read/{name}": _page(*said, links, name) for name, said in pages.items()}
    for name, text in whole.items():
        (site / name).write_text(text, encoding="utf-8", newline="\n")
    return [site / name for name in whole]


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


def lesson_page(name: str, notebook: NotebookNode, *, article: bool, in_lab: bool) -> Markup:
    """Return what the page of one lesson says.

    Args:
        name: the lesson's, such as ``"02-structure"``.
        notebook: as :func:`load` returns it.
        article: whether the site has a page of the article under study.
        in_lab: whether the lesson can be done in the site's laboratory.

    Raises:
        SiteError: a cell shows what needs a script or another file.
    """
    cells = [
        _cell(name, number, cell, article)
        for number, cell in enumerate(notebook.cells, 1)
        if not _OF_WORK.match(cell.source)
    ]
    return render("site/lesson", "desk", name=name, cells=cells, in_lab=in_lab)


# -- the cells -------------------------------------------------------------------------------------


class _Cell(NamedTuple):
    """A cell as a page shows it: words as HTML, or code and what it showed, HTML or plain text."""

    words: Markup = Markup()
    code: str = ""
    shown: Sequence[str] = ()


def _cell(lesson: str, number: int, cell: NotebookNode, article: bool) -> _Cell:
    if cell.cell_type != "code":
        return _Cell(_words(cell.source) if cell.cell_type == "markdown" else Markup())
    named = [id for id in _NAMED.findall(cell.source) if id in own_texts.ready()]
    instead = render(
        "site/instead",
        "desk",
        others=[(_short(datasets.load_article(id)), _page_of(id)) for id in named],
        labeller=".label(" in cell.source,
        own_text=lesson == OWN_LESSON,
        article=ARTICLE_PAGE if article else "",
        practice=PRACTICE_PAGE,
    )
    outputs = [] if _SHOWS_WORK.search(cell.source) else cell.outputs
    shown = [_output(output, instead) for output in outputs]
    if any(isinstance(one, Markup) and _LIVE.search(one) for one in shown):
        raise SiteError(
            f"{lesson}.ipynb: what cell {number} shows needs a script or a file of its own, and a "
            "page to read has none. Run `python run.py notebooks`, then make the site again."
        )
    return _Cell(code=cell.source, shown=shown)


def _page_of(id: str) -> str:
    """Return the address of the page of one of the kit's own texts."""
    return PRACTICE_PAGE if id == own_texts.PRACTICE else f"{id}.html"


def _words(source: str) -> Markup:
    html = _ANCHOR.sub("", markdown2html(_COMMENT.sub("", source.replace(_STARTS, ""))))
    return Markup(_to_pages(html).strip())


def _to_pages(html: str) -> str:
    """Let the links to notebooks lead to their pages."""
    return _NOTEBOOK_LINK.sub(r'href="\1.html"', html)


def _output(output: NotebookNode, instead: str) -> str:
    if output.output_type == "stream":
        return output.text
    data = output.get("data", {})
    if "text/html" not in data:
        return data.get("text/plain", "")
    html = _TO_PRESS.sub("", _ARTICLE.sub(lambda _: instead, data["text/html"]))
    html = _to_pages(html)
    # A lesson's own headings have two levels; those of exercises come below them.
    return Markup(html.replace("<h4>", "<h3>").replace("</h4>", "</h3>"))


# -- the other pages -------------------------------------------------------------------------------


def _page(title: str, main: str, links: Sequence[tuple[str, str]], here: str = "") -> str:
    """Return a whole page.

    Args:
        main: what it says, as HTML with one ``<h1>``.
        links: names and addresses for the way round the site.
        here: the address among them that this page has.
    """
    body = render("site/frame", "desk", main=Markup(main), links=links, here=here)
    # Without an icon a browser asks the server for one.
    icon = '<link rel="icon" href="data:,">'
    return document(title, body, style_sheet("site/page", "desk"), icon)


def _article(article: Article) -> Markup:
    return render(
        "site/article",
        "desk",
        short=_short(article),
        text=article_html(article),
        rights=article.meta.get("rights", ""),
    )


def _short(article: Article) -> str:
    short = article.meta.get("short") or article.title or article.id
    return unescape(short)
