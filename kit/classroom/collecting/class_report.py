"""The report on a class: one page that needs nothing but itself, for paper and for the wall.

No script, no network, no pictures from elsewhere. Names are hidden until the box at the top is
ticked; they are in the file all the same. The text under study is not in it, only paragraph
numbers and, where words are in dispute, at most eight of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from html import escape
from typing import NamedTuple

from kit import printed
from kit.classroom.collecting.agreement import NOTHING, UNMARKED, ClassLayer, Scale
from kit.classroom.collecting.judge import share
from kit.classroom.collecting.readings import (
    LAYER_WORDS,
    Paragraph,
    Readings,
    mean_share,
    paragraphs,
    readings,
)
from kit.classroom.collecting.roll import Note, Roll
from kit.classroom.collecting.tables import by_name
from kit.exercises.markup import plain
from kit.phrases import decimal, join, one_line, percent, plural
from kit.printed import bullets, section, table, typed

__all__ = ["PICTURES", "contents", "page", "who_read_it_how"]

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


def page(roll: Roll, *, made: datetime, read: Mapping[str, Readings] | None = None) -> str:
    """Return the report on a class as one page of HTML.

    Args:
        roll: the class.
        made: when it was collected.
        read: what reference and rules say, if that is known already.
    """
    title = f"{one_line(roll.plan.title)}: the class"
    count = plural(len(roll.students), "work file")
    asked = plural(roll.to_ask, "file") if roll.to_ask else "no file"
    body = _BODY.format(
        title=typed(title),
        said=f"{count} on “{typed(roll.plan.article.title)}”; {asked} to ask about.",
        made=f"{made:%Y-%m-%d at %H:%M}",
        contents=contents(roll, read),
    )
    return printed.page(title, body, _STYLE + PICTURES)


def contents(
    roll: Roll, read: Mapping[str, Readings] | None = None, *, folded: bool = False
) -> str:
    """Return what the report says, as HTML for this page or for a panel; :data:`PICTURES` is its
    style. Each name is in a ``span`` of the class ``name``, followed by one of the class
    ``alias``; show one of the two.

    Args:
        roll: the class.
        read: what reference and rules say, if that is known already.
        folded: whether each student's points are folded away.
    """
    students = _students(roll)
    if folded:
        students = f"<details><summary>Points of each student</summary>{students}</details>"
    disputed = "".join(_talk(roll, d) for d in most_disputed(roll))
    parts = [
        section("How the class did", _overview(roll)),
        section("Where the class disagrees", _strips(roll)),
        section("What to talk about", disputed or _NOTHING_YET),
        section("How far the class agrees", _agreement(roll)),
        section("Which codes are taken for each other", _confusions(roll)),
        section(
            "The class beside the reference and the rules",
            _beside(roll, readings(roll) if read is None else read),
        ),
        section("Edits of the codebook that students propose", _proposals(roll)),
        section("Exercises", _exercises(roll)),
        section("Students", students),
    ]
    return f"<div class='kit-class-report'>{''.join(parts)}</div>"


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
    says = [_says(scale, code, n) for code, n in d.codes if n][:4]
    where = f"{d.block}, “{escape(d.words)}”" if d.words else d.block
    asks = "".join(f"<li>{ask}</li>" for ask in prompts(scale, d))
    notes = _notes(roll, d)
    return (
        f"<article><h3>{where} <small>{escape(scale.layer.title)}</small></h3>"
        f"<p>{join(says)}.</p><ol>{asks}</ol>{notes}</article>"
    )


def _says(scale: Scale, code: int, n: int) -> str:
    if _one_code(scale):
        return f"{n} marked these words" if code != UNMARKED else f"{n} passed them by"
    return f"{n} say “{escape(scale.shown(code))}”"


def _one_code(scale: Scale) -> bool:
    """Say whether all there is to choose on a layer is to mark words or not."""
    return scale.words and len(scale.layer.codes) < 2


def prompts(scale: Scale, d: Disputed) -> list[str]:
    """Return three questions for the class on a disputed unit, as HTML."""
    (one, _), (two, _), *_ = [*d.codes, d.codes[0], d.codes[0]]
    a, b = escape(scale.shown(one)), escape(scale.shown(two))
    tests = [c for c in scale.layer.codes if c.id in (scale.name(one), scale.name(two)) and c.test]
    asked = " ".join(f"The codebook asks of “{escape(c.name)}”: {escape(c.test)}" for c in tests)
    where = f"the words “{escape(d.words)}” in {d.block}" if d.words else d.block
    if UNMARKED in (one, two):
        marked = "" if _one_code(scale) else f" as “{b if one == UNMARKED else a}”"
        return [
            f"Read {where} again. Some of you marked them{marked}, some passed them by. What "
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
    items = [
        f"<strong>{escape(note.code)}</strong> {escape(note.text)} {_who(roll, note.student)}"
        for note in chosen[:MOST_NOTES]
    ]
    return f"<p>Reasons that students gave:</p>{bullets(items)}" if items else ""


def _who(roll: Roll, number: int) -> str:
    student = roll.students[number]
    return (
        f"<span class='name'>{typed(student.name)}</span><span class='alias'>{student.alias}</span>"
    )


# -- sections --------------------------------------------------------------------------------------


def _overview(roll: Roll) -> str:
    if not roll.students:
        return "<p>No work file could be used; problems.csv says why.</p>"
    totals = [roll.total(student) for student in roll.students]
    of = totals[0].auto_of + totals[0].agreement_of
    if not of:
        return f"<p>Nothing of what was asked is counted here.</p>{_free_text(roll)}"
    got = sorted(t.auto + t.agreement for t in totals)
    return (
        f"<p>Points without free text, out of {of}: {_half(got)}</p>"
        f"{_histogram(got, of)}{_free_text(roll)}"
    )


def _free_text(roll: Roll) -> str:
    totals = [roll.total(student) for student in roll.students]
    of, left = totals[0].written_of, sum(t.to_mark for t in totals)
    if not of:
        return ""
    done = sorted(t.written for t in totals if not t.to_mark)
    if not done or not any(student.work.marks.given for student in roll.students):
        return f"<p>Free text ({of} points) is still to be marked: {plural(left, 'answer')}.</p>"
    said = f"<p>Free text, out of {of}: {_half(done)}"
    if left:
        said += f" {plural(left, 'answer')} still to mark; the figures leave those students out."
    return f"{said}</p>"


def _half(got: Sequence[float]) -> str:
    middle = got[len(got) // 2] if len(got) % 2 else sum(got[len(got) // 2 - 1 :][:2]) / 2
    return (
        f"half of the class has {middle:.1f} or more; the lowest is {got[0]:.1f}, the highest "
        f"{got[-1]:.1f}."
    )


def _histogram(got: Sequence[float], of: int) -> str:
    tenths = [0] * 10
    for points in got:
        tenths[min(9, int(10 * points / of))] += 1
    most = max(tenths)
    rows = [
        (
            f"{of * n / 10:g} to {of * (n + 1) / 10:g}",
            f"{count}",
            f"<span class='bar' style='width:{100 * count / most:.0f}%'></span>" if count else "",
        )
        for n, count in enumerate(tenths)
    ]
    return table(
        ("Points", "Students", ""),
        rows,
        caption="Students by points so far",
        kind="bars",
        numbers=(1,),
    )


def _strips(roll: Roll) -> str:
    strips = "".join(_strip(roll, id) for id in roll.scales if len(layer_of(roll, id).rows) > 1)
    if not strips:
        return _NOTHING_YET
    return (
        "<p>Each box is a paragraph; the number in it says of how many pairs of students in a "
        "hundred the two differ there. Darker is more. A dot: there were not two students to "
        "compare.</p>" + strips
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
                    escape(percent(f.percent)) if f.percent is not None else "",
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
    return note + table(heads, rows, numbers=range(1, 6)) if rows else _NOTHING_YET


def _confusions(roll: Roll) -> str:
    parts, single = [], []
    for id, scale in roll.scales.items():
        if _one_code(scale):
            single.append(escape(scale.layer.title))
            continue
        met = layer_of(roll, id).confusion()
        total = sum(met.values())
        unequal = [(pair, n) for pair, n in met.most_common() if pair[0] != pair[1]][:MOST_PAIRS]
        if not unequal:
            continue
        rows = [
            (escape(scale.shown(a)), escape(scale.shown(b)), f"{n:,}", escape(percent(n / total)))
            for (a, b), n in unequal
        ]
        heads = ("One says", "the other says", "Pairs", "Of all pairs")
        parts.append(f"<h3>{escape(scale.layer.title)}</h3>{table(heads, rows, numbers=(2, 3))}")
    if parts:
        parts.insert(0, "<p>Counted are pairs of students, on each unit or word anew.</p>")
    if single:
        parts.append(
            f"<p>{join(single)}: words are marked or not, and there is no code to take for "
            "another. Where students differ on that, the boxes above say.</p>"
        )
    return "".join(parts) or _NOTHING_YET


def _beside(roll: Roll, read: Mapping[str, Readings]) -> str:
    rows, parts = [], []
    for id, scale in roll.scales.items():
        theirs, layer = read[id], layer_of(roll, id)
        if not layer.rows:
            continue
        alike = (mean_share(layer, theirs.reference), mean_share(layer, theirs.rules), theirs.share)
        rows.append(
            (
                escape(scale.layer.title),
                *("" if one is None else escape(percent(one)) for one in alike),
                _shared(theirs, scale),
            )
        )
        parts.append(_by_paragraph(roll, layer, theirs))
    if not rows:
        return _NOTHING_YET
    heads = (
        "Layer",
        "Class and reference",
        "Class and rules",
        "Rules and reference",
        "Rules and reference have in common",
    )
    known = [words for id, words in LAYER_WORDS.items() if id in roll.scales]
    return (
        "<p>Three readers. The <strong>reference</strong> is a reading, not the answer: where most "
        "of a class reads otherwise, the codebook may be at fault. The <strong>rules</strong> are "
        "the kit’s own: short, made of word lists, and without any understanding. Where they "
        "differ from a class, that is nobody’s mistake yet; ask which words they went by.</p>"
        f"{''.join(f'<p>{words}</p>' for words in known)}"
        f"{table(heads, rows, kind='readers', numbers=(1, 2, 3))}"
        "<p>Percent is the mean over students: of the units that both coded, or the words that "
        "either marked, those with the same code.</p>"
        f"{'' if roll.plan.reference else '<p>This text has no reference reading.</p>'}"
        f"{''.join(parts)}"
    )


def _shared(theirs: Readings, scale: Scale) -> str:
    if theirs.shared is None:
        return ""
    some, of = theirs.shared
    return f"{some:,} of {plural(of, 'label' if scale.words else 'unit')}"


def _by_paragraph(roll: Roll, layer: ClassLayer, theirs: Readings) -> str:
    """Return how the class, the reference and the rules read each paragraph; first where most of
    the class reads otherwise than the reference."""
    scale, there = layer.scale, paragraphs(roll, layer, theirs)
    units = [one for one in there if one.readings]
    apart = [one for one in units if one.reference and one.readings[0].code not in one.reference]
    heads = (
        "Paragraph" if scale.words or scale.layer.unit == "block" else "Unit",
        "The class",
        "Reference",
        "Rules",
        "",
    )
    title = escape(scale.layer.title)
    said = f"<h3>{title}</h3>"
    if theirs.reference is not None and not scale.words:
        said += (
            f"<p>Where most of the class reads otherwise than the reference:</p>"
            f"{table(heads, (_readers(one, scale) for one in apart), kind='readers')}"
            if apart
            else "<p>Most of the class reads every unit as the reference does.</p>"
        )
    of_words = (
        "<p>A student counts once with each code that they gave to words of the paragraph.</p>"
        if scale.words
        else ""
    )
    return (
        f"{said}<details><summary>{title}, paragraph by paragraph</summary>{of_words}"
        f"{table(heads, (_readers(one, scale) for one in there), kind='readers')}</details>"
    )


def _readers(one: Paragraph, scale: Scale) -> tuple[str, ...]:
    counted = [(reading.code, len(reading.students)) for reading in one.readings]
    most = max((n for _, n in counted), default=0)
    said = [f"{_code(scale, code)} {n:,}" for code, n in counted]
    said = [f"<strong>{one}</strong>" if n == most else one for one, (_, n) in zip(said, counted)]
    return (
        one.unit,
        "; ".join(said) or "–",
        _codes(scale, one.reference),
        _codes(scale, one.rules),
        "disputed" if one.disputed else "",
    )


def _codes(scale: Scale, codes: Iterable[int]) -> str:
    return ", ".join(_code(scale, code) for code in codes) or "–"


def _code(scale: Scale, code: int) -> str:
    return escape(scale.shown(code)) if code != NOTHING else "nothing marked"


def who_read_it_how(roll: Roll, block: str, read: Mapping[str, Readings] | None = None) -> str:
    """Return how each student, the reference and the rules read one paragraph, as HTML.

    Names are written as :func:`contents` does.

    Args:
        roll: the class.
        block: a paragraph of its article, such as ``"P6"``.
        read: what reference and rules say, if that is known already.
    """
    read, parts = readings(roll) if read is None else read, []
    for id, scale in roll.scales.items():
        layer = layer_of(roll, id)
        blocks = {unit.id: unit.block for unit in scale.units}
        for one in paragraphs(roll, layer, read[id]):
            if blocks.get(one.unit, one.unit) != block:
                continue
            rows = [
                (
                    _code(scale, reading.code),
                    f"{len(reading.students):,}",
                    ", ".join(_who(roll, number) for number in reading.students),
                )
                for reading in one.readings
            ]
            rows += [
                ("<em>The reference</em>", "", _codes(scale, one.reference)),
                ("<em>The rules</em>", "", _codes(scale, one.rules)),
            ]
            where = "" if one.unit == block else f", {one.unit}"
            disputed = "<p>Disputed: careful readers differ here.</p>" if one.disputed else ""
            kind = "first answers" if layer is roll.first[id] else "labels as they are now"
            parts.append(
                f"<h3>{escape(scale.layer.title)}{where} <small>({kind})</small></h3>{disputed}"
                f"{table(('Reading', 'Students', 'Who'), rows, kind='readers', numbers=(1,))}"
                f"{f'<p>{LAYER_WORDS[id]}</p>' if id in LAYER_WORDS else ''}"
            )
    return "".join(parts) or f"<p>Nobody has read {escape(block)} on any layer yet.</p>"


def _proposals(roll: Roll) -> str:
    items = [
        f"{escape(one_line(text)[:400])} {_who(roll, student.number)}"
        for student in roll.students
        for text in student.work.marks.proposals[:3]
    ]
    return bullets(items) if items else "<p>None yet.</p>"


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
                escape(percent(sum(first) / len(first))) if first else "",
                escape(percent(sum(best) / len(best))) if best else "",
                ", ".join(_aside(e.checked, e.id in roll.plan.counted)),
            )
        )
    if not rows:
        return _NOTHING_YET
    counted = "last" if roll.plan.graded else "best"
    heads = ("Exercise", "Handed in", "Right at first", f"Right at {counted}", "")
    note = f"<p>Of several answers to an exercise the {counted} one counts.</p>"
    return note + table(heads, rows, numbers=(1, 2, 3))


def _aside(checked: bool, counts: bool) -> Iterator[str]:
    if not checked:
        yield "read by a person"
    if not counts:
        yield "does not count"


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
                "to mark" if points.to_mark else f"{points.written:.1f}",
            )
        )
    points = roll.total(listed[0])
    heads = (
        "Student",
        f"Facts and anchors, of {points.auto_of}",
        "With first answers",
        f"Agreement work, of {points.agreement_of}",
        f"Free text, of {points.written_of}",
    )
    return table(heads, rows, numbers=(1, 2, 3, 4))


# -- the page --------------------------------------------------------------------------------------

_NOTHING_YET = "<p>There is not enough work yet to say anything here.</p>"

_BODY = """\
<input type="checkbox" id="names"><label for="names">Show names</label>
<div class="page">
<header><h1>{title}</h1>
<p>{said} Made on {made}.</p>
<p class="warn">Names are hidden on this page until you tick the box above, but they are in the
file: show it, print it, and do not hand it out.</p></header>
<main>
{contents}
</main>
</div>
"""

_STYLE = """
body { max-width: 52rem; margin-top: 1rem; }
label { margin-left: 0.4rem; }
#names:not(:checked) ~ .page .name { display: none; }
#names:checked ~ .page .alias { display: none; }
.name, .alias { font-style: italic; }
th .name, th .alias { font-style: normal; }
h3 small, tbody th { font-weight: normal; }
article { break-inside: avoid; margin-bottom: 1rem; }
.warn { font-size: 0.9rem; }
@media print { #names, label, .warn { display: none; } }
"""

#: The style of the strips and the bars, wherever the report is shown.
PICTURES = """
.kit-class-report .readers :is(th, td) { overflow-wrap: break-word; }
.kit-class-report .alias { white-space: nowrap; }
.kit-class-report .bars { width: 100%; }
.kit-class-report .bars td:last-child { width: 65%; }
.kit-class-report .bar { display: inline-block; height: 0.8rem; background: #4a7fb5;
  border: 1px solid #2f5c88; }
.kit-class-report .strip { display: flex; flex-wrap: wrap; gap: 2px; margin: 0.3rem 0; padding: 0;
  list-style: none; break-inside: avoid; }
.kit-class-report .strip li { width: 2.5rem; padding: 0.1rem 0; border: 1px solid #8a8a8a;
  text-align: center; font: 0.8rem/1.2 sans-serif; color: #000; }
.kit-class-report .strip b { display: block; font-weight: normal; font-size: 0.7rem; color: #333; }
.kit-class-report .bar, .kit-class-report .strip li { -webkit-print-color-adjust: exact;
  print-color-adjust: exact; }
"""
