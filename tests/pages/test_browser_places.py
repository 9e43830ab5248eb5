"""Places in the article, on a page in a real browser: pointed at, walked through, pressed.

The page is what a notebook shows: the article, a chart and a form's words, with the one script that
answers for all of them. Half of it lies below the fold, as in a lesson.
"""

import re

import msgspec
import pytest

from kit.charts.expectations import ExpectationRibbon, MovesByVoice
from kit.coding.coding import Annotation, Coding
from kit.library import datasets
from kit.text.article import Article
from kit.text.span import Span
from kit.widgets.page import article_html
from kit.widgets.scripts import script
from tests.browser import expect, wait_until

# A letter of two halves before the marked words, and words that look like markup in them.
TEXT = "\n".join(
    [
        "A harbour 🚢 was opened. Officials hope for <b>trade</b> & peace. Nobody asked them.",
        *[f"A line with the number {n} and nothing else to tell." for n in range(2, 30)],
        "The last line doubts it.",
    ]
)
SENTENCE = "Officials hope for <b>trade</b> & peace."


@pytest.fixture(scope="module")
def page(browser):
    article = Article.from_text("made-up", TEXT)
    book = datasets.codebook("blinken-beijing-2023")
    first, last = article.blocks[0], article.blocks[-1]
    hope = next(word for word in first.words if first.text[word[0] : word[1]] == "hope")
    doubt = last.words[3]
    labels = [
        Annotation("n1", "expectation", Span(*hope), ("raise",)),
        Annotation("n2", "expectation", Span(*doubt), ("lower",)),
    ]
    coding = Coding(article, book, "Mei", labels)
    chart = ExpectationRibbon(coding)
    both = [msgspec.structs.replace(label, codes=("raise",)) for label in labels]
    sums = MovesByVoice(Coding(article, book, "Mei", both))
    words = "<div class='kit-task'><p id='prompt'>Look at P30, P3 and P99.</p></div>"
    body = f"<div style='height:150vh'></div>{words}{chart.html}<div id='sums'>{sums.html}</div>"
    page = browser.new_page(viewport={"width": 1000, "height": 600}, reduced_motion="reduce")
    page.set_content(f"<!doctype html><meta charset='utf-8'><body>{body}</body>")
    page.add_script_tag(content=f"{script('places.js')}\nanswerPlaces(); answerPlaces();")
    # Where no article is, nothing leads to it; then one comes, as a cell's output does.
    assert page.locator("a.kit-place").count() == 0
    page.evaluate(
        "html => document.body.insertAdjacentHTML('afterbegin', html)", article_html(article)
    )
    page.locator("a.kit-place").first.wait_for()
    yield page
    page.close()


def lit(page):
    """What is lit up in the article, letter by letter."""
    return page.evaluate(
        "[...(CSS.highlights.get('kit-place') ?? [])].map((range) => range.toString())"
    )


def focused(page):
    return page.evaluate("document.activeElement.dataset.place ?? ''")


def test_a_mark_shows_its_sentence_and_lights_it_up_by_mouse(page):
    mark = page.locator(".kit-marks a").first
    mark.hover()
    says = page.locator(".kit-place-says")
    expect(says).to_have_text(re.compile(re.escape(SENTENCE) + "$"))
    expect(says.locator("b")).to_have_text("P1, Raise")
    page.mouse.move(5, 5)
    expect(says).to_be_hidden()
    mark.click()
    assert lit(page) == [SENTENCE]
    wait_until(lambda: page.locator("#kit-P1").evaluate("e => e.getBoundingClientRect().top >= 0"))
    assert page.url == "about:blank"  # no jump, no history of its own
    page.locator(".kit-place-back").click()
    expect(page.locator(".kit-place-back")).to_have_count(0)
    assert focused(page) == mark.get_attribute("data-place")
    expect(mark).to_be_in_viewport()


def test_marks_are_one_stop_and_arrows_walk_through_them(page):
    first, last = page.locator(".kit-marks").first.locator("a").all()
    assert [mark.get_attribute("tabindex") for mark in (first, last)] == ["0", "-1"]
    first.focus()
    page.keyboard.press("ArrowRight")
    assert focused(page) == "P30"  # a paragraph of one sentence is led to as a whole
    expect(page.locator(".kit-place-says")).to_contain_text("The last line doubts it.")
    described = last.get_attribute("aria-describedby")
    expect(page.locator(f"#{described}")).to_be_visible()
    # Whoever came by keys is told how to leave.
    expect(page.locator(".kit-place-says")).to_contain_text("Tab: on, out of the picture")
    page.keyboard.press("Enter")
    assert lit(page) == ["The last line doubts it."]
    page.keyboard.press("Escape")
    expect(page.locator(".kit-place-says")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    assert focused(page) == first.get_attribute("data-place")  # round to the first


def test_a_bar_that_sums_up_lights_up_all_that_it_counts_and_goes_through_it(page):
    bar = page.locator("#sums .kit-marks a")
    assert bar.text_content() == "not given, Raise: P1, P30"
    bar.focus()
    expect(page.locator(".kit-place-says")).to_contain_text("2 places, all lit up by a press")
    for line in ("#kit-P1", "#kit-P30", "#kit-P1"):
        page.keyboard.press("Enter")
        assert lit(page) == [SENTENCE, "The last line doubts it."]
        expect(page.locator(line)).to_be_in_viewport()
    page.keyboard.press("Tab")
    assert not page.evaluate("Boolean(document.activeElement.closest('.kit-marks'))")


def test_numbers_in_the_kits_words_are_links_and_what_comes_later_too(page):
    prompt = page.locator("#prompt")
    assert prompt.inner_text() == "Look at P30, P3 and P99."
    assert prompt.locator("a").all_inner_texts() == ["P30", "P3", "P99"]
    line = "link => getComputedStyle(link).textDecorationLine"
    assert prompt.locator("a").first.evaluate(line) == "underline"
    page.evaluate("document.getElementById('prompt').append(' Then P2.')")
    wait_until(lambda: prompt.locator("a").count() == 4)
    prompt.locator("a").nth(3).click()
    assert lit(page) == ["A line with the number 2 and nothing else to tell."]
    prompt.locator("a").nth(2).click()  # the article has no P99
    assert lit(page) == ["A line with the number 2 and nothing else to tell."]
    # Where the article stands beside the page, it lights up there.
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', `<aside class='kit-beside' style='position:"
        "fixed; top: 0'><p data-unit='P2'><small>P2</small> <span class='kp-text'>Beside.</span>"
        "</p></aside>`)"
    )
    prompt.locator("a").nth(3).click()
    assert lit(page) == ["Beside."]
    # The table of the chart is one of the kit's too, and the article is not.
    assert page.locator(".kit-chart td a, .kit-chart th a").all_text_contents() == ["P1", "P30"]
    assert page.locator(".kit-page a").count() == 0
