"""The labeller's Python side: what it tells the page, what it does with the page's messages, and
what stands where widgets do not run. The page itself is tested in a browser."""

from __future__ import annotations

import errno
import json
import re
from pathlib import Path

import msgspec
import pytest

from kit.coding import palette
from kit.coding.codebook import Codebook
from kit.coding.coding import Annotation
from kit.library import datasets
from kit.text.article import Article
from kit.text.span import Span
from kit.widgets import page
from kit.widgets.labeller import Labeller
from kit.work import store
from kit.work.workbook import Workbook

# Astral characters: JavaScript counts them twice, the article's offsets once.
TEXT = """Envoy 🕊 lands in Velsk

“We are <b>hopeful</b> 🕊 & calm,” she said. Nobody asked why.

Leave a reply"""


@pytest.fixture
def article() -> Article:
    return Article.from_text(
        "velsk", TEXT, title="Envoy 🕊 lands in Velsk", meta={"banner": "This copy is altered."}
    )


@pytest.fixture
def work(article: Article, tmp_path: Path) -> Workbook:
    return Workbook.open(article, datasets.codebook("blinken-beijing-2023"), "mei", tmp_path)


class Page:
    """Stands in for the page: sends messages and keeps what comes back."""

    def __init__(self, labeller: Labeller, monkeypatch: pytest.MonkeyPatch):
        self.labeller = labeller
        self.answers: list[dict] = []
        self.labels_at_answer: dict = {}
        self.rev = 0
        monkeypatch.setattr(labeller, "send", self._hear)

    @property
    def labels(self) -> dict:
        return json.loads(json.dumps(self.labeller.labels))

    def _hear(self, answer: dict) -> None:
        self.labels_at_answer = self.labels
        self.answers.append(json.loads(json.dumps(answer)))

    def send(self, changes: dict) -> dict:
        self.rev += 1
        message = {"type": "changes", "rev": self.rev, "changes": changes}
        self.labeller._handle_custom_msg(json.loads(json.dumps(message)), [])
        answer = self.answers[-1]
        assert answer["rev"] == self.rev
        return answer


@pytest.fixture
def positions(work: Workbook, monkeypatch: pytest.MonkeyPatch) -> Page:
    return Page(Labeller(work, "position"), monkeypatch)


def position(work: Workbook, id: str, code: str, note: str = "") -> dict:
    """A label on a block, as the page sends it: offsets only."""
    block = work.article.block(id)
    at = {"start": block.start, "end": block.end}
    return {
        "id": id,
        "layer": "position",
        "at": at,
        "codes": [code],
        "parts": {},
        "fields": {},
        "note": note,
    }


def on_disk(work: Workbook) -> dict[str, tuple[str, ...]]:
    """The position codes in the work file, read anew."""
    fresh = Workbook(work.article, work.codebook, "mei", work.path)
    return {a.id: a.codes for a in fresh.coding.on("position")}


# -- messages ---------------------------------------------------------------------------------


def test_a_label_is_on_the_disk_and_in_labels_before_it_is_acknowledged(work, positions):
    answer = positions.send({"P1": {"was": None, "now": position(work, "P1", "headline")}})

    assert answer["type"] == "saved" and answer["conflicts"] == []
    assert on_disk(work) == {"P1": ("headline",)}
    assert positions.labels_at_answer["P1"]["at"]["text"] == "Envoy 🕊 lands in Velsk"
    assert positions.labeller.saved_at == answer["at"] == work.saved_at


def test_clearing_a_label_takes_it_off_the_disk(work, positions):
    label = position(work, "P1", "headline")
    positions.send({"P1": {"was": None, "now": label}})
    positions.send({"P1": {"was": label, "now": None}})

    assert on_disk(work) == {} and positions.labels == {}


def test_a_message_that_arrives_twice_changes_nothing(work, positions):
    change = {"P1": {"was": None, "now": position(work, "P1", "lede")}}
    positions.send(change)
    revision = work.revision

    assert positions.send(change)["conflicts"] == []
    assert work.revision == revision


def test_what_the_page_sent_before_without_an_answer_is_no_conflict(work, positions):
    first, second = position(work, "P1", "lede"), position(work, "P1", "headline")
    positions.send({"P1": {"was": None, "now": first}})  # its answer is lost

    answer = positions.send({"P1": {"was": None, "now": second, "sent": [first]}})

    assert answer["conflicts"] == []
    assert on_disk(work) == {"P1": ("headline",)}


def test_another_windows_label_comes_back_as_a_conflict_and_stays(work, positions):
    other = Workbook(work.article, work.codebook, "mei", work.path)
    block = work.article.block("P1")
    other.put(Annotation("P1", "position", Span(block.start, block.end), ("furniture",)))

    answer = positions.send(
        {
            "P1": {"was": None, "now": position(work, "P1", "headline")},
            "P2": {"was": None, "now": position(work, "P2", "lede")},
        }
    )

    [conflict] = answer["conflicts"]
    assert (conflict["id"], conflict["problem"]) == ("P1", "")
    assert conflict["theirs"]["codes"] == ["furniture"]
    assert on_disk(work) == {"P1": ("furniture",), "P2": ("lede",)}
    assert positions.labels_at_answer["P1"]["codes"] == ["furniture"]


def test_a_label_that_cannot_stand_is_named_and_the_others_are_saved(work, positions):
    answer = positions.send(
        {
            "P1": {"was": None, "now": position(work, "P1", "headlime")},
            "P2": {"was": None, "now": position(work, "P2", "lede")},
        }
    )

    [conflict] = answer["conflicts"]
    assert conflict["id"] == "P1" and "headlime" in conflict["problem"]
    assert on_disk(work) == {"P2": ("lede",)}


def test_a_full_disk_is_told_to_the_student_and_nothing_is_acknowledged(
    work, positions, monkeypatch
):
    def full(*_args, **_kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(store, "replace_file", full)
    answer = positions.send({"P1": {"was": None, "now": position(work, "P1", "headline")}})

    assert answer["type"] == "not-saved" and "disk is full" in answer["problem"]
    assert positions.labels == {}


@pytest.mark.parametrize(
    "changes",
    [
        {"P1": {"was": None, "now": {"id": "P1"}}},
        {"P1": {"now": None}},
        {"P1": 3},
        {"P1": {"was": None, "now": None, "more": 1}},
    ],
)
def test_a_message_that_makes_no_sense_is_refused_in_words(work, positions, changes):
    answer = positions.send(changes)

    assert answer["type"] == "not-saved" and answer["problem"]
    assert on_disk(work) == {}


@pytest.mark.parametrize("message", [None, [], "x", {"type": "changes"}, {"type": "hello"}])
def test_other_messages_are_left_alone(positions, message):
    positions.labeller._handle_custom_msg(message, [])
    assert positions.answers == []


def test_it_follows_what_other_cells_do_only_while_somebody_watches(work, positions):
    block = work.article.block("P3")
    label = Annotation("P3", "position", Span(block.start, block.end), ("furniture",))
    labeller = positions.labeller

    labeller._handle_custom_msg({"type": "watching", "on": False}, [])
    work.put(label)
    assert positions.labels == {}

    labeller._handle_custom_msg({"type": "watching", "on": True}, [])
    assert positions.labels["P3"]["codes"] == ["furniture"]
    work.apply("position", {"P3": (label, None)})
    assert positions.labels == {}


# -- what the page gets -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "layer", [layer.id for layer in datasets.codebook("blinken-beijing-2023").layers]
)
def test_the_pieces_of_every_unit_are_its_text_and_words_lie_at_their_offsets(work, layer):
    article = work.article
    for block in Labeller(work, layer).doc["blocks"]:
        for unit in block["units"]:
            assert "".join(unit["pieces"]) == article.text[unit["start"] : unit["end"]]
            words = [article.text[a:b] for a, b in zip(unit["starts"], unit["ends"], strict=True)]
            assert unit["pieces"][1::2] == words


def test_words_are_counted_in_code_points(work):
    unit = Labeller(work, "expectation").doc["blocks"][0]["units"][0]
    assert unit["pieces"] == ["", "Envoy", " 🕊 ", "lands", " ", "in", " ", "Velsk", ""]
    assert unit["starts"] == [0, 8, 14, 17]


def test_only_what_may_be_labelled_is_active(work):
    units = [b["units"][0] for b in Labeller(work, "position", only=["P2"]).doc["blocks"]]
    assert [unit["active"] for unit in units] == [False, True, False]


def test_words_inside_quotation_marks_are_known(work):
    unit = Labeller(work, "attribution").doc["blocks"][1]["units"][0]
    words = [work.article.text[a:b] for a, b in zip(unit["starts"], unit["ends"], strict=True)]
    assert [words[n] for n in unit["quoted"]] == ["We", "are", "b", "hopeful", "b", "calm"]


def test_only_the_surroundings_of_what_is_asked_for_are_shown_at_first(tmp_path):
    article = Article.from_text("long", "\n\n".join(f"Sentence {n}." for n in range(1, 13)))
    work = Workbook.open(article, datasets.codebook("blinken-beijing-2023"), "mei", tmp_path)

    def shown(*only: str) -> list[str]:
        blocks = Labeller(work, "position", only=only or None).doc["blocks"]
        return [block["id"] for block in blocks if not block["far"]]

    assert shown("P6") == ["P4", "P5", "P6", "P7", "P8"]
    assert shown("P1", "P12") == ["P1", "P2", "P3", "P10", "P11", "P12"]
    assert len(shown("P3", "P8")) == 12  # two others are not worth a button
    assert len(shown()) == 12


def test_lines_are_set_as_the_student_has_labelled_them(work, positions):
    positions.send({"P3": {"was": None, "now": position(work, "P3", "furniture")}})
    kinds = [block["kind"] for block in Labeller(work, "expectation").doc["blocks"]]
    assert kinds == ["headline", "", "furniture"]


def test_every_students_layer_has_a_place_of_its_own_in_the_browser(article, tmp_path):
    def storage(student: str, layer: str) -> str:
        work = Workbook.open(article, datasets.codebook("blinken-beijing-2023"), student, tmp_path)
        return Labeller(work, layer).doc["storage"]

    places = {storage(s, layer) for s in ("mei", "ana") for layer in ("position", "role")}
    assert len(places) == 4


# -- where widgets do not run -----------------------------------------------------------------


def bundle(labeller: Labeller) -> dict:
    data, _metadata = labeller._repr_mimebundle_()
    return data


def test_it_is_live_static_and_plain(work):
    assert set(bundle(Labeller(work, "position"))) == {
        "application/vnd.jupyter.widget-view+json",
        "text/html",
        "text/plain",
    }


def test_plain_text_counts_what_may_be_labelled(work, positions):
    positions.send({"P1": {"was": None, "now": position(work, "P1", "headline")}})

    plain = bundle(positions.labeller)["text/plain"]
    assert plain == "<Labeller position: 1 of 3 paragraphs labelled>"
    only = Labeller(work, "position", only=["P2"])
    assert repr(only) == "<Labeller position: 0 of 1 paragraphs labelled>"
    assert repr(Labeller(work, "expectation")) == "<Labeller expectation: 0 labels>"
    assert repr(Labeller(work, "attribution")) == "<Labeller attribution: 0 records>"


def test_a_note_alone_is_no_label(work, positions):
    label = position(work, "P1", "headline", note="Why?") | {"codes": []}
    positions.send({"P1": {"was": None, "now": label}})
    assert repr(positions.labeller) == "<Labeller position: 0 of 3 paragraphs labelled>"


def test_the_static_page_is_the_same_for_the_same_work(work, positions):
    positions.send({"P1": {"was": None, "now": position(work, "P1", "headline")}})
    again = Labeller(work, "position")
    assert bundle(positions.labeller)["text/html"] == bundle(again)["text/html"]


def test_all_text_of_the_article_stands_once_and_inside_one_article_element(work):
    html = bundle(Labeller(work, "position"))["text/html"]

    [inside] = re.findall(r'<article class="kit-page"[^>]*>(.*?)</article>', html, flags=re.DOTALL)
    assert inside.count("Nobody asked why.") == html.count("Nobody asked why.") == 1
    assert "This copy is altered." in inside
    assert "open it in Jupyter" in html.replace(inside, "")
    assert [f"P{n}" for n in (1, 2, 3)] == re.findall(r">(P\d+)<", inside)


def test_nothing_that_people_wrote_becomes_markup(work, positions):
    label = position(work, "P2", "lede", note="<img src=x onerror=alert(1)>")
    positions.send({"P2": {"was": None, "now": label}})
    html = bundle(positions.labeller)["text/html"]

    assert "<b>hopeful" not in html and "&lt;b&gt;hopeful&lt;/b&gt; 🕊 &amp; calm" in html
    assert "<img" not in html and "&lt;img" in html


def test_labelled_words_are_underlined_and_signed_where_they_overlap(work):
    text = work.article.text
    start = text.index("hopeful")
    end = text.index(",” she")
    labels = [
        Annotation("w1", "expectation", Span(start, end), ("raise", "condition")),
        Annotation("w2", "expectation", Span(text.index("calm"), end), ("lower",)),
    ]
    work.apply("expectation", {label.id: (None, label) for label in labels})
    html = bundle(Labeller(work, "expectation"))["text/html"]

    plain = re.sub(r"<(u|/u)[^>]*>", "", html)
    assert "hopeful&lt;/b&gt; 🕊 &amp; calm<sup>2</sup><sup>1+4</sup>" in plain
    assert html.count("<u ") == 3  # the long label in two runs, the short one within it


def test_a_record_is_signed_part_by_part_and_named_in_the_margin(work):
    text = work.article.text
    said = Span(text.index("said"), text.index("said") + 4)
    she = Span(text.index("she"), text.index("she") + 3)
    record = Annotation(
        "r",
        "attribution",
        Span(she.start, said.end),
        parts={"source": (she,), "cue": (said,)},
        fields={"speaker": "the envoy"},
    )
    work.apply("attribution", {"r": (None, record)})
    html = bundle(Labeller(work, "attribution"))["text/html"]

    plain = re.sub(r"<(u|/u)[^>]*>", "", html)
    assert "she<sup>S1</sup> said<sup>C1</sup>" in plain
    assert "(1) the envoy" in plain


def test_every_pattern_has_a_line_of_its_own_here_and_in_the_style_sheet():
    patterns = {
        palette.style(layer, item.id).pattern
        for layer in datasets.codebook("blinken-beijing-2023").layers
        for item in (*layer.codes, *layer.parts)
    }
    sheet = (Path(page.__file__).parent / "labeller" / "labeller.css").read_text(encoding="utf-8")

    assert patterns == set(page._LINES)
    assert len(set(page._LINES.values())) == len(page._LINES)
    for pattern in patterns - {"solid"}:
        assert f'.kl-chip[data-pattern="{pattern}"]' in sheet
        assert f'.kl-span[data-pattern="{pattern}"]' in sheet


def test_the_page_shows_every_block_of_an_article_without_labels(article):
    html = page.article_html(article)
    assert html.count('<p class="kp-block') == 3
    assert "kp-headline" in html and "kp-tags" not in html.partition("</style>")[2]


def test_labels_that_do_not_fit_and_more_codes_than_looks_are_told(article, work, tmp_path):
    unit = article.unit("P1")
    work.put(Annotation("P1", "position", Span(unit.start, unit.end), ("headline",)))
    assert Labeller(work, "position").doc["told"] == []
    layers = {layer.id: layer for layer in work.codebook.layers}
    few = [code for code in layers["position"].codes if code.id != "headline"]
    layers["position"] = msgspec.structs.replace(layers["position"], codes=tuple(few))
    one = layers["role"].codes[0]
    many = (msgspec.structs.replace(one, id=f"c{n}", key=chr(945 + n)) for n in range(17))
    layers["role"] = msgspec.structs.replace(layers["role"], codes=tuple(many))
    changed = Workbook(article, Codebook(tuple(layers.values())), "mei", work.path)
    (said,) = Labeller(changed, "position").doc["told"]
    assert said.startswith("1 label of yours, such as “headline” on P1, does not fit")
    (said,) = Labeller(changed, "role").doc["told"]
    assert said.startswith("There are 17 labels here, more than")
    assert Labeller(changed, "wording").doc["told"] == []


@pytest.mark.parametrize("id", ["P1", "\ud83d"])
def test_half_a_character_in_a_message_is_answered(work, monkeypatch, id):
    heard = []
    labeller = Labeller(work, "position")
    monkeypatch.setattr(labeller, "send", heard.append)
    odd = {"was": None, "\ud83d": 1} if id == "P1" else {"was": None, "now": None, "sent": []}
    message = {"type": "changes", "rev": 1, "changes": {id: odd}}
    labeller._receive(labeller, message, [])
    (answer,) = heard
    assert answer["rev"] == 1 and json.dumps(answer, ensure_ascii=False).encode("utf-8")
