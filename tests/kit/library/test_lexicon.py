"""Word lists: what a spreadsheet program does to them is borne, what a hand does wrong is said."""

import csv
import re

import pytest

from kit.library import datasets, lexicon
from kit.library.lexicon import Entry, LexiconError
from kit.text.article import Article

ARTICLE = datasets.load_article("blinken-beijing-2023")
HEDGES = lexicon.load("hedges")
PATH = datasets.root() / "datasets" / "lexicons" / "hedges.csv"


def test_the_list_has_what_its_file_has():
    with PATH.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(*row.values(), "plain") for row in rows] == [tuple(entry) for entry in HEDGES]
    assert {entry.kind for entry in HEDGES} == {"hedge", "booster", "outlook"}
    assert all(entry.note and entry.source for entry in HEDGES)
    assert "hedges" in lexicon.names()


def by_hand(word):
    """Where a word stands in the article, by another road: line by line, with an expression."""
    inside = r"(?<!\w)(?<!\w['’‑-])" + re.escape(word) + r"(?!\w|['’‑-]\w)"
    return [
        (line, match.start())
        for line, text in enumerate(filter(str.strip, ARTICLE.text.splitlines()), start=1)
        for match in re.finditer(inside, text, re.IGNORECASE)
    ]


def test_a_list_may_name_a_tier(tmp_path):
    rows = "word,class,tier\nsaid,say,\nmentioned,say,Spun\n"
    assert [entry.tier for entry in read(tmp_path, rows)] == ["plain", "spun"]


def test_hits_are_where_the_words_are():
    hits = lexicon.find(ARTICLE, HEDGES)
    found = {}
    for hit in hits:
        block = ARTICLE.block(hit.block)
        place = (int(hit.block[1:]), hit.at.start - block.start)
        found.setdefault(hit.entry.word, []).append(place)
        assert hit.at.text == ARTICLE.text[hit.at.start : hit.at.end]
        assert hit.at.text.casefold() == hit.entry.word
    assert found == {e.word: by_hand(e.word) for e in HEDGES if by_hand(e.word)}
    assert [hit.at.start for hit in hits] == sorted(hit.at.start for hit in hits)


def test_the_machine_made_hits_are_among_them():
    hits = {(hit.block, hit.at.text) for hit in lexicon.find(ARTICLE, HEDGES)}
    made = {("P7", "probably"), ("P18", "can"), ("P18", "expecting"), ("P21", "could")}
    made |= {("P31", "Could"), ("P34", "can"), ("P37", "probably"), ("P43", "will")}
    assert made <= hits


def found(text, *words):
    article = Article.from_text("made-up", text)
    return [(hit.block, hit.at.text) for hit in lexicon.find(article, words)]


def test_whole_words_whatever_their_capitals_and_apostrophes():
    assert found("May it? Maybe. MAY-be may", "may") == [("P1", "May"), ("P1", "may")]
    assert found("It won’t. It won't.", "won't") == [("P1", "won’t"), ("P1", "won't")]
    assert found("nothing here", "may") == []
    assert found("may", "", "—") == []


def test_the_longer_entry_counts_and_never_crosses_a_block():
    assert found("in a way, in a\n\nway", "in", "in a way") == [("P1", "in a way"), ("P1", "in")]
    assert found("of course of", "of", "of course") == [("P1", "of course"), ("P1", "of")]


# -- files -----------------------------------------------------------------------------------------

PLAIN = 'word,class,note,source\nmay,hedge,"open, or a month",kit\n\nwill,booster,,\n'


def read(tmp_path, data):
    path = tmp_path / "mine.csv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
    return lexicon.read(path)


@pytest.mark.parametrize(
    "data",
    [
        PLAIN,
        b"\xef\xbb\xbf" + PLAIN.encode(),
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("\n", "\r"),
        '\n\nWord;Class;Note;Source;;\nmay;hedge;"open, or a month";kit;;\n;;;;;\nwill;booster\n',
        "sep=;\nword;class;note;source\nmay;hedge;open, or a month;kit\nwill;booster;;\n",
        "word\tclass\tnote\tsource\nmay \thedge\topen, or a month\tkit\n\t\nwill\tbooster",
        'source,class,word,note\nkit,hedge,may,"open, or a month"\n,booster,will,\n',
    ],
    ids=["plain", "mark", "crlf", "cr", "semicolons", "sep", "tabs", "other order"],
)
def test_what_spreadsheet_programs_make_of_a_list(tmp_path, data):
    may, will = read(tmp_path, data)
    assert may == Entry("may", "hedge", "open, or a month", "kit")
    assert will == Entry("will", "booster")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("", r"mine.csv is empty. Its first line must be: word,class,note,source"),
        ("\n \n", "mine.csv is empty"),
        ("may,hedge\n", "the column “may” is not one a word list has"),
        ("word,note\nmay,x\n", "mine.csv has no column “class”"),
        ("class\nhedge\n", "mine.csv has no column “word”"),
        ("word,class,word\nmay,hedge,x\n", "the column “word” .* is there twice"),
        ("word,class\nmay,hedge\nMay,hedge\n", "mine.csv, line 3: “May” is in the list twice"),
        ("word,class\n,hedge\n", "mine.csv, line 2 has no word"),
        ("word,class\n–,hedge\n", "mine.csv, line 2 has no word"),
        ("word,class\nmay,\n", "mine.csv, line 2: “may” has no class"),
        ("word,class\nmay,hedge,open, or a month\n", "line 2 has 4 cells, but there are 2 columns"),
        ('word,class\nmay,"hedge\n', "mine.csv is not a table that can be read"),
        ("word,class\nmay,hedge".encode("utf-16"), "mine.csv is not in UTF-8.*CSV UTF-8"),
        ("word,class\ncafé,hedge".encode("cp1252"), "mine.csv is not in UTF-8"),
        (b"word,class\n" + b"\n" * 1024 * 1024, "mine.csv cannot be read: it is larger than 1 MB"),
    ],
)
def test_what_is_wrong_with_a_list_is_said(tmp_path, data, says):
    with pytest.raises(LexiconError, match=says):
        read(tmp_path, data)


def test_lists_that_are_not_there(tmp_path):
    with pytest.raises(LexiconError, match="no word list “nouns”. There is: .*hedges"):
        lexicon.load("nouns")
    with pytest.raises(LexiconError, match="mine.csv cannot be read"):
        lexicon.read(tmp_path / "mine.csv")
