"""A student's report: charts, claims with their evidence, and limits, on one page to print.

Pictures are inside. Everything that a person typed is escaped. The text under study is not in it:
that is its publisher's.
"""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kit.base import templating
from kit.base.html_page import bullets, section, table, typed
from kit.base.phrases import one_line, plural
from kit.exercises import Exercise, Record, kinds
from kit.exercises.evidence import check_evidence
from kit.exercises.markup import plain
from kit.work.before import LABELS

if TYPE_CHECKING:
    from kit.charts import Chart
    from kit.coding.coding import Coding
    from kit.text.article import Article

__all__ = ["Answered", "report"]

#: What no report made with the kit can show, whatever the text.
LIMITS = (
    "One text is one text. What was found here was found here, and nowhere else.",
    "Every label is somebody’s decision. Where nobody has tried to disagree, nobody knows how "
    "firm it is.",
    "A count depends on what is counted. Shares of attributions, of attributed words and of "
    "quoted words can tell three different stories of the same text.",
    "More words for one side are not proof of bias: deadlines, language and who was willing to "
    "speak decide too. None of these stands in the text.",
    "The kit has looked whether copied words stand in the paragraph that is named. Whether they "
    "support the claim, a person must judge.",
)


class Answered(NamedTuple):
    """An exercise and what the student has written in it."""

    exercise: Exercise
    record: Record


def report(
    coding: Coding,
    *,
    answered: Sequence[Answered] = (),
    committed: Mapping[str, Coding] | None = None,
    charts: Iterable[Chart] = (),
    made: datetime,
) -> str:
    """Return the report as one page of HTML.

    Args:
        coding: the student's labels; it also says whose they are, and on which text.
        answered: the exercises to report, about the same text, in their order. One in which
            nothing has been written is left out.
        committed: by layer, the labels that the student committed as a first answer.
        charts: what to print, each with its numbers.
        made: when.
    """
    article = coding.article
    title = one_line(article.title) or article.id
    sections = [
        section("Claims and their evidence", _claims(answered, article)),
        section("Charts", "".join(map(_chart, charts)) or "<p>No chart: no labels yet.</p>"),
        section("How much was labelled", _labels(coding, committed or {})),
        section("How the text was prepared", _cleaning(article)),
        section("What this report cannot show", bullets(map(escape, LIMITS))),
    ]
    body = f"{_head(coding, title, made)}\n<main>\n{''.join(sections)}\n</main>"
    return templating.page(f"{coding.coder}: {title}", body, _STYLE)


# -- sections --------------------------------------------------------------------------------------


def _head(coding: Coding, title: str, made: datetime) -> str:
    article = coding.article
    words = sum(len(block.words) for block in article.blocks)
    rows = [
        ("By", typed(coding.coder)),
        ("Made on", f"{made:%Y-%m-%d at %H:%M}"),
        ("Text", typed(title)),
        ("Length", f"{plural(words, 'word')} in {plural(len(article.blocks), 'numbered line')}"),
        ("Name in the kit", f"<code>{escape(article.id)}</code>"),
        ("Fingerprint (SHA-256)", f"<code>{article.sha256}</code>"),
    ]
    if isinstance(banner := article.meta.get("banner"), str):
        rows.append(("Please note", typed(banner)))
    return (
        f"<header><h1>Report on “{typed(title)}”</h1>{table((), rows)}"
        "<p>P1, P2 and so on are the numbered lines of the text. The text itself is not printed "
        "here; the fingerprint shows which text it is.</p></header>"
    )


def _claims(answered: Sequence[Answered], article: Article) -> str:
    parts = [_claim(one, article) for one in answered if one.record.values or one.record.first]
    return "".join(parts) or "<p>Nothing has been written yet.</p>"


def _claim(one: Answered, article: Article) -> str:
    exercise, record = one
    first, now = record.first, record.values
    # In a work file of before, the labels that were asked for may stand among the values.
    was = {id: value for id, value in first.values.items() if id != LABELS} if first else {}
    parts = [f"<h3>{escape(exercise.id)} {escape(plain(exercise.title))}</h3>"]
    if first is None:
        parts.append("<p class='mark'>A draft: it has not been handed in.</p>")
    elif now == was:
        parts.append(f"<p class='mark'>First answer, kept {_day(first.at)}; not changed since.</p>")
    else:
        parts.append(f"<p class='mark'>Changed since the first answer of {_day(first.at)}.</p>")
    parts.append(_answer(exercise, now, article) or "<p>Nothing stands here now.</p>")
    if first is not None and now != was:
        then = _answer(exercise, was, article)
        parts.append(f"<div class='first'><h4>First answer, kept {_day(first.at)}</h4>{then}</div>")
    return f"<article>{''.join(parts)}</article>"


def _answer(exercise: Exercise, values: Mapping[str, Any], article: Article) -> str:
    parts = []
    for label, said in _said(exercise, values):
        paragraphs = filter(None, map(one_line, said.splitlines()))
        text = "".join(f"<p dir='auto'>{escape(paragraph)}</p>" for paragraph in paragraphs)
        parts.append(f"<h4>{escape(label)}</h4><blockquote>{text}</blockquote>")
    rows = _rows(values.get("evidence"))
    if rows:
        parts.append(_evidence(rows, article))
    return "".join(parts)


def _said(exercise: Exercise, values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Yield the label of each control that is filled in, and what stands there."""
    for control in kinds.controls(exercise):
        if (said := control.said(values.get(control.id))) is not None:
            yield plain(control.label), said


def _rows(value: Any) -> list[dict[str, str]]:
    """Return the rows of evidence that have the form of one; the work file may say anything."""
    rows = value if isinstance(value, list) else []
    return [
        {"block": row["block"], "words": row["words"]}
        for row in rows
        if isinstance(row, dict)
        and isinstance(row.get("block"), str)
        and isinstance(row.get("words"), str)
    ]


def _evidence(rows: list[dict[str, str]], article: Article) -> str:
    cells = []
    for row in rows:
        stands = "yes" if check_evidence([row], 1, article).ok else "<strong>no</strong>"
        cells.append((typed(row["block"]), typed(row["words"]), stands))
    heads = ("Line", "Words copied from it", "Found there")
    return table(heads, cells, caption="Evidence")


def _chart(chart: Chart) -> str:
    with tempfile.TemporaryDirectory() as folder:
        picture = chart.save(Path(folder) / "chart.png").read_bytes()
    data = base64.b64encode(picture).decode("ascii")
    return (
        f"<figure><img src='data:image/png;base64,{data}' alt='{escape(chart.alt)}'>"
        f"<figcaption>{escape(chart.finding)}</figcaption>"
        f"{chart.table.to_html(chart.title)}</figure>"
    )


def _labels(coding: Coding, committed: Mapping[str, Coding]) -> str:
    rows = []
    for layer in coding.codebook.layers:
        now = coding.on(layer.id)
        first = committed.get(layer.id)
        if now or first:
            kept = f"{len(first.on(layer.id)):,}" if first else "not committed"
            rows.append((escape(layer.title), f"{len(now):,}", kept))
    if not rows:
        return "<p>Nothing has been labelled yet.</p>"
    return table(("Layer", "Labels now", "In the first answer"), rows, numbers=(1, 2))


def _cleaning(article: Article) -> str:
    changes = article.meta.get("cleaned")
    if isinstance(changes, list) and changes:
        return "<p>The kit has changed this in what was brought:</p>" + bullets(
            f"{escape(one_line(str(change)))}." for change in changes
        )
    return "<p>The kit has changed nothing in it.</p>"


def _day(at: str) -> str:
    """Return the day of a moment in ISO 8601."""
    return escape(at[:10])


_STYLE = """
h2 { margin-bottom: 0.8rem; }
h3 { margin: 1.5rem 0 0; }
h4 { margin: 0.8rem 0 0; font-size: 0.95rem; }
.mark { margin: 0.2rem 0; font-style: italic; }
blockquote { margin: 0.3rem 0; padding-left: 0.8rem; border-left: 3px solid #777; }
blockquote p { margin: 0.3rem 0; }
.first { margin: 1rem 0 0 1.5rem; font-size: 0.92rem; }
figure { margin: 1.5rem 0; }
img { display: block; max-width: 100%; height: auto; break-inside: avoid; break-after: avoid; }
figcaption { margin: 0.5rem 0; }
"""
