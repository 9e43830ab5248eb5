"""Intake: a text from anywhere becomes one that can be numbered, and every change is told."""

import io
import textwrap
import zipfile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kit.base.errors import KitError
from kit.library import datasets
from kit.text.article import Article
from kit.text.intake import MAX_CHARACTERS, Cleaned, IntakeError, clean

STORY = datasets.load_article("harran-talks").text
PARAGRAPHS = STORY.strip().split("\n\n")

SENTENCE = "The ministers met in the old harbour town and spoke for three hours about the islands. "
FILL = SENTENCE * 5


def told(cleaned: Cleaned) -> dict[str, int]:
    return {change.what: change.count for change in cleaned.changes}


def paragraphs(cleaned: Cleaned) -> list[str]:
    return [block.text for block in Article.from_text("own", cleaned.text).blocks]


def cleaned_of(text: str) -> str:
    """Clean a short text by giving it company, and return what became of it."""
    got = clean(f"{text}\n\n{FILL}").text
    assert got.endswith(f"\n\n{FILL.strip()}\n")
    return got.removesuffix(f"\n\n{FILL.strip()}\n")


# -- what is clean stays --------------------------------------------------------------------------


def test_a_clean_text_is_left_alone():
    cleaned = clean(STORY)
    assert cleaned == Cleaned(STORY, (), "")


def test_straight_quotes_dashes_and_other_scripts_are_left_alone():
    text = "\"Straight\" and 'straight' – dash — “curly” … ½ 北京 😀 👩\u200d👩\u200d👧 می\u200cروم"
    assert cleaned_of(text) == text


def test_markup_is_text_like_any_other():
    text = "<script>alert(1)</script> & <b>bold</b> ${x} {y} `z`"
    assert cleaned_of(text) == text


def test_right_to_left_text_keeps_its_marks_and_other_text_loses_them():
    hebrew = "אמר\u200f: שלום \u202a2023\u202c."
    assert cleaned_of(hebrew) == hebrew
    assert cleaned_of("He \u202asaid\u202c\u200e so.") == "He said so."


# -- bytes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (STORY.encode(), "UTF-8"),
        (b"\xef\xbb\xbf" + STORY.encode(), "UTF-8"),
        (b"\xff\xfe" + STORY.encode("utf-16-le"), "UTF-16"),
        (b"\xfe\xff" + STORY.encode("utf-16-be"), "UTF-16"),
    ],
)
def test_unicode_files_are_read_without_a_word(data, encoding):
    assert clean(data) == Cleaned(STORY, (), encoding)


def test_an_old_windows_file_is_read_and_told():
    text = f"He said “no”, at the café – twice. {FILL}"
    cleaned = clean(text.encode("windows-1252"))
    assert cleaned.text == text.strip() + "\n"
    assert cleaned.encoding == "Windows-1252"
    change = cleaned.changes[0]
    assert "Windows-1252" in change.what and "4 special characters" in change.what
    assert change.count == 4 and "“no”" in change.example


def archive(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as folder:
        for name in names:
            folder.writestr(name, "<xml/>")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (archive("[Content_Types].xml", "word/document.xml"), "Word file. Open it, select all"),
        (archive("story.txt"), "zip file. Unpack it"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF file. Open it, select all"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 64, "old Word"),
        (b"{\\rtf1\\ansi Hello}", "rich-text"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html><html><p>Hello", "web page"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "“a.bin” is not a text file"),
        (STORY.encode("utf-16-le"), "“a.bin” is not a text file"),
        (b"\xff\xfe\0", "is not a text file"),
        (b"\x81\x8d\x8f" * 40, "is not a text file"),
        (STORY + "\0", "is not a text file"),
    ],
)
def test_what_is_no_text_is_refused_in_plain_words(data, words):
    with pytest.raises(IntakeError) as refused:
        clean(data, name="a.bin")
    assert words in str(refused.value)
    assert isinstance(refused.value, KitError)


@pytest.mark.parametrize("name", ["../../x.txt", "..\\..\\x.txt", "/etc/x.txt", "x.txt\n"])
def test_a_files_name_is_only_ever_shown(name):
    with pytest.raises(IntakeError, match="^“x.txt” has no words in it"):
        clean(b" \n", name=name)


# -- limits ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("", "no words"),
        (" \n\t\u00a0\r\n\u200b", "no words"),
        ("... – !!! \n\n ?", "no words"),
        ("word " * 49, "49 words"),
        ("word " * (MAX_CHARACTERS // 5 + 1), "200,004 characters"),
        ("word\n" * 2001, "2,001 paragraphs"),
        (b"word " * 2_100_000, "far too long"),
        ("word " * 2_100_000, "far too long"),
    ],
)
def test_limits_are_told_in_numbers(data, words):
    with pytest.raises(IntakeError, match=words):
        clean(data)


def test_fifty_words_are_enough():
    assert clean("word " * 50).text == ("word " * 50).strip() + "\n"


@pytest.mark.parametrize(
    "unit",
    [" ", "\n", "\f", "\u00ad", "\u200d", "\u200d\u00e9", " \u00ad", "-\n", "1\n", "\u00ad\n"],
)
def test_time_grows_with_length_and_no_faster(unit):
    # A pattern that tried every run from every place would take hours here.
    text = FILL + unit * (1_500_000 // len(unit))
    try:
        clean(text)
    except IntakeError:
        pass


# -- characters -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "got", "what"),
    [
        ("one\r\ntwo\rthree", "one\n\ntwo\n\nthree", "Wrote 2 line ends the plain way"),
        ("one\u2028two", "one\n\ntwo", "Wrote 1 line end the plain way"),
        ("one\ftwo", "one\n\ntwo", "Took out 1 page break"),
        ("the \x07bell\x1b", "the bell", "Took out 2 control characters that no screen shows"),
        (
            "oﬃcial ﬁgures",
            "official figures",
            "Took apart 2 joined letters, such as “ﬁ”, into plain letters",
        ),
        ("one\ttwo", "one two", "Turned 1 tab into blanks"),
        (
            "22.7\u00a0% and\u202f5",
            "22.7 % and 5",
            "Turned 2 special blanks (such as blanks that forbid a line break) into ordinary ones",
        ),
        ("zero\u200bwidth\ufeff", "zerowidth", "Took out 2 invisible characters"),
        ("be\u200dtween", "between", "Took out 1 invisible joiner"),
        ("minis\u00adter", "minister", "Took out 1 invisible hyphen inside words"),
        ("one   two", "one two", "Took out surplus blanks in 1 place"),
        ("  one  ", "one", "Took out 2 blanks at the ends of lines"),
        ("half \ud83d an emoji", "half \ufffd an emoji", "Marked 1 broken character with “\ufffd”"),
        ("one\n\n\n\ntwo", "one\n\ntwo", "Took out 2 surplus empty lines"),
        ("one\ntwo", "one\n\ntwo", "Put an empty line between paragraphs in 1 place"),
    ],
)
def test_each_change_is_made_and_told(text, got, what):
    assert cleaned_of(text) == got
    assert what in told(clean(f"{text}\n\n{FILL.strip()}\n"))


def test_an_example_is_not_cut_inside_a_word():
    text = (
        f"Both sides hope for a relationship that lasts, no\u200b doubt about it in Velsk. {FILL}"
    )
    (change,) = clean(text.strip() + "\n").changes
    assert change.example == "that lasts, no doubt about it in"


def test_an_example_shows_where():
    (change,) = clean(f"The oﬃcial figures. {FILL.strip()}\n").changes
    assert change.example.startswith("The oﬃcial figures")


# -- paragraphs -----------------------------------------------------------------------------------


def broken(width: int, between: str) -> str:
    return between.join("\n".join(textwrap.wrap(p, width)) for p in PARAGRAPHS)


@pytest.mark.parametrize("width", [45, 60, 72, 90])
def test_broken_lines_with_empty_lines_between_paragraphs_come_back_whole(width):
    cleaned = clean(broken(width, "\n\n"))
    assert paragraphs(cleaned) == PARAGRAPHS
    what = "Joined {} line breaks inside paragraphs, as PDF files leave them"
    breaks = broken(width, "\n\n").count("\n") - 2 * (len(PARAGRAPHS) - 1)
    assert told(cleaned) == {what.format(breaks): breaks}


def test_broken_lines_without_empty_lines_come_back_as_far_as_one_can_tell():
    cleaned = clean(broken(70, "\n"))
    got = paragraphs(cleaned)
    # No words are lost or moved, and no two paragraphs of the story run into one another.
    assert " ".join(got).split() == " ".join(PARAGRAPHS).split()
    assert {p[:20] for p in PARAGRAPHS} <= {p[:20] for p in got}
    assert len(got) <= len(PARAGRAPHS) + 3


def test_a_sentence_that_ends_with_its_line_ends_the_paragraph_unless_empty_lines_tell():
    lines = [
        "The two ministers came to the harbour town on a Monday and talked of",
        "boats and of who may fish where, and of the men who were still held.",
        "They left by the evening ferry, and nobody on the quay could say how",
        "the talks had gone or whether there would be any others in the year.",
    ]
    text = "\n".join(lines)
    one = [" ".join(lines)]
    assert paragraphs(clean(f"{text}\n{text}")) == [" ".join(lines[:2]), " ".join(lines[2:])] * 2
    assert paragraphs(clean(f"{text}\n\n{text}\n\n{text}")) == one * 3


def test_one_paragraph_a_line_stays_so():
    cleaned = clean("\n".join(PARAGRAPHS))
    assert cleaned.text == STORY
    (change,) = cleaned.changes
    assert change.count == len(PARAGRAPHS) - 1


def test_headlines_of_equal_length_are_no_paragraph():
    headlines = [f"Minister Number {n:02} Arrives in the Harbour Town" for n in range(10, 30)]
    assert paragraphs(clean("\n".join(headlines))) == headlines


DIVIDED = """\
The minister came to the harbour town on Monday and spoke to the minis-
ter of the other side about the islands, which both of them hold to be
their own, and about a high-
stakes visit that somebody had promised to the fishermen of the region
who wait for their boats and for what the two governments might say of
them in the days to come, if indeed they say anything at all about it.
"""


def test_a_divided_word_is_put_together_only_where_the_text_has_it_whole():
    cleaned = clean(DIVIDED)
    assert "spoke to the minister of" in cleaned.text
    assert "a high-stakes visit" in cleaned.text
    assert told(cleaned) == {
        "Joined 5 line breaks inside paragraphs, as PDF files leave them": 5,
        "Put together 1 word that was divided at a line’s end": 1,
        "Left 1 hyphen from a line’s end in its word, because it may belong there": 1,
    }


def test_a_soft_hyphen_at_a_lines_end_divides_a_word():
    cleaned = clean("The min\u00ad\nister came.\n\n" + FILL.strip() + "\n")
    assert paragraphs(cleaned)[0] == "The minister came."
    assert "Put together 1 word that was divided at a line’s end" in told(cleaned)


def test_page_numbers_go_where_they_count_up_in_a_pdf_and_stay_elsewhere():
    lines = broken(70, "\n").split("\n")
    pages = [*lines[:9], "", "Page 3 of 9", "\f" + lines[9], *lines[10:30], "- 4 -", *lines[30:]]
    cleaned = clean("\n".join(pages))
    assert "Took out 2 page numbers" in told(cleaned)
    assert paragraphs(cleaned) == paragraphs(clean("\n".join(lines)))
    uneven = [*lines[:9], "3", *lines[9:30], "2023", *lines[30:]]
    assert {"3", "2023"} <= {*paragraphs(clean("\n".join(uneven)))}
    assert {"1", "2"} <= {*paragraphs(clean(f"1\n{FILL}\n2\n{FILL}"))}


# -- once is enough -------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [*"a.-‐–1 \n\r\t\f\v", "\u00ad", "\u200b", "\u200d", "\u200e", "\u00a0", "ﬁ", "é", "ש", "😀"]
    + ["\x85", "\x07", "\ud800", "\ufeff", "\u2028", "Page 2", "12", "word ", "minis-\n"]
    + ["the ministers of both sides have met again and\n", "\nThey left. "]
)


@settings(max_examples=300)
@given(st.lists(PIECES, max_size=60), st.booleans())
@example(["‐", "\u200d", "\u00ad"], False)
def test_cleaning_twice_changes_nothing(pieces, wrapped):
    text = "".join(pieces) + (broken(70, "\n") if wrapped else f"\n\n{FILL}")
    once = clean(text)
    assert clean(once.text) == Cleaned(once.text, (), "")
    assert clean(once.text.encode()) == Cleaned(once.text, (), "UTF-8")


@settings(max_examples=100)
@given(st.text(max_size=200))
def test_every_line_of_what_comes_out_is_one_block(text):
    if "\0" in text:
        text = text.replace("\0", "")
    cleaned = clean(f"{FILL}\n{text}")
    assert "\n\n".join(paragraphs(cleaned)) + "\n" == cleaned.text


@settings(max_examples=100)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_in_words(data):
    try:
        cleaned = clean(FILL.encode() + data)
    except IntakeError as refused:
        assert "not a text file" in str(refused)
    else:
        assert cleaned.text.startswith("The ministers met")
