"""The report on a class: one page that needs nothing but itself, for paper and for the wall.

No script, no network, no pictures from elsewhere. Names are hidden until the box at the top is
ticked; they are in the file all the same. The text under study is not in it, only paragraph
numbers and, where words are in dispute, at most eight of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from html import escape
from typing import NamedTuple

from kit.classroom.agreement import NOTHING, UNMARKED, ClassLayer, Scale
from kit.classroom.judge import share
from kit.classroom.roll import Note, Roll
from kit.classroom.tables import by_name
from kit.exercises.markup import plain
from kit.phrases import decimal, join, one_line, percent, plural

__all__ = ["page"]

#: How many units, notes with each, and pairs of codes are shown.
MOST_UNITS, MOST_NOTES, MOST_PAIRS = 6, 6, 8
#: Nobody can discuss a unit that hardly anybody coded.
LEAST_READERS = 3
MOST_WORDS = 8


class Disputed(NamedTuple):
    """A unit on which the class is divided: where, which codes how often, and by how much."""

    layer: str
    block: str
    words: str
    codes: tuple[tuple[int, int], ...]
    share: float


def page(roll: Roll, *, made: datetime) -> str:
    """Return the report on a class as one page of HTML."""
    disputed = most_disputed(roll)
    sections = [
        _section("How the class did", _overview(roll)),
        _section("Where the class disagrees", _strips(roll)),
        _section("What to talk about", "".join(_talk(roll, d) for d in disputed) or _NOTHING_YET),
        _section("How far the class agrees", _agreement(roll)),
        _section("Which codes are taken for each other", _confusions(roll)),
        _section("The class beside the reference", _beside(roll)),
        _section("Edits of the codebook that students propose", _proposals(roll)),
        _section("Exercises", _exercises(roll)),
        _section("Students", _students(roll)),
    ]
    title = escape(one_line(roll.plan.title))
    return _PAGE.format(
        title=title,
        style=_STYLE,
        article=escape(one_line(roll.plan.article.title)),
        count=plural(len(roll.students), "work file"),
        asked=plural(roll.to_ask, "file") if roll.to_ask else "no file",
        made=f"{made:%Y-%m-%d at %H:%M}",
        body="\n".join(sections),
    )


# -- what is disputed ------------------------------------------------------------------------------


def layer_of(roll: Roll, id: str) -> ClassLayer:
    """Return first answers where two students or more committed any, otherwise labels as they
    are now."""
    first = roll.first[id]
    return first if len(first.rows) >= 2 else roll.now[id]


def most_disputed(roll: Roll) -> list[Disputed]:
    """Return the units that divide the class most, at most one a paragraph and layer."""
    found: list[Disputed] = []
    for id in roll.scales:
        found += _disputed(roll, id)
    found.sort(key=lambda d: -d.share)
    # Not all from one layer: the two most disputed of each come first.
    seen: dict[str, int] = {}
    ranked = []
    for one in found:
        seen[one.layer] = seen.get(one.layer, 0) + 1
        ranked.append((seen[one.layer] > 2, -one.share, one))
    ranked.sort(key=lambda row: row[:2])
    return [one for _, _, one in ranked[:MOST_UNITS]]


def _disputed(roll: Roll, id: str) -> Iterator[Disputed]:
    layer = layer_of(roll, id)
    best: dict[str, Disputed] = {}
    for place, part in enumerate(layer.disagreement()):
        counts = layer.counts[place]
        readers = sum(counts.values())
        told = readers - counts.get(UNMARKED, 0)
        if not part or readers < LEAST_READERS or told < 2:
            continue
        unit = layer.scale.units[place]
        # Of words that hardly anybody marked there is little to say.
        weight = part * min(1.0, told / readers * 2) if layer.scale.words else part
        if unit.block not in best or weight > best[unit.block].share:
            codes = tuple(sorted(counts.items(), key=lambda item: -item[1]))
            words = _around(roll, layer, place) if layer.scale.words else ""
            best[unit.block] = Disputed(id, unit.block, words, codes, weight)
    yield from best.values()


def _around(roll: Roll, layer: ClassLayer, place: int) -> str:
    """Return the words about one that are marked about as often, eight at most."""
    units, counts = layer.scale.units, layer.counts
    marked = [sum(c.values()) - c.get(UNMARKED, 0) for c in counts]
    first = last = place
    while last - first + 1 < MOST_WORDS:
        left, right = first - 1, last + 1
        more = [
            n
            for n in (left, right)
            if 0 <= n < len(units)
            and units[n].block == units[place].block
            and 2 * marked[n] >= marked[place]
        ]
        if not more:
            break
        best = max(more, key=lambda n: marked[n])
        first, last = min(first, best), max(last, best)
    return one_line(roll.plan.article.text[units[first].start : units[last].end])


def _talk(roll: Roll, d: Disputed) -> str:
    scale = roll.scales[d.layer]
    says = [f"{n} say “{escape(scale.shown(code))}”" for code, n in d.codes if n][:4]
    where = f"{d.block}, “{escape(d.words)}”" if d.words else d.block
    asks = "".join(f"<li>{ask}</li>" for ask in prompts(scale, d))
    notes = _notes(roll, d)
    return (
        f"<article><h3>{where} <small>{escape(scale.layer.title)}</small></h3>"
        f"<p>{join(says)}.</p><ol>{asks}</ol>{notes}</article>"
    )


def prompts(scale: Scale, d: Disputed) -> list[str]:
    """Return three questions for the class on a disputed unit, as HTML."""
    (one, _), (two, _), *_ = [*d.codes, d.codes[0], d.codes[0]]
    a, b = escape(scale.shown(one)), escape(scale.shown(two))
    tests = [c for c in scale.layer.codes if c.id in (scale.name(one), scale.name(two)) and c.test]
    asked = " ".join(f"The codebook asks of “{escape(c.name)}”: {escape(c.test)}" for c in tests)
    where = f"the words “{escape(d.words)}” in {d.block}" if d.words else d.block
    if UNMARKED in (one, two):
        code = b if one == UNMARKED else a
        return [
            f"Read {where} again. Some of you marked them as “{code}”, some passed them by. What "
            "speaks for marking them, and what against?",
            f"Change one word so that nobody would mark them, then one so that everybody would. "
            f"Which word did you change? {asked}".strip(),
            "Write one sentence for the codebook that says whether such words are marked, and "
            "where the label begins and ends. Try it on another paragraph.",
        ]
    return [
        f"Read {where} again. Which single word or phrase made you choose “{a}”, and which made "
        f"others choose “{b}”? Point to it.",
        f"What would have to stand there for everybody to say “{a}”? And “{b}”? {asked}".strip(),
        f"Write one sentence for the codebook that settles it between “{a}” and “{b}”. Try it on "
        "another paragraph: does it still give the answer you want?",
    ]


def _notes(roll: Roll, d: Disputed) -> str:
    there = roll.notes.get((d.layer, d.block), [])
    chosen: list[Note] = []
    # One reason for each code first, then others.
    for code in dict.fromkeys(note.code for note in there):
        chosen.append(next(note for note in there if note.code == code))
    chosen += [note for note in there if note not in chosen]
    items = "".join(
        f"<li><strong>{escape(note.code)}</strong> {escape(note.text)} "
        f"{_who(roll, note.student)}</li>"
        for note in chosen[:MOST_NOTES]
    )
    return f"<p>Reasons that students gave:</p><ul class='notes'>{items}</ul>" if items else ""


def _who(roll: Roll, number: int) -> str:
    student = roll.students[number]
    return (
        f"<span class='name'><bdi>{escape(student.name)}</bdi></span>"
        f"<span class='alias'>{student.alias}</span>"
    )


# -- sections --------------------------------------------------------------------------------------


def _overview(roll: Roll) -> str:
    if not roll.students:
        return "<p>No work file could be used; problems.csv says why.</p>"
    totals = [roll.total(student) for student in roll.students]
    of = totals[0].auto_of + totals[0].agreement_of
    got = sorted(t.auto + t.agreement for t in totals)
    middle = got[len(got) // 2] if len(got) % 2 else sum(got[len(got) // 2 - 1 :][:2]) / 2
    said = (
        f"<p>Points so far, out of {of}: half of the class has {middle:.1f} or more; the lowest is "
        f"{got[0]:.1f}, the highest {got[-1]:.1f}. "
        f"Free text ({totals[0].written_of} points) is still to be read.</p>"
        if of
        else "<p>Nothing of what was asked is counted here; free text is still to be read.</p>"
    )
    return said + (_histogram(got, of) if of else "")


def _histogram(got: Sequence[float], of: int) -> str:
    tenths = [0] * 10
    for points in got:
        tenths[min(9, int(10 * points / of))] += 1
    most = max(tenths)
    rows = "".join(
        f"<tr><th scope='row'>{of * n / 10:g} to {of * (n + 1) / 10:g}</th>"
        f"<td class='num'>{count}</td>"
        + (
            f"<td><span class='bar' style='width:{100 * count / most:.0f}%'></span></td>"
            if count
            else "<td></td>"
        )
        + "</tr>"
        for n, count in enumerate(tenths)
    )
    return (
        "<table class='bars'><caption>Students by points so far</caption><thead><tr>"
        "<th scope='col'>Points</th><th scope='col' class='num'>Students</th>"
        f"<th scope='col'></th></tr></thead><tbody>{rows}</tbody></table>"
    )


def _strips(roll: Roll) -> str:
    strips = "".join(_strip(roll, id) for id in roll.scales if len(layer_of(roll, id).rows) > 1)
    if not strips:
        return _NOTHING_YET
    return (
        "<p>Each box is a paragraph; the number in it says of how many pairs of students in a "
        "hundred the two differ there. Darker is more. A dot: fewer than two students.</p>" + strips
    )


def _strip(roll: Roll, id: str) -> str:
    layer = layer_of(roll, id)
    boxes = []
    for block, part in layer.by_block().items():
        if part is None:
            boxes.append(f"<li style='background:#fff'><b>{block[1:]}</b>·</li>")
            continue
        light = 100 - round(55 * part)
        boxes.append(
            f"<li style='background:hsl(28 85% {light}%)'><b>{block[1:]}</b>{100 * part:.0f}</li>"
        )
    kind = "first answers" if layer is roll.first[id] else "labels as they are now"
    head = f"{escape(layer.scale.layer.title)}: {plural(len(layer.rows), 'student')}, {kind}"
    return f"<h3>{head}</h3><ol class='strip'>{''.join(boxes)}</ol>"


def _agreement(roll: Roll) -> str:
    rows = []
    for id, scale in roll.scales.items():
        for kind, layer in (("first", roll.first[id]), ("now", roll.now[id])):
            f = layer.figures
            if f.readers < 2:
                continue
            interval = ""
            if f.interval:
                interval = f"{decimal(f.interval.low)} to {decimal(f.interval.high)}"
            rows.append(
                (
                    f"{escape(scale.layer.title)}, {kind}",
                    f"{f.readers:,}",
                    f"{f.units:,} {'words' if scale.words else 'units'}",
                    percent(f.percent) if f.percent is not None else "",
                    decimal(f.alpha) if f.alpha is not None else "",
                    interval,
                )
            )
    note = (
        "<p>Percent: of all pairs of students, how many gave the same code (on layers of words: "
        "of those of whom at least one marked the word). Alpha takes off what chance would give; "
        "with few units, or with one code that nearly always fits, it jumps about, and the "
        "interval says how much. No mark depends on either.</p>"
    )
    heads = ("Layer", "Students", "Units", "Percent", "Alpha", "95 % interval")
    return note + _table(heads, rows) if rows else _NOTHING_YET


def _confusions(roll: Roll) -> str:
    parts = []
    for id, scale in roll.scales.items():
        met = layer_of(roll, id).confusion()
        total = sum(met.values())
        unequal = [(pair, n) for pair, n in met.most_common() if pair[0] != pair[1]][:MOST_PAIRS]
        if not unequal:
            continue
        rows = [
            (escape(scale.shown(a)), escape(scale.shown(b)), f"{n:,}", percent(n / total))
            for (a, b), n in unequal
        ]
        heads = ("One says", "the other says", "Pairs", "Of all pairs")
        parts.append(f"<h3>{escape(scale.layer.title)}</h3>{_table(heads, rows)}")
    return "".join(parts) or _NOTHING_YET


def _beside(roll: Roll) -> str:
    reference = roll.plan.reference
    if reference is None:
        return "<p>This text has no reference reading.</p>"
    parts = []
    for id, scale in roll.scales.items():
        theirs = scale.coded(reference.coding)
        layer = layer_of(roll, id)
        if theirs is None or scale.words or not layer.rows:
            continue
        rows = []
        for unit, code, counts in zip(scale.units, theirs, layer.counts):
            if code == NOTHING or not counts:
                continue
            top, n = max(counts.items(), key=lambda item: item[1])
            if top != code:
                stands = "disputed" if unit.id in reference.disputed(id) else ""
                all_ = sum(counts.values())
                rows.append(
                    (
                        unit.id,
                        f"{escape(scale.shown(top))} ({n} of {all_})",
                        f"{escape(scale.shown(code))} ({counts.get(code, 0)} of {all_})",
                        stands,
                    )
                )
        told = _table(("Unit", "Most of the class", "Reference", ""), rows)
        parts.append(
            f"<h3>{escape(scale.layer.title)}</h3>"
            + (told if rows else "<p>Most of the class reads every unit as the reference does.</p>")
        )
    note = (
        "<p>The reference is a reading, not the answer. Where most of a class reads otherwise, "
        "the codebook may be at fault.</p>"
    )
    return note + "".join(parts) if parts else _NOTHING_YET


def _proposals(roll: Roll) -> str:
    items = "".join(
        f"<li>{escape(one_line(text)[:400])} {_who(roll, student.number)}</li>"
        for student in roll.students
        for text in student.work.marks.proposals[:3]
    )
    return f"<ul>{items}</ul>" if items else "<p>None yet.</p>"


def _exercises(roll: Roll) -> str:
    rows = []
    for e in roll.plan.asked:
        marks = [student.work.marks.exercises[e.id] for student in roll.students]
        done = [m for m in marks if m.attempts]
        best = [share(m.best) for m in done if m.best is not None]
        first = [share(m.first) for m in done if m.first is not None]
        rows.append(
            (
                f"{e.id} {escape(plain(e.title))}",
                f"{len(done):,}",
                percent(sum(first) / len(first)) if first else "",
                percent(sum(best) / len(best)) if best else "",
                "" if e.id in roll.plan.counted else "does not count",
            )
        )
    heads = ("Exercise", "Handed in", "Right at first", "Right at best", "")
    return _table(heads, rows) if rows else _NOTHING_YET


def _students(roll: Roll) -> str:
    rows = []
    listed = by_name(roll)
    if not listed:
        return "<p>None.</p>"
    for student in sorted(listed, key=lambda s: s.number):
        points = roll.total(student)
        rows.append(
            (
                _who(roll, student.number),
                f"{points.auto:.1f}",
                f"{points.auto_first:.1f}",
                f"{points.agreement:.1f}",
            )
        )
    points = roll.total(listed[0])
    heads = (
        "Student",
        f"Facts and anchors, of {points.auto_of}",
        "With first answers",
        f"Agreement work, of {points.agreement_of}",
    )
    return _table(heads, rows)


# -- pieces ----------------------------------------------------------------------------------------

_NOTHING_YET = "<p>There is not enough work yet to say anything here.</p>"


def _section(title: str, body: str) -> str:
    return f"<section><h2>{title}</h2>{body}</section>"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table whose cells are HTML already; its first column names the rows."""
    head = "".join(f"<th scope='col'>{name}</th>" for name in heads)
    body = "".join(
        f"<tr><th scope='row'>{first}</th>"
        + "".join(f"<td>{cell}</td>" for cell in cells)
        + "</tr>"
        for first, *cells in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}: the class</title>
<style>{style}</style>
</head>
<body>
<input type="checkbox" id="names"><label for="names">Show names</label>
<div class="page">
<header><h1>{title}: the class</h1>
<p>{count} on “{article}”; {asked} to ask about. Made on {made}.</p>
<p class="warn">Names are hidden on this page until you tick the box above, but they are in the
file: show it, print it, and do not hand it out.</p></header>
<main>
{body}
</main>
</div>
</body>
</html>
"""

# Margins that suit both A4 and Letter; a row, a heading and a talking point are not torn apart.
_STYLE = """
@page { margin: 16mm 15mm; }
body { max-width: 52rem; margin: 1rem auto; padding: 0 1rem; color: #1d1d1f; background: #fff;
  font: 1rem/1.5 Charter, Cambria, Georgia, "Noto Serif", "Liberation Serif", serif; }
h1 { font-size: 1.6rem; line-height: 1.2; }
h2 { margin-top: 2rem; font-size: 1.25rem; border-bottom: 1px solid #8a8a8a; }
h3 { margin: 1.2rem 0 0.2rem; font-size: 1.05rem; }
h3 small { font-weight: normal; }
h1, h2, h3, caption { break-after: avoid; }
label { margin-left: 0.4rem; }
#names:not(:checked) ~ .page .name { display: none; }
#names:checked ~ .page .alias { display: none; }
.name, .alias { font-style: italic; }
th .name, th .alias { font-style: normal; }
article { break-inside: avoid; margin-bottom: 1rem; }
p, li, td, th { overflow-wrap: anywhere; }
table { margin: 0.6rem 0; border-collapse: collapse; font-size: 0.9rem; }
caption { padding-bottom: 0.2rem; text-align: left; font-weight: bold; }
th, td { padding: 0.15rem 0.8rem 0.15rem 0; text-align: left; vertical-align: top;
  font-weight: normal; border-bottom: 1px solid #c8c8c8; }
thead th { font-weight: bold; }
td { font-variant-numeric: tabular-nums; }
.bars { width: 100%; } .bars td:last-child { width: 65%; }
.bar { display: inline-block; height: 0.8rem; background: #4a7fb5; border: 1px solid #2f5c88; }
tr { break-inside: avoid; }
.strip { display: flex; flex-wrap: wrap; gap: 2px; margin: 0.3rem 0; padding: 0; list-style: none;
  break-inside: avoid; }
.strip li { width: 2.5rem; padding: 0.1rem 0; border: 1px solid #8a8a8a; text-align: center;
  font: 0.8rem/1.2 sans-serif; color: #000; }
.strip b { display: block; font-weight: normal; font-size: 0.7rem; color: #333; }
.warn { font-size: 0.9rem; }
* { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
@media print { body { max-width: none; margin: 0; padding: 0; font-size: 10.5pt; }
  #names, label, .warn { display: none; } }
"""
