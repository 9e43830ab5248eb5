"""Positions that the kit suggests: invented stories, and texts that are no stories."""

import pytest

from kit.coding.coding import Annotation, Coding
from kit.library import datasets
from kit.suggest import position
from kit.suggest.rule import Settings
from kit.text.article import Article

CODEBOOK = datasets.codebook("an-article-of-my-own")

PAGE = """\
Ferry sails again after ten years
Ferry sails again after ten years
By Nora Quill
Port Ellery
The Gull
—
The ferry between Port Ellery and Saltmere sailed on Monday with 200 people aboard.
It is the first crossing in ten years, and it matters because the towns have no other road.
Tam Reed/The Gull
The ferry leaves Port Ellery on 4 May.
Children waved from the quay, and a band played the one tune that it knew.
What happens next
The harbour office said a second ship would follow in June.
A ticket costs six crowns.
The captain was asked whether he would sail in a storm.
“Ask the storm,” he said.
Source
Tags: ferries, harbours
Leave a Reply
Your email address will not be published. Required fields are marked *"""
EXPECTED = """\
headline furniture dateline dateline dateline dateline lede nut-graf caption caption body body body
body kicker kicker furniture furniture furniture furniture""".split()

HOSTILE = {
    "one word": "word",
    "only marks and a word": "“”‘’«»((( a",
    "no sentence end": "the ferry sailed and " * 5_000,
    "nothing but stops": "a" + ". " * 20_000,
    "odd quotation marks": '“He said “no” and "yes ‘maybe\n”“"\'\n' * 50,
    "guillemets": "« Oui », dit-elle. « Non »\n»a«\n" * 50,
    "right to left": "قال الوزير إن المحادثات بدأت اليوم. هل تنتهي؟\nשלום עולם. מה שלומך?\n" * 30,
    "no spaces": "大臣は火曜日に会談を始めた。次はいつか？\n" * 40,
    "emoji": "🚢🌊 The ferry sails 🎉!\n👩‍👩‍👧‍👦\n" * 40,
    "NUL": "The ferry\0 sailed. \0\n\0 It sank.\n",
    "short lines": "a\n" * 3_000,
    "the title again and again": "Ferry sails again\n" * 2_000,
    "credits only": "Photo: A\nA/B\n" * 1_000,
    "years": "In 1899 and 2031 it was 19999. " * 200,
    "byte-order mark": "\ufeffThe ferry sailed on Monday at noon.\r\nIt was late, as ever.\r\n",
}


def article(text, title=""):
    return Article.from_text("an-article-of-my-own", text, title=title)


def positions(text):
    return {
        text.block_at(one.at.start, one.at.end).id: one.codes[0]
        for one in position.find(text, CODEBOOK, Settings())
    }


def found(text, settings=None):
    return list(position.find(article(text), CODEBOOK, settings or Settings()))


def test_every_line_of_a_page_has_its_position():
    lines = PAGE.splitlines()
    got = list(positions(article(PAGE)).values())
    assert list(zip(lines, got, strict=True)) == list(zip(lines, EXPECTED, strict=True))


def test_positions_do_not_need_the_lines_around_a_story():
    story = "\n".join(PAGE.splitlines()[6:8] + PAGE.splitlines()[10:16:2])
    assert " ".join(positions(article(story)).values()) == "lede nut-graf body body kicker"


def test_what_a_page_from_the_web_has_around_its_story():
    lines = (
        "Home | World | Business",
        "Minister lands in Velsk for talks",
        "Foreign Minister Ana Dorn opened talks in Velsk on Tuesday.",
        "Ana Dorn at the harbour of Velsk. Photo: Mira Sol",
        "The talks | the first in years | went on until noon.",
        "It was cold in the old town.",
    )
    got = " ".join(positions(article("\n".join(lines))).values())
    assert got == "furniture headline lede caption nut-graf kicker"


@pytest.mark.parametrize("line", ["Ana Brell/The Post", "Photo: Ana Brell", "(AP Photo/Ana Brell)"])
def test_a_credit_is_part_of_the_picture(line):
    lines = PAGE.splitlines()
    lines[8] = line
    got = found("\n".join(lines))
    assert (got[8].codes, got[8].rule) == (("caption",), "position-credit")


@pytest.mark.parametrize(
    "line",
    [
        "The mayor told reporters on 4 May that the ferry/bus ticket stays.",
        "“It sails,” she said.",
        "The ferry arrives each Friday at the old quay, and leaves again on Sunday.",
    ],
)
def test_a_sentence_of_the_story_is_no_caption(line):
    lines = PAGE.splitlines()
    lines[12] = line
    assert positions(article("\n".join(lines)))["P13"] == "body"


@pytest.mark.parametrize(
    "line",
    [
        "Share this story",
        "Read more: The harbour in pictures",
        "Advertisement",
        "Subscribe to our newsletter",
        "You may also like: Five walks",
        "https://gull.example/ferry",
        "Email *",
    ],
)
def test_words_of_the_page_are_furniture_wherever_they_stand(line):
    lines = PAGE.splitlines()
    lines.insert(12, line)
    assert positions(article("\n".join(lines)))["P13"] == "furniture"


@pytest.mark.parametrize(
    "line",
    [
        "Share prices fell on Monday as the ferry line lost its licence to sail.",
        "Share prices fell by a third.",
        "Recommended by the harbour office, the new route takes an hour less than the old one did.",
        "Follow the coast for an hour and the harbour comes into view at last.",
        "Source after source told the harbour office that the ferry was late.",
        "Comments by the captain upset the people who live near the quay.",
    ],
)
def test_a_story_may_begin_like_the_page(line):
    lines = PAGE.splitlines()
    lines[12] = line
    assert positions(article("\n".join(lines)))["P13"] == "body"


def test_the_known_title_is_found_below_other_lines():
    text = "News\nWorld\nFerry sails again\nThe ferry sailed on Monday.\nFerry sails again"
    got = positions(article(text, "Ferry Sails Again"))
    assert (got["P3"], got["P4"], got["P5"]) == ("headline", "lede", "furniture")


def test_a_picture_may_stand_above_the_dateline():
    text = """Ferry sails again
Ana Dorn waves from the quay on Monday, 4 May.
Tam Reed/The Gull
Velsk
Reuters
The ferry sailed on Monday with two hundred people aboard.
It rained all day."""
    got = " ".join(positions(article(text)).values())
    assert got == "headline caption caption dateline dateline lede body"


def test_a_story_without_a_title_begins_with_its_lede():
    got = positions(article("The ferry sailed on Monday.\nA band played on the quay.\nIt rained."))
    assert got["P1"] == "lede"


def test_a_rule_that_is_off_leaves_its_lines_to_the_others():
    off = Settings(off=frozenset({"position-kicker", "position-credit", "position-caption"}))
    got = [f.codes[0] for f in found(PAGE, off)]
    assert "kicker" not in got and "caption" not in got and len(got) == len(EXPECTED)
    nobody = Settings(off=frozenset(rule.id for rule in position.RULES))
    assert found(PAGE, nobody) == []


@pytest.mark.parametrize("name", HOSTILE)
def test_any_text_has_an_answer_that_the_codebook_takes(name):
    text = article(HOSTILE[name])
    labels = [
        Annotation(text.block_at(f.at.start, f.at.end).id, "position", f.at, f.codes)
        for f in position.find(text, CODEBOOK, Settings())
    ]
    assert len(Coding(text, CODEBOOK, "rules", labels)) == len(labels)
    assert len(positions(text)) == len(text.blocks)


@pytest.mark.parametrize("rule", position.RULES, ids=lambda rule: rule.id)
def test_every_rule_finds_something_in_its_example(rule):
    assert rule.id in {f.rule for f in found(rule.example)}
    assert rule.says.endswith(".")


def test_no_two_rules_have_one_name():
    assert len({rule.id for rule in position.RULES}) == len(position.RULES)


# The rules know news stories; readouts and transcripts are built in other ways.
STORIES = ("blinken-beijing-2023", "harran-talks", "ennick-wire", "ennick-analysis")


@pytest.mark.parametrize("id", STORIES)
def test_the_suggested_positions_are_worth_arguing_with(id):
    text, reference = datasets.load_article(id), datasets.load_reference(id)
    wanted, got = reference.coding.codes("position"), positions(text)
    same = sum(got[block] == code for block, code in wanted.items())
    assert same >= 0.9 * len(wanted)
