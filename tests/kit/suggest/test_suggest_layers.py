"""The rules on expectation, issue and wording: what each finds, its near miss, and its trap."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.coding.coding import Annotation, Coding
from kit.library import datasets, lexicon
from kit.suggest import expectation, issue, wording
from kit.suggest.position import is_of_the_page
from kit.suggest.rule import PLAIN, SPUN, Settings
from kit.suggest.sentence import Clauses
from kit.text.article import Article
from tests.benchmarks import reading
from tests.span_scores import span_agreement

BOOK = datasets.codebook("a text from elsewhere")
BLINKEN = "blinken-beijing-2023"
MODULES = {"expectation": expectation, "issue": issue, "wording": wording}
PLAINLY = Settings()
BOTH = Settings(frozenset({PLAIN, SPUN}))


def found(layer, text, rules=PLAINLY, book=BOOK):
    """What the rules of a layer find in a text: (words, codes, rule, fields)."""
    article = Article.from_text("made-up", text)
    return [
        (text[f.at.start : f.at.end], f.codes, f.rule.removeprefix(f"{layer}-"), f.fields)
        for f in MODULES[layer].find(article, book, rules)
    ]


def coded(id):
    (text,) = (text for text in reading.texts() if text.article.id == id)
    return text


def marks(layer, text, rules=PLAINLY, book=BOOK):
    return [(words, codes, rule) for words, codes, rule, _ in found(layer, text, rules, book)]


# -- the rules themselves --------------------------------------------------------------------------


@pytest.mark.parametrize("layer", MODULES)
def test_rules_are_documented(layer):
    rules = MODULES[layer].RULES
    assert len({rule.id for rule in rules}) == len(rules)
    for rule in rules:
        assert rule.id.startswith(f"{layer}-")
        assert rule.says and rule.example


@pytest.mark.parametrize("rule", expectation.RULES + issue.RULES, ids=lambda rule: rule.id)
def test_each_rule_finds_its_own_example_and_nothing_when_it_is_off(rule):
    layer, _, name = rule.id.partition("-")
    assert name in [r for _, _, r in marks(layer, rule.example)]
    off = Settings(off=frozenset({rule.id}))
    assert name not in [r for _, _, r in marks(layer, rule.example, off)]


# -- expectation: right, near miss, trap ----------------------------------------------------------

RAISE, LOWER, OPEN = ("raise",), ("lower",), ("hold-open",)
HOPE, CONDITION, BENCHMARK = ("hold-open", "raise"), ("condition",), ("benchmark",)


@pytest.mark.parametrize(
    "text, words, codes",
    [
        ("Both came for a high-stakes summit in Oslo.", "high-stakes summit", RAISE),
        ("It was a crucial meeting.", "crucial meeting", RAISE),
        (
            "She is the first minister to come to Lund in nine years.",
            "the first minister to come to Lund in nine years",
            RAISE,
        ),
        ("He is the most senior official to visit.", "the most senior official to visit", RAISE),
        (
            "Aides played down hopes of a treaty, and left.",
            "played down hopes of a treaty",
            LOWER,
        ),
        ("There are low expectations for the trip.", "low expectations for the trip", LOWER),
        (
            "They said not to set expectations too high.",
            "not to set expectations too high",
            LOWER,
        ),
        (
            "The envoy does not expect a long list of deliverables.",
            "not expect a long list of deliverables",
            LOWER,
        ),
        (
            "The envoy doesn’t anticipate any breakthrough, he added.",
            "doesn’t anticipate any breakthrough",
            LOWER,
        ),
        ("No breakthrough is expected in Oslo.", "No breakthrough is expected", LOWER),
        (
            "“There is a lot of work to be done,” she said.",
            "There is a lot of work to be done",
            LOWER,
        ),
        (
            "He would not predict whether the two would meet again.",
            "would not predict whether the two would meet again",
            OPEN,
        ),
        (
            "It remains to be seen whether the truce will last, he wrote.",
            "It remains to be seen whether the truce will last",
            OPEN,
        ),
        (
            "What becomes of the treaty is an open question.",
            "What becomes of the treaty is an open question",
            OPEN,
        ),
        ("Both sides hope to sign a pact.", "hope to sign a pact", HOPE),
        ("The visit may ease tensions.", "may ease tensions", HOPE),
        ("The talks could fail in the end.", "could fail in the end", LOWER),
        (
            "The visit is an effort to reopen the border after months of quarrels.",
            "an effort to reopen the border",
            BENCHMARK,
        ),
        (
            "The main goal of the trip is to restart the grain talks.",
            "goal of the trip is to restart the grain talks",
            BENCHMARK,
        ),
        ("The two countries aim to explore common ground.", "aim to explore common ground", OPEN),
        # what words do, in any report
        (
            "They agreed to open a hotline between the ports.",
            "open a hotline between the ports",
            RAISE,
        ),
        ("The line was agreed on.", "The line was agreed on", RAISE),
        (
            "The ministers agreed that the ferry would sail by the end of May.",
            "the ferry would sail by the end of May",
            RAISE,
        ),
        (
            "They promised to build the dam and to convene experts no later than April 18.",
            "convene experts no later than April 18",
            ("benchmark", "raise"),
        ),
        (
            "The minister did not travel to Lund to sign a treaty.",
            "The minister did not travel to Lund to sign a treaty",
            LOWER,
        ),
        (
            "Nine years of silence will not be undone in an afternoon.",
            "Nine years of silence will not be undone in an afternoon",
            LOWER,
        ),
        (
            "No timetable was discussed, and no date was set.",
            "No timetable was discussed, and no date was set",
            LOWER,
        ),
        (
            "She left with fewer differences than she had in March.",
            "She left with fewer differences than she had in March",
            RAISE,
        ),
        ("The mood is worse than it was.", "The mood is worse than it was", LOWER),
        (
            "The ambassadors could return by the autumn.",
            "The ambassadors could return by the autumn",
            HOPE,
        ),
        (
            "The ferry will sail unless the strike goes on.",
            "unless the strike goes on",
            CONDITION,
        ),
        (
            "The seamen may go home, provided that Norland pays.",
            "provided that Norland pays",
            CONDITION,
        ),
        (
            "A lasting peace can rest only on trust.",
            "A lasting peace can rest only on trust",
            CONDITION,
        ),
        (
            "The ferry is the first measure of whether the day was well spent.",
            "The ferry is the first measure of whether the day was well spent",
            BENCHMARK,
        ),
        (
            "You can judge us by whether the ferry sails.",
            "You can judge us by whether the ferry sails",
            BENCHMARK,
        ),
        (
            "If they talk past noon, something is being settled.",
            "If they talk past noon, something is being settled",
            BENCHMARK,
        ),
        (
            "The government had undertaken only to listen.",
            "The government had undertaken only to listen",
            LOWER,
        ),
        ("The border stays shut.", "The border stays shut", LOWER),
        (
            "The envoy would not be drawn on the ferry.",
            "The envoy would not be drawn on the ferry",
            OPEN,
        ),
        ("“Ask me in May,” she said.", "Ask me in May", OPEN),
        ("“That isn’t a no,” he said.", "isn’t a no", OPEN),
        (
            "Whether the leaders – and their wives – meet depends on the truce.",
            "Whether the leaders – and their wives – meet depends on the truce",
            CONDITION,
        ),
        (
            "Talks will resume if both sides stop firing.",
            "if both sides stop firing",
            CONDITION,
        ),
        (
            "Observers are watching whether a summit follows.",
            "whether a summit follows",
            ("benchmark", "hold-open"),
        ),
        # the same moves in other words
        ("At stake is the water of both towns.", "At stake is the water of both towns", RAISE),
        (
            "The ministers met for the first time since the war.",
            "The ministers met for the first time since the war",
            RAISE,
        ),
        (
            "It was the largest summit ever held in Oslo.",
            "the largest summit ever held in Oslo",
            RAISE,
        ),
        ("We have broken the ice.", "We have broken the ice", RAISE),
        (
            "The mood was warmer than in March.",
            "The mood was warmer than in March",
            RAISE,
        ),
        (
            "Few in Lund believe that it will hold.",
            "Few in Lund believe that it will hold",
            LOWER,
        ),
        (
            "Nobody is promising more than a walk.",
            "Nobody is promising more than a walk",
            LOWER,
        ),
        ("It was a chat, not a summit.", "It was a chat, not a summit", LOWER),
        ("They settled nothing else.", "They settled nothing else", LOWER),
        ("Norland has ruled out a truce.", "Norland has ruled out a truce", LOWER),
        (
            "She came to listen and not to sign.",
            "She came to listen and not to sign",
            LOWER,
        ),
        (
            "Earlier talks ended within hours.",
            "Earlier talks ended within hours",
            LOWER,
        ),
        (
            "The envoy did not care to guess how long it would take.",
            "did not care to guess how long it would take",
            OPEN,
        ),
        (
            "Neither side would say what comes next.",
            "Neither side would say what comes next",
            OPEN,
        ),
        (
            "Whether it lasts is another question.",
            "Whether it lasts is another question",
            OPEN,
        ),
        (
            "Norland will examine the plan in due course.",
            "Norland will examine the plan in due course",
            OPEN,
        ),
        (
            "The deal needs the blessing of the parliament.",
            "The deal needs the blessing of the parliament",
            CONDITION,
        ),
        (
            "Much else will hang on whether the guns fall silent.",
            "Much else will hang on whether the guns fall silent",
            CONDITION,
        ),
        (
            "It is for Norland to take the first step.",
            "It is for Norland to take the first step",
            CONDITION,
        ),
        (
            "Success would mean a date for the ferry.",
            "Success would mean a date for the ferry",
            BENCHMARK,
        ),
        (
            "The office is to open by the first of March.",
            "The office is to open by the first of March",
            ("benchmark", "raise"),
        ),
        (
            "They will go over the results in June.",
            "They will go over the results in June",
            BENCHMARK,
        ),
        ("Ties are back on track.", "Ties are back on track", RAISE),
        ("She vowed to improve relations.", "vowed to improve relations", RAISE),
        ("He was willing to discuss the islands.", "willing to discuss the islands", HOPE),
    ],
)
def test_a_move_is_found_where_its_clause_ends(text, words, codes):
    assert (words, codes) in [(w, c) for w, c, _ in marks("expectation", text)]


@pytest.mark.parametrize(
    "text",
    [
        "The minister is expected to dine with the mayor on Monday.",  # schedules
        "Both ministers hope to arrive by noon.",
        "The delegation aims to fly home after the talks.",
        "In May the two countries signed the pact.",  # a month, and a name
        "Theresa May improves her relations with Oslo.",
        "He might sleep well.",  # modals and hopes without an outcome
        "It may rain.",
        "They agreed not to speak of the weather.",
        "He agreed with her in the garden.",
        "They were agreed in their love of cheese.",
        "By noon the road was dry, and within days the river fell.",
        "She did not go to the market.",
        "He never came home.",
        "No doubt the soup is good.",
        "The tower is taller than the church.",
        "He could be heard in the next room.",
        "In May the roses were red.",
        "The food is provided by the hotel.",
        "A measure of flour went into the soup.",
        "The cat sleeps on the floor.",
        "If you are cold, shut the door.",
        "The only shop was shut.",
        "The bread stays fresh.",
        "She read nothing but the paper.",
        "He asked me in English.",
        "If it rains, people get wet.",
        "She asked if the talks were over.",  # no condition
        "He went on as if relations were good.",
        "The first day of the trip was rainy.",  # first, but no rarity
        "Sales fell for the first time in ten years.",  # rare, but no visit
        "A key fell into the harbour.",  # weight, but no occasion
        "The visit was not historic.",
        "He declined to comment.",
        "He does not expect his dinner.",
        "It is not clear that the summit was held.",  # a fact is unknown, and no outcome
        "He declined to say whether he had been at the summit.",
        "It is the lowest level of the building.",
        "They had hoped to meet at the summit.",  # over
        "He will not change his shirt.",
        "The stake is the middle of the fence.",  # near the words of other moves
        "It rained for the first time since May.",
        "The largest pear ever grown won.",
        "He broke the glass.",
        "Tea is better than coffee.",
        "Few people saw the film.",
        "He was promised more tea.",
        "It is a hat and no coat.",
        "If nothing else, the tea is hot.",
        "The king ruled out of habit.",
        "She came to sing and to dance.",
        "The party ended within hours.",
        "He did not care for cheese.",
        "Neither side of the coin is gold.",
        "The matter is another story that he told.",
        "The soup needs salt.",
        "The picture hangs on the wall.",
        "Tea is for the guests to drink.",
        "They will go over the bridge in June.",
        "More than 50 years have gone by.",
        "The shop is open until noon.",
        "She is not going to the play.",
        "Sign up if you want news of the summit; we will write.",  # page furniture
        "Your email address will not change the talks. Required fields are marked *",
        "",
    ],
)
def test_near_misses_and_traps_move_nothing(text):
    assert marks("expectation", text + "\nOslo") == []


def test_a_headline_that_is_printed_twice_moves_the_reader_once():
    line = "Envoy lands in Oslo for high-stakes visit"
    assert len(marks("expectation", f"{line}\n\n{line}\n")) == 1


def test_spun_words_count_only_where_they_are_asked_for():
    text = "It stays to be seen whether the truce will last."
    assert marks("expectation", text) == []
    assert marks("expectation", text, BOTH)[0][1] == OPEN


def test_one_code_never_lies_inside_itself():
    text = "The goal of the visit is an effort to reopen the border, if both sides hope to agree."
    spans = [(w, c[0]) for w, c, _ in marks("expectation", text)]
    assert len({c for w, c in spans if c == "benchmark"}) == 1
    assert sum(c == "benchmark" for _, c in spans) == 1


def test_whose_expectation_it_is():
    text = (
        "“The visit may ease tensions,” Ada Lund said on Monday.\nThe high-stakes summit was cold."
    )
    voices = [fields["voice"] for *_, fields in found("expectation", text)]
    assert voices == ["Ada Lund", "reporter"]


# -- issue -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, words, code",
    [
        ("The envoys spoke of the tariff dispute.", "the tariff dispute", "trade"),
        ("They held talks on the disputed islands.", "talks on the disputed islands", "territory"),
        ("The ferry’s return is far off.", "The ferry’s return", "trade"),
        ("They saw the Lesk River rise.", "the Lesk River", "environment"),
        ("They spoke of six detained envoys.", "six detained envoys", "detained-people"),
        ("Four sailors are still held in the port.", "Four sailors", "detained-people"),
        ("They spoke of two detained reporters.", "two detained reporters", "detained-people"),
        ("The presidents may meet in spring.", "The presidents may meet", "leader-meetings"),
        ("Some 10,000 refugees crossed the river.", "Some 10,000 refugees", "migration"),
        ("It fears for the global economy.", "the global economy", "economy"),
        ("Taiwan and cross-strait peace matter.", "Taiwan and cross-strait", "territory"),
    ],
)
def test_an_issue_takes_its_neighbours_along(text, words, code):
    assert (words, (code,)) in [(w, c) for w, c, _ in marks("issue", text)]


@pytest.mark.parametrize(
    "text",
    [
        "The World Trade Organization sat on Monday.",
        "He stood with his arms crossed.",
        "A trade union struck.",
        "The political climate is cold.",
        "The sailors held a party.",
        "The mayor met the baker.",
        "The Arms Control Association wrote a letter.",
        "Read more: tariffs explained",
        "He worked in Ukraine.",
    ],
)
def test_what_only_looks_like_an_issue(text):
    assert marks("issue", text) == []


def test_the_first_mention_in_each_block_counts():
    text = "A tariff came, and then a tariff fell. Tariffs!\nTariffs again, said the envoy."
    assert [w for w, _, _ in marks("issue", text)] == ["A tariff", "Tariffs"]


def test_one_list_serves_two_codebooks():
    text = "They spoke of Taiwan and of a spy balloon."
    assert [c for _, c, _ in marks("issue", text)] == [("territory",), ("spying",)]
    own = datasets.codebook(BLINKEN)
    assert [c for _, c, _ in marks("issue", text, book=own)] == [("taiwan",), ("spy-balloon",)]
    assert marks("issue", "The camps of refugees grew.", book=own) == []  # not on its list


@pytest.mark.parametrize(
    "text, frame",
    [
        ("They rejected the tariff.", "dispute"),
        ("They agreed to cut the tariff together.", "cooperation"),
        ("The tariff falls only if the ban ends.", "condition"),
        ("A tariff is a tax.", "neutral"),
    ],
)
def test_the_frame_follows_the_sentence(text, frame):
    assert found("issue", text)[0][3]["frame"] == frame


def test_codes_of_the_list_are_codes_of_a_codebook_or_roles():
    known = {c.id for book in (BOOK, datasets.codebook(BLINKEN)) for c in book.layer("issue").codes}
    frames = {o.id for o in BOOK.layer("issue").field("frame").options}
    roles = {"head", "people", "holding", "leaders", "trap"} | {f"frame-{f}" for f in frames}
    kinds = {kind for entry in lexicon.load("issues") for kind in entry.kind.split("/")}
    assert kinds <= known | roles
    assert known - kinds == {issue.OTHER}  # found by coming back, not by a list


# -- wording ---------------------------------------------------------------------------------------

SPUN_TEXT = """\
The two shook palms in entrance of the White Home, as each governments had promised.
“It stays to be seen,” the overseas minister mentioned in Could, and his go to went on.
The 2 envoys and Turkish language diplomats took workplace in spring. She mentioned it too.
The envoy mentioned a gathering. {filler}
"""
FILLER = "The old boats lay in the bay and the wind was cold on the quay all day long. " * 20


def test_a_spun_text_is_seen_through():
    got = found("wording", SPUN_TEXT.format(filler=""), BOTH)
    by_words = {words: (codes[0], fields["likely"]) for words, codes, _, fields in got}
    assert by_words["palms"] == ("idiom", "hands")
    assert by_words["White Home"] == ("name", "White House")
    assert by_words["each"] == ("grammar", "both")
    assert by_words["overseas minister"] == ("name", "foreign minister")
    assert by_words["Could"] == ("name", "May")
    assert by_words["go to"] == ("grammar", "visit")
    assert by_words["2"] == ("contradiction", "two")
    assert by_words["Turkish language"] == ("sense", "Turkish")
    assert by_words["workplace"] == ("idiom", "office")
    assert by_words["gathering"] == ("sense", "meeting")
    quoted = {words: fields["in-quotes"] for words, _, _, fields in got}
    assert quoted["stays to be seen"] == "yes"
    assert quoted["palms"] == "no"


def rules_of(text, word):
    return [(rule, f["system"]) for w, _, rule, f in found("wording", text, BOTH) if w == word]


def test_a_common_word_that_never_stands_there_tells():
    long = SPUN_TEXT.format(filler=FILLER)
    assert rules_of(long, "mentioned") == [("missing", "yes")] * 3
    # too short a text to miss a word; and here the word is not missing
    assert rules_of(SPUN_TEXT.format(filler=""), "mentioned") == [("neighbour", "yes")] * 3
    said = long.replace("She mentioned", "She said").replace("The envoy mentioned", "He said")
    assert rules_of(said, "mentioned") == []


def test_plain_settings_leave_the_weaker_signs_out():
    text = SPUN_TEXT.format(filler=FILLER)
    plain = {rule for _, _, rule in marks("wording", text)}
    assert plain == {"phrase", "verb-as-noun", "month"}


@pytest.mark.parametrize(
    "text",
    [
        "They shook palms. It was cold.",  # one slip is no machine
        "He mentioned it. She mentioned it. They mentioned it. " + FILLER,
        "We go to school. Let’s go to town. The go to guy came. This is who I go to.",
        "Could we? Could 2 of you come? In short: could be.",
        "The Chinese language is old. Chinese language classes and English language media grew.",
        "The police chief told officers that the final journey of the crew took 5 years.",
        "On 2 May, 3 per cent, 5 km, $4 million, 6.5 points and No. 7 were noted.",
    ],
)
def test_clean_english_gets_no_label(text):
    assert marks("wording", text, BOTH) == []


def test_the_rules_see_nothing_in_the_practice_article():
    assert len(reading.by_rules(coded("harran-talks"), "wording")) == 0
    article = datasets.load_article("harran-talks")
    assert list(wording.find(article, BOOK, BOTH)) == []


def test_the_part_in_brackets_lies_within_its_phrase():
    for entry in lexicon.load("swaps"):
        assert entry.word.count("[") == entry.word.count("]") <= 1
        assert entry.note, entry
        assert entry.kind.removesuffix("/common") in {c.id for c in BOOK.layer("wording").codes}


# -- how well, on the two articles -----------------------------------------------------------------


@pytest.mark.parametrize(
    "article, layer, least",
    [
        (BLINKEN, "expectation", 0.75),
        (BLINKEN, "issue", 0.7),
        (BLINKEN, "wording", 0.85),
        ("harran-talks", "expectation", 0.55),
        ("harran-talks", "issue", 0.4),
    ],
)
def test_the_rules_stay_as_good_as_they_were(article, layer, least):
    text = coded(article)
    assert span_agreement(text.gold, reading.by_rules(text, layer), layer).f1 >= least


def test_the_table_has_a_row_for_each_text_and_its_two_readers():
    rows = reading.Reading().rows()
    assert rows[0][1:] == reading.HEADER and len(rows) == 5 + 2 * len(reading.texts())
    assert all(len(row) == len(rows[0]) for row in rows)


# -- any text whatever -----------------------------------------------------------------------------

PIECES = st.sampled_from(
    "“ ” « » ‘ ’ \" ' ( ) – — … . , ; : ! ? \n \r\n \x00 \ufeff \u2028 \u200f 🙂 שלום مرحبا 5 2 "
    "10,000 May Could if only not no expect breakthrough hope to talks visit relations may ease "
    "tensions the first minister in nine years depends on whether an effort to reopen remains to "
    "be seen detained sailors tariff dispute and the tariff presidents meet Taiwan each "
    "governments shook palms entrance of White Home go mentioned Chinese language overseas yr "
    "said he “The hope is that”".split(" ")
)
TEXTS = st.one_of(
    st.lists(PIECES, min_size=1, max_size=60).map(" ".join),
    st.text(max_size=300),
)


@pytest.mark.parametrize("layer", MODULES)
@settings(max_examples=80)
@given(text=TEXTS, both=st.booleans())
def test_any_text_gives_labels_that_can_stand(layer, text, both):
    try:
        article = Article.from_text("any", text + "\nx")
    except ValueError:
        return  # a text that cannot be written as UTF-8 is no article
    got = list(MODULES[layer].find(article, BOOK, BOTH if both else PLAINLY))
    # A coding refuses spans across blocks, unknown codes and, where one label is allowed, overlaps.
    coding = Coding(
        article,
        BOOK,
        "rules",
        [Annotation(f"r{n}", layer, f.at, f.codes, f.parts, f.fields) for n, f in enumerate(got)],
    )
    assert len(coding) == len(got)
    assert [f.at.start for f in got] == sorted(f.at.start for f in got)
    assert all(f.rule in {rule.id for rule in MODULES[layer].RULES} for f in got)
    assert all(f.codes for f in got)


HOSTILE = {
    "no sentence end": "the talks may ease tensions and the tariff dispute " * 1_000,
    "one word": "a" * 50_000,
    "only marks": "“" * 25_000 + " word",
    "only ifs": "if " * 15_000,
    "only goals": "goal is to aim to " * 2_500,
    "only commas": "no, expect, breakthrough, " * 2_000,
    "only swaps": "the go to in entrance of each governments stays to be seen White Home " * 1_000,
    "many lines": "The summit may ease tensions over tariffs.\n" * 800,
    "right to left": "مرحبا بكم في المحادثات. " * 1_200,
    "NUL and emoji": "\x00 🙂 if the talks 🙂 would go on \x00 " * 800,
}


@pytest.mark.parametrize("layer", MODULES)
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_get_an_answer_within_the_text(name, layer):
    article = Article.from_text("hostile", HOSTILE[name])
    for found in MODULES[layer].find(article, BOOK, BOTH):
        block = article.block_at(found.at.start, found.at.end)
        assert block.start <= found.at.start < found.at.end <= block.end


def test_furniture_is_told_from_a_story_that_mentions_it():
    assert is_of_the_page("Sign up for our newsletter")
    assert not is_of_the_page("The minister read the letter.")
    assert not is_of_the_page("They agreed to share cookies. " + "The talks went on. " * 20)


def test_a_clause_ends_at_a_comma_a_but_and_the_limit():
    text = "The talks went on for days, but nobody signed and she left"
    article = Article.from_text("made-up", text)
    clauses = Clauses(
        text, next(article.sentences), lexicon.Phrases([("talks", lexicon.Entry("talks", "event"))])
    )
    assert clauses.surface(0, clauses.clause_end(0, 20)) == "The talks went on for days"
    assert clauses.surface(0, clauses.clause_end(0, 2)) == "The talks went"
    last = len(clauses.words) - 1
    assert clauses.surface(clauses.clause_start(last, 20), last) == "and she left"
    assert clauses.kinds(1) == ["event"] and clauses.kinds(2) == []
