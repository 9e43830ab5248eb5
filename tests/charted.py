"""What the tests of charts share: codings made up for them, the files read by another road than
the kit's, and pictures looked at by what they draw."""

import json
import re
from xml.etree import ElementTree

from kit.charts.widths import width
from kit.coding.coding import Annotation, Coding
from kit.library import datasets
from kit.text.span import Span

ID = "blinken-beijing-2023"
ARTICLE = datasets.load_article(ID)
CODEBOOK = datasets.codebook(ID)
A, B = (datasets.load_coding(ID, name) for name in "ab")
EMPTY = Coding(ARTICLE, CODEBOOK, "Mei")
HOSTILE = '"><script>alert(1)</script>\n$x_1$ & co'
LONG = "officials from both governments and everybody who has ever spoken for them"


# -- the files, and what can be counted in them ----------------------------------------------------


def raw(name, layer=None):
    """Return the annotations of a file, of all layers or of one, in text order."""
    path = datasets.root() / "datasets" / ID / "codings" / f"{name}.json"
    annotations = json.loads(path.read_text(encoding="utf-8"))["annotations"]
    found = [a for a in annotations if layer in (None, a["layer"])]
    return sorted(found, key=lambda a: (a["at"]["start"], a["at"]["end"], a["id"]))


def words_in(start, end):
    """Return where the words of a stretch of the article begin."""
    found = re.finditer(r"\w+(?:['’\-‑]\w+)*", ARTICLE.text[start:end])
    return {start + word.start() for word in found}


def n_words(start, end):
    return len(words_in(start, end))


def block_of(a):
    until = ARTICLE.text[: a["at"]["start"] + 1]
    return f"P{len(list(filter(str.strip, until.splitlines())))}"


def per_cent(part, whole):
    """Return whole per cent by another road: exact fractions, halves to even."""
    return "<1 %" if 0 < 200 * part < whole else f"{round(100 * part / whole)} %"


# -- made-up codings -------------------------------------------------------------------------------


def labelled(layer, items, article=ARTICLE, coder="Mei"):
    """Return a coding with one label on each of so many words, one after the other."""
    words = [word for block in article.blocks for word in block.words]
    labels = [
        Annotation(f"n{n}", layer, Span(*words[n % len(words)]), codes, fields=fields)
        for n, (codes, fields) in enumerate(items)
    ]
    return Coding(article, CODEBOOK, coder, labels)


def attributed(speakers, coder="Mei", mode="direct", **fields):
    """Return a coding with one attribution in the first ten words of each of the long blocks."""
    blocks = [block for block in ARTICLE.blocks if len(block.words) > 20]
    labels = [
        Annotation(
            f"r{n}",
            "attribution",
            Span(block.words[0][0], block.words[9][1]),
            parts={
                "cue": (Span(*block.words[0]),),
                "content": (Span(block.words[1][0], block.words[9][1]),),
            },
            fields={"speaker": speaker, "mode": mode, **fields},
        )
        for n, (block, speaker) in enumerate(zip(blocks, speakers, strict=False))
    ]
    return Coding(ARTICLE, CODEBOOK, coder, labels)


# -- pictures --------------------------------------------------------------------------------------


SVG = "{http://www.w3.org/2000/svg}"
SHAPES = {f"#m{n}": shape for n, shape in enumerate("osDx^vph")}
A_POINT = 4 * 25.4 / 72


def drawn(chart, tag):
    """Return the elements of one kind that a picture shows, those below first."""
    return ElementTree.fromstring(chart.svg).findall(f"{SVG}{tag}")


def _numbers(text):
    return [float(number) for number in re.findall(r"-?\d*\.?\d+", text)]


def _mm(*numbers):
    return tuple(float(number) / 4 for number in numbers)


def texts(chart):
    return [text.text for text in drawn(chart, "text") if text.text]


def places(chart):
    """Return the words of a picture and where they are anchored, as (text, (x, y))."""
    return [(t.text, _mm(t.get("x"), t.get("y"))) for t in drawn(chart, "text") if t.get("x")]


def lines(chart):
    """Return the lines of a picture, as (from, to, width in points)."""
    found = []
    for line in drawn(chart, "path"):
        if line.get("stroke"):
            x, y, to_x, to_y = _mm(*_numbers(line.get("d")))
            found.append(
                ((x, y), (to_x, to_y), round(float(line.get("stroke-width")) / A_POINT, 1))
            )
    return found


def marks(chart, key=0):
    """Return the marks of a picture as (shape, filled, x, y), without those of its key."""
    found = []
    for mark in drawn(chart, "use"):
        x, y, _ = _mm(*_numbers(mark.get("transform")))
        found.append((SHAPES[mark.get("href")], mark.get("fill") != "#fff", x, y))
    return found[key:]


def filled(chart):
    """Return the filled boxes of a picture as (x, y, width, height, fill)."""
    return [
        (*_mm(*map(box.get, ("x", "y", "width", "height"))), box.get("fill"))
        for box in drawn(chart, "rect")
        if box.get("fill") != "none"
    ]


def words_have_room(chart):
    """Look whether any word of a picture is clipped or lies on another."""
    extents = [(t.text, _extent(t)) for t in drawn(chart, "text") if t.text]
    assert extents, "there is no word in the picture"
    for n, (text, (left, top, right, bottom)) in enumerate(extents):
        assert 0 <= left < right <= 640, f"{text!r} is clipped"
        assert 0 <= top < bottom <= 4 * chart.sheet.height + 0.5, f"{text!r} is clipped"
        for other, (x0, y0, x1, y1) in extents[:n]:
            across, down = min(right, x1) - max(left, x0), min(bottom, y1) - max(top, y0)
            assert across <= 0.5 or down <= 1, f"{text!r} lies on {other!r}"


def _extent(text):
    """Return how far words reach, in pixels: left, top, right and bottom."""
    size = float(text.get("font-size"))
    bold = text.get("font-weight") == "bold"
    wide = float(text.get("textLength") or size * width(text.text, bold=bold))
    up, down = 0.74 * size, 0.24 * size
    if text.get("transform"):
        x, y, _ = _numbers(text.get("transform"))
        return x - up, y, x + down, y + wide
    x, y = float(text.get("x")), float(text.get("y"))
    left = x - {None: 0, "middle": 0.5, "end": 1}[text.get("text-anchor")] * wide
    return left, y - up, left + wide, y + down
