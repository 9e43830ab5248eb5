"""The live tools: what they say, on the article and on anything else."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import explorers
from kit.base.errors import KitError
from kit.coding.coding import Coding
from kit.explorers.exploration import Control, Exploration
from kit.explorers.third_reader import settings_for
from kit.library import datasets
from kit.measure import voice_shares
from kit.suggest import suggest
from kit.text.article import Article
from kit.widgets.explorer import Explorer

REFERENCE = datasets.load_reference("blinken-beijing-2023").coding
ARTICLE = REFERENCE.article
REFERENCE_OF = {ARTICLE.id: REFERENCE}
EMPTY = Coding(ARTICLE, REFERENCE.codebook, "nobody")


def tools(article, coding):
    return {
        "search": explorers.search(article),
        "cut": explorers.cut(article, coding),
        "measure": explorers.measure(coding),
        "word list": explorers.word_list(article, coding),
        "frame": explorers.frame(coding),
        "rules": explorers.third_reader(coding, REFERENCE_OF.get(article.id)),
    }


def test_search_counts_whole_words_and_names_their_lines():
    said, page = explorers.search(ARTICLE).show({"words": "Visit", "beside": "go to"})
    assert said == "“Visit”: 2 times (P1, P2); “go to”: " + (
        "10 times (P6, P8, P25, P30, P33, P35, P38–P40)"
    )
    counted = len(re.findall(r"\bgo to\b", ARTICLE.text)) + len(
        re.findall(r"\bvisit\b", ARTICLE.text)
    )
    assert page.count("<mark>") == counted == 12
    # All that is the article's own stands where stored notebooks leave it out.
    outside = re.sub(r"<article>.*?</article>", "", page, flags=re.DOTALL)
    assert "high-stakes" in page and "high-stakes" not in outside


def test_an_empty_search_lists_what_is_common_and_what_sticks_together():
    said, page = explorers.search(ARTICLE).show({})
    assert "mentioned 14" in said and "chinese language 8" in said
    assert "<caption>Words that stick together</caption>" in page


def test_cut_keeps_whole_paragraphs_and_tells_who_is_lost():
    cut = explorers.cut(ARTICLE, REFERENCE)
    said, page = cut.show({"words": 300})
    assert said.startswith("Room for 300 of 1,335 words: P6 to P12 stay whole (283 words).")
    assert "No longer heard: Daniel Kritenbrink" in said and "Shen Dingli" in said
    assert "The first to fall away is P13." in page
    assert cut.show({"words": 1335})[0].endswith("No longer heard: nobody.")
    assert "no paragraph stays whole" in cut.show({"words": 0})[0]


def test_measure_says_what_the_measure_says():
    tool = explorers.measure(REFERENCE)
    for what in ("attributions", "attributed words", "quoted words"):
        said, page = tool.show({"measure": what, "by": "identification"})
        for share in voice_shares(REFERENCE, "identification", what):
            assert f"{share.count:,} ({100 * share.share:.1f} %)" in said
            assert f"<td>{100 * share.share:.1f}\u00a0%</td>" in page


def test_the_word_list_takes_the_students_own_words_and_tells_what_a_reader_marked():
    tool = explorers.word_list(ARTICLE, REFERENCE)
    said, page = tool.show({"class": "your own", "own": "breakthrough, go to"})
    assert said == (
        "12 places found; 5 of them inside a phrase that a reader marked as a move, 7 outside."
    ) or said.startswith("12 places found")
    inside = sum(
        any(a.at.start <= m.start() and m.end() <= a.at.end for a in REFERENCE.on("expectation"))
        for m in re.finditer(r"\b(breakthrough|go to)\b", ARTICLE.text)
    )
    assert f"; {inside} of them inside" in said
    assert "<td>lower</td>" in page


def test_a_frame_shows_only_what_stands_in_it():
    tool = explorers.frame(REFERENCE)
    said, page = tool.show({"frame": "cooperation"})
    inside = [a for a in REFERENCE.on("issue") if a.fields["frame"] == "cooperation"]
    assert f"{len(inside)} mentions" in said
    assert "Taiwan" not in page and "Taiwan" in tool.show({})[1]
    assert "P29" in page


@pytest.mark.parametrize("name", tools(ARTICLE, EMPTY))
def test_nothing_labelled_is_said_and_nothing_breaks(name):
    said, page = tools(ARTICLE, EMPTY)[name].show({})
    assert said and "\n" not in said
    assert page.startswith("<")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=4,
)


@given(
    st.dictionaries(
        st.sampled_from(
            ["words", "beside", "measure", "by", "class", "own", "frame", "on", "tiers", "verbs"]
        ),
        ANYTHING,
    )
)
def test_whatever_a_page_sends_gets_an_answer(values):
    for tool in tools(ARTICLE, REFERENCE).values():
        said, page = tool.show(values)
        assert "\n" not in said
        assert "<script" not in page


@given(st.text(max_size=300))
def test_any_text_can_be_explored(text):
    article = Article.from_text("own", f"A word. {text}")
    coding = Coding(article, REFERENCE.codebook, "nobody")
    for tool in tools(article, coding).values():
        tool.show({"words": text, "own": text})


def test_what_is_typed_is_shown_and_never_run():
    hostile = "<img src=x onerror=alert(1)>"
    for tool in tools(ARTICLE, REFERENCE).values():
        assert "<img" not in tool.show({"words": hostile, "beside": hostile, "own": hostile})[1]


def test_the_widget_asks_answers_and_ignores_rubbish():
    def show(values):
        if values.get("words") == "bad":
            raise KitError("Not this <b>.")
        return "said", "<p>shown</p>" if values else "<p>first</p>"

    control = Control("text", "words", "Look for")
    widget = Explorer(lambda: Exploration("Title", (control,), show))
    told = []
    widget.send = lambda content, buffers=None: told.append(content)
    for rubbish in (None, {"type": "show"}, {"type": "show", "rev": 1, "values": []}):
        widget._receive(widget, rubbish, [])
    assert told == []
    widget._receive(widget, {"type": "show", "rev": 3, "values": {"words": "a"}}, [])
    widget._receive(widget, {"type": "show", "rev": 4, "values": {"words": "bad"}}, [])
    assert [(t["rev"], t["html"]) for t in told] == [
        (3, "<p>shown</p>"),
        (4, "<p>Not this &lt;b&gt;.</p>"),
    ]
    data, _ = widget._repr_mimebundle_()
    assert data["text/plain"] == "Title\nsaid"
    assert "Look for" in data["text/html"] and "<p>first</p>" in data["text/html"]


def test_the_third_reader_is_scored_and_changes_with_its_rules():
    tool = explorers.third_reader(EMPTY, REFERENCE)
    said, page = tool.show({})
    made, shared = map(int, re.match(r"The rules make (\d+) labels; (\d+) of them", said).groups())
    found = suggest(ARTICLE, REFERENCE.codebook, ["attribution"], settings_for(EMPTY)).coding
    assert made == len(found.on("attribution"))
    assert shared == sum(
        bool(words_of(a) & words_of(b))
        and len(words_of(a) & words_of(b)) * 2 >= len(words_of(a) | words_of(b))
        for a in found.on("attribution")
        for b in REFERENCE.on("attribution")
    )
    assert page.count("✓ as the reference") == shared
    assert page.count("✗ not so there") == made - shared
    # With one rule off there are fewer, and none of that rule's.
    on = [id for id, _ in tool.controls[-1].options]
    without = [id for id in on if id != "quote-name-verb"]
    said, page = tool.show({"on": without})
    assert int(re.match(r"The rules make (\d+)", said)[1]) < made
    assert "rule: quote name verb<" not in page
    assert tool.show({"on": []})[0] == "The rules make no label; the reference has 22."
    # The words that the machine made are off for ordinary news.
    assert int(re.match(r"The rules make (\d+)", tool.show({"tiers": ["plain"]})[0])[1]) < made


def words_of(a):
    return {
        place
        for span in a.parts["content"]
        for place in range(span.start, span.end)
        if ARTICLE.text[place].isalnum()
    }


def test_a_verb_of_ones_own_is_heard_at_once():
    article = Article.from_text("own", "“The ferry sails,” Ana Dorn trumpeted on Monday.")
    coding = Coding(article, REFERENCE.codebook, "ana")
    tool = explorers.third_reader(coding, None)
    assert tool.show({"verbs": "trumpeted"})[0] != tool.show({})[0] or "1 label" in tool.show({})[0]
    said, page = tool.show({"verbs": "trumpeted"})
    assert said == "The rules make 1 label. Nobody knows how many of them are right."
    assert "Ana Dorn" in page and "trumpeted" in page and "The reference" not in page
