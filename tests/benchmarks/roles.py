"""How often does the table of role weights agree with people, and how was it learnt?

    python -m tests.benchmarks.roles --data FOLDER             # train and validation
    python -m tests.benchmarks.roles --data FOLDER --test      # the test part too: once, at the end
    python -m tests.benchmarks.roles --data FOLDER --learn     # writes kit/suggest/role_weights.csv

FOLDER holds ``train.zip``, ``validation.zip`` and ``test.zip`` of NewsDiscourse (Choubey et al.
2020, https://doi.org/10.18653/v1/2020.acl-main.478): 802 news stories in which people gave every
sentence one of eight roles, or none (credits, captions, links). It is not part of this repository,
and nothing of it is kept here but the weights.

Learning
--------
Only ``--learn`` needs scikit-learn, which is no part of the kit: install it in an environment of
its own. Logistic regression gives each feature a weight for each role. Kept are the 400 features
that move the scores most, out of those that at least 20 of the 502 stories of the train part have;
words that mostly stand with a capital are names and left out. The rows “after …” are half the
logarithm of how much oftener a role follows another than chance would have it. The row “always”
is set so that the macro F1 is highest on a quarter of the train part, the other three having given
the weights, turn by turn. Validation and test part teach nothing. The figure printed for the
held-out quarters is kinder than the truth: the features were chosen, and “always” was set, on the
same stories.

Counting
--------
*F1* of a role: mean of precision and recall over sentences. *Nine classes*: macro F1 of the eight
roles and none, every sentence of a story counted, as in the published figures (support vector
machine 38.3, conditional random field 52.9, neural network 54.4 on the test part). *Eight
classes*: only sentences that people gave a role, and the best of the eight roles taken, which is
what the kit does with a story. *Paragraphs*: those whose sentences all have the same role.

Below stands the speed of positions and roles together on made-up texts of growing length; the last
column should not grow with the length.
"""

from __future__ import annotations

import argparse
import csv
import re
import time
import zipfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from kit.suggest.role import NONE, ROLES, Line, features, scores

CLASSES = (*ROLES, NONE)
_NAMES = {
    "Main": "main-event",
    "Main_Consequence": "consequence",
    "Cause_Specific": "previous-event",
    "Cause_General": "current-context",
    "Distant_Historical": "historical-event",
    "Distant_Anecdotal": "anecdotal-event",
    "Distant_Evaluation": "evaluation",
    "Distant_Expectations_Consequences": "expectation",
}
_LINE = re.compile(r"(S\d+|H) (.*)")


class Story(NamedTuple):
    """One labelled article."""

    title: str
    lines: list[Line]
    roles: list[str]


def read(path: Path) -> list[Story]:
    """Return the labelled articles of a zip file of NewsDiscourse."""
    stories = []
    with zipfile.ZipFile(path) as file:
        for name in sorted(file.namelist()):
            if name.startswith("__MACOSX") or not name.endswith(".txt"):
                continue
            text = file.read(name).decode("utf-8", "replace")
            labels = file.read(name.removesuffix(".txt") + ".ann").decode("utf-8", "replace")
            stories.append(_story(text, labels))
    return stories


def _story(text: str, labels: str) -> Story:
    role_of: dict[str, str] = {}
    for line in labels.splitlines():
        cells = line.split("\t")
        if line.startswith("T") and len(cells) == 3:
            kind = cells[1].split()[0]
            if kind != "Speech":
                role_of[cells[2].strip()] = _NAMES.get(kind, NONE)
    title, lines, roles, opens = "", [], [], True
    for line in text.splitlines():
        match = _LINE.match(line)
        if not match:
            opens = opens or not line.strip()
        elif match[1] == "H":
            title = match[2]
        else:
            lines.append(Line(match[2].strip(), opens))
            roles.append(role_of.get(match[1], NONE))
            opens = False
    return Story(title, lines, roles)


# -- measuring ---------------------------------------------------------------------------------


def f1(wanted: Sequence[str], found: Sequence[str], name: str) -> float:
    """Return the F1 of one class."""
    right = sum(w == f == name for w, f in zip(wanted, found, strict=True))
    both = wanted.count(name) + found.count(name)
    return 2 * right / both if both else 0.0


def _best(sums: Sequence[float], classes: Sequence[str]) -> str:
    return max(zip(sums, classes, strict=False), key=lambda pair: pair[0])[1]


def measure(stories: list[Story]) -> dict[str, tuple[list[str], list[str]]]:
    """Return what was wanted and what was found, by way of counting."""
    nine, eight, paragraphs = ([], []), ([], []), ([], [])
    for story in stories:
        rows = scores(story.title, story.lines)
        starts = [n for n, line in enumerate(story.lines) if line.opens] + [len(rows)]
        for role, row in zip(story.roles, rows, strict=True):
            nine[0].append(role)
            nine[1].append(_best(row, CLASSES))
            if role != NONE:
                eight[0].append(role)
                eight[1].append(_best(row, ROLES))
        for start, end in zip(starts, starts[1:], strict=False):
            roles = set(story.roles[start:end])
            if len(roles) == 1 and roles != {NONE}:
                paragraphs[0].append(story.roles[start])
                sums = [sum(column) for column in zip(*rows[start:end], strict=True)]
                paragraphs[1].append(_best(sums, ROLES))
    return {"nine classes": nine, "eight classes": eight, "paragraphs": paragraphs}


def show(part: str, stories: list[Story]) -> None:
    """Print how well the kit's table does on one part."""
    start = time.perf_counter()
    results = measure(stories)
    seconds = time.perf_counter() - start
    size = sum(len(line.text) for story in stories for line in story.lines)
    print(f"\n{part}: {len(stories)} stories, {size / seconds / 1000:,.0f} thousand characters/s")
    print(f"{'F1':20}" + "".join(f"{name:>16}" for name in results))
    for name in CLASSES:
        cells = []
        for head, (wanted, found) in results.items():
            there = name != NONE or head == "nine classes"
            cells.append(f"{100 * f1(wanted, found, name):16.1f}" if there else f"{'':16}")
        print(f"{name:20}" + "".join(cells))
    macros, exact = [], []
    for head, (wanted, found) in results.items():
        classes = CLASSES if head == "nine classes" else ROLES
        macros.append(100 * sum(f1(wanted, found, name) for name in classes) / len(classes))
        exact.append(100 * sum(map(str.__eq__, wanted, found)) / len(wanted))
    print(f"{'macro F1':20}" + "".join(f"{value:16.1f}" for value in macros))
    print(f"{'the same, per cent':20}" + "".join(f"{value:16.1f}" for value in exact))


# Texts that make a careless rule slow.
HARD = {
    "plain paragraphs": "The ferry sailed on Monday. Nobody spoke, and it “rained”, she said.\n",
    "no sentence end": "the ferry sailed and ",
    "no space at all": "word",
    "one-word lines": "word\n",
    "stops and spaces": "a. ",
    "short sentences": "No. Yes. ",
    "quotation marks": "“a” \"b '",
    "slashes": "Ana Brell/The Post\n",
    "figures": "1999 20,000.5 ",
    "capitals": "In Velsk ",
}
LENGTHS = (20_000, 80_000, 320_000)


def show_speed() -> None:
    """Print microseconds a character of positions and roles, for texts of growing length."""
    from kit.library import datasets
    from kit.suggest import position, role
    from kit.suggest.rule import Settings
    from kit.text.article import Article

    book = datasets.codebook("")
    print(f"\n{'microseconds a character, by length':36}" + "".join(f"{n:>10,}" for n in LENGTHS))
    for name, piece in HARD.items():
        cells = []
        for length in LENGTHS:
            article = Article.from_text("hard", "A word.\n" + piece * (length // len(piece)))
            start = time.perf_counter()
            for module in (position, role):
                for _ in module.find(article, book, Settings()):
                    pass
            cells.append((time.perf_counter() - start) / length * 1e6)
        print(f"{name:36}" + "".join(f"{cell:10.2f}" for cell in cells))


# -- learning ----------------------------------------------------------------------------------

STORIES = 20  # that must share a feature
FEATURES = 400
STRENGTH = 0.1  # of the regression: smaller is plainer
AFTER = 0.5  # how much the role before counts
FOLDS = 4
# Words with a capital that are no names.
CAPITALS = frozenset(
    """
    i mr mrs ms monday tuesday wednesday thursday friday saturday sunday january february march
    april may june july august september october november december
    """.split()
)


def learn(stories: list[Story]) -> list[list[Any]]:
    """Return the rows of the table: feature, stories that have it, nine weights."""
    import numpy as np
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    found = [features(story.title, story.lines) for story in stories]
    shared = Counter(f for sentences in found for f in set().union(*sentences))
    names = _names(stories)
    kept = sorted(f for f, n in shared.items() if n >= STORIES and f.split(" ", 1)[-1] not in names)
    labels = np.array([CLASSES.index(role) for story in stories for role in story.roles])
    story_of = np.array([n for n, story in enumerate(stories) for _ in story.roles])

    def matrix() -> Any:
        places = {f: n for n, f in enumerate(kept)}
        rows = [[places[f] for f in sorted(s) if f in places] for ss in found for s in ss]
        ends = np.cumsum([0] + [len(row) for row in rows])
        flat = [n for row in rows for n in row]
        return csr_matrix((np.ones(len(flat)), flat, ends), shape=(len(rows), len(kept)))

    def fit(x: Any, y: Any) -> Any:
        return LogisticRegression(C=STRENGTH, max_iter=300).fit(x, y)

    x = matrix()
    pull = np.abs(fit(x, labels).coef_).max(0) * np.sqrt(np.asarray(x.mean(0)).ravel())
    kept = sorted(kept[n] for n in np.argsort(-pull)[:FEATURES])
    x = matrix()
    whole = fit(x, labels)
    fold = np.random.RandomState(0).randint(0, FOLDS, len(stories))[story_of]
    held_out = np.zeros((len(labels), len(CLASSES)))
    for k in range(FOLDS):
        part = fit(x[fold != k], labels[fold != k])
        held_out[fold == k] = part.decision_function(x[fold == k])
    after = _after(labels, story_of)
    always = _always(held_out, labels, story_of, after)
    rows = [["always", len(stories), *(whole.intercept_ + always)]]
    rows += [[f"after {name}", len(stories), *after[n]] for n, name in enumerate(CLASSES)]
    rows.append(["after nothing", len(stories), *after[-1]])
    centred = whole.coef_ - whole.coef_.mean(0)  # so that a row's weights add up to nothing
    rows += [[name, shared[name], *centred[:, n]] for n, name in enumerate(kept)]
    return rows


def _names(stories: list[Story]) -> set[str]:
    """Return the words that mostly stand with a capital inside a sentence."""
    small, large = Counter(), Counter()
    for story in stories:
        for line in story.lines:
            for word in re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", line.text)[1:]:
                count = small if word[0].islower() else large
                count[word.casefold().replace("’", "'")] += 1
    return {word for word, n in large.items() if n > small[word]} - CAPITALS


def _after(labels: Any, story_of: Any) -> Any:
    """Return what each role before adds to each role; the last row is for the first sentence."""
    import numpy as np

    counts = np.ones((len(CLASSES) + 1, len(CLASSES)))
    for n, label in enumerate(labels):
        first = n == 0 or story_of[n] != story_of[n - 1]
        counts[-1 if first else labels[n - 1], label] += 1
    chance = np.bincount(labels, minlength=len(CLASSES)) / len(labels)
    return AFTER * (np.log(counts / counts.sum(1, keepdims=True)) - np.log(chance))


def _always(own: Any, labels: Any, story_of: Any, after: Any) -> Any:
    """Return what to add to each role always, for the highest macro F1."""
    import numpy as np
    from sklearn.metrics import f1_score

    edges = np.flatnonzero(np.diff(story_of)) + 1
    starts, ends = [0, *edges], [*edges, len(labels)]

    def agree(extra: Any) -> float:
        found = np.zeros(len(labels), int)
        for start, end in zip(starts, ends, strict=True):
            best, ways = own[start] + extra + after[-1], []
            for n in range(start + 1, end):
                way = best[:, None] + after[:-1]
                ways.append(way.argmax(0))
                best = way.max(0) + own[n] + extra
            found[end - 1] = best.argmax()
            for n in range(end - 2, start - 1, -1):
                found[n] = ways[n - start][found[n + 1]]
        return f1_score(labels, found, average="macro")

    always = np.zeros(len(CLASSES))
    best = agree(always)
    for step in (0.6, 0.6, 0.3, 0.3, 0.15, 0.15):
        for k in range(len(CLASSES)):
            for change in (-step, step):
                trial = always.copy()
                trial[k] += change
                if (score := agree(trial)) > best + 0.0002:
                    best, always = score, trial
    print(f"held-out quarters of the train part, nine classes: macro F1 {100 * best:.1f}")
    return always


def write(rows: list[list[Any]], path: Path) -> None:
    """Write the table as CSV, two decimals a weight."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["feature", "stories", *CLASSES])
        for name, stories, *numbers in rows:
            table.writerow([name, stories, *(f"{float(n) + 0.0:.2f}" for n in numbers)])


def main() -> None:
    """Learn if asked to, then score."""
    parser = argparse.ArgumentParser(description="Score the table of role weights.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--learn", action="store_true")
    parser.add_argument("--test", action="store_true")
    args = parser.parse_args()
    train = read(args.data / "train.zip")
    if args.learn:
        table = Path(__file__).parents[2] / "kit" / "suggest" / "role_weights.csv"
        write(learn(train), table)
    show("train (learnt from, so no measure)", train)
    show("validation", read(args.data / "validation.zip"))
    if args.test:
        show("test", read(args.data / "test.zip"))
    show_speed()


if __name__ == "__main__":
    main()
