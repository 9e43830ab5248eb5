"""The frame of a page to read: one heading, landmarks, a skip link, and nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from kit.base.templating import document

__all__ = ["page"]


def page(title: str, main: str, *, links: Sequence[tuple[str, str]], here: str = "") -> str:
    """Return a whole page of HTML.

    Args:
        title: in plain text.
        main: what it says, as HTML with one ``<h1>``.
        links: names and addresses for the way round the site.
        here: the address among them that this page has.
    """
    items = "".join(
        f'<li><a href="{escape(address)}"{_CURRENT if address == here else ""}>'
        f"{escape(name)}</a></li>"
        for name, address in links
    )
    # Without an icon a browser asks the server for one.
    icon = '<link rel="icon" href="data:,">\n'
    return document(title, _BODY.format(items=items, main=main), _STYLE, icon)


_CURRENT = ' aria-current="page"'

_BODY = """\
<a class="skip" href="#main">Skip to the text</a>
<header>
<p class="site">Reading diplomatic news</p>
<nav aria-label="Site"><ul>{items}</ul></nav>
</header>
<main id="main" tabindex="-1">
{main}
</main>
<footer>
<p>The kit’s words are under CC BY 4.0, its code under the BSD 3-Clause licence. The article under
study is under neither: it is its publisher’s.</p>
</footer>"""

_STYLE = """
:root { color-scheme: light dark; --ink: light-dark(#1d1d1f, #ececee);
  --quiet: light-dark(#595b61, #b3b5bc); --rule: light-dark(#d5d6da, #43464d);
  --paper: light-dark(#fff, #16181c); --tint: light-dark(#f4f5f7, #22252b);
  --link: light-dark(#0b57a4, #8ab8f0); }
* { box-sizing: border-box; }
body { margin: 0; color: var(--ink); background: var(--paper);
  font: 1.06rem/1.6 Charter, "Bitstream Charter", "Iowan Old Style", Cambria, Georgia,
    "Noto Serif", "Liberation Serif", serif; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
main:focus { outline: none; }
.skip { position: absolute; left: 0.5rem; top: -4rem; padding: 0.4rem 0.8rem;
  background: var(--paper); border: 2px solid var(--link); }
.skip:focus { top: 0.5rem; }
header, main, footer { max-width: 48rem; margin: 0 auto; padding: 0 1rem; }
header { padding-top: 1rem; font: 0.875rem/1.5 system-ui, sans-serif;
  border-bottom: 1px solid var(--rule); }
.site { margin: 0; color: var(--quiet); }
nav ul { display: flex; flex-wrap: wrap; gap: 0.1rem 1rem; margin: 0.3rem 0 0.7rem; padding: 0;
  list-style: none; }
nav [aria-current] { color: inherit; font-weight: 650; text-decoration: none; }
footer { margin-top: 3rem; padding-top: 0.5rem; padding-bottom: 2rem; color: var(--quiet);
  font: 0.875rem/1.5 system-ui, sans-serif; border-top: 1px solid var(--rule); }
main { padding-top: 0.5rem; overflow-wrap: break-word; }
h1 { font-size: 1.8rem; line-height: 1.2; }
h2 { margin: 2.4rem 0 0.4rem; font-size: 1.35rem; line-height: 1.3; }
h3 { margin: 1.6rem 0 0.3rem; font-size: 1.1rem; }
hr { border: none; border-top: 1px solid var(--rule); margin: 2.5rem 0 1rem; }
blockquote { margin: 1rem 0; padding-left: 1rem; border-left: 3px solid var(--rule); }
img { max-width: 100%; height: auto; }
pre { padding: 0.6rem 0.8rem; white-space: pre-wrap; overflow-wrap: anywhere;
  background: var(--tint); border-radius: 4px; font-size: 0.85rem; line-height: 1.45; }
table { border-collapse: collapse; margin: 0.8rem 0; font-size: 0.95em; }
th, td { padding: 0.25rem 0.9rem 0.25rem 0; text-align: left; vertical-align: top;
  border-bottom: 1px solid var(--rule); }
.code { margin: 0.2rem 0; color: var(--quiet); font: 0.8rem/1.5 system-ui, sans-serif; }
.code summary { cursor: pointer; width: fit-content; }
.code code { color: var(--ink); }
.output { margin: 0.6rem 0 1.2rem; }
.note { padding: 0.5rem 0.8rem; background: var(--tint); border-left: 4px solid var(--quiet);
  font: 0.9rem/1.5 system-ui, sans-serif; }
.kit-task-static { padding: 0.2rem 1rem 0.4rem; border: 1px solid var(--rule); border-radius: 4px; }
.kit-task-static h3 { margin-top: 0.6rem; }
.lessons { padding: 0; list-style: none; }
.lessons li { margin: 0 0 1.1rem; }
.lessons li > a { font-size: 1.15rem; }
.lessons p { margin: 0.1rem 0; }
.quiet { color: var(--quiet); font: 0.875rem/1.5 system-ui, sans-serif; }
.codebook table { font-size: 0.85rem; line-height: 1.4; }
@media (max-width: 40rem) {
  h1 { font-size: 1.5rem; }
  .codebook table, .codebook tbody, .codebook tr, .codebook tbody th, .codebook td {
    display: block; border: none; }
  .codebook td:empty { display: none; }
  .codebook tr:has(td:nth-of-type(4)) td:nth-of-type(n + 2)::before { font-weight: 650; }
  .codebook tr:has(td:nth-of-type(4)) td:nth-of-type(2)::before { content: "Test: "; }
  .codebook tr:has(td:nth-of-type(4)) td:nth-of-type(3)::before { content: "Example: "; }
  .codebook tr:has(td:nth-of-type(4)) td:nth-of-type(4)::before { content: "But not: "; }
  .codebook thead { position: absolute; clip-path: inset(50%); }
  .codebook tr { padding: 0.5rem 0; border-bottom: 1px solid var(--rule); }
}
@page { margin: 18mm 16mm; }
@media print {
  :root { color-scheme: light; }
  body { font-size: 10.5pt; }
  header, main, footer { max-width: none; padding: 0; }
  nav, .skip, .code { display: none; }
  h1, h2, h3 { break-after: avoid; }
  .kit-task-static, figure, tr { break-inside: avoid; }
}
"""
