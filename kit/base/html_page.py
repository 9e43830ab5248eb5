"""Pages that need nothing but themselves, for paper and screen: no script, no network.

Every page that the kit writes into a file is made here, so that all look alike and none can fetch
or run anything, whatever a person typed. A page adds rules of its own to the common style.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from html import escape

from kit.base.phrases import one_line

__all__ = ["bullets", "document", "page", "section", "table", "typed"]


def page(title: str, body: str, style: str = "") -> str:
    """Return a page of HTML that can be written as UTF-8.

    Args:
        title: what the browser calls it, in plain text.
        body: HTML.
        style: rules of CSS that only this page needs; they win over the common ones, except on
            paper.
    """
    return document(title, body, _STYLE + style + _PAPER)


def document(title: str, body: str, style: str, head: str = "") -> str:
    """Return a page of HTML as :func:`page` does, with no other style than its own, and with more
    elements in its head."""
    named = escape(one_line(title))
    whole = _PAGE.format(title=named, head=head, style=style, body=body)
    return whole.encode("utf-8", "replace").decode("utf-8")  # half a character cannot be written


def typed(text: str) -> str:
    """Return what a person typed, on one line; its own letters say in which direction it runs."""
    return f"<bdi>{escape(one_line(text))}</bdi>"


def section(title: str, body: str) -> str:
    """Return a section of a page; both are HTML already."""
    return f"<section><h2>{title}</h2>{body}</section>"


def bullets(items: Iterable[str]) -> str:
    """Return a list; its items are HTML already."""
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


def table(
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    caption: str = "",
    kind: str = "",
    numbers: Container[int] = (),
    named: bool = True,
) -> str:
    """Return a table; heads, cells and caption are HTML already.

    Args:
        heads: what stands over the columns; empty for a table without heads.
        rows: the cells, row by row.
        caption: what the table is called.
        kind: a class for the page's own style.
        numbers: the columns, counted from 0, that are set flush right.
        named: whether the first cell names its row.
    """

    def line(cells: Sequence[str], first: str, others: str) -> str:
        made = ""
        for n, cell in enumerate(cells):
            tag = others if n else first
            made += f"<{tag}{_class('num' if n in numbers else '')}>{cell}</{tag[:2]}>"
        return f"<tr>{made}</tr>"

    column, row = "th scope='col'", "th scope='row'" if named else "td"
    called = f"<caption>{caption}</caption>" if caption else ""
    head = f"<thead>{line(heads, column, column)}</thead>" if heads else ""
    body = "".join(line(cells, row, "td") for cells in rows)
    return f"<table{_class(kind)}>{called}{head}<tbody>{body}</tbody></table>"


def _class(name: str) -> str:
    return f" class='{name}'" if name else ""


# The policy comes before anything that it governs.
_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; \
style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
{head}<style>{style}</style>
</head>
<body>
{body}
</body>
</html>
"""

# Margins that suit both A4 and Letter; a picture, a row and a heading are not torn apart.
_STYLE = """
@page { margin: 18mm 16mm; @bottom-center { content: counter(page); font: 9pt serif; } }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #1d1d1f; background: #fff;
  font: 1rem/1.5 Charter, Cambria, Georgia, "Noto Serif", "Liberation Serif", serif; }
h1 { font-size: 1.6rem; line-height: 1.2; }
h2 { margin: 2rem 0 0.5rem; font-size: 1.25rem; border-bottom: 1px solid #777; }
h3 { margin: 1.2rem 0 0.2rem; font-size: 1.05rem; }
h1, h2, h3, h4, caption { break-after: avoid; }
p, li, th, td, figcaption, bdi, code { overflow-wrap: anywhere; }
table { margin: 0.6rem 0; border-collapse: collapse; font-size: 0.9rem; }
caption { padding-bottom: 0.2rem; text-align: left; font-weight: bold; }
thead { display: table-header-group; }
th, td { padding: 0.2rem 0.8rem 0.2rem 0; text-align: left; vertical-align: top;
  border-bottom: 1px solid #c8c8c8; font-variant-numeric: tabular-nums; }
.num { text-align: right; }
tr { break-inside: avoid; }
"""
_PAPER = """
@media print { body { max-width: none; margin: 0; padding: 0; font-size: 10.5pt; } }
"""
