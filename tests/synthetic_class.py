"""A class that nobody sat in: work files by the hundred, good ones whose marks are known
beforehand, and every kind of broken or hostile one.

A good student's file is built item by item: what is right in it is right because it was put there
so, and :class:`Made` says what it should be worth. The same seed gives the same class.
"""

from __future__ import annotations

import io
import json
import os
import random
import stat
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from kit import exercises
from kit.coding.coding import Annotation, Coding
from kit.exercises import OWN, Context, Exercise
from kit.exercises.labels import handed_in, in_quotation, targets
from kit.exercises.surroundings import context_of
from kit.library import datasets
from kit.text.article import Article
from kit.text.span import Span
from kit.work.names import file_stem, stem_before
from kit.work.workbook import Workbook

ARTICLE = datasets.load_article("blinken-beijing-2023")
CODEBOOK = datasets.codebook(ARTICLE.id)
REFERENCE = datasets.load_reference(ARTICLE.id)
LESSONS = (
    "01-what-am-i-reading",
    "02-structure",
    "03-who-speaks",
    "04-expectations",
    "05-whose-agenda",
    "06-leave-the-page",
)
EXERCISES = tuple(e for lesson in LESSONS for e in exercises.load(lesson))
CHECKED = tuple(e for e in EXERCISES if e.checked)

EVIL = "<script>alert('x')</script><img src=x onerror=alert(1)>"
FIRST_NAMES = "Ana Bo Chidi Dora Emre Fatima Goran Hana Ivo Jun Kofi Lena Mei Noor Omar Pia".split()
LAST_NAMES = "Adeyemi Bauer Costa Dvořák Eriksen Fischer García Haddad Ito Jansen Kaya Li".split()


@dataclass
class Made:
    """What a class holds and what collecting it should find.

    Attributes:
        good: by name, the share of each checked exercise that first and best answers are worth.
        bad: paths, from the class's folder, of files that must be told of.
    """

    good: dict[str, dict[str, tuple[float, float]]] = field(default_factory=dict)
    bad: list[str] = field(default_factory=list)


# -- one good student ------------------------------------------------------------------------------


class Pupil:
    """Builds one student's work file."""

    _contexts: dict[str, Context] = {}

    def __init__(self, name: str, draw: random.Random, *, skill: float = 0.7, words: int = 12):
        self.name = name
        self.draw = draw
        self.skill = skill
        self.shares: dict[str, tuple[float, float]] = {}  # first and best
        self.last: dict[str, float] = {}
        self.first = self._labels(words)
        self.now = self._improved(self.first)

    def file(self) -> bytes:
        """Return the work file."""
        answers = {e.id: self._record(e) for e in EXERCISES}
        layers = {a.layer for a in self.first}
        data = json.dumps(
            {
                "schema": "kit-work-2",
                "article": ARTICLE.id,
                "sha256": ARTICLE.sha256,
                "student": self.name,
                "revision": 77,
                "saved": "2024-10-08T10:00:00Z",
                "labels": msgspec.to_builtins(tuple(self.now)),
                "answers": answers,
                "notes": {},
                "commits": {
                    layer: {
                        "at": "2024-10-07T09:00:00Z",
                        "annotations": msgspec.to_builtins(self.first.on(layer)),
                    }
                    for layer in sorted(layers)
                },
            },
            ensure_ascii=False,
        )
        # As the kit writes it; Python's own json is slow at that.
        return msgspec.json.format(data.encode("utf-8", "surrogatepass"), indent=1)

    def _labels(self, words: int) -> Coding:
        """Return a first coding: each unit as the reference has it or not, by skill, and some of
        the reference's labels on words, exactly."""
        made = []
        for layer in CODEBOOK.layers:
            theirs = REFERENCE.coding.on(layer.id)
            if layer.unit == "words":
                anchors = REFERENCE.anchors(layer.id)
                sure = [a for a in theirs if a.id in anchors]
                made += self.draw.sample(sure, min(len(sure), self.draw.randint(2, words)))
                continue
            for a in theirs:
                codes = a.codes[:1]
                if self.draw.random() > self.skill:
                    codes = (self.draw.choice([c.id for c in layer.codes if c.id != codes[0]]),)
                note = "I read it so because of the verb." if self.draw.random() < 0.1 else ""
                made.append(
                    Annotation(a.id, layer.id, Span(a.at.start, a.at.end), codes, note=note)
                )
        return Coding(ARTICLE, CODEBOOK, self.name, made)

    def _improved(self, first: Coding) -> Coding:
        """Return the coding after a second look: some units set right, some labels more."""
        made = {(a.layer, a.id): a for a in first}
        for layer in CODEBOOK.layers:
            for a in REFERENCE.coding.on(layer.id):
                if layer.unit == "words":
                    if a.id in REFERENCE.anchors(layer.id) and self.draw.random() < 0.05:
                        made[layer.id, a.id] = a
                elif self.draw.random() < 0.3:
                    note = "Changed after we had talked." if self.draw.random() < 0.2 else ""
                    at = Span(a.at.start, a.at.end)
                    made[layer.id, a.id] = Annotation(a.id, layer.id, at, a.codes[:1], note=note)
        return Coding(ARTICLE, CODEBOOK, self.name, made.values())

    def context(self, exercise: Exercise, coding: Coding) -> Context:
        if exercise.article not in self._contexts:
            book = Workbook(ARTICLE, CODEBOOK, "", Path("/nonexistent/work.json"))
            self._contexts[exercise.article] = context_of(exercise, book)
        there = self._contexts[exercise.article]
        return Context(there.article, coding, there.codebook, there.reference, there.facts)

    def _elsewhere(self, e: Exercise, context: Context) -> Context:
        """Return a context with labels on another text: those asked for, right or not by skill."""
        layer = context.codebook.layer(e.layer)
        made = []
        for a in targets(e, context):
            right = self.draw.random() < self.skill
            if layer.unit != "words" and not right:
                other = self.draw.choice([c.id for c in layer.codes if c.id != a.codes[0]])
                made.append(Annotation(a.id, a.layer, Span(a.at.start, a.at.end), (other,)))
            elif right:
                made.append(a)
        return replace(context, coding=Coding(context.article, context.codebook, self.name, made))

    def _record(self, e: Exercise) -> dict:
        tries = []
        shares = []
        for n, coding in enumerate((self.first, self.now)):
            context = self.context(e, coding)
            if e.layer and e.article not in (ARTICLE.id, OWN):
                context = self._elsewhere(e, context)
            values, share = self._answer(e, context)
            labels = msgspec.to_builtins(handed_in(e, context))
            # The verdict is always a lie: nobody may believe it.
            verdict = ("not yet" if share == 1 else "yes") if e.checked else "kept"
            tries.append(
                {
                    "values": values,
                    "verdict": verdict,
                    "at": f"2024-10-0{7 + n}T09:00:00Z",
                    "labels": labels,
                }
            )
            shares.append(share)
        if e.checked:
            self.shares[e.id] = (shares[0], max(shares))
            self.last[e.id] = shares[-1]
        return {
            "values": tries[-1]["values"],
            "first": tries[0],
            "tries": tries,
            "attempts": 2,
            "hints": self.draw.randint(0, len(e.hints)),
        }

    def _answer(self, e: Exercise, context: Context) -> tuple[dict, float]:
        """Return an answer and the share of it that is right, known because it was put there."""
        if e.checked and e.kind == "label":
            return {}, self._label_share(e, context)
        good = exercises.expected(
            e, context, text=f"What {self.name} wrote, in a few words."
        ).values
        if not e.checked:
            return dict(good), 1.0
        bad = exercises.wrong(e, context).values
        right = {id: self.draw.random() < self.skill for id in good}
        values = {id: good[id] if ok else bad[id] for id, ok in right.items()}
        return values, sum(right.values()) / len(right)

    def _label_share(self, e: Exercise, context: Context) -> float:
        mine = context.coding.by_id(e.layer)
        wanted = targets(e, context)
        if e.units:
            theirs = context.reference.coding.by_id(e.layer)
            return sum(mine[u].codes == theirs[u].codes[:1] for u in e.units if u in mine) / len(
                e.units
            )
        if e.at_least:
            # All labels on words are anchors of the reference, so each in these paragraphs counts.
            here = [
                a for a in mine.values() if not e.blocks or _block(context.article, a) in e.blocks
            ]
            quoted = sum(in_quotation(context.article, a) for a in here)
            if len(here) >= e.at_least and quoted >= e.in_quotes:
                return 1.0
            some = min(len(here), e.at_least) + min(quoted, e.in_quotes)
            return some / (e.at_least + e.in_quotes)
        here = {
            block: [a for a in wanted if _block(context.article, a) == block] for block in e.blocks
        }
        whole = [all(a.id in mine for a in there) for there in here.values()]
        return sum(whole) / len(whole)


def _block(article: Article, a: Annotation) -> str:
    return article.block_at(a.at.start, a.at.end).id


# -- files nobody should trust ---------------------------------------------------------------------


def _with(data: bytes, **changes: object) -> bytes:
    return json.dumps({**json.loads(data), **changes}).encode()


def _deep(_: bytes) -> bytes:
    return b'{"schema": "kit-work-2", "answers": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"


def _flood(data: bytes) -> bytes:
    label = {"id": "x", "layer": "wording", "at": {"start": 0, "end": 3}}
    return _with(data, labels=[{**label, "id": f"x{n}"} for n in range(20_000)])


def _shifted(data: bytes) -> bytes:
    file = json.loads(data)
    for label in file["labels"]:
        label["at"]["start"] += 1
    return json.dumps(file).encode()


#: What may become of a work file so that it cannot be used.
BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "truncated": lambda data: data[: len(data) // 2],
    "binary": lambda data: bytes(range(256)) * 40,
    "utf-16": lambda data: data.decode().encode("utf-16"),
    "list": lambda data: b"[1, 2, 3]",
    "other-json": lambda data: b'{"name": "package", "version": 1}',
    "newer": lambda data: _with(data, schema="kit-work-9"),
    "a-coding": lambda data: _with(data, schema="kit-coding-1"),
    "wrong-hash": lambda data: _with(data, sha256="0" * 64),
    "other-text": lambda data: _with(data, article="my-own-text", sha256="1" * 64),
    "extra-key": lambda data: _with(data, surprise=1),
    "shifted": _shifted,
    "half-a-letter": lambda data: _with(data, student="Ana \ud800"),
    "null-labels": lambda data: _with(data, labels=None),
    "deep": _deep,
    "flood": _flood,
    "large": lambda data: data + b" " * (30 * 2**20),
}

#: Names that somebody may sign with; the files can be used.
NAMES = {
    "formula": '=HYPERLINK("http://x.example","A")',
    "minus": "-2+3",
    "script": EVIL,
    "parent": "../../../evil",
    "device": "CON",
    "nul": "Ana\x00Bo",
    "turned": "\u202egnirts\u202c",
    "long": "A" * 5000,
    "newlines": 'Ana\r\nBo,"C"\n',
    "blank": " \t ",
    "zalgo": "A" + "\u0301" * 400,
}


def zipped(members: dict[str, bytes]) -> bytes:
    """Return a zip of some files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def bomb(megabytes: int = 600) -> bytes:
    """Return a zip that unfolds to a thousand times its size, in members of 15 MB each."""
    zeros = b"0" * (15 * 2**20)
    return zipped({f"{n}.json": zeros for n in range(megabytes // 15)})


def link_zip(data: bytes) -> bytes:
    """Return a zip with a symbolic link and an honest file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("link.json")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
        archive.writestr("honest.json", data)
    return out.getvalue()


def locked(data: bytes) -> bytes:
    """Return a zip that says it is encrypted."""
    raw = bytearray(zipped({"work.json": data}))
    raw[6] |= 1
    raw[raw.rindex(b"PK\1\2") + 8] |= 1
    return bytes(raw)


# -- a class ---------------------------------------------------------------------------------------


def name_of(n: int) -> str:
    """Return the name of the nth student; no two are alike."""
    first = FIRST_NAMES[n % len(FIRST_NAMES)]
    last = LAST_NAMES[n // len(FIRST_NAMES) % len(LAST_NAMES)]
    return f"{first} {last} {n}"


def place_of(layout: str, n: int, name: str) -> str:
    """Return where a student's file lies, as a system writes it."""
    file = f"{file_stem(name)}-{ARTICLE.id}.json"
    if layout == "moodle":
        return f"{name}_{700000 + n}_assignsubmission_file_/{file}"
    if layout == "canvas":
        login = stem_before(name).replace("-", "")
        return f"{login}_{'LATE_' if n % 7 == 3 else ''}{4000 + n}_{90000 + n}_{file}"
    if layout == "nbgrader":
        return f"submitted/{stem_before(name)}/week-3/work/{ARTICLE.id}/{file_stem(name)}.json"
    return file


def make(
    folder: Path, students: int, *, seed: int = 2023, defects: float = 0.05, layout: str = "plain"
) -> Made:
    """Write a class into a folder and return what it holds.

    Args:
        students: how many files of students there are, good and bad.
        defects: which share of them is broken; every kind in turn.
        layout: ``plain``, ``moodle``, ``canvas`` or ``nbgrader``.
    """
    draw = random.Random(seed)
    made = Made()
    kinds = list(BROKEN)
    broken = set(draw.sample(range(students), round(students * defects)))
    turn = 0
    for n in range(students):
        name = name_of(n)
        pupil = Pupil(name, random.Random(f"{seed}-{n}"), skill=draw.uniform(0.3, 1.0))
        data = pupil.file()
        path = folder / place_of(layout, n, name)
        if n in broken:
            data = BROKEN[kinds[turn % len(kinds)]](data)
            turn += 1
            made.bad.append(path.relative_to(folder).as_posix())
        else:
            made.good[name] = pupil.shares
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return made


def add_traps(folder: Path, data: bytes) -> list[str]:
    """Add what lies in no honest class's folder; return the paths that must be told of."""
    traps = {
        "bomb.zip": bomb(),
        "outside.zip": zipped({"../../evil.json": data, "/etc/evil.json": data}),
        "links.zip": link_zip(data),
        "locked.zip": locked(data),
        "cut.zip": zipped({"a.json": data})[:-40],
        "no.zip": b"no zip at all",
        "nested.zip": nested(data, 6),
        "tar.tar.gz": b"\x1f\x8b",
        "notebook.ipynb": b"{}",
        "report.html": EVIL.encode(),
    }
    for name, content in traps.items():
        (folder / name).write_bytes(content)
    told = list(traps)
    if os.name == "posix":
        (folder / "link.json").symlink_to("/etc/passwd")
        (folder / "loop").symlink_to(folder)
        os.mkfifo(folder / "pipe.json")
        told += ["link.json", "loop", "pipe.json"]
    deep = folder
    for _ in range(60):
        deep = deep / "d"
    deep.mkdir(parents=True)
    (deep / "far.json").write_bytes(data)
    return told


def nested(data: bytes, depth: int) -> bytes:
    """Return zips within zips."""
    content, name = data, "work.json"
    for n in range(depth):
        content, name = zipped({name: content}), f"{n}.zip"
    return content
