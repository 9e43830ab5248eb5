"""Whatever stands in a file that a person can edit or hand in, or in a message of a page: its
reader gives an answer or one short sentence.

    python -m tests.benchmarks.fuzz [--inputs 5000] [--seed 2023] [--only NAME] [--keep FOLDER]

Each reader gets inputs made from real ones: bytes turned, parts cut out, doubled or put elsewhere,
and values of a kind that nobody expects in the place of others. Printed for each reader: how many
inputs it took and refused, crashes, the longest sentence, the slowest input, and by how much memory
grew. With ``--keep`` the inputs that failed are written down, each as small as it could be made.
The same seed makes the same inputs.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import random
import re
import resource
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from desk.base import teaching_notes
from desk.collect import rubric_marks, rubric_table, tables, work_file
from desk.collect.pair import Pair
from desk.collect.plan import plan_of
from desk.collect.roll import Roll
from desk.collect.submissions import Found, Owner, find
from desk.handout import assignment, pairs
from kit import exercises
from kit.base.errors import KitError
from kit.coding.codebook import Codebook
from kit.coding.coding import Coding
from kit.exercises.surroundings import context_of
from kit.lessons import assigned
from kit.lessons.partner import labels_file, partners_labels
from kit.library import chronicle, datasets, facts, lexicon
from kit.library.reference import Reference
from kit.text import intake
from kit.text.article import Article
from kit.widgets.labeller import Labeller
from kit.widgets.page import article_html
from kit.widgets.panel import Panel, Upload
from kit.widgets.task import Task
from kit.work.names import place_of
from kit.work.workbook import Workbook

DATA = datasets.root() / "datasets"
ARTICLE = datasets.load_article("blinken-beijing-2023")
CODEBOOK = datasets.codebook(ARTICLE.id)
LESSON = "02-structure"
#: No sentence for people is longer, and no input takes longer than so many seconds.
LONGEST, SLOW = 1_000, 3.0

#: Of a long file its beginning is enough: more of the same costs time and finds nothing new.
ENOUGH, TABLES = 3_000, 3

Read = Callable[[bytes], object]


class Reader(NamedTuple):
    """Something that reads, and what it reads when all is well.

    Attributes:
        seeds: real inputs.
        read: takes an input; what it raises of :class:`KitError` is a sentence for somebody.
    """

    seeds: tuple[bytes, ...]
    read: Read


class Result(NamedTuple):
    """What came of one input: nothing if it was taken, otherwise the sentence or the crash."""

    kind: str
    said: str
    seconds: float


# -- inputs ----------------------------------------------------------------------------------------

NASTY: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 10**18, "", " ", "\u0000", "\u202e<script>", "=1+1", "$5 and $6", [],
    {}, "x" * 300, ["x"] * 50, {"x": {"x": {"x": 1}}}, "P6", "1.1", "\U0001f54a", "P", [[]],
    "2024-10-08", float("1e308"),
)  # fmt: skip
#: Pieces that no writer of JSON or TOML makes of a value.
RAW = (
    b"9" * 5_000, b"[" * 600 + b"]" * 600, b'{"a":' * 400 + b"1" + b"}" * 400, b"nan", b"-inf",
    b'"\\ud83d"', b'"' + b"long " * 10_000 + b'"', b"1979-05-27", b"\xff\xfe", b"\xef\xbb\xbf",
    b"\0", b"'''", b'"""', b"a.b.c.d = 1", b"[[x]]", b"[x]", b"\r", b"\n", b",", b";", b"\t", b'"',
    b"#",
)  # fmt: skip
_VALUE = re.compile(
    rb'"(?:[^"\\\n]|\\.)*"|(?<![\w-])-?\d+(?:\.\d+)?(?![\w-])|\btrue\b|\bfalse\b|\bnull\b'
)


def changed(draw: random.Random, seed: bytes) -> bytes:
    """Return an input made from a real one."""
    data = seed
    for _ in range(draw.choice((1, 1, 1, 2, 3, 6))):
        data = draw.choice(_CHANGES)(draw, data)
    return data[: 2**20]


def _bit(draw: random.Random, data: bytes) -> bytes:
    if not data:
        return data
    place = draw.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << draw.randrange(8)]) + data[place + 1 :]


def _cut(draw: random.Random, data: bytes) -> bytes:
    start = draw.randrange(len(data) + 1)
    return data[:start] + data[start + draw.choice((1, 10, 100, len(data))) :]


def _double(draw: random.Random, data: bytes) -> bytes:
    start, place = draw.randrange(len(data) + 1), draw.randrange(len(data) + 1)
    piece = data[start : start + draw.choice((5, 50, 500))]
    return data[:place] + piece * draw.choice((1, 2, 20)) + data[place:]


def _line(draw: random.Random, data: bytes) -> bytes:
    lines = data.split(b"\n")
    one, other = draw.randrange(len(lines)), draw.randrange(len(lines))
    match draw.randrange(3):
        case 0:
            lines[one], lines[other] = lines[other], lines[one]
        case 1:
            lines.insert(one, lines[other])
        case _:
            del lines[one]
    return b"\n".join(lines)


def _piece(draw: random.Random, data: bytes) -> bytes:
    place = draw.randrange(len(data) + 1)
    return data[:place] + draw.choice(RAW) + data[place:]


def _value(draw: random.Random, data: bytes) -> bytes:
    """Put another value in the place of one, whatever the format: JSON, TOML and CSV have strings
    and numbers in common."""
    line = data.rfind(b"\n", 0, draw.randrange(len(data) + 1)) + 1
    there = [found.span() for found in islice(_VALUE.finditer(data, line), 40)]
    if not there:
        return _piece(draw, data)
    start, end = draw.choice(there)
    a, b = draw.choice(there)
    new = draw.choice((draw.choice(RAW), json.dumps(draw.choice(NASTY)).encode(), data[a:b]))
    return data[:start] + new + data[end:]


_CHANGES = (_bit, _cut, _double, _line, _piece, _value, _value, _value)


# -- readers ---------------------------------------------------------------------------------------


def _begin(path: Path) -> bytes:
    """Return the beginning of a file; of TOML that of each of its lists of tables."""
    text = path.read_bytes()
    if path.suffix != ".toml":
        return text[:ENOUGH]
    met: Counter[bytes] = Counter()
    begin, *tables = re.split(rb"(?m)^(?=\[\[?\w+\]\]?$)", text)
    for table in tables:
        name = table.partition(b"\n")[0]
        met[name] += 1
        begin += table if met[name] <= TABLES else b""
    return begin


def _put(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def readers(place: Path) -> dict[str, Reader]:
    """Return every reader by its name; what they read from the disk lies in ``place``."""
    return {**_texts(place), **_tables(place), **_handed_in(place), **_pages(place)}


def _texts(place: Path) -> dict[str, Reader]:
    """Return the readers of articles and of what is known of them."""
    home = DATA / ARTICLE.id
    dates = _put(place / "dates.toml", _begin(home / "dates.toml"))
    reference = datasets.load_reference(ARTICLE.id)
    assert reference is not None
    coding = json.loads((home / "codings" / "reference.json").read_bytes())
    few = json.dumps({**coding, "annotations": coding["annotations"][::40]}, indent=1).encode()
    book = Workbook(ARTICLE, CODEBOOK, "student", place / "texts" / "student.json")

    def toml(name: str, read: Callable[[Path], object], *seeds: Path) -> Reader:
        folder = place / ARTICLE.id / name
        # A file's own hash is no matter here; a lesson's file is called like the lesson.
        texts = tuple(re.sub(rb"(?m)^sha256 = .*\n", b"", _begin(seed)) for seed in seeds)

        def put_and_read(data: bytes) -> object:
            said = re.search(rb'(?m)^lesson = "([\w-]{1,40})"', data)
            called = f"{said[1].decode()}.toml" if said else seeds[0].name
            return read(_put(folder / called, data))

        return Reader(texts, put_and_read)

    def article(data: bytes) -> object:
        found = Article.from_file(_put(place / "article" / "article.txt", data))
        return [sentence.words for sentence in found.sentences], article_html(found)

    def about(path: Path) -> object:
        found = Article.from_file(_put(path.with_suffix(".txt"), b"A short text.\n"))
        return found.title.upper(), found.meta.get("banner", "").split(), repr(found)

    def lesson(path: Path) -> object:
        for exercise in exercises.model.load_file(path):
            list(exercises.problems([exercise], context_of(exercise, book)))
        return None

    return {
        "article.txt": Reader((_begin(home / "article.txt"),), article),
        "text of one's own": Reader((_begin(home / "article.txt"),), intake.clean),
        "article.toml": toml("about", about, home / "article.toml"),
        "codebook": toml(
            "codebook",
            lambda path: Codebook.from_folder(path.parent),
            *sorted((DATA / "codebook").glob("*.toml"))[:1],
        ),
        "exercises": toml("exercises", lesson, *sorted((home / "exercises").glob("*.toml"))),
        "facts": toml(
            "facts",
            lambda path: [fact.shown for fact in facts.read(path).values()],
            home / "facts.toml",
        ),
        "dates": toml("dates", lambda path: chronicle.read(ARTICLE, path), home / "dates.toml"),
        "benchmarks": toml(
            "benchmarks",
            lambda path: chronicle.read(ARTICLE, dates, path),
            home / "benchmarks.toml",
        ),
        "disputed": toml(
            "disputed",
            lambda path: Reference.from_files(reference.coding, (), path),
            home / "disputed.toml",
        ),
        "teaching notes": toml(
            "teaching", teaching_notes.load_file, *sorted(home.glob("teaching/*.toml"))
        ),
        "coding": Reader(
            (few,),
            lambda data: Coding.from_file(_put(place / "c" / "c.json", data), ARTICLE, CODEBOOK),
        ),
    }


def _tables(place: Path) -> dict[str, Reader]:
    """Return the readers of tables and of what an instructor writes."""
    heads = ",".join(("student", "exercise", *rubric_table.COLUMNS.values(), "comment", "answer"))
    asked = assignment.Assignment("week-1", "Week 1", ARTICLE.id, ("02-structure",))
    mark = {"student": "name:ana", "exercise": "1.4", "answer": "t1", "scores": {}, "at": ""}
    kept = json.dumps({"schema": "kit-rubric-1", "marks": [mark]})

    def words(data: bytes) -> object:
        return lexicon.find(ARTICLE, lexicon.read(_put(place / "words.csv", data)))

    return {
        "word list": Reader((_begin(DATA / "lexicons" / "swaps.csv"),), words),
        "pairs": Reader((b"first,second\nana,ben\ncleo,dan\n",), pairs.read_pairs),
        "assignment": Reader(
            (msgspec.json.encode(asked),),
            lambda data: assignment.read(_put(place / "assignment.json", data)),
        ),
        "rubric table": Reader(
            (f"{heads}\nAna,1.4,1,2,3,0,Good,t1\n".encode(),),
            lambda data: rubric_table.read(_put(place / "free-text.csv", data), asked=True),
        ),
        "answers to mark": Reader(
            (_answers(),),
            lambda data: rubric_marks.read_answers(
                _put(place / "a" / rubric_marks.ANSWERS, data).parent
            ),
        ),
        "assignment, in a lesson": Reader(
            (msgspec.json.encode(asked),),
            lambda data: assigned.handout(_put(place / "assignment.json", data).parent),
        ),
        "rubric marks": Reader(
            (kept.encode(),),
            lambda data: rubric_marks.kept(_put(place / "m" / rubric_marks.MARKS, data).parent),
        ),
    }


def _answers() -> bytes:
    about = rubric_marks.About(
        article=ARTICLE.id, sha256=ARTICLE.sha256, title="A", asked=("1.4",), counted=("1.4",)
    )
    texts = (("claim", "words"),)
    answer = rubric_marks.Answer("name:ana", "Ana", "Student 1", 0, "1.4", "t1", texts)
    return rubric_marks.line(answer) + rubric_marks.line(about)


def _handed_in(place: Path) -> dict[str, Reader]:
    """Return the readers of what students hand in, to a partner too."""
    done = _some_work(place)
    other = Workbook(ARTICLE, CODEBOOK, "Bo", place / "done" / "bo.json")
    other.note("x", "A file to lay another beside.")
    sealed = done.to_json()
    # Without its checksum whatever is changed in it is read.
    works = (re.sub(rb'"checksum": "\w+"', b'"checksum": ""', sealed),) * 3 + (sealed,)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("ana_1_assignsubmission_file_/ana.json", sealed)
        made.writestr("bo/notes.txt", "words")

    def opened(data: bytes) -> object:
        folder = place / "opened"
        for left in folder.iterdir() if folder.exists() else ():
            left.unlink()
        there = Workbook(ARTICLE, CODEBOOK, "student", _put(folder / "student.json", data))
        there.note("x", "goes on")
        return there.notice

    def collected(data: bytes) -> object:
        try:
            return work_file.read(data, ARTICLE, CODEBOOK)
        except work_file.NotUsable as why:
            raise KitError(f"{why.why} {why.ask}") from None

    plan = plan_of(assignment.Assignment("a", "A", ARTICLE.id, ("01-what-am-i-reading", LESSON)))

    def marked(data: bytes) -> object:
        roll = Roll(plan)
        roll.take(Found("ana.json", Owner(), data))
        return list(tables.marks(roll)), roll.problems

    def named(data: bytes) -> object:
        return place_of(_put(place / "named" / "jose.json", data).parent, "Jose", "Jose")

    def paired(data: bytes) -> object:
        return Pair(_put(place / "pair" / "ana.json", data), other.path, "position").compare()

    return {
        "work file, opened": Reader(works, opened),
        "work file, marked": Reader(works, marked),
        "work file, beside a partner's": Reader(works, paired),
        "work file, whose it is": Reader(works, named),
        "work file, collected": Reader(works, collected),
        "partner's file": Reader(
            (labels_file(done, "position")[1].encode(),),
            lambda data: partners_labels(Upload("p.json", data), other, CODEBOOK.layer("position")),
        ),
        "zip": Reader(
            (packed.getvalue(),),
            lambda data: [one.place for one in find(_put(place / "class.zip", data))],
        ),
    }


def _some_work(place: Path) -> Workbook:
    done = Workbook(ARTICLE, CODEBOOK, "Ana", place / "done" / "ana.json")
    reference = datasets.load_reference(ARTICLE.id)
    assert reference is not None
    for layer in ("position", "attribution"):
        done.apply(layer, {a.id: (None, a) for a in reference.coding.on(layer)[:4]})
        done.commit(layer)
    done.answer("1.4", {"values": {"claim": "words"}})
    return done


def _pages(place: Path) -> dict[str, Reader]:
    """Return what takes the messages of pages; JSON is what they are by the time they arrive."""
    book = Workbook(ARTICLE, CODEBOOK, "student", place / "pages" / "student.json")
    unit = ARTICLE.unit("P6")
    label = {"id": "P6", "layer": "position", "at": {"start": unit.start, "end": unit.end}}
    change = {"was": None, "now": {**label, "codes": ["lede"]}, "sent": []}
    wish = {"type": "hand-in", "rev": 1, "seen": {}, "sent": []}

    def message(widget: Any, *seeds: dict[str, Any]) -> Reader:
        sent: list[Any] = []
        widget.send = sent.append

        def read(data: bytes) -> object:
            try:
                content = json.loads(data)
            except (ValueError, RecursionError):
                return None
            sent.clear()
            widget._receive(widget, content, [])
            # What a page gets goes over the wire as UTF-8.
            return json.dumps([sent, widget.get_state()], ensure_ascii=False, default=str).encode()

        return Reader(tuple(json.dumps(seed).encode() for seed in seeds), read)

    def form(lesson: str, id: str, values: dict[str, Any]) -> Reader:
        exercise = exercises.find(exercises.load(lesson), id)
        task = Task(exercise, book, lambda: context_of(exercise, book))
        return message(
            task, {**wish, "values": values}, {**wish, "type": "draft", "values": values}
        )

    def pressed(_panel: object, button: str, values: Any) -> Any:
        raise KitError(f"{button[:20]}: {len(values)} values came.")

    return {
        "labeller's page": message(
            Labeller(book, "position"),
            {"type": "changes", "rev": 1, "changes": {"P6": change}},
            {"type": "settle", "id": "P6"},
        ),
        "exercise's page, text": form("04-expectations", "4.4", {"why": "Words of my own."}),
        "exercise's page, numbers": form("03-who-speaks", "3.3", {"named": "4", "quoted": "2"}),
        "panel's page": message(
            Panel("p", "", on_press=pressed),
            {"type": "press", "button": "a", "values": {"x": "words"}},
        ),
    }


# -- trials ----------------------------------------------------------------------------------------


def tried(read: Read, data: bytes) -> Result:
    """Read one input and say what came of it."""
    start = time.process_time()  # by the clock a busy machine would be slow
    kind, said = "taken", ""
    try:
        read(data)
    except KitError as problem:
        kind, said = "refused", str(problem)
        if len(said) > LONGEST:
            kind = "too long a sentence"
    except Exception as problem:
        kind, said = "crash", f"{type(problem).__name__}: {str(problem)[:200]}"
    seconds = time.process_time() - start
    if seconds > SLOW and kind in ("taken", "refused"):
        kind = "slow"
    return Result(kind, said, seconds)


def smaller(read: Read, data: bytes, result: Result) -> bytes:
    """Return an input that fails as this one does, with as much taken out as can be."""

    def fails(one: bytes) -> bool:
        found = tried(read, one)
        same = found.said.partition(":")[0] == result.said.partition(":")[0]
        return found.kind == result.kind and (same or found.kind != "crash")

    size = len(data) // 2
    while size:
        place = 0
        while place < len(data):
            shorter = data[:place] + data[place + size :]
            if fails(shorter):
                data = shorter
            else:
                place += size
        size //= 2
    return data


def trial(title: str, reader: Reader, inputs: int, seed: int, keep: Path | None) -> int:
    """Try one reader, print its line, and return how many inputs failed."""
    draw = random.Random(f"{seed} {title}")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    counts = dict.fromkeys(("taken", "refused", "crash", "too long a sentence", "slow"), 0)
    longest, slowest = 0, 0.0
    failed: dict[str, tuple[Result, bytes]] = {}
    for _ in range(inputs):
        data = changed(draw, draw.choice(reader.seeds))
        found = tried(reader.read, data)
        counts[found.kind] += 1
        slowest = max(slowest, found.seconds)
        if found.kind in ("refused", "too long a sentence"):
            longest = max(longest, len(found.said))
        if found.kind not in ("taken", "refused"):
            failed.setdefault(re.sub(r"\d+", "n", found.said[:50]), (found, data))
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
    print(
        f"| {title} | {inputs:,} | "
        + " | ".join(f"{n:,}" for n in (*counts.values(), longest, round(1000 * slowest), grown))
        + " |",
        flush=True,
    )
    for found, data in failed.values():
        print(f"    {found.kind}: {found.said[:240]!r}", file=sys.stderr, flush=True)
        if keep:
            small = data if found.kind == "slow" else smaller(reader.read, data, found)
            stem = re.sub(r"\W+", "-", title)
            _put(keep / f"{stem}-{hashlib.sha256(small).hexdigest()[:8]}", small)
    return sum(counts[kind] for kind in ("crash", "too long a sentence", "slow"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--inputs", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=2023)
    parser.add_argument("--only", default="")
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    heads = (
        "reader", "inputs", "taken", "refused", "crashes", "too long", "too slow",
        "longest sentence", "slowest, ms", "memory, MB",
    )  # fmt: skip
    print(f"| {' | '.join(heads)} |\n{'|---' * len(heads)}|")
    with tempfile.TemporaryDirectory() as name:
        failed = sum(
            trial(title, reader, options.inputs, options.seed, options.keep)
            for title, reader in readers(Path(name)).items()
            if options.only in title
        )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
