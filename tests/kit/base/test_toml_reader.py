"""Files that people edit: any of them gives an answer or one short sentence, and nothing else."""

import os
from pathlib import Path

import pytest

from kit.base.errors import MOST, KitError
from kit.base.toml_reader import MAX_BYTES, read_toml
from kit.coding.codebook import Codebook, CodebookError
from kit.exercises import ExerciseError, model
from kit.library import chronicle, datasets, facts
from kit.text.article import Article, ArticleError

ARTICLE = datasets.load_article("blinken-beijing-2023")
HOME = datasets.root() / "datasets" / ARTICLE.id


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a = " + b"[" * 600 + b"]" * 600, "without end"),
        (b"a = " + b"[" * 60 + b"]" * 60, "more than 32 tables and lists"),
        (b"a" + b".a" * 5_000 + b" = 1", "more than 32 tables and lists"),
        (b"a = " + b"9" * 5_000, "far too many digits"),
        (b"a = " + b"9" * 30, "far too many digits"),
        (b"a = " + b"x" * 50_000, "cannot be read"),
        (b"a = '" + b"x" * MAX_BYTES + b"'", "larger than 2 MB"),
        (b"\xff\xfea", "cannot be read"),
        (b"a = ", "cannot be read"),
        (b"a = 1", "Expected `str`, got `int`"),
    ],
)
def test_a_file_that_is_no_good_is_one_sentence(tmp_path, data, said):
    path = tmp_path / "file.toml"
    path.write_bytes(data)
    with pytest.raises(KitError, match=said) as problem:
        read_toml(path, dict[str, str], KitError)
    assert str(problem.value).startswith("file.toml") and len(str(problem.value)) < 500


def test_a_mark_at_the_beginning_does_no_harm(tmp_path):
    path = tmp_path / "file.toml"
    path.write_bytes(b"\xef\xbb\xbfa = 'x'")
    assert read_toml(path, dict[str, str], KitError) == {"a": "x"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such pipes here")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "file.toml")
    with pytest.raises(KitError, match="no ordinary file"):
        read_toml(tmp_path / "file.toml", dict, KitError)


def test_what_somebody_does_with_it_changes_no_other_reading(tmp_path):
    path = tmp_path / "file.toml"
    path.write_text("[a]\nb = [1]\n")
    read_toml(path, dict, KitError)["a"]["b"].append(2)
    assert read_toml(path, dict, KitError) == {"a": {"b": [1]}}


def test_a_sentence_is_never_longer_than_somebody_reads():
    said = str(KitError(f"file.csv: the column “{'long ' * 10_000}” is not there. Put it in."))
    assert len(said) < MOST and said.startswith("file.csv: ") and said.endswith("Put it in.")


@pytest.mark.parametrize(
    "line",
    [
        "title = 1984", "title = 2024-10-08", "title = ['x']", "banner = 1", "sha256 = 1",
        "date = 2024-10-08T10:00:00Z", "cleaned = [1]", "spun = 'yes'", "x = " + "[" * 600,
    ],
)  # fmt: skip
def test_whatever_stands_beside_an_article(tmp_path, line):
    (tmp_path / "article.txt").write_text("Envoy lands in Velsk\n")
    (tmp_path / "article.toml").write_text(line)
    with pytest.raises(ArticleError, match="article.toml"):
        Article.from_file(tmp_path / "article.txt")


def test_an_article_with_what_the_kit_does_not_know_is_read(tmp_path):
    (tmp_path / "article.txt").write_text("Envoy lands in Velsk\n")
    (tmp_path / "article.toml").write_bytes(b"\xef\xbb\xbftitle = 'T'\nmine = [1]\n")
    article = Article.from_file(tmp_path / "article.txt")
    assert (article.title, article.meta) == ("T", {"title": "T"})


@pytest.mark.parametrize("block", ["", "P999", "long " * 10_000])
def test_a_benchmark_without_a_paragraph_is_said(tmp_path, block):
    text = (HOME / "benchmarks.toml").read_text(encoding="utf-8")
    first = text.index('block = "')
    end = text.index("\n", first)
    path = tmp_path / "benchmarks.toml"
    path.write_text(f'{text[:first]}block = "{block}"{text[end:]}', encoding="utf-8")
    with pytest.raises(chronicle.ChronicleError, match="the article has no") as problem:
        chronicle.read(ARTICLE, HOME / "dates.toml", path)
    assert len(str(problem.value)) < 300


DEEP, LONG = "[" * 500 + "]" * 500, "9" * 4_301


@pytest.mark.parametrize("value", [DEEP, LONG])
def test_depth_and_digits_end_no_reader(tmp_path, value):
    def put(name: str) -> Path:
        (tmp_path / name).write_text(f"id = {value}\n")
        return tmp_path / name

    with pytest.raises(ExerciseError):
        model.load_file(put("01-x.toml"))
    with pytest.raises(facts.FactsError):
        facts.read(put("facts.toml"))
    with pytest.raises(CodebookError):
        Codebook.from_folder(put("layer.toml").parent)
