"""Positions and roles that the kit suggests: invented stories, and texts that are no stories."""

import csv
import re

import pytest

from kit.coding.coding import Annotation, Coding
from kit.library import datasets
from kit.suggest import position, role
from kit.suggest.position import positions
from kit.suggest.role import NONE, ROLES, Line, features, load, scores
from kit.suggest.rule import Settings
from kit.text.article import Article

CODEBOOK = datasets.codebook("an-article-of-my-own")
TABLE = datasets.root() / "kit" / "suggest" / "role_weights.csv"

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


def found(module, text, settings=None):
    return list(module.find(article(text), CODEBOOK, settings or Settings()))


# -- positions -----------------------------------------------------------------------------------


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
    got = found(position, "\n".join(lines))
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
    got = [f.codes[0] for f in found(position, PAGE, off)]
    assert "kicker" not in got and "caption" not in got and len(got) == len(EXPECTED)
    nobody = Settings(off=frozenset(rule.id for rule in position.RULES))
    assert found(position, PAGE, nobody) == []


# -- roles ---------------------------------------------------------------------------------------


def test_roles_are_given_to_the_paragraphs_of_the_story_only():
    place = positions(article(PAGE))
    story = {id for id, code in place.items() if code in CODEBOOK.layer("role").story}
    text = article(PAGE)
    got = {text.block_at(f.at.start, f.at.end).id for f in found(role, PAGE)}
    assert got == story


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("Officials hope the ferry will sail again next year and could expand.", "expectation"),
        ("In 1931 and in 1954 the harbour was closed for years.", "historical-event"),
        ("“I think it is wrong and unfair, and we should be angry,” she said.", "evaluation"),
    ],
)
def test_plain_sentences_get_the_role_they_call_for(sentence, wanted):
    lines = PAGE.splitlines()
    lines[12] = sentence
    text = article("\n".join(lines))
    got = {text.block_at(f.at.start, f.at.end).id: f.codes[0] for f in found(role, text.text)}
    assert got["P13"] == wanted
    assert got["P7"] == "main-event"


def test_a_score_is_the_sum_of_the_weights():
    line = Line("The ferry will sail on Monday.")
    table = load()
    rows = [table[f] for f in features("", [line])[0] if f in table]
    rows += [table["always"], table["after nothing"]]
    sums = [sum(column) for column in zip(*rows, strict=True)]
    (got,) = scores("", [line])
    assert got == pytest.approx([value - max(sums) for value in sums])


def test_the_role_before_counts():
    nine = len(ROLES) + 1
    only = {"word storm": (1.0,) + (0.0,) * (nine - 1)}
    only["after main-event"] = (0.0, 2.0) + (0.0,) * (nine - 2)
    first, second = scores("", [Line("A storm."), Line("A quay.")], only)
    assert first.index(max(first)) == 0 and second.index(max(second)) == 1
    assert max(first) == max(second) == 0


def test_longer_stories_agree_with_trying_every_way():
    from itertools import product

    table = load()
    lines = [Line(text) for text in ("The ferry sailed.", "It was late.", "It will sail again.")]
    own = []
    for these in features("", lines):
        rows = [table[f] for f in these if f in table] + [table["always"]]
        own.append([sum(column) for column in zip(*rows, strict=True)])
    names = (*ROLES, NONE)
    best = {}
    for way in product(range(len(names)), repeat=3):
        total = table["after nothing"][way[0]] + sum(own[n][k] for n, k in enumerate(way))
        total += sum(table[f"after {names[a]}"][b] for a, b in zip(way, way[1:]))
        for n, k in enumerate(way):
            best[n, k] = max(best.get((n, k), -1e9), total)
    top = max(best.values())
    for n, row in enumerate(scores("", lines)):
        assert row == pytest.approx([best[n, k] - top for k in range(len(names))])


def test_the_rule_of_roles_can_be_switched_off():
    assert found(role, PAGE, Settings(off=frozenset({"role-weights"}))) == []


def test_the_table_keeps_only_what_many_stories_share():
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["feature"] for row in rows}) == len(rows)
    assert all(int(row["stories"]) >= 20 for row in rows)
    words = [row["feature"] for row in rows if row["feature"].startswith(("word ", "opens "))]
    assert words and all(len(word.split()) <= 3 for word in words)
    for row in rows:
        assert all(re.fullmatch(r"-?\d\.\d\d", row[name]) for name in (*ROLES, NONE)), row


def test_features_are_made_in_the_same_way_every_time():
    lines = [Line(line) for line in PAGE.splitlines()]
    assert features("Ferry sails", lines) == features("Ferry sails", lines)
    made = set().union(*features("Ferry sails", lines * 12))
    plain = {f for f in load() if f.split(" ")[0] in ("place", "part", "opens", "title", "length")}
    assert plain & made, "the table's features are not those that are made"


# -- both ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", HOSTILE)
def test_any_text_has_an_answer_that_the_codebook_takes(name):
    text = article(HOSTILE[name])
    for module in (position, role):
        labels = [
            Annotation(text.block_at(f.at.start, f.at.end).id, module.RULES[0].layer, f.at, f.codes)
            for f in module.find(text, CODEBOOK, Settings())
        ]
        coding = Coding(text, CODEBOOK, "rules", labels)
        assert len(coding) == len(labels)
    assert len(positions(text)) == len(text.blocks)


@pytest.mark.parametrize("rule", [*position.RULES, *role.RULES], ids=lambda rule: rule.id)
def test_every_rule_finds_something_in_its_example(rule):
    module = position if rule in position.RULES else role
    assert rule.id in {f.rule for f in found(module, rule.example)}
    assert rule.says.endswith(".") and rule.layer == module.RULES[0].layer


def test_no_two_rules_have_one_name():
    rules = [*position.RULES, *role.RULES]
    assert len({rule.id for rule in rules}) == len(rules)


@pytest.mark.parametrize("id", datasets.article_ids())
def test_the_suggested_positions_are_worth_arguing_with(id):
    text, reference = datasets.load_article(id), datasets.load_reference(id)
    wanted, got = reference.coding.codes("position"), positions(text)
    same = sum(got[block] == code for block, code in wanted.items())
    assert same >= 0.9 * len(wanted)
