"""HTML is written in templates: what is put together in Python would have to escape by itself."""

from __future__ import annotations

import ast
import re

from kit.base.templating import render
from kit.library import datasets

ROOT = datasets.root()
ELSEWHERE = {
    "kit/exercises/markup.py",  # the marks of a text, as elements
    "kit/charts/sheet.py",  # a picture as SVG, element by element
    "desk/pages/results.py",  # takes names out of a report that a template made
    "desk/site/read.py",  # takes stored outputs into a page
}
CLOSING = re.compile(r"</\w+>")


def words_of(source: str) -> list[str]:
    """Return all text in a piece of Python that is no docstring."""
    tree = ast.parse(source)
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone
    ]


def test_no_element_is_written_in_python():
    assert any(map(CLOSING.search, words_of("page = f'<p>{title}</p>'")))
    found = {
        path.relative_to(ROOT).as_posix()
        for room in ("kit", "desk")
        for path in (ROOT / room).rglob("*.py")
        if any(map(CLOSING.search, words_of(path.read_text(encoding="utf-8"))))
    }
    assert found == ELSEWHERE


def test_what_is_passed_to_a_template_is_never_one():
    html = render("page", title="{{ 7 * 7 }}", head="", style="", body="<b>{% if %}{{ 7 * 7 }}")
    assert "&lt;b&gt;{% if %}{{ 7 * 7 }}" in html and "<title>{{ 7 * 7 }}</title>" in html
