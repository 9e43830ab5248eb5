"""The article's dates and benchmarks: every word found, every day plausible, every basis kept."""

import re
import tomllib
from datetime import date

import pytest

from kit.library import chronicle, datasets
from kit.library.chronicle import ChronicleError, days
from kit.text.article import Article, ArticleError

ID = "blinken-beijing-2023"
ARTICLE = datasets.load_article(ID)
CHRONICLE = chronicle.load(ID)
FOLDER = datasets.root() / "datasets" / ID
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


def raw(name):
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def test_every_entry_of_the_files_is_there_and_says_the_same():
    for entries, loaded in (
        (raw("dates")["words"], CHRONICLE.words),
        (raw("dates")["events"], CHRONICLE.events),
        (raw("benchmarks")["benchmarks"], CHRONICLE.benchmarks),
    ):
        by_id = {one.id: one for one in loaded}
        assert len(by_id) == len(entries)
        for entry in entries:
            found = by_id[entry["id"]]
            assert (found.date, found.until) == (entry.get("date"), entry.get("until"))
            assert found.basis == entry.get("basis", entry.get("status"))


@pytest.mark.parametrize("entry", [*CHRONICLE.words, *CHRONICLE.benchmarks], ids=lambda i: i.id)
def test_words_stand_in_their_block(entry):
    lines = [line for line in ARTICLE.text.splitlines() if line.strip()]
    assert entry.words in lines[int(entry.block[1:]) - 1]
    assert ARTICLE.text[entry.at.start : entry.at.end] == entry.words == entry.at.text
    assert ARTICLE.block_at(entry.at.start, entry.at.end).id == entry.block
    around = ARTICLE.text[entry.at.start - 1] + ARTICLE.text[entry.at.end]
    assert not re.search(r"\w", around)


@pytest.mark.parametrize("word", CHRONICLE.words, ids=lambda word: word.id)
def test_days_fit_the_words_that_point_to_them(word):
    published = ARTICLE.meta["date"]
    for n, name in enumerate(DAYS):
        if name in word.words:
            assert word.date.weekday() == n
            assert abs((word.date - published).days) < 5
    for month, name in ((2, "February"), (11, "November"), (5, "Could")):
        if word.words == name:
            assert word.date.month == (word.until or word.date).month == month
    for year in re.findall(r"\d{4}", word.words):
        assert word.date.year == int(year)
    if "yr" in word.words:
        assert word.date.year == published.year - 1
    if word.words == "final month":
        assert word.date.month == published.month - 1


def test_the_same_day_goes_by_the_same_date_wherever_it_is_named():
    for name in ("Friday", "Saturday", "Sunday"):
        assert len({word.date for word in CHRONICLE.words if word.words.startswith(name)}) == 1


def test_a_basis_and_its_source_go_together():
    assert {word.basis for word in CHRONICLE.words} == {"text", "checked", "unchecked"}
    for entry in (*CHRONICLE.words, *CHRONICLE.events, *CHRONICLE.benchmarks):
        assert bool(entry.source) == (entry.basis != "text")
        if entry.basis == "checked":
            assert len(entry.source) > 20, entry.source


def test_every_source_is_used():
    for name, kinds in (("dates", ("words", "events")), ("benchmarks", ("benchmarks",))):
        file = raw(name)
        used = {id for kind in kinds for entry in file[kind] for id in entry.get("sources", ())}
        assert used == set(file["sources"])


def test_events_stand_in_the_order_of_time_and_not_of_the_text():
    assert CHRONICLE.published == date(2023, 6, 18)
    told = [event for event in CHRONICLE.events if event.block]
    assert [event.date for event in told] == sorted(event.date for event in told)
    order = [event.id for event in told]
    assert order.index("bali") == 0
    assert order.index("arrival") + 1 == order.index("talks")
    blocks = [int(event.block[1:]) for event in told]
    assert blocks != sorted(blocks)
    assert blocks[order.index("talks")] == min(blocks)  # told first, happened late
    assert {event.id for event in CHRONICLE.events if not event.block} == {
        "xi-receives",
        "woodside",
    }


def test_nothing_of_the_copy_is_passed_on_as_speech():
    said = re.compile(r"\b(said|told|mentioned|asked)[^.]{0,30}“")
    for entry in (*CHRONICLE.words, *CHRONICLE.benchmarks):
        assert not said.search(getattr(entry, "event", "") + getattr(entry, "came", ""))


# -- files that cannot be used ---------------------------------------------------------------------

STORY = Article.from_text(
    "velsk", "Dorn came on Tuesday.\n\nOn Tuesday, and again on Tuesday, Tuesdays were busy.\n"
)
WORD = """
id = "p1"
block = "P1"
words = "Tuesday"
date = 2024-05-07
event = "She comes."
basis = "text"
"""
EVENT = """
id = "arrival"
label = "Dorn arrives"
block = "P1"
date = 2024-05-07
basis = "text"
"""


def read(tmp_path, text, benchmarks=None):
    path = tmp_path / "dates.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    if benchmarks is not None:
        (tmp_path / "benchmarks.toml").write_text(benchmarks, encoding="utf-8")
    return chronicle.read(STORY, path, tmp_path / "benchmarks.toml")


def file(word=WORD, event=EVENT, more=""):
    return f"{more}\n[[words]]{word}\n[[events]]{event}"


def test_a_small_file_is_read_and_a_byte_order_mark_does_no_harm(tmp_path):
    found = read(tmp_path, b"\xef\xbb\xbf" + file().encode("utf-8"))
    assert [(word.at.start, word.at.end) for word in found.words] == [(13, 20)]
    assert found.benchmarks == ()
    assert found.published is None


def test_the_nth_occurrence_of_whole_words(tmp_path):
    second = WORD.replace('"P1"', '"P2"') + "occurrence = 2"
    (word,) = read(tmp_path, file(second)).words
    assert STORY.text[: word.at.start].count("Tuesday") == 2
    third = WORD.replace('"P1"', '"P2"') + "occurrence = 3"
    with pytest.raises(ChronicleError, match=r"P2 has the words “Tuesday” 2 times.*occurrence 3"):
        read(tmp_path, file(third))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[words", "dates.toml cannot be read"),
        (b"\xff\xfe", "dates.toml cannot be read"),
        (file(WORD + 'colour = "red"'), "dates.toml, word .*colour"),
        (file(WORD.replace("2024-05-07", '"7 May"')), "dates.toml, word "),
        (file(WORD.replace('"text"', '"guess"')), "dates.toml, word .*guess"),
        (file(WORD.replace('"Tuesday"', '"Monday"')), "dates.toml: “p1”: P1 has .* 0 times"),
        (file(WORD.replace('"Tuesday"', '""')), "“p1”: P1 has the words “” 0 times"),
        (file(WORD.replace('"P1"', '"P9"')), "dates.toml: “p1”: the article has no P9"),
        (file(event=EVENT.replace('"P1"', '"P9"')), "“arrival”: the article has no P9"),
        (file(WORD.replace('"text"', '"checked"')), "“p1”: sources are for what is checked"),
        (file(WORD + 'sources = ["x"]'), "“p1”: sources are for what is checked"),
        (file(WORD.replace('"text"', '"unchecked"')), "“p1”: look_up is for what is unchecked"),
        (file(WORD + 'look_up = "x"'), "“p1”: look_up is for what is unchecked"),
        (
            file(WORD.replace('"text"', '"checked"') + 'sources = ["x"]'),
            "“p1”: there is no source “x”",
        ),
        (file(WORD + 'source = "me"'), "“p1”: source and at are worked out"),
        (file(WORD + "until = 2024-05-06"), "The time word “p1” ends before it begins"),
        (file() + "\n[[words]]" + WORD, "Two time words share the id “p1”"),
        (
            file() + "\n[[events]]" + EVENT.replace("arrival", "b").replace("-07", "-01"),
            "The event “b” happened before “arrival”",
        ),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path, text, says):
    with pytest.raises(ChronicleError, match=says):
        read(tmp_path, text)


def test_what_is_wrong_with_benchmarks_is_said_of_that_file(tmp_path):
    benchmark = """[[benchmarks]]
id = "b"
block = "P1"
words = "Dorn"
test = "She comes."
by = "the reporter"
came = "She came."
status = "checked"
"""
    with pytest.raises(ChronicleError, match="benchmarks.toml: “b”: sources are for what"):
        read(tmp_path, file(), benchmark)
    sources = '[sources]\ns = { title = "Dorn comes", publisher = "The Velsk Times" }\n'
    found = read(tmp_path, file(), sources + benchmark + 'sources = ["s"]\nalso = ["P2"]')
    (loaded,) = found.benchmarks
    assert loaded.source == "“Dorn comes”, The Velsk Times"
    with pytest.raises(ChronicleError, match="“b”: the article has no P7"):
        read(tmp_path, file(), sources + benchmark + 'sources = ["s"]\nalso = ["P7"]')
    with pytest.raises(ChronicleError, match="“b”: the article has no paragraph without"):
        read(tmp_path, file(), sources + benchmark.replace('"P1"', '""') + 'sources = ["s"]')


def test_no_such_article():
    with pytest.raises(ArticleError, match="no article “atlantis”"):
        chronicle.load("atlantis")


@pytest.mark.parametrize(
    ("first", "last", "short", "said"),
    [
        (date(2023, 5, 10), None, False, "10 May 2023"),
        (date(2023, 6, 10), date(2023, 6, 10), True, "10 Jun 2023"),
        (date(2023, 5, 10), date(2023, 5, 11), False, "10–11 May 2023"),
        (date(2023, 5, 26), date(2023, 6, 3), True, "26 May – 3 Jun 2023"),
        (date(2022, 12, 31), date(2023, 1, 1), False, "31 December 2022 – 1 January 2023"),
    ],
)
def test_days_in_words(first, last, short, said):
    assert days(first, last, short=short) == said
