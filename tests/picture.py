"""Take the picture of the labeller that README shows, on an invented story.

python -m tests.picture
"""

from __future__ import annotations

from tests.jupyter_server import REPO, chromium, jupyter

STORY = REPO / "tests" / "data" / "velsk" / "article.txt"
PICTURE = REPO / "docs" / "labeller.png"
LABELS = ["headline", "dateline", "lede", "nut-graf", "body", "body"]
CELL = f"""
from pathlib import Path
from kit.library import datasets
from kit.text.article import Article
from kit.coding.coding import Annotation, Span
from kit.widgets.labeller import Labeller
from kit.work.workbook import Workbook
story = Article.from_file(Path({str(STORY)!r}))
work = Workbook.open(story, datasets.codebook("blinken-beijing-2023"), "student")
for block, code in zip(story.blocks, {LABELS!r}):
    place = Span(block.start, block.end)
    work.put(Annotation(block.id, "position", place, (code,)))
Labeller(work, "position")
"""


def main() -> None:
    with jupyter("notebook") as server, chromium() as browser:
        server.write_notebook("picture.ipynb", [CELL])
        page = browser.new_page(viewport={"width": 1180, "height": 900}, device_scale_factor=1.5)
        page.goto(server.url_of("picture.ipynb"))
        page.locator(".jp-Notebook .jp-Cell").first.wait_for()
        server.wait_for_kernel()
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        page.locator(".kit-labeller").get_by_role("option").nth(6).click()
        page.keyboard.press("5")
        page.get_by_text("saved at").wait_for()
        PICTURE.parent.mkdir(exist_ok=True)
        page.locator(".kit-labeller").screenshot(path=PICTURE)
    print(f"{PICTURE.relative_to(REPO)}: taken")


if __name__ == "__main__":
    main()
