"""The report: one page that needs nothing but itself, with every claim beside its evidence."""

import base64
import re
from datetime import datetime
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from msgspec.structs import replace

from desk.make.model_student import do_lesson
from kit.charts.structure import StructureStrip
from kit.coding.coding import Annotation
from kit.exercises import Exercise, Record, find, hand_in, load
from kit.exercises.kinds.choice import Option, Question
from kit.exercises.kinds.order import Entry
from kit.exercises.kinds.text import Text
from kit.exercises.record import Try
from kit.exercises.surroundings import context_of
from kit.lessons import gallery
from kit.lessons.report import LIMITS, Answered, Shown, _answered, _charts, report
from kit.library import datasets
from kit.text.intake import clean
from kit.text.span import Span
from kit.work import own_texts
from kit.work.workbook import Workbook

EVIL = "<script>alert('x')</script><img src=x onerror=\"alert(1)\">&\"'"
MADE = datetime(2024, 10, 8, 14, 30)

EXERCISE = Exercise(
    id="7.4",
    title="Your *analysis*",
    kind="explain",
    status="open",
    minutes=(5, 10, 20),
    prompt="Write.",
    article="own",
    options=(Option("yes", "Yes, it is"), Option("no", "No")),
    questions=(Question("q", "Is it a story?"),),
    texts=(Text("claim", "Your claim", evidence=1), Text("limits", "Your limits")),
)


class Page(HTMLParser):
    """What a browser would make of a report: its elements, their attributes and its words."""

    EMPTY = ("meta", "img")

    def __init__(self, html: str):
        super().__init__()
        self.elements, self.open, self.said = [], [], []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.said.append(data)

    def tags(self) -> set[str]:
        return {tag for tag, _ in self.elements}

    def text(self) -> str:
        return " ".join(" ".join(self.said).split())


@pytest.fixture
def workbook(tmp_path, monkeypatch) -> Workbook:
    monkeypatch.setenv("KIT_WORK", str(tmp_path))
    text = "\n".join(f"The minister of {n} spoke about the lake and {EVIL} too." for n in range(9))
    article = own_texts.keep(clean(text), f"A title {EVIL}")
    return Workbook.open(article, datasets.codebook(article.id), "Ana")


def label(workbook: Workbook, id: str, code: str, note: str = "") -> None:
    unit = workbook.article.unit(id)
    span = Span(unit.start, unit.end)
    workbook.put(Annotation(id, "role", span, (code,), note=note))


def claims(values: dict, first: dict | None = None) -> list[Answered]:
    tried = Try(first, "kept", "2024-10-07T09:00:00Z") if first is not None else None
    return [Answered(EXERCISE, Record(values=values, first=tried))]


def test_an_empty_workbook_has_a_report_that_says_so(workbook):
    page = Page(report(workbook.coding, made=MADE))
    for said in ("Nothing has been written yet", "no labels yet", "Nothing has been labelled yet"):
        assert said in page.text()


def test_it_says_whose_it_is_and_on_which_text(workbook):
    html = report(workbook.coding, made=MADE)
    page = Page(html)
    for said in ("Ana", f"A title {EVIL}", workbook.article.id, workbook.article.sha256,
                 "9 paragraphs", "2024-10-08"):  # fmt: skip
        assert said in page.text()
    assert all(limit in page.text() for limit in LIMITS)


def test_what_the_kit_cleaned_is_said(workbook):
    assert (
        "Put an empty line between paragraphs in 8 places."
        in Page(report(workbook.coding, made=MADE)).text()
    )
    practice = datasets.load_article(own_texts.PRACTICE)
    other = Workbook.open(practice, datasets.codebook(practice.id), "Ana")
    text = Page(report(other.coding, made=MADE)).text()
    assert "The kit has changed nothing in it" in text
    assert practice.meta["banner"] in text


def test_each_claim_stands_beside_its_evidence(workbook):
    rows = [
        {"block": "P2", "words": "spoke about the lake"},
        {"block": "P3", "words": "never said in this text"},
    ]
    values = {"q": ["yes"], "claim": "First.\n\nSecond.", "limits": "One text.", "evidence": rows}
    html = report(workbook.coding, answered=claims(values), made=MADE)
    text = Page(html).text()
    for said in ("Your analysis", "Is it a story? Yes, it is", "Your claim First. Second.",
                 "Your limits One text.", "P2 spoke about the lake",
                 "P3 never said in this text (does not stand there)"):  # fmt: skip
        assert said in text
    assert "<p dir='auto'>Second.</p>" in html


@pytest.mark.parametrize(
    ("order", "said"),
    [
        (["visit", "bali"], "Your order 1. The visit, in June 2. Bali"),
        (["bali", ["visit"], {}, None, "x", "visit"], "Your order 1. Bali 2. The visit, in June"),
        (["x"], "Nothing stands here now"),
        ({"visit": "bali"}, "Nothing stands here now"),
    ],
)
def test_an_order_is_printed_in_words(workbook, order, said):
    entries = (Entry("bali", "*Bali*"), Entry("visit", "The visit, in June"))
    exercise = replace(EXERCISE, kind="order", questions=(), texts=(), entries=entries)
    answered = [Answered(exercise, Record(values={"order": order}))]
    assert said in Page(report(workbook.coding, answered=answered, made=MADE)).text()


@pytest.mark.parametrize(
    ("now", "first", "mark"),
    [
        ({"claim": "now"}, None, "A draft: it has not been handed in"),
        ({"claim": "now"}, {"claim": "now"}, "First answer, kept 2024-10-07; not changed since"),
        ({"claim": "now"}, {"claim": "now", "labels": {"P1": "x"}}, "not changed since"),
        ({"claim": "now"}, {"claim": "then"}, "Changed since the first answer of 2024-10-07"),
        ({}, {"claim": "then"}, "Nothing stands here now"),
    ],
)
def test_the_first_answer_is_marked(workbook, now, first, mark):
    text = Page(report(workbook.coding, answered=claims(now, first), made=MADE)).text()
    assert mark in text
    assert ("now" in text) == bool(now) or not now
    changed = first is not None and first.get("claim") == "then"
    assert ("First answer, kept 2024-10-07 Your claim then" in text) == changed


def test_labels_are_counted_by_layer_with_those_committed(workbook):
    for n in range(1, 4):
        label(workbook, f"P{n}", "main-event")
    first = {"role": workbook.committed("role")} if workbook.committed("role") else {}
    assert "Role 3 (not kept)" in _labels(workbook, first)
    workbook.commit("role")
    label(workbook, "P4", "main-event")
    assert "Role 4 (3)" in _labels(workbook, {"role": workbook.committed("role")})


def _labels(workbook, committed) -> str:
    text = Page(report(workbook.coding, committed=committed, made=MADE)).text()
    title = workbook.codebook.layer("role").title
    return text.replace(f" {title} ", " Role ")


def test_a_chart_is_printed_with_its_description_and_numbers(workbook):
    label(workbook, "P1", "main-event")
    chart = StructureStrip(workbook.coding, "role")
    page = Page(report(workbook.coding, charts=[Shown(chart)], made=MADE))
    (image,) = [attributes for tag, attributes in page.elements if tag == "img"]
    assert image["alt"] == chart.alt
    kind, picture = image["src"].split(",")
    assert kind == "data:image/svg+xml;base64"
    assert ElementTree.fromstring(base64.b64decode(picture)).tag.endswith("}svg")
    assert chart.finding in page.text()
    for row in chart.table.rows:
        assert str(row[0]) in page.text()


def test_the_charts_that_were_chosen_are_printed_with_their_captions(tmp_path, monkeypatch):
    monkeypatch.setenv("KIT_WORK", str(tmp_path))
    text = datasets.load_article(own_texts.PRACTICE)
    book = Workbook.open(text, datasets.codebook(text.id), "Ana", tmp_path)
    name = "07-your-own-article"
    do_lesson(book, name)

    def printed() -> list[tuple[str, str]]:
        found = _charts(book.coding, _answered(book, name))
        return [(s.chart.title, s.caption) for s in found]

    asked = find(load(name), "7.3")
    given = {
        "first-chart": ["ladder"],
        "second-chart": ["roles"],
        "first": "One.",
        "second": "Two.",
    }
    hand_in(book, asked, given, context_of(asked, book))
    chosen = [gallery.chart(id, book.coding, {}).title for id in ("ladder", "roles")]
    assert printed() == list(zip(chosen, ("One.", "Two.")))
    # One chart, chosen twice, has both.
    hand_in(book, asked, given | {"second-chart": ["ladder"]}, context_of(asked, book))
    assert [caption for _, caption in printed()] == ["One.", "Two."]
    hand_in(book, asked, {"first": "A caption of before."}, context_of(asked, book))
    assert [caption for _, caption in printed()] == ["", ""]


def test_nothing_that_was_typed_becomes_a_part_of_the_page(workbook):
    label(workbook, "P1", "main-event", note=EVIL)
    workbook.sign(f"Ana {EVIL}")
    values = {"claim": EVIL, "limits": EVIL, "evidence": [{"block": EVIL, "words": EVIL}]}
    chart = StructureStrip(workbook.coding, "role")
    html = report(
        workbook.coding,
        answered=claims(
            values, {"claim": f"{EVIL} then", "evidence": [{"block": EVIL, "words": ""}]}
        ),
        committed={"role": workbook.coding},
        charts=[Shown(chart)],
        made=MADE,
    )
    page = Page(html)
    assert not page.tags() & {"script", "iframe", "object", "link", "form", "a", "svg"}
    assert sum(tag == "img" for tag, _ in page.elements) == 1
    assert not [name for _, attributes in page.elements for name in attributes if name[:2] == "on"]
    assert page.text().count("alert('x')") >= 8  # it is there, as words


def test_the_page_asks_for_nothing_from_outside(workbook):
    label(workbook, "P1", "main-event")
    html = report(
        workbook.coding, charts=[Shown(StructureStrip(workbook.coding, "role"))], made=MADE
    )
    page = Page(html)
    (policy,) = [a["content"] for _, a in page.elements if a.get("http-equiv")]
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'unsafe-inline'")
    assert not re.search(r"https?:|url\(|@import", html)
    sources = [a["src"] for _, a in page.elements if "src" in a]
    assert all(source.startswith("data:") for source in sources)
    # The policy must come before anything that it governs.
    assert html.index("Content-Security-Policy") < html.index("<style")


@pytest.mark.parametrize(
    "values",
    [
        {"claim": 3, "q": "yes", "evidence": "P1"},
        {"claim": ["x"], "q": [{}, None], "evidence": [3, {"block": 1}, {"words": "x"}, None]},
        {"claim": "\0\x07 \ud83d", "evidence": [{"block": "P99", "words": "\u202e"}]},
    ],
)
def test_what_somebody_wrote_into_the_work_file_by_hand_does_no_harm(workbook, values):
    html = report(workbook.coding, answered=claims(values, values), made=MADE)
    assert "Your analysis" in Page(html.encode("utf-8").decode("utf-8")).text()


def test_the_same_work_gives_the_same_page(workbook):
    label(workbook, "P1", "main-event")
    chart = StructureStrip(workbook.coding, "role")
    pages = {report(workbook.coding, charts=[Shown(chart)], made=MADE) for _ in range(2)}
    assert len(pages) == 1
