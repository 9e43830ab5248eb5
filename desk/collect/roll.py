"""The class's roll: whose work is in, once each, and what to know or to ask about every file."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

import msgspec

from desk.collect import before_after, marks, work_file
from desk.collect.agreement import ClassLayer, Scale
from desk.collect.marks import Marks, Total
from desk.collect.messages import ProblemList
from desk.collect.plan import Plan
from desk.collect.rubric import Given
from desk.collect.submissions import AGAIN, Found, Owner, Problem, shown
from desk.collect.work_file import NotUsable, Work
from kit.work.names import UNSIGNED

#: How many notes are kept for the report: of one student, and on one unit.
MOST_NOTES, MOST_ON_UNIT, NOTE_LENGTH = 200, 40, 280
#: How many files of one student are told one by one that do not count.
MOST_EARLIER = 20


class Note(NamedTuple):
    """A reason that a student gave with a label: on which layer and paragraph, for which code, and
    the student's number."""

    layer: str
    block: str
    code: str
    text: str
    student: int


class _File(NamedTuple):
    """A file that was looked at: where it lies, whose it is by that, and the student's number."""

    place: str
    owner: Owner
    number: int


@dataclass
class Student:
    """One row of the results: whose work it is, and what is kept of the work file.

    Attributes:
        number: counts up from 0 as files were found.
        name: what the student is called in the results; no two are called alike.
        owner: whose the file is by its place.
        place: where the file lies.
        signed, saved: by whom and when, as the file says.
        late: why it is late, in a sentence; nothing if it is not known to be.
        writers: the kernels that have saved it.
        digest: of the file.
        likeness: a digest of labels and answers alone, whoever signed them; "" for too little.
        marks: what the work is worth.
        given: by exercise, what a person has given for free text.
    """

    number: int
    name: str
    owner: Owner
    place: str
    signed: str
    saved: str
    late: str
    writers: frozenset[str]
    digest: str
    likeness: str
    marks: Marks
    given: dict[str, Given] = field(default_factory=dict)

    @property
    def alias(self) -> str:
        """What stands for the name where names are hidden."""
        return f"Student {self.number + 1}"

    @property
    def blank(self) -> str:
        """What the last answers leave blank: ``"2.2: P13; 2.5: first, before"``."""
        found = self.marks.exercises.items()
        return "; ".join(f"{id}: {', '.join(one.blank)}" for id, one in found if one.blank)


def _likeness(work: Work) -> str:
    """Return a digest of labels, answers and the moments they were handed in; "" for too little
    to tell work from work."""
    tries = [record.tries for record in work.records.values() if record.tries]
    if len(tries) < 3:
        return ""
    there = msgspec.json.encode((tuple(work.coding), work.records), order="deterministic")
    return hashlib.sha256(there).hexdigest()


def _notes(work: Work, plan: Plan, student: int) -> Iterator[Note]:
    left = MOST_NOTES
    for layer in plan.layers:
        names = {code.id: code.name for code in layer.codes}
        for a in work.coding.on(layer.id):
            if a.note.strip() and left:
                left -= 1
                block = plan.article.block_of(a.at).id
                code = names.get(a.codes[0], "") if a.codes else ""
                yield Note(layer.id, block, code, shown(a.note, NOTE_LENGTH), student)


class Roll:
    """The students of a class and the problems with their files, filled one file at a time.

    Of several files that a platform says are one student's, the one that was saved last counts, in
    whatever order they come; and so it is with copies that a program made beside a file.

    Attributes:
        plan: what counts.
        students: in the order in which their files were found.
        first, now: by layer, the class's codes as committed and as they are.
        notes: by layer and paragraph, reasons that students gave.
        sittings: the answers before and after the course.
    """

    def __init__(self, plan: Plan):
        self.plan = plan
        self.scales = {layer.id: Scale(plan.article, layer) for layer in plan.layers}
        self.students: list[Student] = []
        self.first = {id: ClassLayer(scale) for id, scale in self.scales.items()}
        self.now = {id: ClassLayer(scale) for id, scale in self.scales.items()}
        self.notes: dict[tuple[str, str], list[Note]] = defaultdict(list)
        self.sittings = before_after.Together()
        self._problems = ProblemList()
        self._by_digest: dict[str, _File] = {}
        self._by_owner: dict[tuple[str, ...], int] = {}
        #: By the place of a file, the students whose work it may be, or a copy of it is.
        self._by_place: dict[str, list[int]] = defaultdict(list)
        self._names: dict[str, int] = {}
        #: Files that do not count because one of the student's was saved later.
        self._earlier: list[_File] = []
        self._of_one: Counter[int] = Counter()

    def tell(self, problem: Problem) -> None:
        """Add a problem."""
        self._problems.add(problem)

    @property
    def problems(self) -> list[Problem]:
        """What there is to tell of files, now that those so far have been seen."""
        told = self._problems.all(self.students)
        return [*told, *self._of_earlier(), *self._of_used()]

    @property
    def to_ask(self) -> int:
        """How many problems need a student to be asked."""
        return sum(problem.level == "ask" for problem in self.problems)

    @property
    def begun(self) -> set[str]:
        """Ids of the exercises that somebody has handed in."""
        marked = (student.marks.exercises for student in self.students)
        return {id for exercises in marked for id, m in exercises.items() if m.attempts}

    def take(self, found: Found) -> None:
        """Look at a file and add its work, unless it is there already or does not count.

        Raises:
            ExerciseError: the plan's exercises cannot be used; no student's doing.
        """
        try:
            work, said = work_file.usable(found, self.plan.article, self.plan.codebook)
        except NotUsable as why:
            if why.said:
                self.sittings.add(found.owner, found.place, before_after.read(why.said))
            if why.kind != "aside":
                of_no_matter = why.kind == "no work"
                self.tell(found.problem(why.why, why.ask, "aside" if of_no_matter else ""))
            return
        same = self._by_digest.get(work.digest)
        if same is not None:
            self._tell_same(found, same)
            return
        if said:
            self.tell(found.problem(said, AGAIN))
        number = self._number(found, work)
        here = _File(found.place, found.owner, number)
        self._by_digest[work.digest] = here
        self.sittings.add(found.owner, found.place, before_after.read(work.said))
        if number == len(self.students):
            name = self._name(found.owner.name or work.student or found.place)
            self.students.append(self._student(here, name, work))
            return
        before = self.students[number]
        if (work.saved, found.place) < (before.saved, before.place):
            self._set_aside(here)
            return
        self._set_aside(_File(before.place, before.owner, number))
        self._forget(number)
        self.students[number] = self._student(here, before.name, work)

    def _number(self, found: Found, work: Work) -> int:
        """Return the number of the student whose work a file is: one that is known, or the next."""
        new = len(self.students)
        if found.owner.who:
            return self._by_owner.setdefault(found.owner.who, new)
        known = self._by_place[found.copy_of or found.place]
        for number in known:
            if _is_kin(work, self.students[number]):
                return number
        known.append(new)
        return new

    def _student(self, file: _File, name: str, work: Work) -> Student:
        """Return what is kept of a student's work, and count the labels and reasons in it."""
        for id, scale in self.scales.items():
            first = work.first.get(id)
            self.first[id].add(file.number, scale.coded(first) if first else None)
            self.now[id].add(file.number, scale.coded(work.coding))
        for note in _notes(work, self.plan, file.number):
            there = self.notes[note.layer, note.block]
            if len(there) < MOST_ON_UNIT:
                there.append(note)
        return Student(
            file.number,
            name,
            file.owner,
            file.place,
            work.student,
            work.saved,
            self._late(file.owner, work.saved),
            work.writers,
            work.digest,
            _likeness(work),
            marks.mark(work, self.plan),
        )

    def _late(self, owner: Owner, saved: str) -> str:
        """Return why work is late, in a sentence; nothing if it is not known to be."""
        due = self.plan.assignment.due
        if owner.late:
            return f"{owner.system.title()} says in the file’s name that it came late."
        try:
            day = datetime.fromisoformat(saved).astimezone().date()
        except (ValueError, OverflowError, OSError):  # somebody wrote into the file
            return ""
        if due is None or day <= due:
            return ""
        return f"It was saved last on {day}; the assignment was due on {due}."

    def _set_aside(self, file: _File) -> None:
        """Remember a file that does not count; of very many of one student, how many there are."""
        self._of_one[file.number] += 1
        if self._of_one[file.number] <= MOST_EARLIER:
            self._earlier.append(file)

    def _forget(self, number: int) -> None:
        """Take out what a student's file had brought in."""
        for layer in (*self.first.values(), *self.now.values()):
            layer.rows.pop(number, None)
        for place, there in self.notes.items():
            self.notes[place] = [note for note in there if note.student != number]

    def narrow(self, plan: Plan) -> None:
        """Let another plan on the same text count, one that asks less."""
        self.plan = plan
        kept = [layer.id for layer in plan.layers]
        self.scales = {id: self.scales[id] for id in kept}
        self.first = {id: self.first[id] for id in kept}
        self.now = {id: self.now[id] for id in kept}

    def layer(self, id: str) -> ClassLayer:
        """Return first answers on a layer where two students or more committed any, otherwise
        labels as they are now."""
        first = self.first[id]
        return first if len(first.rows) >= 2 else self.now[id]

    def kind_of(self, layer: ClassLayer) -> str:
        """Say which of the two a layer holds."""
        is_first = layer is self.first[layer.scale.layer.id]
        return "first answers" if is_first else "labels as they are now"

    def total(self, student: Student) -> Total:
        """Return a student's points."""
        return marks.total(student.marks, self.plan, student.given)

    def _name(self, name: str) -> str:
        name = shown(name, 80) or "without a name"
        while True:
            key = name.casefold()
            self._names[key] = self._names.get(key, 0) + 1
            if self._names[key] == 1:
                return name
            # Never shortened again: each round makes the name longer, so the rounds end.
            name = f"{name} ({self._names[key]})"

    def _tell_same(self, found: Found, same: _File) -> None:
        by_another = found.owner != same.owner and (found.owner.id or same.owner.id)
        why = (
            f"The same file, byte for byte, as {same.place}; looked at once, as that of "
            f"{self.students[same.number].name}."
        )
        ask = "Two students have handed in one file. Ask both whose work it is."
        self.tell(found.problem(why, ask if by_another else ""))

    def _of_earlier(self) -> Iterator[Problem]:
        """Yield the files that do not count because the student saved another later."""
        for file in sorted(self._earlier):
            student = self.students[file.number]
            yield Problem(
                file.place,
                file.owner,
                f"{student.name} has handed in another file too, {student.place}. That one was "
                "saved last and counts; this one does not.",
                "Should this one count? Take the other out of the folder and collect again.",
                "look",
            )
        for number, n in self._of_one.items():
            if n > MOST_EARLIER:
                student = self.students[number]
                why = f"Of {n - MOST_EARLIER:,} more files of this student the same is true."
                yield Problem(student.place, student.owner, why, "", "nothing")

    def _of_used(self) -> Iterator[Problem]:
        """Yield what to know of files that are used: doubts, what is left blank, and others that
        may be the same student's, or the same work."""
        by_id: dict[tuple[str, str], Student] = {}
        by_signed: dict[str, Student] = {}
        by_likeness: dict[str, Student] = {}
        for student in self.students:
            owner, place, signed = student.owner, student.place, student.signed
            for doubt in student.marks.doubts:
                ask = "Look at the file, and ask whether somebody wrote into it by hand."
                yield Problem(place, owner, f"{doubt} The file is used.", ask, "look")
            if student.late:
                yield Problem(place, owner, student.late, "", "nothing")
            if student.blank:
                why = f"Not all is answered, and what is there is marked. Blank: {student.blank}."
                yield Problem(place, owner, why, "", "nothing")
            if owner.id:
                other = by_id.setdefault((owner.system, owner.id), student)
                if other is not student:
                    yield _two(student, f"{other.place} has the same number, {owner.id}.")
            if signed and signed != UNSIGNED:
                other = by_signed.setdefault(signed.casefold(), student)
                if other is not student and (not owner.id or other.owner != owner):
                    why = f"“{signed}” has signed another file too, {other.place}."
                    yield _two(student, why)
            elif not owner.id:
                yield Problem(place, owner, "The work is not signed.", "Ask whose it is.", "ask")
            if student.likeness:
                other = by_likeness.setdefault(student.likeness, student)
                if other is not student:
                    yield Problem(
                        place,
                        owner,
                        f"All labels, answers and times are those of {other.place}, under another "
                        "name or number. Both files are used.",
                        "Ask both whose work it is.",
                    )


def _is_kin(work: Work, student: Student) -> bool:
    """Say whether a file is a copy of a student's, whatever each says by now."""
    if work.writers and student.writers:
        return not work.writers.isdisjoint(student.writers)
    return work.student == student.signed != UNSIGNED


def _two(student: Student, why: str) -> Problem:
    ask = "Ask which of the two counts, and leave out the other’s row."
    return Problem(student.place, student.owner, f"{why} Both files are used.", ask)
