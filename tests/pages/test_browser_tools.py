"""Tools on a page in a real browser: what they show keeps to the measure of the page."""

from pathlib import Path

from kit import explorers, widgets
from tests.charted import ID, B, datasets

STYLE = (Path(widgets.__file__).parent / "explorer.css").read_text(encoding="utf-8")
REFERENCE = datasets.load_coding(ID, "reference")


def test_the_columns_of_the_third_reader_are_never_wider_than_it(browser):
    said, html = explorers.third_reader(B, REFERENCE).show({})
    page = browser.new_page(viewport={"width": 1366, "height": 700})
    shown = f"<div class='kit-explorer'><div class='kit-explorer-shown'>{html}</div></div>"
    page.set_content(f"<!doctype html><meta charset='utf-8'><style>{STYLE}</style>{shown}")
    assert page.locator("tbody tr").count() > 10
    for width in (704, 480, 320):
        box = page.locator(".kit-explorer-shown")
        page.locator(".kit-explorer").evaluate("(e, width) => e.style.width = `${width}px`", width)
        assert box.evaluate("e => e.scrollWidth <= e.clientWidth"), width
        # No column is so narrow that its words stand letter below letter.
        assert page.locator("tbody td").first.evaluate("e => e.offsetWidth") > width / 5
    page.close()
