"""The print packet: everything that a class without computers needs, and no answer."""

from __future__ import annotations

import html
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest

from desk import __main__
from desk.base import teaching_notes
from desk.base.output_folder import STAMP, MadeError
from desk.make import packet
from kit import exercises
from kit.coding.codebook import Code, Codebook, Field, Layer, Option, Part
from kit.exercises import Context, Exercise
from kit.exercises.kinds.choice import Option as Choice
from kit.exercises.kinds.choice import Question
from kit.exercises.kinds.number import Number
from kit.exercises.kinds.order import Entry
from kit.exercises.kinds.text import Text
from kit.library import datasets
from kit.text.article import Article
from kit.work import own_texts
from tests.torn import TORN

EVIL = "<script>alert('x')</script><img src=http://x.test/y onerror=\"alert(1)\">&\"'"
ARTICLE = datasets.load_article("blinken-beijing-2023")
PRACTICE = datasets.load_article(own_texts.PRACTICE)
LESSONS = sorted(path.stem for path in (datasets.root() / "notebooks").glob("[0-9]*.ipynb"))


class Page(HTMLParser):
    """What a browser would make of a page: its elements and its words."""

    EMPTY = ("meta", "br", "img")

    def __init__(self, text: str):
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.said: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == [], "an element is not closed"

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.said.append(data)

    @property
    def text(self) -> str:
        """The words, with single blanks."""
        return " ".join("".join(self.said).split())


def harmless(text: str) -> Page:
    """Return a page, having looked that nothing in it runs or is fetched."""
    page = Page(text)
    assert not {"script", "img", "link", "iframe", "object", "form", "base"} & set(page.tags)
    for name, value in page.attributes:
        assert not name.startswith("on")
        assert name not in ("src", "href", "action", "data"), value
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)[1]
    assert "url(" not in style and "@import" not in style
    assert "default-src 'none'" in text
    return page


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> dict[str, Page]:
    out = tmp_path_factory.mktemp("packet") / "packet"
    return {path.name: harmless(path.read_text(encoding="utf-8")) for path in packet.make(out)}


def words(marked: str) -> str:
    """Return the words of a piece of HTML."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", marked)).split())


def test_the_pages_are_there(made):
    assert list(made) == [
        "1-article.html",
        "2-practice-article.html",
        "3-codebook.html",
        *(f"text-{id}.html" for id in own_texts.ready() if id != PRACTICE.id),
        *(f"lesson-{lesson}.html" for lesson in LESSONS),
    ]


def test_the_articles_are_numbered_and_carry_their_banner(made):
    for name, article in (("1-article.html", ARTICLE), ("2-practice-article.html", PRACTICE)):
        text = made[name].text
        place = 0
        for block in article.blocks:
            line = f"{block.id}{' '.join(block.text.split())}"
            place = text.index(line, place) + len(line)
        assert article.meta["banner"] in text


def test_the_codebook_is_whole(made):
    text = made["3-codebook.html"].text
    for id in (ARTICLE.id, PRACTICE.id):
        for layer in datasets.codebook(id).layers:
            assert layer.title in text and " ".join(layer.question.split()) in text
            for said in (
                *layer.rulings,
                *(s for c in layer.codes for s in (c.definition, c.test, c.example)),
                *(c.counter_example for c in layer.codes),
                *(o.definition for field in layer.fields for o in field.options),
                *(part.hint for part in layer.parts),
            ):
                assert " ".join(said.split()) in text, (layer.id, said)


def on_paper(lesson: str) -> list[Exercise]:
    return [e for e in exercises.load(lesson) if e.article != exercises.UNSEEN]


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_worksheet_has_all_that_is_asked(made, lesson):
    text = made[f"lesson-{lesson}.html"].text
    asked = on_paper(lesson)
    assert asked
    for exercise in asked:
        form = exercises.form(exercise, packet._context(exercise))
        assert f"{exercise.id} {form['title']}" in text
        for part in (form["prompt"], form["support"], form["stretch"]):
            # Where two paragraphs meet, the page has no blank.
            for line in filter(None, map(words, part.split("\n"))):
                assert line in text, exercise.id
        for control in form["controls"]:
            assert " ".join(control["label"].split()) in text, exercise.id
            for option in control.get("options", control.get("entries", ())):
                assert " ".join(option["text"].split()) in text, exercise.id
        for unit in exercise.units:
            assert unit in text


@pytest.mark.parametrize("lesson", LESSONS)
def test_no_answer_is_printed(made, lesson):
    """Not what a check says, not a hint, not a teaching note."""
    text = made[f"lesson-{lesson}.html"].text
    told = [text for note in teaching_notes.load(lesson) for text in note.texts]
    for exercise in on_paper(lesson):
        context = packet._context(exercise)
        told += [context.say(said) for said in (exercise.yes, *exercise.hints)]
        told += [context.say(r.reason) for q in exercise.questions for r in q.readings]
        told += [context.say(s) for q in exercise.questions for s in q.reasons.values()]
        told += [context.say(w.reason) for field in exercise.numbers for w in field.wrong]
        told += [context.say(field.other) for field in exercise.numbers]
    leaked = [said for said in told if len(said) > 25 and " ".join(said.split()) in text]
    assert not leaked


def drawn(**given) -> Page:
    """Return the worksheet of one exercise."""
    exercise = Exercise(
        **{
            "id": "3.1",
            "title": "T",
            "kind": "explain",
            "status": "open",
            "minutes": (1, 2, 3),
            "prompt": "Write.",
            "article": ARTICLE.id,
            **given,
        }
    )
    return harmless(packet.worksheet("Lesson", "", [exercise]))


def test_each_control_has_room_to_answer():
    page = drawn(
        kind="choose",
        questions=(Question("q", "Which?", options=(Choice("a", "One"), Choice("b", "Two"))),),
    )
    assert page.attributes.count(("class", "box")) == 2
    page = drawn(kind="count", status="fact", fields=(Number("n", "How many?", other="Not 4."),))
    assert page.attributes.count(("class", "blank")) == 1 and "4" not in page.text
    lines = drawn(texts=(Text("t", "Why?", words=(30, 90)),)).attributes.count(("class", "line"))
    more = drawn(texts=(Text("t", "Why?", words=(30, 180)),)).attributes.count(("class", "line"))
    assert 5 < lines < more
    assert "Words copied from it" not in drawn(texts=(Text("t", "Why?"),)).text
    page = drawn(texts=(Text("t", "Why?", evidence=3),))
    assert page.tags.count("tr") == 1 + 4  # a head, three rows, and one more


def test_labels_have_a_table_with_the_layers_own_words():
    page = drawn(kind="label", status="anchor", layer="role", units=("P6", "P12"))
    assert "P6" in page.text and "P12" in page.text and "Main event" in page.text
    assert page.tags.count("tr") == 1 + 2
    page = drawn(kind="label", status="anchor", layer="attribution", blocks=("P10", "P21"))
    assert page.attributes.count(("class", "card")) == 2
    for layer_part in datasets.codebook(ARTICLE.id).layer("attribution").parts:
        assert page.text.count(layer_part.name) >= 2
    page = drawn(kind="label", status="anchor", layer="expectation", at_least=12)
    assert page.tags.count("tr") == 1 + 12 and "Hold open" in page.text


def test_hostile_text_stays_text():
    page = drawn(
        title=EVIL,
        prompt=EVIL,
        support=EVIL,
        stretch=EVIL,
        kind="choose",
        questions=(Question("q", EVIL, options=(Choice("a", EVIL),)),),
        fields=(Number("n", EVIL),),
        entries=(Entry("i", EVIL),),
        texts=(Text("t", EVIL, starter=EVIL, evidence=1),),
    )
    assert page.text.count("onerror=") >= 10
    article = Article.from_text("x", f"{EVIL}\n\nMore.", title=EVIL, meta={"banner": EVIL})
    assert harmless(packet.article_page(article)).text.count("onerror=") >= 3
    code = Code("a", EVIL, "1", EVIL, EVIL, EVIL, EVIL)
    part = Part("p", EVIL, "s", EVIL)
    field = Field("f", EVIL, "choice", EVIL, (Option("o", EVIL, EVIL),))
    layer = Layer("l", EVIL, EVIL, "words", source=EVIL, rulings=(EVIL,), codes=(code,),
                  parts=(part,), fields=(field,))  # fmt: skip
    changed = Codebook((msgspec.structs.replace(layer, most=3),))
    page = harmless(packet.codebook_page(Codebook((layer,)), changed, article))
    assert page.text.count("onerror=") >= 2 * 12
    assert "onerror=" in harmless(packet.worksheet(EVIL, EVIL, [])).text


def test_the_context_of_a_worksheet_has_nobodys_labels():
    for lesson in LESSONS:
        for exercise in on_paper(lesson):
            context = packet._context(exercise)
            assert isinstance(context, Context)
            assert len(context.coding) == 0 and context.reference is None


def test_without_the_article_none_of_it_is_there(tmp_path):
    out = tmp_path / "packet"
    packet.make(out)
    assert (out / "1-article.html").exists()
    made = packet.make(out, article=False)
    assert {path.name for path in made} | {STAMP} == {path.name for path in out.iterdir()}
    text = " ".join(Page(path.read_text(encoding="utf-8")).text for path in made)
    whole = [block.id for block in ARTICLE.blocks if len(block.words) > 12]
    assert not [id for id in whole if " ".join(ARTICLE.block(id).text.split()) in text]


# How wide the text is on A4 and on Letter, in CSS pixels.
PAPER = {"A4": (210 - 32) / 25.4 * 96, "Letter": (216 - 32) / 25.4 * 96}


@pytest.mark.parametrize("paper", PAPER)
def test_no_word_is_torn_on_paper(browser, tmp_path, paper):
    with browser.new_context(viewport={"width": int(PAPER[paper]), "height": 900}) as context:
        page = context.new_page()
        page.emulate_media(media="print")
        for path in packet.make(tmp_path / "packet"):
            page.goto(path.as_uri())
            assert page.evaluate(TORN, "body") == [], path.name
            assert page.evaluate("document.documentElement.scrollWidth") <= PAPER[paper]


def test_somebodys_own_folder_is_left_alone(tmp_path):
    (tmp_path / "essay.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(MadeError, match="is no print packet"):
        packet.make(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["essay.txt"]


def test_the_command_says_one_line(tmp_path, capsys):
    out = tmp_path / "paper"
    assert __main__.main(["packet", "--out", str(out), "--without-article"]) == 0
    said = capsys.readouterr()
    assert said.out.count("\n") == 1 and str(out) in said.out and said.err == ""
    (tmp_path / "file").write_text("x", encoding="utf-8")
    assert __main__.main(["packet", "--out", str(tmp_path / "file")]) == 1
    said = capsys.readouterr()
    assert said.err.count("\n") == 1 and "cannot be used" in said.err and said.out == ""


def test_the_command_starts_as_it_is_written_in_the_guide(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-m", "desk", "packet", "--out", str(tmp_path / "out")],
        cwd=datasets.root(),
        capture_output=True,
        encoding="utf-8",
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "out" / STAMP).exists()
