"""Store what each computed fact is: ``python -m tests.store_facts`` after a change of the data.

Only the lines ``value = …`` of facts.toml are written anew; everything else stays as it is.
"""

from __future__ import annotations

import json
import re

from desk.author.fact_counts import compute
from kit.library import datasets, facts

_TABLE = re.compile(r"^\[([a-z0-9-]+)\]$", re.MULTILINE)
_VALUE = re.compile(r"^value = .*$", re.MULTILINE)


def stored(article_id: str) -> str:
    """Return an article's facts.toml with every computed value as it is now."""
    text = facts.path_of(article_id).read_text(encoding="utf-8")
    known = facts.read(facts.path_of(article_id))
    article, reference = datasets.load_article(article_id), datasets.load_reference(article_id)
    head, *tables = _TABLE.split(text)
    out = [head]
    for id, body in zip(tables[::2], tables[1::2], strict=True):
        fact = known[id]
        if fact.how != facts.WORLD:
            value = json.dumps(_rounded(compute(fact, article, reference)), ensure_ascii=False)
            body = _VALUE.sub(lambda _, value=value: f"value = {value}", body, count=1)
        out += [f"[{id}]", body]
    return "".join(out)


def _rounded(value):
    return round(value, 4) if isinstance(value, float) else value


def main() -> None:
    for article_id in filter(facts.there_are, datasets.article_ids()):
        text = stored(article_id)
        facts.path_of(article_id).write_text(text, encoding="utf-8")
        print(f"{article_id}/facts.toml: {len(facts.read(facts.path_of(article_id)))} facts")


if __name__ == "__main__":
    main()
