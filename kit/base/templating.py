"""Pages that need nothing but themselves, for paper and screen: no script, no network.

How a page looks stands in a template (``templates/*.html.jinja``) and in a style sheet
(``templates/*.css``); what it says is passed to the template as values. A value is plain text and
is escaped, unless it is ``Markup``: HTML that :func:`render` has made, or that the kit itself
wrote. What a person typed is only ever a value, never a template.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from kit.base.phrases import decimal, join, one_line, percent, plural


def render(name: str, package: str = "kit", /, **values: object) -> Markup:
    """Return a template filled in, as HTML.

    Args:
        name: the template in the package's folder ``templates``, without ``.html.jinja``.
        package: where that folder lies; its templates can import those of ``kit``, too.
        values: what the template needs.
    """
    return Markup(_environment(package).get_template(f"{name}.html.jinja").render(values))


def text(name: str, package: str, /, **values: object) -> str:
    """Return a template of plain text filled in: a file that is no page, such as a ``README.md``,
    in which nothing is escaped.

    Args:
        name: the template in the package's folder ``templates``, without ``.jinja``.
        package: where that folder lies.
        values: what the template needs.
    """
    return _environment(package).get_template(f"{name}.jinja").render(values).rstrip() + "\n"


@cache
def macros(name: str, package: str = "kit") -> Any:
    """Return a template whose macros can be called from Python, each under its own name."""
    return _environment(package).get_template(f"{name}.html.jinja").module


def style_sheet(name: str, package: str = "kit") -> Markup:
    """Return a style sheet of a package's folder ``templates``; ``name`` is without ``.css``."""
    return Markup((files(package) / "templates" / f"{name}.css").read_text(encoding="utf-8"))


def page(title: str, body: str, style: str = "") -> str:
    """Return a page of HTML that can be written as UTF-8, in the style that all pages share.

    Args:
        title: what the browser calls it, in plain text.
        body: HTML.
        style: rules of CSS that only this page needs; they win over the common ones, except on
            paper.
    """
    return document(title, body, f"{style_sheet('page')}{style}{style_sheet('paper')}")


def document(title: str, body: str, style: str, head: str = "") -> str:
    """Return a page of HTML as :func:`page` does, with no other style than its own, and with more
    elements in its head."""
    made = render("page", title=title, body=Markup(body), style=Markup(style), head=Markup(head))
    return made.encode("utf-8", "replace").decode("utf-8")  # half a character cannot be written


def without_formulas(html: str) -> str:
    """Return the HTML of a cell's output so that no notebook takes “$5 million … $4 million” for a
    formula: in the classes that its typesetter passes over. It is plain text, no longer Markup, so
    that what is replaced in it is not escaped."""
    if not any(sign in html for sign in ("$", "\\(", "\\[", "\\begin")):
        return str(html)
    return str(render("without_formulas", html=Markup(html)))


@cache
def _environment(package: str) -> Environment:
    made = Environment(
        loader=ChoiceLoader([PackageLoader(package), PackageLoader("kit")]),
        autoescape=lambda name: not name or name.endswith(".html.jinja"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "decimal": decimal,
        "listed": join,
        "number": "{:,}".format,
        "one_line": one_line,
        "percent": percent,
        "plural": plural,
        "unbroken": _unbroken,
    }
    return made


def _unbroken(value: Any) -> Any:
    """Return text in which no line ends between a number and its sign: “98 %”."""
    return value.replace(" %", "\u00a0%") if isinstance(value, str) else value
