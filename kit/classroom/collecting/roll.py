"""The class's roll: whose work is in, once each, and what to know or to ask about every file."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import msgspec

from kit.classroom.collecting import marks, work_file
from kit.classroom.collecting.agreement import ClassLayer, Scale
from kit.classroom.collecting.judge import Items
from kit.classroom.collecting.marks import ExerciseMark, Marks, Total
from kit.classroom.collecting.plan import Plan
from kit.classroom.collecting.submissions import Found, Owner, Problem, shown
from kit.classroom.collecting.work_file import NotUsable, Work
from kit.lessons.shown import UNSIGNED

__all__ = ["Examined", "Note", "Roll", "Student", "examine"]

#: How many notes are kept for the report: of one student, and on one unit.
MOST_NOTES, MOST_ON_UNIT, NOTE_LENGTH = 200, 40, 280


class Note(NamedTuple):
    """A reason that a student gave with a label: on which layer and paragraph, for which code."""

    layer: str
    block: str
    code: str
    text: str
    student: int = -1


class Examined(NamedTuple):
    """What is kept of a work file, once its marks are made.

    Attributes:
        digest: of the file; ``likeness``: of labels and answers alone, whoever signed them.
        rows: by layer, the codes as committed and as they are now; see
            :class:`kit.classroom.collecting.agreement.Scale`.
    """

    signed: str
    saved: str
    digest: str
    likeness: str
    marks: Marks
    rows: dict[str, tuple[bytes | None, bytes | None]]
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Student:
    """One row of the results.

    Attributes:
        number: counts up from 0 as files were found.
        name: what the student is called in the results; no two are called alike.
        owner: whose the file is by its place.
        place: where the file lies.
        work: what is kept of it.
    """

    number: int
    name: str
    owner: Owner
    place: str
    work: Examined

    @property
    def alias(self) -> str:
        """What stands for the name where names are hidden."""
        return f"Student {self.number + 1}"


def examine(found: Found, plan: Plan, scales: dict[str, Scale]) -> Examined | Problem:
    """Return what there is to keep of a file, or why it cannot be used.

    Raises:
        ExerciseError: the plan's exercises cannot be used; no student's doing.
    """
    try:
        work = work_file.read(found.data, plan.article, plan.codebook)
    except NotUsable as problem:
        ask = problem.ask
        if found.spare and "damaged" in problem.why:
            ask = f"Look at {found.spare} beside it: the version before. {ask}"
        level = "ask" if ask else "nothing"
        return Problem(found.place, found.owner, problem.why, ask, level)
    rows = {}
    for id, scale in scales.items():
        first = work.first.get(id)
        rows[id] = (scale.coded(first) if first else None, scale.coded(work.coding))
    return Examined(
        work.student,
        work.saved,
        work.digest,
        _likeness(work),
        marks.mark(work, plan),
        rows,
        tuple(_notes(work, plan)),
    )


def _likeness(work: Work) -> str:
    """Return a digest of labels, answers and the moments they were handed in; "" for too little
    to tell work from work."""
    tries = [record.tries for record in work.records.values() if record.tries]
    if len(tries) < 3:
        return ""
    there = msgspec.json.encode((tuple(work.coding), work.records), order="deterministic")
    return hashlib.sha256(there).hexdigest()


def _notes(work: Work, plan: Plan) -> Iterator[Note]:
    left = MOST_NOTES
    for layer in plan.layers:
        names = {code.id: code.name for code in layer.codes}
        for a in work.coding.on(layer.id):
            if a.note.strip() and left:
                left -= 1
                block = plan.article.block_at(a.at.start, a.at.end).id
                code = names.get(a.codes[0], "") if a.codes else ""
                yield Note(layer.id, block, code, shown(a.note, NOTE_LENGTH))


class Roll:
    """The students of a class and the problems with their files, filled one file at a time.

    Attributes:
        plan: what counts.
        students: in the order in which their files were found.
        problems: about files, in that order too.
        first, now: by layer, the class's codes as committed and as they are.
        notes: by layer and paragraph, reasons that students gave.
        begun: ids of the exercises that somebody has handed in.
    """

    def __init__(self, plan: Plan):
        self.plan = plan
        self.scales = {layer.id: Scale(plan.article, layer) for layer in plan.layers}
        self.students: list[Student] = []
        self.problems: list[Problem] = []
        self.first = {id: ClassLayer(scale) for id, scale in self.scales.items()}
        self.now = {id: ClassLayer(scale) for id, scale in self.scales.items()}
        self.notes: dict[tuple[str, str], list[Note]] = defaultdict(list)
        self.begun: set[str] = set()
        self._by_digest: dict[str, Student] = {}
        self._by_likeness: dict[str, Student] = {}
        self._by_owner: dict[tuple[str, str], Student] = {}
        self._by_signed: dict[str, Student] = {}
        self._names: dict[str, int] = {}
        self._items: dict[tuple, Items] = {}

    def tell(self, problem: Problem) -> None:
        """Add a problem."""
        self.problems.append(problem)

    @property
    def to_ask(self) -> int:
        """How many problems need a student to be asked."""
        return sum(problem.level == "ask" for problem in self.problems)

    def take(self, found: Found, examined: Examined | Problem) -> Student | None:
        """Add a file's work, unless it is there already; return the student whose it is."""
        if isinstance(examined, Problem):
            self.tell(examined)
            return None
        same = self._by_digest.get(examined.digest)
        if same is not None:
            self._tell_same(found, same)
            return None
        number = len(self.students)
        name = self._name(found.owner.name or examined.signed or found.place)
        student = Student(number, name, found.owner, found.place, examined)
        self._look_for_others(student)
        for doubt in examined.marks.doubts:
            self.tell(
                Problem(
                    found.place,
                    found.owner,
                    f"{doubt} The file is used.",
                    "Look at the file, and ask whether somebody wrote into it by hand.",
                    "look",
                )
            )
        for id, (first, now) in examined.rows.items():
            self.first[id].add(number, first)
            self.now[id].add(number, now)
        for note in examined.notes:
            there = self.notes[note.layer, note.block]
            if len(there) < MOST_ON_UNIT:
                there.append(note._replace(student=number))
        self.begun |= {id for id, m in examined.marks.exercises.items() if m.attempts}
        # What has been written out or counted need not be kept as well.
        slim = examined.marks._replace(
            written=(),
            exercises={id: self._shared(m) for id, m in examined.marks.exercises.items()},
        )
        kept = examined._replace(rows={}, notes=(), marks=slim)
        self.students.append(replace(student, work=kept))
        self._by_digest[examined.digest] = student
        return student

    def _shared(self, mark: ExerciseMark) -> ExerciseMark:
        """Return a mark that shares its items with all like it: a class has few kinds of them."""
        once = [
            items and self._items.setdefault(tuple(items.items()), items)
            for items in (mark.first, mark.best)
        ]
        return mark._replace(first=once[0], best=once[1])

    def narrow(self, plan: Plan) -> None:
        """Let another plan on the same text count, one that asks less."""
        self.plan = plan
        kept = [layer.id for layer in plan.layers]
        self.scales = {id: self.scales[id] for id in kept}
        self.first = {id: self.first[id] for id in kept}
        self.now = {id: self.now[id] for id in kept}

    def total(self, student: Student) -> Total:
        """Return a student's points."""
        return marks.total(student.work.marks, self.plan)

    def _name(self, name: str) -> str:
        name = shown(name, 80) or "without a name"
        key = name.casefold()
        self._names[key] = self._names.get(key, 0) + 1
        if self._names[key] == 1:
            return name
        return self._name(f"{name} ({self._names[key]})")

    def _tell_same(self, found: Found, same: Student) -> None:
        by_another = found.owner != same.owner and (found.owner.id or same.owner.id)
        self.tell(
            Problem(
                found.place,
                found.owner,
                f"The same file, byte for byte, as {same.place}; used once, for {same.name}.",
                "Two students have handed in one file. Ask both whose work it is."
                if by_another
                else "",
                "ask" if by_another else "nothing",
            )
        )

    def _look_for_others(self, student: Student) -> None:
        """Tell of another file that may be the same student's, or the same work."""
        owner, signed = student.owner, student.work.signed
        if owner.id:
            other = self._by_owner.setdefault((owner.system, owner.id), student)
            if other is not student:
                self._tell_of(student, f"{owner.name} has handed in another file, {other.place}.")
        if signed and signed != UNSIGNED:
            other = self._by_signed.setdefault(signed.casefold(), student)
            if other is not student and (not owner.id or other.owner != owner):
                self._tell_of(student, f"“{signed}” has signed another file too, {other.place}.")
        elif not owner.id:
            self.tell(
                Problem(student.place, owner, "The work is not signed.", "Ask whose it is.", "ask")
            )
        if student.work.likeness:
            other = self._by_likeness.setdefault(student.work.likeness, student)
            if other is not student:
                self.tell(
                    Problem(
                        student.place,
                        owner,
                        f"All labels, answers and times are those of {other.place}, under "
                        "another name or number. Both files are used.",
                        "Ask both whose work it is.",
                    )
                )

    def _tell_of(self, student: Student, why: str) -> None:
        ask = "Ask which of the two counts, and leave out the other’s row."
        self.tell(Problem(student.place, student.owner, f"{why} Both files are used.", ask))
