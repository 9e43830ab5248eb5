"""The rules on who says what: what each finds, its near miss and its trap; any text at all."""

import csv
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.coding.coding import Annotation, Coding
from kit.library import datasets, lexicon
from kit.measure import same_speakers
from kit.suggest import LAYERS, Precision, SuggestError, attribution, precision, suggest
from kit.suggest.attribution.cues import cues
from kit.suggest.attribution.weights import BIAS, PATH, likelihood, weights
from kit.suggest.rule import PLAIN, SPUN, Settings
from kit.text.article import Article
from tests.benchmarks import attribution as benchmark
from tests.benchmarks import reading

BOOK = datasets.codebook("a text from elsewhere")
BLINKEN = "blinken-beijing-2023"
PLAINLY = Settings()
BOTH = Settings(frozenset({PLAIN, SPUN}))


def records(text, rules=PLAINLY):
    return list(attribution.find(Article.from_text("made-up", text), BOOK, rules))


def found(text, rules=PLAINLY):
    """What the rules find: (rule, source, cue, content), several stretches parted by a bar."""
    return [
        (one.rule, *(words(text, one.parts.get(part, ())) for part in ("source", "cue", "content")))
        for one in records(text, rules)
    ]


def words(text, spans):
    return " | ".join(text[span.start : span.end] for span in spans)


def fields(text, name, rules=PLAINLY):
    return [one.fields.get(name) for one in records(text, rules)]


# -- each rule -------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", attribution.RULES, ids=lambda rule: rule.id)
def test_each_rule_finds_its_example_and_can_be_switched_off(rule):
    assert rule.id in [one[0] for one in found(rule.example)]
    assert rule.id not in [
        one[0] for one in found(rule.example, Settings(off=frozenset([rule.id])))
    ]
    assert rule.says.endswith((".", "…"))


RIGHT = [
    # quotations
    ("“It is open,” Ada Obi said.", "quote-name-verb", "Ada Obi", "said", "“It is open,”"),
    (
        "“The bridge is open,” she said. “Nobody has to swim.”",
        "quote-name-verb",
        "she",
        "said",
        "“The bridge is open,” | “Nobody has to swim.”",
    ),
    (
        "“If you wait,” Ada Obi said, “you will see the bridge open.”",
        "quote-name-verb",
        "Ada Obi",
        "said",
        "“If you wait,” | “you will see the bridge open.”",
    ),
    (
        "“It is open,” the mayor of Lund, Ada Obi, told reporters on Friday.",
        "quote-name-verb",
        "the mayor of Lund, Ada Obi",
        "told",
        "“It is open,”",
    ),
    (
        "“It is open,” Sen. Ada Obi (D-Wis.) said Friday.",
        "quote-name-verb",
        "Sen. Ada Obi (D-Wis.)",
        "said",
        "“It is open,”",
    ),
    (
        "The bridge is “a joke,” Ada Obi said.",
        "quote-name-verb",
        "Ada Obi",
        "said",
        "The bridge is “a joke,”",
    ),
    (
        "“Is it open?” Ada Obi asked. She left for Lund.",
        "quote-name-verb",
        "Ada Obi",
        "asked",
        "“Is it open?”",
    ),
    (
        "“It is open,” said Ada Obi, a farmer in Lund, in an interview on Friday.",
        "quote-verb-name",
        "Ada Obi, a farmer in Lund",
        "said",
        "“It is open,”",
    ),
    ("“It is open.” — Ada Obi", "quote-dash-name", "Ada Obi", "—", "“It is open.”"),
    (
        "The Lund Post reported, “The bridge is open.”",
        "name-verb-quote",
        "The Lund Post",
        "reported",
        "“The bridge is open.”",
    ),
    # clauses
    (
        "Ada Obi, a farmer who lives in Lund, said that the bridge would open.",
        "name-verb-that",
        "Ada Obi, a farmer who lives in Lund",
        "said",
        "the bridge would open",
    ),
    (
        "Ada Obi said on Friday that the bridge would open.",
        "name-verb-that",
        "Ada Obi",
        "said",
        "the bridge would open",
    ),
    (
        "In an interview Ada Obi said the bridge was safe.",
        "name-verb-clause",
        "Ada Obi",
        "said",
        "the bridge was safe",
    ),
    (
        "The farmers’ leader said the farmers’ fields were “under water”.",
        "name-verb-clause",
        "The farmers’ leader",
        "said",
        "the farmers’ fields were “under water”",
    ),
    (
        "Ada Obi would not say whether the bridge was safe.",
        "name-verb-question",
        "Ada Obi",
        "would not say",
        "whether the bridge was safe",
    ),
    (
        "The bridge, Ada Obi said, will open in May.",
        "clause-name-verb",
        "Ada Obi",
        "said",
        "The bridge | will open in May",
    ),
    (
        "The bridge will open soon, a senior ministry official said on Friday.",
        "clause-name-verb",
        "a senior ministry official",
        "said",
        "The bridge will open soon",
    ),
    (
        "The bridge will open soon, according to a senior official in the ministry.",
        "according-to",
        "a senior official in the ministry",
        "according to",
        "The bridge will open soon",
    ),
    (
        "According to the mayor, Ada Obi, the bridge will open soon.",
        "according-to",
        "the mayor, Ada Obi",
        "According to",
        "the bridge will open soon",
    ),
    (
        "The council met in May, and the bridge will open soon, according to the mayor.",
        "according-to",
        "the mayor",
        "according to",
        "the bridge will open soon",
    ),
    # what belongs to a source
    (
        "“It is open,” said Ada Obi, mayor of Lund, Norland, on Friday.",
        "quote-verb-name",
        "Ada Obi, mayor of Lund, Norland",
        "said",
        "“It is open,”",
    ),
    (
        "“It is open,” said Ada Obi, head of the Centre for Ports, Rivers and Lakes, in May.",
        "quote-verb-name",
        "Ada Obi, head of the Centre for Ports, Rivers and Lakes",
        "said",
        "“It is open,”",
    ),
    (
        "“It is open,” said Ada Obi standing in the rain.",
        "quote-verb-name",
        "Ada Obi",
        "said",
        "“It is open,”",
    ),
    (
        "Ada Obi, holding a flag, said the bridge was safe.",
        "name-verb-clause",
        "Ada Obi",
        "said",
        "the bridge was safe",
    ),
    # the rest
    (
        "The mayor told her staff that the bridge was shut.",
        "name-verb-that",
        "The mayor",
        "told",
        "the bridge was shut",
    ),
    (
        "Ada Obi declined to say when the bridge would open.",
        "infinitive",
        "Ada Obi",
        "declined to say",
        "when the bridge would open",
    ),
    (
        "With a senior official telling reporters on Friday that it was safe, the town waited.",
        "participle-clause",
        "a senior official",
        "telling",
        "it was safe",
    ),
    (
        "Ada Obi called the bridge “a joke.”",
        "name-verb-object",
        "Ada Obi",
        "called",
        "the bridge “a joke.”",
    ),
    (
        "It is said that the bridge will open.",
        "passive",
        "",
        "is said",
        "the bridge will open",
    ),
    # damage and other marks
    ("The bridge is open,” Ada Obi said.", "quote-name-verb", "Ada Obi", "said",
     "The bridge is open,”"),
    ("“The bridge is open, Ada Obi said.", "quote-name-verb", "Ada Obi", "said",
     "“The bridge is open"),
    ("«The bridge is open», said Ada Obi.", "quote-verb-name", "Ada Obi", "said",
     "«The bridge is open»"),
    ("„The bridge is open“, said Ada Obi.", "quote-verb-name", "Ada Obi", "said",
     "„The bridge is open“"),
    ("''It is open,'' Ms. Obi said.", "quote-name-verb", "Ms. Obi", "said", "''It is open,''"),
    ("‘It is open,’ said Ada Obi. ‘Nobody swims.’", "quote-verb-name", "Ada Obi", "said",
     "‘It is open,’ | ‘Nobody swims.’"),
]  # fmt: skip


@pytest.mark.parametrize(("text", *"rscx"), RIGHT, ids=[row[0][:40] for row in RIGHT])
def test_source_cue_and_content_have_the_right_edges(text, r, s, c, x):
    assert found(text) == [(r, s, c, x)]


NOTHING = [
    "“The bridge is open.” Ada Obi crossed it first.",  # two sentences
    "They sorted the stones according to size and colour and went home.",
    "The novel is based on letters that a farmer wrote.",  # ordinary news
    "The prize went to Ada Obi, said to be the best swimmer in Lund.",
    "The council met on Friday. The bridge is old.",
    "“Bridge”",
    "Ada “Ace” Obi crossed the bridge.",
]


@pytest.mark.parametrize("text", NOTHING)
def test_near_misses_are_left_alone(text):
    assert found(text) == []


def test_two_cues_with_one_subject_are_two_records():
    assert found("Ada Obi said the bridge would open and added that it was safe.") == [
        ("name-verb-clause", "Ada Obi", "said", "the bridge would open"),
        ("name-verb-that", "Ada Obi", "added", "it was safe"),
    ]


def test_a_clause_in_front_ends_at_its_comma():
    text = "While Ada Obi said the bridge was safe, Bo Lind said that it was not."
    assert [one[1::2] for one in found(text)] == [
        ("Ada Obi", "the bridge was safe"),
        ("Bo Lind", "it was not"),
    ]


def test_words_inside_words_are_one_record():
    text = "Ada Obi said that Bo Lind had said that the bridge was safe."
    assert [one[1] for one in found(text)] == ["Ada Obi"]


def test_a_quotation_goes_on_over_paragraphs():
    text = "“One,” Ada Obi said. “Two.\n\n“Three.”\n\n“Four,” said Bo Lind."
    assert [(one[1], one[3]) for one in found(text)] == [
        ("Ada Obi", "“One,” | “Two. | “Three.”"),
        ("Bo Lind", "“Four,”"),
    ]


def test_a_speaker_ends_where_a_second_comma_stands():
    text = "The council, according to the mayor, Ada Obi, met on Friday."
    assert [one[1] for one in found(text)] == ["the mayor, Ada Obi"]


def test_a_paragraph_without_marks_after_a_colon():
    text = "Ada Obi wrote:\n\nThe bridge will open. It is safe.\n\nThe town waits."
    assert found(text) == [
        ("name-verb-colon-paragraph", "Ada Obi", "wrote", "The bridge will open. It is safe.")
    ]


def test_british_spelling_and_a_readers_own_verbs():
    assert found("Ada Obi criticised the “lazy” builders.")[0][2] == "criticised"
    text = "“It is open,” Ada Obi trumpeted."
    assert found(text) == []
    assert found(text, Settings(verbs=("trumpet",)))[0][:3] == (
        "quote-name-verb",
        "Ada Obi",
        "trumpeted",
    )
    assert found(text, Settings(verbs=("", " "))) == []


def test_the_machines_words_count_only_when_asked_for():
    text = "The bridge is secure, based on a senior official. “It is open,” Ada Obi mentioned."
    assert "based on" not in [one[2] for one in found(text)]
    assert [one[1:3] for one in found(text, BOTH)] == [
        ("a senior official", "based on"),
        ("Ada Obi", "mentioned"),
    ]


# -- fields ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "speaker", "identification"),
    [
        ("“It is,” Ada Obi said.\n“No,” Obi said.", "Ada Obi", "named"),
        ("“It is,” said Mayor Ada Obi.\n“No,” she said.", "Ada Obi", "named"),
        ("“It is,” said Shen Li, a farmer.\n“No,” Shen said.", "Shen Li", "named"),
        ("“It is,” Sen. Ada Obi said.\n“No,” the senator said.", "Ada Obi", "named"),
        ("“It is,” said the mayor of Lund, Ada Obi.", "Ada Obi", "named"),
        ("“It is,” said a senior ministry official.", "senior ministry official", "described"),
        ("A senior official said it was.\n“No,” the official said.", "senior official",
         "described"),
        ("“It is,” China’s new ambassador said.", "China’s new ambassador", "by-office"),
        ("Officials said it was. The officials waited.", "Officials", "collective"),
        ("“It is,” they said.", "they", "collective"),
        ("The Lund Post reported that it was.", "Lund Post", "named"),
    ],
)  # fmt: skip
def test_who_the_speaker_is(text, speaker, identification):
    last = records(text)[-1]
    assert (last.fields["speaker"], last.fields["identification"]) == (speaker, identification)


def test_she_is_not_a_man_who_spoke_before():
    text = "“It is,” Mr. Bo Lind said. “No,” he said. “Yes,” she said."
    assert fields(text, "speaker") == ["Bo Lind", "Bo Lind", None]


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("“It is open,” Ada Obi said.", "direct"),
        ("Ada Obi said the bridge, as she put it, was “open.”", "mixed"),
        ("Ada Obi said “nobody has to swim any longer in the cold water of” Lund.", "direct"),
        ("Ada Obi said that it was open.", "indirect"),
    ],
)
def test_the_mode_follows_the_nine_tenths_rule(text, mode):
    assert fields(text, "mode") == [mode]


@pytest.mark.parametrize(
    ("cue", "stance"),
    [
        ("said", "neutral"),
        ("acknowledged", "endorsing"),
        ("claimed", "distancing"),
        ("hoped", "committing"),
        ("did not say", "withholding"),
    ],
)
def test_the_stance_follows_the_cue(cue, stance):
    assert fields(f"Ada Obi {cue} that the bridge was safe.", "stance") == [stance]


# -- any text --------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    """“ ” " '' ‘ ’ ' « » „ ( ) , . ? ! : ; — - … said told that to who which Ada Obi Mr. he they
    the of and but according claims Lund 5 saying vowed is expected whether ? \n \r\n \u2028 \ufeff
    \x00 😀 שלום İ ß""".split(" ")
)
TEXTS = st.one_of(
    st.lists(PIECES, max_size=60).map(" ".join),
    st.lists(PIECES, max_size=60).map("".join),
    st.text(max_size=200),
)


@settings(max_examples=300)
@given(TEXTS)
def test_any_text_gives_records_that_a_coding_accepts(text):
    try:
        article = Article.from_text("any", text)
    except ValueError:
        return  # no word in it, or not writable as UTF-8
    annotations = []
    for number, one in enumerate(attribution.find(article, BOOK, BOTH)):
        assert {"cue", "content"} <= set(one.parts)
        outside = {
            place
            for part in ("source", "cue")
            for span in one.parts.get(part, ())
            for place in range(span.start, span.end)
        }
        for spans in one.parts.values():
            for span in spans:
                assert 0 <= span.start < span.end <= len(text)
                assert article.block_at(span.start, span.end)
        for span in one.parts["content"]:
            assert outside.isdisjoint(range(span.start, span.end))
            assert re.search(r"\w", text[span.start : span.end])
        annotations.append(
            Annotation(f"r{number}", "attribution", one.at, one.codes, one.parts, one.fields)
        )
    Coding(article, BOOK, "rules", annotations)


HOSTILE = {
    "quotes": "“ said ” ",
    "one quote": "“" + "x ",
    "straight": '" said Obi ',
    "single": "‘Obi said ' ",
    "names": "Obi said, ",
    "cues": "said that he ",
    "who": "Obi, who said, ",
    "according": "according to Obi, ",
    "parentheses": "( Obi said ",
    "no space": "x",
    "turns": "OBI: said\n",
    "waiting": "Obi said:\n\n",
    "right to left": "אמר Obi “שלום” ",
    "offices": "Minister Aa Obi said it rained. The minister said no. He said so. ",
    "many people": "\n\n".join(
        f"The minister, Aa{n} Bb{n}, said no. She said no." for n in range(999)
    ),
}


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
def test_long_hostile_texts_get_an_answer_within_the_text(piece):
    length = 60_000
    article = Article.from_text("long", "a " + piece * (length // len(piece)))
    for found in attribution.find(article, BOOK):
        spans = [span for part in found.parts.values() for span in part]
        assert all(0 <= span.start < span.end <= len(article.text) for span in spans)


# -- figures ---------------------------------------------------------------------------------------


def test_the_article_under_study():
    (text,) = (text for text in reading.texts() if text.article.id == BLINKEN)
    ours = reading.by_rules(text, "attribution")
    assert same_speakers(text.gold, ours) == (21, 21)
    assert len(text.gold.on("attribution")) == 22 and len(ours.on("attribution")) <= 24
    plainly = reading.by_rules(text._replace(settings=PLAINLY), "attribution")
    assert same_speakers(text.gold, plainly)[1] < 21


def test_the_speakers_of_texts_that_rules_were_not_fitted_to():
    """At least 85 in 100 of the matched records of the coded texts, and of those kept back."""
    texts = [text for text in reading.texts() if text.article.id != BLINKEN]
    for some in (texts, [text for text in texts if text.article.id in reading.KEPT_BACK]):
        counts = [same_speakers(text.gold, reading.by_rules(text, "attribution")) for text in some]
        right, of = (sum(column) for column in zip(*counts))
        assert right >= 0.85 * of > 5


def test_every_rule_says_how_often_it_is_right():
    rules = {rule.id for rule in attribution.RULES}
    assert len(rules) == len(attribution.RULES)
    for rule in rules:
        measured = precision("attribution", rule)
        if measured:
            assert 0 <= measured.right <= measured.of and measured.data == "PolNeAR, dev"
            low, high = measured.between
            assert low <= measured.share <= high
    assert {"quote-name-verb", "name-verb-that", "according-to"} <= {
        rule for rule in rules if precision("attribution", rule)
    }
    assert precision("attribution", "quote-name-verb").share > 0.9
    assert precision("attribution", "no such rule") is None


def test_how_often_is_said_in_words():
    assert str(Precision(249, 261, "")) == "right 9 times in 10"
    assert str(Precision(261, 261, "")) == "right 10 times in 10"
    assert str(Precision(13, 20, "")) in ("right 6 times in 10", "right 7 times in 10")
    assert str(Precision(3, 4, "")) == "right 3 times in 4"
    assert str(Precision(1, 4, "")) == "right once in 4"


def test_how_sure_one_can_be_grows_with_the_count():
    low, high = Precision(8, 10, "").between
    assert (round(low, 2), round(high, 2)) == (0.49, 0.94)
    assert Precision(80, 100, "").between[0] > low
    assert Precision(3, 3, "").between[1] == 1.0 and Precision(0, 3, "").between[0] == 0.0


def test_the_table_of_weights_holds_words_of_the_lists_only():
    with PATH.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["seen"] == BIAS and len(rows) == len(weights()) > 500
    ours = {word for entry in lexicon.load("cues") for word in entry.word.split()}
    small = "to of for on against about with as at in into out over up from off down forth".split()
    for row in rows:
        cue = re.match(r"(?:cue|form) ([^,]+)", row["seen"])
        if cue and cue.group(1) not in ("ends the sentence", "—", ":"):
            assert set(cue.group(1).split()) <= {*ours, *small}, row["seen"]


def test_likelihood_is_a_chance():
    assert likelihood((), {}) == 0.5
    assert likelihood(("a", "b"), {"a": 1000.0}) == pytest.approx(1)
    assert likelihood(("a",), {"a": -1000.0, BIAS: 1}) == pytest.approx(0)


def test_patterns_belong_to_rules():
    ids = {rule.id for rule in attribution.RULES}
    assert {
        attribution.rule_of(p) for p in ("passive-to", "infinitive-object", "adjective-to")
    } <= ids


def test_forms_of_verbs():
    words = cues(frozenset({PLAIN}), ("parry", "trumpet", "bake", "hush"))
    assert {word for word, base in words.bases.items() if base == "say"} >= {
        "says",
        "saying",
        "said",
    }
    for form, base in {
        "parries": "parry",
        "trumpeting": "trumpet",
        "baked": "bake",
        "hushes": "hush",
    }.items():
        assert words.bases[form] == base and words.classes[form] == "say"


# -- all layers ------------------------------------------------------------------------------------


def test_suggestions_are_a_coding_with_rules_and_notes():
    article, book = datasets.load_article(BLINKEN), datasets.codebook(BLINKEN)
    made = suggest(article, book, ["attribution"], BOTH)
    assert made.coding.coder == "rules" and len(made.coding) == len(made.rules) > 15
    for one in made.coding:
        rule = made.rules[one.layer, one.id]
        assert one.note.startswith(f"rule {rule.id.replace('-', ' + ')}")
        assert re.search(r", right (once|\d+ times) in \d+$", one.note)
    assert made.coding == Coding.from_json(made.coding.to_json(), article, book)


def test_every_layer_that_has_rules_answers():
    article, book = datasets.load_article(BLINKEN), datasets.codebook(BLINKEN)
    made = suggest(article, book)
    layers = {layer for layer in LAYERS if made.coding.on(layer)}
    assert layers == {layer for layer, _ in made.rules} and "attribution" in layers


@pytest.mark.parametrize("layer", ["weather", "", "rule", "cli"])
def test_a_layer_without_rules_is_named(layer):
    article = Article.from_text("made-up", "It rained.")
    with pytest.raises(SuggestError, match="no rules for a layer .*attribution"):
        suggest(article, BOOK, [layer])


# -- the benchmark ---------------------------------------------------------------------------------


def test_the_benchmark_counts_as_it_says(tmp_path):
    folder = tmp_path / "dev"
    (folder / "text").mkdir(parents=True)
    (folder / "attributions").mkdir()
    text = "Ada Obi said that it rained. Bo Lind smiled."
    (folder / "text" / "a.txt").write_text(text, encoding="utf-8")
    (folder / "attributions" / "a_0001.ann").write_text(
        "T1\tSource 0 7\tAda Obi\nT2\tCue 8 12\tsaid\nT3\tContent 13 27\tthat it rained\n"
        "T4\tCue 37 43\tsmiled\nT5\tContent 29 36\tBo Lind\n"
        "E1\tAttribution:T2 Source1:T1 Cue1:T2 Content1:T3\nE2\tX:T4 Cue:T4 Content:T5\n",
        encoding="utf-8",
    )
    (document,) = benchmark.documents(tmp_path, "dev")
    assert [record.content for record in document.records] == [((13, 27),), ((29, 36),)]
    score, speed = benchmark.measure([document], benchmark.the_kit)
    assert score.f1("exact") == score.f1("triple") == score.f1("C50") == pytest.approx(200 / 3)
    assert score.f1("RS") == 100 and score.recall("indirect") == 50 and speed > 0
    assert score.by_rule == {"name-verb-that": [1, 1]}
    assert benchmark.pairs([frozenset({1, 2})], [frozenset({2, 3, 4})], 0.5) == []
    assert benchmark.pairs([frozenset({1, 2})], [frozenset({2})], 0.5) == [(0, 0)]


def test_the_precision_is_stored_for_each_layer_apart(tmp_path, monkeypatch):
    monkeypatch.setattr(benchmark, "PRECISION", tmp_path / "precision.json")
    (tmp_path / "precision.json").write_text('{"role": {"x": {"right": 1, "of": 2, "data": "y"}}}')
    score = benchmark.Score()
    score.by_rule["according-to"] = [3, 4]
    benchmark.store(score, "dev")
    assert json.loads((tmp_path / "precision.json").read_text()) == {
        "role": {"x": {"right": 1, "of": 2, "data": "y"}},
        "attribution": {"according-to": {"right": 3, "of": 4, "data": "PolNeAR, dev"}},
    }
