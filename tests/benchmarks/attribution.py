"""How well do the rules tell who says what? Measured on PolNeAR, beside other programs.

Run it from the repository's folder, with the corpus as it is published (E. Newell, D. Margolin
and D. Ruths, LREC 2018; it is not part of the kit and must not be passed on)::

    python -m tests.benchmarks.attribution --polnear FOLDER --split dev
    python -m tests.benchmarks.attribution --polnear FOLDER --split dev --store
    python -m tests.benchmarks.attribution --polnear FOLDER --learn

``--store`` writes ``kit/suggest/precision.json``, ``--learn`` fits the weights anew on the
training part (``attribution_learn.py``). Tune on ``dev``; the part ``test`` is for one shot.

A record of the corpus and one of ours are paired one to one, by how much their contents overlap,
counted in words. *C50*: intersection over union of at least one half; *exact*: all of it. *RS*:
C50 on reported speech, where the cue holds a reporting verb or the content a double quotation
mark. *Cue* and *source*: any word in common. *Triple*: C50, and cue and source have a word in
common. One convention differs and is bridged here: the corpus counts the word “that” before a
clause as content, the kit's codebook does not, so it is given back before the comparison.
"""

from __future__ import annotations

import argparse
import json
import re
import time
import tracemalloc
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from kit.library import datasets
from kit.suggest import attribution
from kit.text.article import Article

PRECISION = datasets.root() / "kit" / "suggest" / "precision.json"
ROLES = ("source", "cue", "content")
MODES = ("direct", "mixed", "indirect")
MEASURES = ("C50", "RS", "exact", "cue", "source", "triple")
#: What the kit aims at on the development part.
TARGETS = {
    **{"C50": 65, "RS": 80, "exact": 48, "cue": 70, "source": 72, "triple": 55},
    **{"direct": 95, "mixed": 80, "indirect": 42},
}

_WORD = re.compile(r"\w+(?:['’]\w+)*")
_REPORTING = frozenset(
    """according accuse acknowledge add admit advise agree allege announce answer argue ask assert
    assure blame boast call charge claim comment complain concede conclude confirm contend continue
    criticize declare demand deny describe disclose emphasize estimate explain express insist joke
    maintain mention note object observe order point predict promise propose question quip recall
    recommend remark remind repeat reply report respond reveal say state stress suggest tell testify
    think tweet urge vow warn wonder write""".split()
)
_REPORTING_FORMS = frozenset(
    form
    for verb in _REPORTING
    for form in (
        *(verb, verb + "s", verb + "ed", verb + "d", verb + "ing"),
        *(verb[:-1] + "ing", verb[:-1] + "ies", verb[:-1] + "ied"),
    )
) | frozenset("said told wrote thought written quipped admitted".split())

Stretch = tuple[int, int]


class Record(NamedTuple):
    """Who says what, in offsets; ``rule`` is empty in the corpus."""

    source: tuple[Stretch, ...]
    cue: tuple[Stretch, ...]
    content: tuple[Stretch, ...]
    rule: str = ""


class Document(NamedTuple):
    """A text of the corpus and its records."""

    name: str
    text: str
    records: tuple[Record, ...]


# -- the corpus --------------------------------------------------------------------------------


def documents(folder: Path, split: str) -> Iterator[Document]:
    """Yield the texts of one part of PolNeAR with the first annotator's records."""
    for path in sorted((folder / split / "text").glob("*.txt")):
        notes = sorted((folder / split / "attributions").glob(f"{path.stem}_????.ann"))
        if notes:
            with path.open(encoding="utf-8", newline="") as file:
                yield Document(path.stem, file.read(), tuple(_records(notes[0])))


def _records(path: Path) -> Iterator[Record]:
    spans: dict[str, list[Stretch]] = {}
    events = []
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = line.split("\t")
        if line.startswith("T") and len(cells) > 1:
            places = cells[1].split(" ", 1)[1]
            spans[cells[0]] = [tuple(map(int, pair.split())) for pair in places.split(";")]
        elif line.startswith("E"):
            events.append(cells[1].split())
    for event in events:
        parts: dict[str, list[Stretch]] = defaultdict(list)
        for part in event:
            role, name = part.split(":")
            parts[re.sub(r"\d", "", role).lower()] += spans.get(name, [])
        if parts["content"]:
            yield Record(*(tuple(parts[role]) for role in ROLES))


# -- counting ----------------------------------------------------------------------------------


class Words:
    """The words of a text, by number."""

    def __init__(self, text: str):
        places = [match.span() for match in _WORD.finditer(text)]
        self.starts = [start for start, _ in places]
        self.ends = [end for _, end in places]

    def within(self, stretches: Iterable[Stretch]) -> frozenset[int]:
        """Return the numbers of the words that any of the stretches touches."""
        found = set()
        for start, end in stretches:
            n = max(0, bisect_right(self.starts, start) - 1)
            while n < len(self.starts) and self.starts[n] < end:
                if self.ends[n] > start:
                    found.add(n)
                n += 1
        return frozenset(found)


def pairs(
    gold: list[frozenset[int]], ours: list[frozenset[int]], least: float
) -> list[tuple[int, int]]:
    """Pair sets one to one, those that overlap most first."""
    near = []
    for i, g in enumerate(gold):
        for j, p in enumerate(ours):
            common = len(g & p)
            if common and common / len(g | p) >= least:
                near.append((-common / len(g | p), i, j))
    left, right, found = set(), set(), []
    for _, i, j in sorted(near):
        if i not in left and j not in right:
            left.add(i)
            right.add(j)
            found.append((i, j))
    return found


def mode(record: Record, text: str) -> str:
    """Return how a record of the corpus is quoted, by double quotation marks."""
    start = max(0, min(a for a, _ in record.content) - 1)
    covered = text[start : max(b for _, b in record.content) + 1]
    if not re.search('["“”]', covered):
        return "indirect"
    quoted = re.findall(r'["“]([^"“”]*)(?:["”]|$)', covered)
    inside = sum(len(_WORD.findall(piece)) for piece in quoted)
    return "direct" if inside >= 0.9 * len(_WORD.findall(covered)) else "mixed"


def is_reported_speech(record: Record, text: str) -> bool:
    cue = " ".join(text[a:b] for a, b in record.cue).lower()
    content = " ".join(text[max(0, a - 1) : b + 1] for a, b in record.content)
    return bool(_REPORTING_FORMS & set(re.findall(r"\w+", cue)) or re.search('["“”]', content))


class Score:
    """Adds up how well records agree, over many texts."""

    def __init__(self) -> None:
        self.counts: Counter = Counter()
        self.by_rule: dict[str, list[int]] = defaultdict(lambda: [0, 0])

    def add(self, text: str, gold: Iterable[Record], ours: Iterable[Record]) -> None:
        gold, words, count = list(gold), Words(text), self.counts
        ours = [one for one in ours if words.within(one.content)]
        g = [{role: words.within(getattr(one, role)) for role in ROLES} for one in gold]
        p = [{role: words.within(getattr(one, role)) for role in ROLES} for one in ours]
        contents = [one["content"] for one in g], [one["content"] for one in p]
        speech = [is_reported_speech(one, text) for one in gold]
        modes = [mode(one, text) for one in gold]
        same = pairs(*contents, 0.5)
        for one in modes:
            count[one, "gold"] += 1
        for i, _ in same:
            count[modes[i], "right"] += 1
        right = {j for _, j in same}
        for j, one in enumerate(ours):
            self.by_rule[one.rule][0] += j in right
            self.by_rule[one.rule][1] += 1
        triples = sum(_same_triple(g[i], p[j]) for i, j in same)
        spoken = sum(speech[i] for i, _ in same)
        self._count("C50", len(same), len(g), len(p))
        self._count("exact", len(pairs(*contents, 1)), len(g), len(p))
        self._count("triple", triples, len(g), len(p))
        self._count("RS", spoken, sum(speech), len(p) - (len(same) - spoken))
        for role in ("cue", "source"):
            left = list({one[role] for one in g if one[role]})
            other = list({one[role] for one in p if one[role]})
            self._count(role, len(pairs(left, other, 0)), len(left), len(other))

    def _count(self, name: str, right: int, gold: int, ours: int) -> None:
        self.counts[name, "right"] += right
        self.counts[name, "gold"] += gold
        self.counts[name, "ours"] += ours

    def f1(self, name: str) -> float:
        """Return a measure, from 0 to 100."""
        right, gold, ours = (self.counts[name, k] for k in ("right", "gold", "ours"))
        return 200 * right / (gold + ours) if gold + ours else 0.0

    def recall(self, mode: str) -> float:
        return 100 * self.counts[mode, "right"] / max(1, self.counts[mode, "gold"])


def _same_triple(gold: dict[str, frozenset[int]], ours: dict[str, frozenset[int]]) -> bool:
    if gold["cue"] and not gold["cue"] & ours["cue"]:
        return False
    return bool(gold["source"] & ours["source"]) or not (gold["source"] or ours["source"])


# -- the programs ------------------------------------------------------------------------------

Read = Callable[[str], list[Record]]


def the_kit(text: str) -> list[Record]:
    """Read a text with the kit's rules, and give the word “that” back to clauses."""
    try:
        article = Article.from_text("measured", text)
    except ValueError:
        return []
    return [
        Record(
            *(
                tuple((span.start, span.end) for span in found.parts.get(role, ()))
                for role in ("source", "cue")
            ),
            tuple(with_that(text, span.start, span.end) for span in found.parts["content"]),
            found.rule,
        )
        for found in attribution.find(article, _BOOK)
    ]


_BOOK = datasets.codebook("a text from elsewhere")


def with_that(text: str, start: int, end: int) -> Stretch:
    """Return a stretch with the word “that” before it, where there is one."""
    before = re.search(r"\bthat\s+\Z", text[max(0, start - 8) : start])
    return (start - len(before.group()) if before else start, end)


def textacy() -> Read:
    """Return textacy's direct quotations, a paragraph at a time."""
    from textacy.extract import direct_quotations

    def read(text: str) -> Iterator[Record]:
        for line, parsed in _parsed(text):
            try:
                quotations = list(direct_quotations(parsed))
            except ValueError:  # an odd number of quotation marks
                continue
            for one in quotations:
                yield Record(*(_places(line, part) for part in (one.speaker, one.cue, one.content)))

    return lambda text: list(read(text))


def spacy_clauses() -> Read:
    """Return what the parser of spaCy's small model sees: a reporting verb, its subject, its
    clause."""

    def read(text: str) -> Iterator[Record]:
        for line, parsed in _parsed(text):
            for verb in parsed:
                below = {child.dep_: list(child.subtree) for child in verb.children}
                if verb.lower_ in _REPORTING_FORMS and "ccomp" in below:
                    parts = (below.get("nsubj", []), [verb], below["ccomp"])
                    yield Record(*(_places(line, part) for part in parts))

    return lambda text: list(read(text))


@cache
def _parser() -> Callable:
    import spacy

    return spacy.load(_MODEL)


def _parsed(text: str) -> Iterator[tuple[int, Iterable]]:
    for line in re.finditer(r"[^\r\n]+", text):
        yield line.start(), _parser()(line.group())


def _places(line: int, tokens: Iterable) -> tuple[Stretch, ...]:
    """Return the stretch that tokens cover, as a record has it."""
    places = [(line + t.idx, line + t.idx + len(t)) for t in tokens]
    return ((places[0][0], places[-1][1]),) if places else ()


_MODEL = "en_core_web_sm"
#: Each program, how it is made ready, and which packages it takes.
PROGRAMS: tuple[tuple[str, Callable[[], Read], tuple[str, ...]], ...] = (
    ("the kit", lambda: the_kit, ()),
    ("textacy", textacy, ("spacy", "textacy", _MODEL)),
    ("spaCy", spacy_clauses, ("spacy", _MODEL)),
)
_GET = {_MODEL: f"python -m spacy download {_MODEL}"}


# -- the report --------------------------------------------------------------------------------


def measure(texts: list[Document], read: Read) -> tuple[Score, float]:
    """Return how well a program does and how many words it reads a second."""
    score, words, seconds = Score(), 0, 0.0
    for document in texts:
        started = time.process_time()
        records = read(document.text)
        seconds += time.process_time() - started
        words += len(_WORD.findall(document.text))
        score.add(document.text, document.records, records)
    return score, words / seconds


def memory(texts: list[Document], read: Read) -> float:
    """Return how many megabytes a program holds at most beside the texts."""
    tracemalloc.start()
    for document in texts:
        read(document.text)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 2**20


def compare(texts: list[Document]) -> Score:
    """Print how well each program does, and return the kit's score."""
    print(f"{'':10}" + "".join(f"{name:>9}" for name in (*MEASURES, *MODES, "words/s")))
    ours = Score()
    for name, ready, packages in PROGRAMS:
        missing = [package for package in packages if not find_spec(package)]
        if missing:
            get = " && ".join(_GET.get(one, f"pip install {one}") for one in missing)
            print(f"{name:10}  not measured: {', '.join(missing)} missing. To have it: {get}")
            continue
        read = ready()
        score, speed = measure(texts, read)
        figures = [score.f1(n) for n in MEASURES] + [score.recall(m) for m in MODES]
        print(f"{name:10}" + "".join(f"{x:9.1f}" for x in figures) + f"{speed:9,.0f}")
        ours = score if read is the_kit else ours
    return ours


def report(texts: list[Document]) -> Score:
    """Print all tables and return the kit's score."""
    ours = compare(texts)
    print(f"{'target':10}" + "".join(f"{TARGETS[name]:9}" for name in (*MEASURES, *MODES)))
    print(f"\nThe kit holds {memory(texts[:20], the_kit):.1f} MB of its own at most.\n")
    print(f"{'rule':28}{'right':>7}{'of':>7}{'share':>8}")
    for rule, (right, of) in sorted(ours.by_rule.items(), key=lambda item: -item[1][1]):
        print(f"{rule:28}{right:7}{of:7}{right / of:8.2f}")
    return ours


def store(score: Score, split: str) -> None:
    """Write the precision of each rule where the kit shows it from."""
    table = json.loads(PRECISION.read_text(encoding="utf-8")) if PRECISION.exists() else {}
    table["attribution"] = {
        rule.id: {
            "right": score.by_rule[rule.id][0],
            "of": score.by_rule[rule.id][1],
            "data": f"PolNeAR, {split}",
        }
        for rule in attribution.RULES
        if score.by_rule[rule.id][1]
    }
    PRECISION.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the attribution rules on PolNeAR.")
    parser.add_argument("--polnear", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--split", default="dev", choices=("train", "dev", "test"))
    parser.add_argument("--store", action="store_true", help="write the precision of each rule")
    parser.add_argument("--learn", action="store_true", help="fit the weights on the train part")
    options = parser.parse_args()
    if options.learn:
        from tests.benchmarks import attribution_learn

        attribution_learn.learn(list(documents(options.polnear, "train")))
    score = report(list(documents(options.polnear, options.split)))
    if options.store:
        store(score, options.split)


if __name__ == "__main__":
    main()
