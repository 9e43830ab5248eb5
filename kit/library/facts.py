"""The facts of an article: every number that a notebook or a check states, by name.

``datasets/<article>/facts.toml`` has one table a fact::

    [chinese-officials-quoted]
    what = "Chinese officials with words in quotation marks"
    value = 1
    how = "speakers"                   # one of desk.author.fact_counts, with its arguments
    affiliation = ["chinese-government"]

    [sullivan-vienna]
    what = "The day on which Sullivan and Wang Yi met in Vienna"
    value = "11 May 2023"
    how = "world"                           # nothing here can compute it
    source = "South China Morning Post, 11 May 2023"
    status = "checked"

Reading it is quick: the values stand there, and a test recomputes each of them from the article
and the reference. What could not be checked has the status ``unchecked`` and is never graded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec

from kit.base.errors import KitError
from kit.base.toml_reader import read_toml
from kit.library.datasets import root

#: The computation of a fact that nothing here can compute.
WORLD = "world"
_NAME = re.compile(r"\{([a-z0-9][a-z0-9-]*)\}")

Status = Literal["computed", "checked", "unchecked"]


class FactsError(KitError, KeyError):
    """A fact is not there or cannot be used; the message names it and its file."""

    def __str__(self) -> str:
        return str(self.args[0])  # a KeyError would show the message's repr


class Fact(msgspec.Struct, frozen=True):
    """One fact.

    Attributes:
        id: its name.
        what: what is counted, precisely, in a sentence or less.
        value: a number, a share (0 … 1), or words.
        how: the computation that gives it, or ``"world"``.
        given: that computation's arguments.
        share: whether the value is a share and is printed in per cent.
        status: ``computed``, or of a fact about the world ``checked`` or ``unchecked``.
        source: where a fact about the world was found.
    """

    id: str
    what: str
    value: int | float | str
    how: str
    given: dict[str, Any] = {}
    share: bool = False
    status: Status = "computed"
    source: str = ""

    @property
    def shown(self) -> str:
        """The value as it is printed: ``"1,388"``, ``"22.7 %"``."""
        if self.share:
            return f"{100 * self.value:.1f} %"
        if isinstance(self.value, int):
            return f"{self.value:,}"
        return f"{self.value:.1f}" if isinstance(self.value, float) else self.value


class Facts(Mapping[str, Fact]):
    """The facts of one article by their names."""

    def __init__(self, facts: Mapping[str, Fact], name: str):
        self._facts = dict(facts)
        self._name = name

    def __getitem__(self, id: str) -> Fact:
        try:
            return self._facts[id]
        except KeyError:
            raise FactsError(f"There is no fact “{id}” in {self._name}.") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)

    def fill(self, text: str) -> str:
        """Return a text in which each ``{fact-id}`` is replaced by the fact as it is printed.

        Raises:
            FactsError: there is no such fact.
        """
        return _NAME.sub(lambda name: self[name[1]].shown, text)


def path_of(article_id: str) -> Path:
    """Return where the facts of an article lie, if it has any."""
    return root() / "datasets" / article_id / "facts.toml"


def there_are(article_id: str) -> bool:
    """Say whether an article has facts."""
    return path_of(article_id).exists()


@cache
def load(article_id: str) -> Facts:
    """Return the facts of an article.

    Raises:
        FactsError: there are none, or the file cannot be used.
    """
    return read(path_of(article_id))


def read(path: Path) -> Facts:
    """Return the facts of a file; raises FactsError as :func:`load`."""
    name = f"{path.parent.name}/{path.name}"
    raw = read_toml(path, dict, FactsError, name)
    return Facts({id: _fact(id, table, name) for id, table in raw.items()}, name)


def _fact(id: str, table: Any, name: str) -> Fact:
    where = f"{name}, fact “{id}”"
    if not isinstance(table, dict):
        raise FactsError(f"{where}: write a table, [{id}], with what, value and how.")
    own = set(Fact.__struct_fields__) - {"id", "given"}
    given = {key: value for key, value in table.items() if key not in own}
    try:
        fact = msgspec.convert(
            {"id": id, **{key: table[key] for key in own & set(table)}, "given": given}, Fact
        )
    except msgspec.ValidationError as problem:
        raise FactsError(f"{where}: {problem}.") from None
    if isinstance(fact.value, bool) or (fact.share and not isinstance(fact.value, float)):
        raise FactsError(f"{where}: a share is a number with a point, such as 0.227.")
    if (fact.how == WORLD) != (fact.status != "computed"):
        raise FactsError(
            f"{where}: a fact about the world has a status, checked or unchecked, and no other has."
        )
    if fact.status == "checked" and not fact.source.strip():
        raise FactsError(f"{where}: say in “source” where it was checked.")
    if fact.how == WORLD and given:
        raise FactsError(f"{where}: there is no such key as {', '.join(given)}.")
    return fact
