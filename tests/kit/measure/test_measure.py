"""Measures: against textbook values, against nltk, and against numbers counted apart."""

import json
import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nltk.metrics.agreement import AnnotationTask

from kit.coding.coding import Annotation, Coding
from kit.library import datasets
from kit.measure import Comparison, compare, match_spans, voice_shares, words_by_code
from kit.measure.alpha import Tally, alpha_of, interval_of
from kit.text.article import Article
from kit.text.quotations import quotations, quoted_words
from kit.text.span import Span
from tests.span_scores import span_agreement, triple_agreement

ID = "blinken-beijing-2023"
ARTICLE = datasets.load_article(ID)
A, B = (datasets.load_coding(ID, name) for name in "ab")


def tallies(units):
    return [Tally.of(Counter(code for code in unit if code is not None)) for unit in units]


def alpha(units):
    return alpha_of(tallies(units))


def as_triples(units):
    return [
        (str(reader), str(unit), code)
        for unit, codes in enumerate(units)
        for reader, code in enumerate(codes)
        if code is not None
    ]


# -- agreement ----------------------------------------------------------------------------------


@pytest.mark.parametrize("layer", ["position", "role"])
def test_agreement_of_the_two_readings_equals_nltks(layer):
    comparison = compare(A, B, layer)
    ones, others = A.codes(layer), B.codes(layer)
    assert [unit for unit, _, _ in comparison.codes] == [a.id for a in A.on(layer)]
    task = AnnotationTask(data=as_triples([(ones[unit], others[unit]) for unit in ones]))
    assert comparison.alpha == pytest.approx(task.alpha())
    assert comparison.percent == pytest.approx(task.avg_Ao())


@given(
    st.lists(
        st.lists(st.sampled_from(["x", "y", "z", None]), min_size=2, max_size=6),
        min_size=1,
        max_size=20,
    )
)
def test_alpha_equals_nltks_whoever_left_out_what(units):
    ours = alpha(units)
    counted = [[c for c in unit if c is not None] for unit in units]
    codes = {c for unit in counted if len(unit) > 1 for c in unit}
    if len(codes) < 2:
        assert ours is None
    else:
        # nltk counts lone codes in what it expects; Krippendorff leaves them out.
        task = AnnotationTask(data=as_triples([u for u in counted if len(u) > 1]))
        assert ours == pytest.approx(task.alpha())


def test_alpha_of_krippendorffs_own_example():
    # Content Analysis, the nominal example with four observers and missing values: 0.743.
    rows = [
        "1 2 3 3 2 1 4 1 2 . . .",
        "1 2 3 3 2 2 4 1 2 5 . 3",
        ". 3 3 3 2 3 4 2 2 5 1 .",
        "1 2 3 3 2 4 4 1 2 5 1 .",
    ]
    units = zip(*([None if c == "." else c for c in row.split()] for row in rows), strict=True)
    assert alpha(list(units)) == pytest.approx(0.743, abs=0.0005)


def test_agreement_without_units_or_with_one_code_is_not_a_number():
    nothing = Coding(ARTICLE, A.codebook, "nobody")
    none = compare(nothing, A, "position")
    assert (none.percent, none.alpha, none.interval) == (None, None, None)
    same = [("x", "x")] * 5
    assert alpha(same) is None
    assert interval_of(tallies(same)) is None


def test_one_dominant_code_shows_why_percent_flatters():
    codes = [("body", "body")] * 18 + [("body", "lede"), ("lede", "body")]
    comparison = Comparison(
        "position", "Ana", "Ben", tuple(("P1", *pair) for pair in codes), (), ()
    )
    assert comparison.percent == 0.9
    assert comparison.alpha < 0


def test_the_interval_holds_alpha_repeats_itself_and_narrows_with_more_units():
    draw = random.Random(5)
    units = [("x", "x" if draw.random() < 0.8 else "y") for _ in range(30)]
    units += [("y", "y" if draw.random() < 0.8 else "x") for _ in range(30)]
    low, high = interval_of(tallies(units))
    assert low < alpha(units) < high
    assert interval_of(tallies(units)) == (low, high)
    more_low, more_high = interval_of(tallies(units * 10))
    assert more_high - more_low < (high - low) / 2


def test_a_comparison_says_where_two_readers_differ_and_who_left_out_what():
    def reader(name, **codes):
        spans = {id: ARTICLE.unit(id) for id in codes}
        return Coding(
            ARTICLE,
            datasets.codebook("blinken-beijing-2023"),
            name,
            [
                Annotation(i, "position", Span(s.start, s.end), (codes[i],))
                for i, s in spans.items()
            ],
        )

    one = reader("Ana", P6="lede", P7="nut-graf", P8="body")
    other = reader("Ben", P6="lede", P7="body", P9="body")
    comparison = compare(one, other, "position")
    assert comparison.differing == (("P7", "nut-graf", "body"),)
    assert comparison.confusion == {("lede", "lede"): 1, ("nut-graf", "body"): 1}
    assert (comparison.one_only, comparison.other_only) == (("P8",), ("P9",))
    assert comparison.percent == 0.5


def test_codings_that_cannot_be_compared_are_refused():
    with pytest.raises(ValueError, match="compare_spans"):
        compare(A, B, "expectation")
    other = Article.from_text("other", "Another text.")
    with pytest.raises(ValueError, match="different texts"):
        compare(A, Coding(other, datasets.codebook("blinken-beijing-2023"), "C"), "position")


# -- spans --------------------------------------------------------------------------------------


def test_spans_match_one_to_one_best_first():
    ones = [frozenset({1, 2, 3, 4}), frozenset({10, 11})]
    others = [frozenset({1, 2}), frozenset({2, 3, 4}), frozenset({11, 12, 13})]
    assert match_spans(ones, others) == [(0, 1)]
    assert sorted(match_spans(ones, others, overlap=0)) == [(0, 1), (1, 2)]
    assert match_spans(ones, others, overlap=1) == []


def test_a_coding_agrees_with_itself_span_by_span():
    for layer in ("expectation", "issue", "wording"):
        agreement = span_agreement(A, A, layer)
        assert (agreement.matched, agreement.f1) == (len(A.on(layer)), 1)
    # Spans without a code agree on the place, but on no code.
    coded = [a for a in A.on("wording") if a.codes]
    assert 0 < len(coded) < len(A.on("wording"))
    assert span_agreement(A, A, "wording", same_code=True).matched == len(coded)
    assert triple_agreement(B, B).matched == len(B.on("attribution"))


def test_span_agreement_is_symmetrical_and_stricter_with_codes():
    loose = span_agreement(A, B, "expectation")
    back = span_agreement(B, A, "expectation")
    strict = span_agreement(A, B, "expectation", same_code=True)
    assert (loose.matched, loose.precision) == (back.matched, back.recall)
    assert 0 < strict.matched < loose.matched < min(loose.one, loose.other) + 1


def test_two_labels_on_the_same_words_each_find_their_like():
    def marks(*codes):
        place = Span(27, 44)
        labels = [Annotation(f"x{n}", "expectation", place, (c,)) for n, c in enumerate(codes)]
        return Coding(ARTICLE, datasets.codebook("blinken-beijing-2023"), "C", labels)

    both, one = marks("raise", "lower"), marks("lower")
    assert span_agreement(both, one, "expectation", same_code=True)[:3] == (1, 2, 1)
    assert span_agreement(both, one, "expectation")[:3] == (1, 1, 1)


def test_spans_of_two_texts_are_not_compared():
    other = Article.from_text("other", ARTICLE.text.swapcase())
    with pytest.raises(ValueError, match="different texts"):
        triple_agreement(A, Coding(other, datasets.codebook("blinken-beijing-2023"), "C"))


def test_triples_need_content_cue_and_source():
    content = span_agreement(A, B, "attribution", part="content")
    triples = triple_agreement(A, B)
    assert 0 < triples.matched <= content.matched


def test_no_spans_is_no_agreement_and_no_error():
    empty = Coding(ARTICLE, datasets.codebook("blinken-beijing-2023"), "nobody")
    assert span_agreement(empty, empty, "issue").f1 == 0
    assert span_agreement(A, empty, "issue").precision == 0


# -- shares -------------------------------------------------------------------------------------


def test_the_article_has_twenty_quotations_of_424_words():
    assert len(quotations(ARTICLE)) == 20
    assert len(quoted_words(ARTICLE)) == 424


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("He said “yes” and “no”.", ["“yes”", "“no”"]),
        ('He said "yes" and "no".', ['"yes"', '"no"']),
        ("« Oui », dit-il.", ["« Oui »"]),
        ("„Ja“, sagte er.", ["„Ja“"]),
        ("“It goes on\n“and ends.”", ["“It goes on", "“and ends.”"]),
        ("Don’t say ‘yes’.", []),
        ("A lone ” mark.", []),
    ],
)
def test_quotations_end_with_their_mark_or_their_block(text, found):
    article = Article.from_text("made-up", text)
    assert [text[a:b] for a, b in quotations(article)] == found


def test_words_by_code():
    words = words_by_code(A, "position")
    assert (words["dateline"], words["headline"]) == (2, 10)
    assert sum(words.values()) == sum(len(block.words) for block in ARTICLE.blocks)
    assert [*words_by_code(A, "role")][:2] == ["main-event", "consequence"]
    empty = Coding(ARTICLE, datasets.codebook("blinken-beijing-2023"), "nobody")
    assert {*words_by_code(empty, "role").values()} == {0}


def test_three_measures_of_the_unnamed_give_three_answers():
    # From the close reading's own table, counted by another script: 5 of 22 attributions,
    # 128 of 802 attributed words, 5 of 424 quoted words; the ambassador is left aside there.
    found = {}
    for measure in ("attributions", "attributed words", "quoted words"):
        shares = {share.of: share for share in voice_shares(A, measure=measure)}
        unnamed = [
            "senior State Department official",
            "US officials",
            "officials from both governments",
        ]
        found[measure] = (
            sum(shares[name].count for name in unnamed if name in shares),
            shares["Shen Dingli"].total,
        )
    assert found == {
        "attributions": (5, 22),
        "attributed words": (128, 802),
        "quoted words": (5, 424),
    }


def test_measuring_reads_the_committed_files_as_they_are():
    raw = json.loads((datasets.root() / "datasets" / ID / "codings" / "a.json").read_bytes())
    leads = [a for a in raw["annotations"] if a["layer"] == "role"]
    by_hand = {a["id"] for a in leads if a["codes"] == ["expectation"]}
    words = sum(len(block.words) for block in ARTICLE.blocks if block.id in by_hand)
    assert words_by_code(A, "role")["expectation"] == words


def all_against_all(ones, others, overlap):
    """Matching as its rule says it, every span held against every other."""
    found = sorted(
        (-len(a & b) / len(a | b), i, j)
        for i, a in enumerate(ones)
        for j, b in enumerate(others)
        if a & b and len(a & b) / len(a | b) >= overlap
    )
    pairs = []
    for _, i, j in found:
        if all(i != x and j != y for x, y in pairs):
            pairs.append((i, j))
    return pairs


SPANS = st.lists(st.frozensets(st.integers(0, 12), max_size=6), max_size=12)


@given(SPANS, SPANS, st.sampled_from([0, 0.3, 0.5, 1]))
def test_spans_that_share_nothing_are_not_looked_at_and_nothing_else_changes(ones, others, overlap):
    assert match_spans(ones, others, overlap=overlap) == all_against_all(ones, others, overlap)
