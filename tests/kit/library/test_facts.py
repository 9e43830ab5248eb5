"""Facts: each equals what its computation finds, each name is there, and a bad file says why."""

import re
from collections import Counter
from pathlib import Path

import pytest

from desk.author.fact_counts import COMPUTATIONS, compute
from kit import exercises
from kit.library import datasets, facts
from kit.library.facts import WORLD, Fact, FactsError
from kit.text.article import Article

ARTICLES = [id for id in datasets.article_ids() if facts.there_are(id)]
COMPUTED = [
    (id, name) for id in ARTICLES for name, fact in facts.load(id).items() if fact.how != WORLD
]
UNCHECKED = {
    (id, name) for id in ARTICLES for name, fact in facts.load(id).items()
    if fact.status == "unchecked"
}  # fmt: skip
ROOT = datasets.root()
LESSONS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
TEXTS = sorted(
    path
    for pattern in ("datasets/*/exercises/*.toml", "datasets/*/teaching/*.toml")
    for path in ROOT.glob(pattern)
)
NAMED = re.compile(r"\{([a-z0-9][a-z0-9-]*)\}")


def same(stored, computed) -> bool:
    """Say whether a stored fact is a computed one, to four places and of the same kind."""
    if isinstance(computed, float):
        return isinstance(stored, float) and round(stored, 4) == round(computed, 4)
    return type(stored) is type(computed) and stored == computed


def test_there_are_facts():
    assert "blinken-beijing-2023" in ARTICLES
    assert len(COMPUTED) > 60


@pytest.mark.parametrize(("id", "name"), COMPUTED)
def test_a_fact_is_what_its_computation_finds(id, name):
    fact = facts.load(id)[name]
    found = compute(fact, datasets.load_article(id), datasets.load_reference(id))
    assert same(fact.value, found), found


def test_a_wrong_fact_would_be_noticed():
    assert not same(0.2274, 0.22727)
    assert same(0.2273, 0.22727)
    assert not same(43.0, 43)
    assert not same(44, 43)


@pytest.mark.parametrize("id", ARTICLES)
def test_a_fact_says_what_it_counts_and_prints(id):
    said = Counter(fact.what for fact in facts.load(id).values())
    for fact in facts.load(id).values():
        assert len(fact.what) > 8 and fact.shown
        if fact.share:
            assert 0 <= fact.value <= 1
    assert max(said.values()) == 1


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_fact_that_a_text_names_is_there(path):
    article = path.parent.parent.name
    known = facts.load(article) if facts.there_are(article) else {}
    text = path.read_text(encoding="utf-8")
    assert [name for name in NAMED.findall(text) if name not in known] == []


def test_exercises_use_facts_that_were_checked():
    used = set()
    for lesson in LESSONS:
        for exercise in exercises.load(lesson):
            used |= {(exercise.article, field.fact) for field in exercise.numbers if field.fact}
    for path in TEXTS:
        names = NAMED.findall(path.read_text(encoding="utf-8"))
        used |= {(path.parent.parent.name, name) for name in names}
    assert used
    assert not used & UNCHECKED
    for article, name in used:
        assert name in facts.load(article)


def test_every_computation_is_used_or_can_be():
    """A computation that no fact asks for has nothing that would notice a mistake in it."""
    used = {facts.load(id)[name].how for id, name in COMPUTED}
    assert set(COMPUTATIONS) == used


# -- counts by hand, on a small text ---------------------------------------------------------------

STORY = Article.from_text("velsk", "Dorn spoke.\n\n“We go home,” she said. Home it was.\n")


@pytest.mark.parametrize(
    ("how", "given", "value"),
    [
        ("blocks", {}, 2),
        ("words", {}, 10),
        ("searched", {"of": "home"}, 2),
        ("searched", {"of": "hom"}, 0),
        ("quotations", {}, 1),
        ("quoted-words", {}, 3),
    ],
)
def test_counts_of_a_small_text(how, given, value):
    assert compute(Fact("x", "x", 0, how, given), STORY, None) == value


@pytest.mark.parametrize(
    ("how", "given", "said"),
    [
        ("magic", {}, r"velsk, fact “x”: there is no computation “magic”. There is: blocks, "),
        ("searched", {}, r"searched cannot be computed: .*'of'"),
        ("blocks", {"of": "x"}, r"blocks cannot be computed: .*'of'"),
        ("story-words", {}, r"story-words cannot be computed: .*the article has no reference"),
    ],
)
def test_what_cannot_be_computed_says_why(how, given, said):
    with pytest.raises(FactsError, match=said):
        compute(Fact("x", "x", 0, how, given), STORY, None)


# -- files -----------------------------------------------------------------------------------------

GOOD = '[lines]\nwhat = "Lines"\nvalue = 1388\nhow = "blocks"\n'
WORLDLY = '[day]\nwhat = "The day"\nvalue = "11 May 2023"\nhow = "world"\n'


def read(tmp_path: Path, text: str | bytes) -> facts.Facts:
    path = tmp_path / "velsk" / "facts.toml"
    path.parent.mkdir()
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return facts.read(path)


def test_a_small_file_is_read(tmp_path):
    found = read(
        tmp_path,
        GOOD
        + '[share]\nwhat = "A share"\nvalue = 0.2273\nshare = true\nhow = "voice-share"\n'
        + 'by = "speaker"\n[rate]\nwhat = "A rate"\nvalue = 22.74\nhow = "per-hundred-words"\n'
        + f'{WORLDLY}status = "checked"\nsource = "The Velsk Times"\n',
    )
    assert list(found) == ["lines", "share", "rate", "day"]
    assert [fact.shown for fact in found.values()] == ["1,388", "22.7 %", "22.7", "11 May 2023"]
    assert found["share"].given == {"by": "speaker"}
    assert (found["day"].status, found["lines"].status) == ("checked", "computed")
    assert found.fill("{lines} lines, {share}, on {day}; {Not one} {}") == (
        "1,388 lines, 22.7 %, on 11 May 2023; {Not one} {}"
    )
    assert "lines" in found and "line" not in found and len(found) == 4


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[lines", r"^velsk/facts.toml cannot be read: "),
        (b"\xff\xfe", r"^velsk/facts.toml cannot be read: .*utf-8"),
        ("lines = 43", r"^velsk/facts.toml, fact “lines”: write a table, \[lines\], with what, "),
        ('[lines]\nvalue = 43\nhow = "blocks"', r"fact “lines”: .*missing.*`what`"),
        ('[lines]\nwhat = "x"\nhow = "blocks"', r"fact “lines”: .*missing.*`value`"),
        ('[lines]\nwhat = "x"\nvalue = 43', r"fact “lines”: .*missing.*`how`"),
        (GOOD.replace("1388", "[43]"), r"fact “lines”: .*\$\.value"),
        (GOOD + 'status = "perhaps"', r"fact “lines”: .*'perhaps'.*\$\.status"),
        (GOOD.replace("1388", "true"), r"fact “lines”: "),
        (GOOD + "share = true", r"“lines”: a share is a number with a point, such as 0.227"),
        (GOOD.replace("1388", '"x"') + "share = true", r"a share is a number with a point"),
        (WORLDLY, r"“day”: a fact about the world has a status, checked or unchecked, and no "),
        (GOOD + 'status = "checked"\nsource = "x"', r"“lines”: a fact about the world has a "),
        (WORLDLY + 'status = "checked"', r"“day”: say in “source” where it was checked"),
        (WORLDLY + 'status = "checked"\nsource = " "', r"“day”: say in “source” where it was"),
        (
            WORLDLY + 'status = "unchecked"\nsuorce = "x"\nof = "y"',
            r"“day”: there is no such key as suorce, of",
        ),
    ],
)
def test_a_bad_file_says_what_to_mend(tmp_path, text, said):
    with pytest.raises(FactsError, match=said) as caught:
        read(tmp_path, text)
    assert str(caught.value).startswith("velsk/facts.toml")  # a sentence, not a KeyError's repr


def test_a_fact_or_a_file_that_is_not_there(tmp_path):
    found = read(tmp_path, GOOD)
    said = r"^There is no fact “blokcs” in velsk/facts.toml\.$"
    with pytest.raises(FactsError, match=said):
        found["blokcs"]
    with pytest.raises(FactsError, match=said):
        found.fill("{blokcs} lines")
    with pytest.raises(FactsError, match=r"atlantis/facts.toml cannot be read"):
        facts.load("atlantis")
    assert not facts.there_are("atlantis")
