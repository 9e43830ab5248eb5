"""Intake: a text from anywhere becomes one that can be numbered, and every change is told."""

import io
import re
import textwrap
import unicodedata
import zipfile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kit.base.errors import KitError
from kit.library import datasets
from kit.text.article import Article
from kit.text.intake import MAX_CHARACTERS, Choices, Cleaned, IntakeError, clean

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
        "Put together 1 word divided at a line’s end": 1,
        "Kept 1 hyphen from lines’ ends that a word may need": 1,
    }


def test_a_soft_hyphen_at_a_lines_end_divides_a_word():
    cleaned = clean("The min\u00ad\nister came.\n\n" + FILL.strip() + "\n")
    assert paragraphs(cleaned)[0] == "The minister came."
    assert "Put together 1 word divided at a line’s end" in told(cleaned)


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


# -- texts from elsewhere --------------------------------------------------------------------------

NEWS = (
    "Ferry talks end in Port Sorrel\n\n"
    "HALM — The company that runs the ferries said on Tuesday that it would not pay more. “We have "
    "nothing to add,” Marta Devlin, its director, said at the café in the harbour.\n\n"
    "The boatmen’s union wants 5 % more. Its leader, José Ñúñez, said the naïve offer was “a "
    "joke”.\n\nNobody could say whether the boats will sail on Monday. The mayor hopes so, and so "
    "do the shops on the island.\n"
)


def test_letters_and_their_accents_become_one_character():
    cleaned = clean(unicodedata.normalize("NFD", NEWS))
    assert cleaned.text == NEWS
    (change,) = cleaned.changes
    assert change.what == "Wrote 6 letters and the accent on it as one character"
    assert clean(NEWS).changes == ()
    assert (
        cleaned_of("Chloe\u0308, A\u030angstro\u0308m, ka\u0300fe\u0301") == "Chloë, Ångström, kàfé"
    )


@pytest.mark.parametrize("encoding", ["windows-1252", "latin-1"])
def test_garbled_letters_are_read_anew_unless_somebody_says_no(encoding):
    garbled = "".join(
        bytes([b]).decode(encoding if encoding == "latin-1" or _in_windows(b) else "latin-1")
        for b in NEWS.encode()
    )
    assert "cafÃ©" in garbled
    cleaned = clean(garbled)
    assert cleaned.text == NEWS and cleaned.garbled
    assert cleaned.changes[0].what == "Read 12 garbled letters as the letters that they were"
    kept = clean(garbled, choices=Choices(repair=False))
    assert "cafÃ©" in kept.text and kept.garbled


def _in_windows(byte):
    return byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)


@pytest.mark.parametrize(
    "text",
    ["Il dit «le café»\u2009: non.", "ÂME, ÄTNA, ÉTÉ”", "João Âncora, Señor Ã", "Łódź – „tak”"],
)
def test_letters_that_only_look_garbled_stay(text):
    cleaned = clean(f"{text}\n\n{FILL}")
    assert not cleaned.garbled and text.replace("\u2009", " ") in cleaned.text


@pytest.mark.parametrize(
    ("source", "tags"),
    [
        (NEWS.replace("\n\n", "<br><br>").replace("\n", ""), 6),
        (NEWS.replace("—", "&mdash;").replace("é", "&eacute;").replace("“", "&ldquo;"), 0),
        (
            "<h1>Ferry talks end in Port Sorrel</h1>\n"
            + "\n".join(f'<p class="s">{p}</p>' for p in NEWS.strip().split("\n\n")[1:]),
            4,
        ),
        (
            '<meta charset="utf-8"><style>p { color: red }</style><article><h1>Ferry talks end in '
            "Port <i>Sorrel</i></h1>\n"
            + "".join(f"<p>{p}</p>".replace(". ", ".\n  ") for p in NEWS.strip().split("\n\n")[1:])
            + "<script>track('a')</script></article>",
            9,
        ),
        (
            "".join(f"<div>{p.replace('’', '&#8217;')}</div>" for p in NEWS.strip().split("\n\n")),
            4,
        ),
    ],
    ids=["br", "entities", "h1", "meta", "div"],
)
def test_the_source_of_a_page_is_read_as_a_reader_sees_it(source, tags):
    for data in (source, source.encode()):
        cleaned = clean(data)
        assert cleaned.text == NEWS
        if tags:
            assert f"Took out {tags} tags of a web page’s source" in told(cleaned)


def test_angle_brackets_and_signs_that_are_no_source_stay():
    for text in ("a < b and c > d", "the <b>bold</b> &", "R&D; &nosuchletter; &c.", "<3 <- ->"):
        assert cleaned_of(text) == text


PAGES = """\
Ferry talks end in Port Sorrel
without a deal for the islands

By Nora Finch

HALM — The company that runs the ferries said on Tuesday
that it would not pay more, and that a third round of talks
would be “pointless” unless the boatmen drop their high-
stakes demand for a week of paid leave. “We have nothing to
add,” Marta Devlin, its director, said in the harbour. Ne-
gotiations began in March and were to end in May.
THE HARBOUR POST 3 MAY 2027
2
The boatmen’s union wants five per cent more and has asked
the mayor to step in, a request that he has turned down
twice. Its leader, José Ñúñez, said the offer was “a joke”
and that negotiations would go on only if the com-
pany’s director left the room. He would not say when
THE HARBOUR POST 3 MAY 2027
3
the next round might take place, nor whether the boats will
sail on Monday, when the island’s school opens again.

Nobody could say whether that is likely. The mayor hopes
so, and so do the shops on the island.
THE HARBOUR POST 3 MAY 2027
4
"""


@pytest.mark.parametrize(
    "pages",
    [
        PAGES,
        PAGES.replace("THE HARBOUR POST 3 MAY 2027", "\nThe Harbour Post — Monday\n"),
        re.sub(r"(THE HARBOUR.*)\n(\d)", r"\2\n\1", PAGES),
        re.sub(r"(THE HARBOUR POST) 3 MAY 2027\n(\d)", r"\1 12\2\nPage \2 of 4", PAGES),
    ],
)
def test_what_stands_at_the_edge_of_every_page_goes(pages):
    cleaned = clean(pages)
    assert "harbour post" not in cleaned.text.casefold() and "\n2\n" not in cleaned.text
    for whole in (
        "their high-stakes demand for",
        "said in the harbour. Negotiations began",
        "only if the company’s director",
        "He would not say when the next round might",
    ):
        assert whole in cleaned.text
    (change,) = (one for one in cleaned.changes if "stood at the edge of every page" in one.what)
    assert change.count == 3
    # Each line that is gone can be read.
    at_the_edge = [line.strip() for line in pages.split("\n") if "harbour post" in line.casefold()]
    assert change.example == " / ".join(dict.fromkeys(at_the_edge))


def test_a_line_of_the_story_that_is_no_header_stays():
    pages = PAGES.replace("THE HARBOUR POST 3 MAY 2027\n3", "Photo: Lea Mill\n3")
    assert "Photo: Lea Mill" in clean(pages).text


def test_divided_words_are_offered_one_by_one():
    cleaned = clean(PAGES)
    assert cleaned.divided == ("high-stakes",)
    together = clean(PAGES, choices=Choices(whole=frozenset(cleaned.divided)))
    assert "their highstakes demand" in together.text
    other = PAGES.replace("Ne-\ngotiations", "Nego-\ntiable terms")
    assert clean(other).divided == ("high-stakes", "Nego-tiable")
    chosen = clean(other, choices=Choices(whole=frozenset({"Nego-tiable"})))
    assert "Negotiable terms" in chosen.text and "high-stakes" in chosen.text


INDENTED = textwrap.dedent("""\
      Ferry talks end in Port Sorrel

      HALM — The company that runs the ferries said on Tuesday
    that it would not pay more, and that a third round of talks
    would be pointless unless the boatmen drop their demand.
      The boatmen’s union wants five per cent more and has asked
    the mayor to step in, a request that he has turned down.
      Its leader said the offer was “a joke” and that
    negotiations would go on only if the director left the room.
    He would not say when the next round might take place.
      Nobody could say whether that is likely. The mayor hopes
    so, and so do the shops on the island.
    """)


@pytest.mark.parametrize("indent", ["  ", "\t\t", "      ", "\u3000\u3000"])
def test_an_indented_line_begins_a_paragraph(indent):
    cleaned = clean(INDENTED.replace("\n  ", f"\n{indent}"))
    assert [p.split()[0] for p in paragraphs(cleaned)] == ["Ferry", "HALM", "The", "Its", "Nobody"]
    assert paragraphs(cleaned)[3].endswith("only if the director left the room. He would not say "
                                           "when the next round might take place.")  # fmt: skip


@pytest.mark.parametrize("mark", ["> ", ">> ", ">", "> > "])
def test_the_marks_of_a_quoting_mail_go(mark):
    lines = textwrap.dedent(INDENTED).replace("  ", "").split("\n")
    lines[2:2] = [""]
    mail = "\n".join(f"{mark}{line}" for line in broken(60, "\n\n").split("\n"))
    cleaned = clean(mail)
    assert paragraphs(cleaned) == PARAGRAPHS
    assert any(change.startswith("Took the mark of a quoting mail") for change in told(cleaned))


def test_one_quoted_line_is_text():
    assert cleaned_of("> so he wrote") == "> so he wrote"


@pytest.mark.parametrize("bullet", ["•", "-", "–", "1.", "*"])
def test_three_bullets_stay_three_lines(bullet):
    points = [
        f"{bullet} water from the river, which both of them want for their fields",
        f"{bullet} money for the ferry, which the shops on the island pay for now",
        f"{bullet} people who were held in the spring and whose families ask again",
    ]
    lines = broken(66, "\n").split("\n")
    got = paragraphs(clean("\n".join([*lines[:12], *points, *lines[12:]])))
    assert [p for p in got if p.startswith(bullet)][:2] == points[:2]
    assert any(p.startswith(points[2]) for p in got)


def test_lines_are_left_out_by_their_numbers():
    cleaned = clean(
        f"Menu\n\n{FILL}\n\nAll rights reserved", choices=Choices(out=frozenset({1, 3}))
    )
    assert paragraphs(cleaned) == [FILL.strip()]
    assert told(cleaned)["Left out 2 paragraphs as you chose"] == 2
