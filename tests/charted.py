"""What the tests of charts share: codings made up for them, the files read by another road than
the kit's, and pictures looked at by what they draw."""

import json
import re

from matplotlib.backends.backend_agg import FigureCanvasAgg

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


def drawn(chart, kind):
    """Return what of one kind a picture shows (``texts``, ``lines`` or ``patches``), in whichever
    axes it stands."""
    found = [artist for axes in chart.figure.axes for artist in getattr(axes, kind)]
    if kind == "texts":
        for axes in filter(lambda axes: axes.axison, chart.figure.axes):
            found += [axes.title, axes.xaxis.label, axes.yaxis.label]
            found += [*axes.get_xticklabels(), *axes.get_yticklabels()]
    return [artist for artist in found if artist.get_visible()]


def on_sheet(artist, x, y):
    """Return where a place in an artist's own axes is, in millimetres from the sheet's top left
    corner."""
    figure = artist.figure
    across, up = artist.axes.transData.transform((x, y)) * 25.4 / figure.dpi
    return round(across, 3), round(25.4 * figure.get_figheight() - up, 3)


def texts(chart):
    return [text.get_text() for text in drawn(chart, "texts") if text.get_text()]


def places(chart):
    """Return the words of a picture and where they are anchored, as (text, (x, y))."""
    return [(t.get_text(), on_sheet(t, *t.get_position())) for t in drawn(chart, "texts")]


def lines(chart):
    """Return the lines of a picture that are no marks, as (from, to, width)."""
    return [
        (*(on_sheet(line, *place) for place in line.get_xydata()[[0, -1]]), line.get_linewidth())
        for line in drawn(chart, "lines")
        if line.get_marker() == "None"
    ]


def marks(chart, key=0):
    """Return the marks of a picture as (shape, filled, x, y), without those of its key."""
    found = [
        (
            line.get_marker(),
            line.get_markerfacecolor() != "white",
            *on_sheet(line, *line.get_xydata()[0]),
        )
        for line in drawn(chart, "lines")
        if line.get_marker() != "None"
    ]
    return found[key:]


def filled(chart):
    """Return the filled boxes of a picture as (x, y, width, height, patch), y at the top."""
    found = []
    for patch in drawn(chart, "patches"):
        if patch.get_fill():
            corners = patch.get_bbox().get_points()
            (x0, y0), (x1, y1) = (on_sheet(patch, *corner) for corner in corners)
            (left, right), (top, bottom) = sorted((x0, x1)), sorted((y0, y1))
            found.append((left, top, right - left, bottom - top, patch))
    return found


def words_have_room(chart):
    """Look whether any word of a picture is clipped or lies on another."""
    figure = chart.figure
    figure.dpi = 192
    renderer = FigureCanvasAgg(figure).get_renderer()
    extents = [
        (text.get_text(), text.get_window_extent(renderer))
        for text in drawn(chart, "texts")
        if text.get_text()
    ]
    assert extents, "there is no word in the picture"
    for n, (text, box) in enumerate(extents):
        assert figure.bbox.x0 <= box.x0 < box.x1 <= figure.bbox.x1, f"{text!r} is clipped"
        assert figure.bbox.y0 <= box.y0 < box.y1 <= figure.bbox.y1, f"{text!r} is clipped"
        for other, other_box in extents[:n]:
            across = min(box.x1, other_box.x1) - max(box.x0, other_box.x0)
            down = min(box.y1, other_box.y1) - max(box.y0, other_box.y0)
            assert across <= 0 or down <= 1, f"{text!r} lies on {other!r}"
