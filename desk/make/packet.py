"""Pages for printing, for classes without computers: the article, the codebook, the worksheets.

No answer stands on any of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Any

from desk.base.output_folder import making
from kit import exercises
from kit.base import templating
from kit.base.errors import KitError
from kit.base.html_page import bullets, table
from kit.coding.codebook import Code, Codebook, Field, Layer, Option, Part
from kit.coding.coding import Coding
from kit.exercises import OWN, Context, Exercise, form
from kit.exercises.markup import inline
from kit.library import datasets, facts
from kit.library.lesson_facts import LessonFacts, facts_of
from kit.text.article import Article
from kit.widgets.page import kinds_of
from kit.work import own_texts

__all__ = ["WHAT", "article_page", "codebook_body", "codebook_page", "make", "worksheet"]

#: What the mark of the folder calls it.
WHAT = "print packet"

_NOTE = (
    "Made by: python -m desk packet\n"
    "Open a page in a browser and print it, on A4 or Letter. Making it again overwrites the pages."
)
_ARTICLE = "blinken-beijing-2023"
_UNITS = {"block": "whole paragraphs", "sentence": "sentences", "words": "any run of words"}
#: Rows of a table for labels where the exercise names no number.
_ROWS = 8
_MOST_ROWS = 14
#: Cards for records where the exercise names no number.
_CARDS = 3
_BOX = "<span class='box'></span>"
#: How many handwritten words go on a ruled line.
_WORDS_A_LINE = 9


def make(out: Path, *, article: bool = True) -> list[Path]:
    """Make the packet and return the pages that were written.

    Args:
        out: the folder; new, empty, or a packet made before.
        article: whether the article under study is among them. It is its publisher's; where it
            must not be printed, students need another copy with the same paragraphs.

    Raises:
        MadeError: the folder is something else, or cannot be written.
        KitError: an article, a layer, an exercise or a fact cannot be used.
    """
    studied, practice = map(datasets.load_article, (_ARTICLE, own_texts.PRACTICE))
    pages = {"1-article.html": article_page(studied)} if article else {}
    pages["2-practice-article.html"] = article_page(practice)
    pages["3-codebook.html"] = codebook_page(
        datasets.codebook(studied.id), datasets.codebook(practice.id), practice
    )
    for path in sorted((datasets.root() / "notebooks").glob("[0-9]*.ipynb")):
        told = _facts(path)
        pages[f"lesson-{path.stem}.html"] = worksheet(
            told.title, told.aim, exercises.load(path.stem)
        )
    with making(out, WHAT, _NOTE) as folder:
        for name, page in pages.items():
            (folder / name).write_bytes(page.encode("utf-8"))
    if not article:
        # A page of an earlier packet, made with the article, would be handed out by mistake.
        (out / "1-article.html").unlink(missing_ok=True)
    return [out / name for name in pages]


def article_page(article: Article) -> str:
    """Return an article, its paragraphs numbered, with a wide margin to write in."""
    kinds = kinds_of(article)
    banner = article.meta.get("banner")
    parts = [f"<h1>{escape(article.meta.get('short') or article.title or article.id)}</h1>"]
    if isinstance(banner, str) and banner:
        parts.append(f"<p class='banner'><strong>Please note.</strong> {escape(banner)}</p>")
    parts.append("<p class='how'>P1, P2 and so on number the paragraphs. The margin is yours.</p>")
    for block in article.blocks:
        kind = " headline" if kinds.get(block.id) == "headline" else ""
        parts.append(
            f"<div class='block{kind}'><span class='number'>{block.id}</span>"
            f"<p>{escape(block.text.strip())}</p></div>"
        )
    rights = article.meta.get("rights")
    if isinstance(rights, str):
        parts.append(f"<p class='foot'>{escape(' '.join(rights.split()))}</p>")
    return _page(article.title or article.id, f"<article>{''.join(parts)}</article>")


def codebook_page(codebook: Codebook, own: Codebook, practice: Article) -> str:
    """Return every layer: what is asked, the labels with their tests and examples, the rulings.

    Args:
        codebook: the article's under study.
        own: the practice article's; its layers that differ stand at the end.
        practice: the practice article.
    """
    return _page("Codebook", codebook_body(codebook, own, practice))


def codebook_body(
    codebook: Codebook, own: Codebook, practice: Article, *, second: str = "h1"
) -> str:
    """Return what stands on that page, as HTML; ``second`` is the tag of the heading over the
    practice article's layers."""
    there = {layer.id: layer for layer in codebook.layers}
    differ = [layer for layer in own.layers if there.get(layer.id) != layer]
    parts = ["<h1>Codebook</h1>", _CODEBOOK_HEAD, *map(_layer, codebook.layers)]
    if differ:
        short = practice.meta.get("short") or practice.title
        parts.append(f"<{second}>For the practice article, “{escape(short)}”</{second}>")
        parts.append("<p>These layers have other words there; all the rest is as above.</p>")
        parts += map(_layer, differ)
    return "".join(parts)


def worksheet(title: str, aim: str, asked: Sequence[Exercise]) -> str:
    """Return a lesson's exercises with room to write.

    Args:
        title: the lesson's, in plain text.
        aim: a sentence with the marks of :mod:`kit.exercises.markup`, or "".
        asked: the exercises.

    Raises:
        KitError: an exercise names a layer, a unit or a fact that the article has not.
    """
    parts = [f"<h1>{escape(title)}</h1>", _NAME]
    if aim:
        parts.append(f"<p><strong>Aim.</strong> {inline(aim)}</p>")
    parts.append(_ON_PAPER)
    parts += [_exercise(exercise, _context(exercise)) for exercise in asked]
    if not asked:
        parts.append("<p>This lesson has no exercises yet.</p>")
    return _page(title, "".join(parts))


# -- exercises -------------------------------------------------------------------------------------


def _context(exercise: Exercise) -> Context:
    """Return what an exercise is about, with nobody's labels; for a text of the student's own,
    the practice article stands in."""
    id = own_texts.PRACTICE if exercise.article == OWN else exercise.article
    article, codebook = datasets.load_article(id), datasets.codebook(id)
    known = facts.load(id) if facts.there_are(id) else None
    return Context(article, Coding(article, codebook, "packet"), codebook, None, known)


def _exercise(exercise: Exercise, context: Context) -> str:
    drawn = form(exercise, context)
    skip = " Leave this out first when time is short." if exercise.skip else ""
    parts = [
        f"<h2>{escape(drawn['id'])} {escape(drawn['title'])}</h2>",
        f"<p class='tag'>{escape(drawn['tag'])}. About {drawn['minutes'][1]} minutes.{skip}</p>",
        _about(exercise, context),
        f"<div class='prompt'>{drawn['prompt']}</div>",
    ]
    if drawn["support"]:
        parts.append(f"<div class='support'><strong>To begin with</strong>{drawn['support']}</div>")
    if exercise.kind == "label":
        parts.append(_labels(exercise, context))
    for control in drawn["controls"]:
        if control["type"] == "order" and exercise.order == tuple(i.id for i in exercise.items):
            # Things that stand in their right order already would be the answer.
            control["items"].sort(key=lambda item: item["text"].casefold())
        parts.append(_control(control))
    if drawn["stretch"]:
        parts.append(
            f"<div class='support'><strong>A further question</strong>{drawn['stretch']}</div>"
        )
    return f"<section>{''.join(parts)}</section>"


def _about(exercise: Exercise, context: Context) -> str:
    if exercise.article == OWN:
        return "<p class='tag'>About the text that you have chosen.</p>"
    if exercise.article == _ARTICLE:
        return ""
    short = context.article.meta.get("short") or context.article.title
    return f"<p class='tag'>About the practice article, “{escape(short)}”.</p>"


def _labels(exercise: Exercise, context: Context) -> str:
    """Return a table in which labels can be written, and the labels there are."""
    layer = context.codebook.layer(exercise.layer)
    if layer.unit != "words":
        units = exercise.units or [""] * min(max(exercise.at_least, _ROWS), _MOST_ROWS)
        rows = [[escape(id), "", ""] for id in units]
        heads = [_unit(layer), "Label", "Why: words of the text, or of the codebook"]
        return _legend(layer) + _write(heads, rows)
    where = f", in {escape(', '.join(exercise.blocks))}" if exercise.blocks else ""
    told = f"<p>Mark the words on the article{where}; then write them here.</p>"
    if layer.parts:
        cards = len(exercise.blocks) or exercise.at_least or _CARDS
        return _legend(layer) + told + _card(layer) * min(cards, _ROWS)
    wanted = min(max(exercise.at_least, len(exercise.blocks) + 2, _ROWS), _MOST_ROWS)
    heads = ["Paragraph", "Words, copied", "Label" if layer.codes else ""]
    heads = [*filter(None, heads), *(field.name for field in layer.fields)]
    rows = [[""] * len(heads)] * wanted
    return _legend(layer) + told + _write([escape(head) for head in heads], rows)


def _card(layer: Layer) -> str:
    """Return a card for one record: a line for each of its parts, boxes for each of its choices."""
    rows = [("Paragraph", "")]
    rows += [(part.name, "") for part in layer.parts]
    rows += [(field.name, " ".join(map(_ticked, field.options))) for field in layer.fields]
    return table((), [(escape(name), boxes) for name, boxes in rows], kind="card")


def _ticked(option: Option) -> str:
    """Return a box and what it stands for, which stay on one line."""
    return f"<span class='one'>{_BOX}{escape(option.name)}</span>"


def _unit(layer: Layer) -> str:
    return "Paragraph" if layer.unit == "block" else "Sentence"


def _legend(layer: Layer) -> str:
    lines = []
    if layer.codes:
        lines.append(("Labels", (code.name for code in layer.codes)))
    for field in layer.fields:
        if field.options:
            lines.append((field.name, (option.name for option in field.options)))
    said = "".join(
        f"<p><strong>{escape(name)}:</strong> {escape('; '.join(names))}.</p>"
        for name, names in lines
    )
    return (
        f"<div class='legend'><p>Layer of the codebook: <strong>{escape(layer.title)}</strong>. "
        f"{escape(layer.question)}</p>{said}</div>"
    )


def _control(control: dict[str, Any]) -> str:
    label = f"<p class='label'>{escape(control['label'])}</p>"
    match control["type"]:
        case "number":
            return f"<p class='label'>{escape(control['label'])} <span class='blank'></span></p>"
        case "choice":
            most = control["most"]
            several = f"<p class='tag'>Tick up to {most}.</p>" if most > 1 else ""
            boxes = "".join(
                f"<li>{_BOX}{escape(option['text'])}</li>" for option in control["options"]
            )
            return f"<div class='keep'>{label}{several}<ul class='boxes'>{boxes}</ul></div>"
        case "order":
            blanks = "".join(
                f"<li><span class='blank short'></span>{escape(item['text'])}</li>"
                for item in control["items"]
            )
            said = "<p class='tag'>Write 1 beside the first, 2 beside the next, and so on.</p>"
            return f"<div class='keep'>{label}{said}<ul class='boxes'>{blanks}</ul></div>"
        case "evidence":
            rows = [["P", ""] for _ in range(control["least"] + 1)]
            return label + _write(["Paragraph", "Words copied from it"], rows)
        case _:
            return _text(label, control)


def _text(label: str, control: dict[str, Any]) -> str:
    words = control["words"]
    told = f"<p class='tag'>{words[0]} to {words[1]} words.</p>" if words else ""
    starter = control["starter"].strip()
    begun = f"<p class='starter'>{escape(starter)}</p>" if starter else ""
    lines = max(3, -(-(words[1] if words else 40) // _WORDS_A_LINE))
    return f"{label}{told}{begun}{'<div class=line></div>' * lines}"


def _facts(path: Path) -> LessonFacts:
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise KitError(f"{path.name} cannot be read as a notebook.") from None
    return facts_of(notebook, path.name)


# -- the codebook ----------------------------------------------------------------------------------


def _layer(layer: Layer) -> str:
    many = f"Up to {layer.most} labels, the main one first. " if layer.most > 1 else ""
    parts = [
        f"<h2>{escape(layer.title)}</h2>",
        f"<p class='asked'><strong>{escape(layer.question)}</strong></p>",
        f"<p class='tag'>What is labelled: {_UNITS[layer.unit]}. {many}{escape(layer.source)}</p>",
    ]
    if layer.codes:
        heads = ["Label", "What it means", "Test", "Example", "But not"]
        parts.append(table(heads, map(_code, layer.codes), kind="codes"))
    if layer.parts:
        parts.append(table(["Part", "What it is"], map(_part, layer.parts), kind="codes"))
    parts += map(_field, layer.fields)
    if layer.rulings:
        parts.append(f"<h3>Rulings</h3>{bullets(map(escape, layer.rulings))}")
    return f"<section class='layer'>{''.join(parts)}</section>"


def _code(code: Code) -> list[str]:
    said = (code.name, code.definition, code.test, code.example, code.counter_example)
    return list(map(escape, said))


def _part(part: Part) -> list[str]:
    marks = [said for said, so in (("needed", part.required), ("may be several", part.many)) if so]
    said = f"{part.hint} ({', '.join(marks)})" if marks else part.hint
    return [escape(part.name), escape(said)]


def _field(field: Field) -> str:
    if not field.options:
        return f"<h3>{escape(field.name)}</h3><p>{escape(field.hint)}</p>"
    rows = [(escape(option.name), escape(option.definition)) for option in field.options]
    hint = f"<p>{escape(field.hint)}</p>" if field.hint else ""
    choices = table(["Choice", "What it means"], rows, kind="codes")
    return f"<h3>{escape(field.name)}</h3>{hint}{choices}"


# -- pieces ----------------------------------------------------------------------------------------


def _write(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table to write into; heads and cells are HTML already."""
    return table(heads, rows, kind="write", named=False)


def _page(title: str, body: str) -> str:
    return templating.page(title, f"<main>\n{body}\n</main>", _STYLE)


_NAME = "<p class='name'>Name <span></span> Date <span></span></p>"
_ON_PAPER = (
    "<p class='how'>On paper there is no button. Where an exercise tells you to press one, show "
    "your answer to your partner or your instructor. Pictures and tools that it speaks of can be "
    "shown on a screen in front of the class.</p>"
)
_CODEBOOK_HEAD = (
    "<p>A label is somebody’s decision. This page says what each label means, so that two people "
    "can decide alike, or find out why they do not. Where a definition leaves something open, the "
    "rulings under it decide.</p>"
)

# Lines and boxes are borders, since printers leave out what is painted as a background.
_STYLE = """
h2 { margin-bottom: 0.2rem; }
h3 { font-size: 1rem; }
.asked, .tag, .prompt, .support, .legend, .label, .starter { break-after: avoid; }
.banner { padding: 0.4rem 0.7rem; border: 2px solid #111; }
.tag, .how, .foot { margin: 0.2rem 0; font-size: 0.85rem; font-style: italic; }
.foot { margin-top: 2rem; border-top: 1px solid #777; }
.block { display: grid; grid-template-columns: 2.4rem minmax(0, 1fr) 34%; column-gap: 0.7rem;
  break-inside: avoid; }
.block p { margin: 0 0 0.7rem; }
.block::after { content: ""; border-left: 1px solid #aaa; }
.number { font: 0.75rem/1.6rem system-ui, sans-serif; text-align: right; }
.headline p { font-size: 1.25rem; font-weight: bold; line-height: 1.25; }
.name span { display: inline-block; width: 11rem; border-bottom: 1px solid #111; }
.prompt { margin: 0.4rem 0; }
.prompt p { break-inside: avoid; }
.support, .legend { margin: 0.5rem 0; padding-left: 0.7rem; border-left: 3px solid #999; }
.support p, .legend p { margin: 0.15rem 0; }
.legend { font-size: 0.9rem; }
.label { margin: 0.9rem 0 0.2rem; font-weight: bold; }
.keep { break-inside: avoid; }
.blank { display: inline-block; width: 5rem; height: 1.4rem; border-bottom: 1px solid #111; }
.short { width: 2rem; margin-right: 0.6rem; }
.boxes { margin: 0.2rem 0; padding: 0; list-style: none; }
.boxes li { margin: 0.25rem 0; padding-left: 1.6rem; text-indent: -1.6rem; }
.box { display: inline-block; width: 0.8rem; height: 0.8rem; margin-right: 0.7rem;
  border: 1.5px solid #111; vertical-align: -0.1rem; }
.starter { margin: 0.2rem 0; font-style: italic; white-space: pre-line; }
.line { height: 1.9rem; border-bottom: 1px solid #777; break-inside: avoid; }
table { width: 100%; }
th, td { padding: 0.25rem 0.4rem; border: 1px solid #777; }
th { overflow-wrap: break-word; }
.one { margin-right: 1rem; white-space: nowrap; }
.write td { height: 2.1rem; }
.write td:first-child, .write th:first-child { width: 4.5rem; }
.card { break-inside: avoid; }
.card th { width: 7.5rem; font-weight: normal; }
.card td { height: 1.7rem; }
.codes { font-size: 0.82rem; line-height: 1.35; }
"""
