"""Articles: numbering, offsets, and files that cannot be used."""

import hashlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kit.library import datasets
from kit.text.article import MAX_BYTES, Article, ArticleError, find_words

SHA256 = "c5c08d2d93026dc6f6467f85925e74e548fecd13809d665cb9858ec6087157cc"
ARTICLE = "blinken-beijing-2023"

# Text as people paste it: stops, quotation marks, abbreviations, odd line ends.
pasted = st.text(
    st.sampled_from(list('abcU.S. MrT?!“”"’,…—–\n\r\u2028\u00a0\ufeff\t 😀ב1')), min_size=1
) | st.text(min_size=1)


@pytest.fixture(scope="module")
def article() -> Article:
    return datasets.load_article(ARTICLE)


def test_the_article_is_the_one_the_labels_were_made_on():
    data = (datasets.root() / "datasets" / ARTICLE / "article.txt").read_bytes()
    assert hashlib.sha256(data).hexdigest() == SHA256
    assert datasets.load_article(ARTICLE).sha256 == SHA256


def test_blocks_are_the_non_empty_lines(article):
    lines = [line for line in article.text.split("\n") if line.strip()]
    assert [block.text for block in article.blocks] == lines
    assert [block.id for block in article.blocks] == [f"P{n}" for n in range(1, 44)]
    assert article.block("P5").text == "\u00a0—\u00a0"


def test_words_are_counted_as_a_reader_counts_them(article):
    assert len(article.block("P6").words) == 41
    text = "The US-China “high-stakes” talks — Blinken’s — cost $5."
    assert [text[a:b] for a, b in find_words(text)] == (
        ["The", "US-China", "high-stakes", "talks", "Blinken’s", "cost", "5"]
    )


def test_units_are_found_by_name(article):
    assert article.unit("P16.2").text.startswith("Following the assembly")
    for missing in ("P44", "P6.2", "P6.", "6", ""):
        with pytest.raises(KeyError):
            article.unit(missing)


def test_block_at_refuses_spans_across_blocks(article):
    six, seven = article.block("P6"), article.block("P7")
    assert article.block_at(six.start, six.end) is six
    assert article.block_at(six.end - 1, seven.start + 1) is None
    assert article.block_at(six.start, six.start) is None


@given(pasted)
@example("\ufeffOne.\r\nTwo.\n\n\nThree “four.” Five.")
def test_blocks_and_sentences_tile_any_text(text):
    try:
        article = Article.from_text("made-up", text)
    except ArticleError:
        return
    for outer, units in [
        ((0, len(text)), article.blocks),
        *(((block.start, block.end), block.sentences) for block in article.blocks),
    ]:
        place = outer[0]
        for unit in units:
            assert unit.start < unit.end
            assert text[unit.start : unit.end] == unit.text
            assert text[place : unit.start].strip().strip("\ufeff") == ""
            place = unit.end
        assert text[place : outer[1]].strip().strip("\ufeff") == ""


def test_offsets_count_the_file_as_it_is(tmp_path):
    path = tmp_path / "story.txt"
    path.write_bytes("\ufeffA title\r\n\r\nFirst 😀 line.\r\n".encode())
    article = Article.from_file(path)
    assert [(b.start, b.end) for b in article.blocks] == [(0, 8), (12, 25)]
    assert article.id == tmp_path.name


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"caf\xe9 on the square", "not UTF-8"),
        (b"", "no words"),
        (b"\n \n--\n", "no words"),
        (b"a" * (MAX_BYTES + 1), "larger than"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_the_reason(tmp_path, data, words):
    path = tmp_path / "story.txt"
    path.write_bytes(data)
    with pytest.raises(ArticleError, match=words):
        Article.from_file(path)


def test_a_missing_file_and_a_changed_file_are_said(tmp_path):
    with pytest.raises(ArticleError, match=r"no file .*story\.txt"):
        Article.from_file(tmp_path / "story.txt")
    (tmp_path / "story.txt").write_text("One more word.", encoding="utf-8")
    with pytest.raises(ArticleError, match="has been changed"):
        Article.from_file(tmp_path / "story.txt", sha256="0" * 64)
    (tmp_path / "story.toml").write_text("title = ", encoding="utf-8")
    with pytest.raises(ArticleError, match=r"story\.toml"):
        Article.from_file(tmp_path / "story.txt")


def test_an_unknown_article_names_those_there_are():
    with pytest.raises(ArticleError, match=ARTICLE):
        datasets.load_article("../secrets")


def test_lone_surrogates_are_refused_in_a_sentence():
    with pytest.raises(ArticleError, match="broken character"):
        Article.from_text("x", "a\ud800b")
