"""Contrasts of the colours that the kit’s style sheets name, in the light and the dark theme."""

import re

import pytest

from kit.charts.sheet import HATCH
from kit.coding.palette import _COLOURS
from kit.library import datasets
from tests.kit.charts.test_charts import contrast

ROOT = datasets.root()
#: What may lie behind: the sheets' own papers and rows, and JupyterLab's paper in its two themes.
PAPERS = {"light": ("#ffffff", "#f3f5f9"), "dark": ("#16181c", "#111111", "#22262e")}
TEXT, SIGN = 4.5, 3


def colours(path: str) -> dict[str, dict[str, str]]:
    """Every variable that a sheet sets with `light-dark`, by theme."""
    text = (ROOT / path).read_text(encoding="utf-8").partition(".kl-strong")[0]
    pairs = re.findall(r"--(\w[\w-]*): (?:[^;]*, )?light-dark\((#\w+), (#\w+)\)", text)
    found = {"light": {}, "dark": {}}
    for name, light, dark in pairs:
        found["light"][name], found["dark"][name] = light, dark
    return found


@pytest.mark.parametrize("theme", PAPERS)
@pytest.mark.parametrize(
    "path, wanted",
    [
        (
            "kit/widgets/labeller/labeller.css",
            {"ink": TEXT, "quiet": TEXT, "bad": TEXT, "edge": SIGN, "focus": TEXT},
        ),
        ("kit/widgets/form.css", {"quiet": TEXT, "good": TEXT, "bad": TEXT, "strong": TEXT}),
        ("kit/templates/article.css", {"ink": TEXT, "quiet": TEXT}),
        ("desk/templates/site/page.css", {"ink": TEXT, "quiet": TEXT, "link": TEXT}),
    ],
)
def test_text_edges_and_focus_stand_out_from_paper_and_row(path, wanted, theme):
    named = colours(path)[theme]
    for name, least in wanted.items():
        for paper in PAPERS[theme]:
            assert contrast(named[name], paper) >= least, (name, paper)


def test_selected_words_have_the_ground_that_stands_out():
    sheet = (ROOT / "kit/widgets/labeller/labeller.css").read_text(encoding="utf-8")
    rule = re.search(r"^\.kl-lit \{([^}]*)\}", sheet, re.MULTILINE)
    assert rule and "background: var(--focus);" in rule[1] and "color: var(--paper);" in rule[1]


def test_patterns_stand_out_from_every_colour_of_the_palette():
    assert min(contrast(HATCH, colour) for colour in _COLOURS) >= SIGN


def test_no_form_has_a_colour_of_its_own_for_where_the_keyboard_is():
    for path in ROOT.glob("kit/widgets/*.css"):
        assert not re.search(r"outline:[^;]*#", path.read_text(encoding="utf-8")), path.name
