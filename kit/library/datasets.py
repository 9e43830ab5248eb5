"""Where the data lie: articles, their codings and the codebook, all under ``datasets/``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from kit.coding.codebook import Codebook
from kit.coding.coding import Coding
from kit.library.reference import Reference
from kit.text.article import Article, ArticleError

REFERENCE = "reference"


def root() -> Path:
    """Return the folder that holds ``datasets/``, ``notebooks/`` and ``work/``."""
    return Path(__file__).resolve().parents[2]


def article_ids() -> list[str]:
    """Return the ids of the articles that lie under ``datasets/``."""
    return sorted(path.parent.name for path in (root() / "datasets").glob("*/article.txt"))


@cache
def load_article(id: str) -> Article:
    """Return the article called ``id``.

    Raises:
        ArticleError: there is no such article, or its text is not the one its hash promises.
    """
    if id not in article_ids():
        raise ArticleError(f"There is no article “{id}”. There is: {', '.join(article_ids())}.")
    return Article.from_file(root() / "datasets" / id / "article.txt", id=id)


@cache
def codebook(article_id: str) -> Codebook:
    """Return the codebook for an article: the general layers, and in place of some the article's
    own, where it has any. A text from elsewhere gets the general ones.

    Raises:
        ArticleError: the article cannot be used.
        CodebookError: one of its files cannot be used.
    """
    return Codebook.from_folder(root() / "datasets" / "codebook", own_layers(article_id))


def own_layers(article_id: str) -> Path:
    """Return the folder with an article's own layers, whether there are any: those of another
    article where its ``article.toml`` names one as ``codebook``, for texts on the same countries.

    Raises:
        ArticleError: the article cannot be used.
    """
    known = load_article(article_id).meta if article_id in article_ids() else {}
    return root() / "datasets" / str(known.get("codebook", article_id)) / "codebook"


def coding_names(article_id: str) -> list[str]:
    """Return the names of the codings that come with an article, such as ``["a", "b"]``."""
    return sorted(path.stem for path in _codings(article_id).glob("*.json"))


def load_coding(article_id: str, name: str) -> Coding:
    """Return the coding called ``name`` that comes with an article, read afresh at each call.

    Raises:
        ArticleError: there is no such article.
        CodingError: there is no such coding, or it does not fit the article and the codebook.
    """
    return Coding.from_file(
        _codings(article_id) / f"{name}.json", load_article(article_id), codebook(article_id)
    )


@cache
def load_reference(article_id: str) -> Reference | None:
    """Return the reference reading of an article; None where it has none.

    Raises:
        ArticleError: there is no such article.
        CodingError, ReferenceError: its codings or disputes do not fit the article.
    """
    names = coding_names(article_id)
    if REFERENCE not in names:
        return None
    return Reference.from_files(
        load_coding(article_id, REFERENCE),
        [load_coding(article_id, name) for name in names if name != REFERENCE],
        root() / "datasets" / article_id / "disputed.toml",
    )


def _codings(article_id: str) -> Path:
    return root() / "datasets" / article_id / "codings"
