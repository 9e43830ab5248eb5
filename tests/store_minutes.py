"""Set what each lesson says of its minutes to what they come to, wherever it is said.

``python -m tests.store_minutes`` after a change of a page or of an exercise's minutes. Minutes are
the page's words at 200 a minute and the exercises' usual minutes, rounded up to five, for each
sitting. What to leave
out when time is short, and how long it takes then, stays as somebody has written it.
"""

from __future__ import annotations

import hashlib
import json
import re
from math import ceil
from pathlib import Path

from desk.base.notebook_cells import keep_original, source_of, tasks_of
from desk.handout.notebooks import notebook_of
from kit import exercises
from kit.exercises.markup import plain
from kit.library.course import known_lessons
from kit.text.article import find_words

ROOT = Path(__file__).resolve().parent.parent
READ_A_MINUTE = 200
#: The tag of a cell with which another sitting begins.
SITTING = "second-sitting"
#: Where the minutes of all lessons stand in a table.
TABLES = (ROOT / "README.md", ROOT / "notebooks" / "instructor" / "guide.md")

_WITHOUT = re.compile(
    r'<div class="kit-without">.*?</div>|```.*?```|<!--.*?-->|</?\w[^>]*>', re.DOTALL
)
_FIRST = re.compile(r"^\d+(?: and \d+)*")
_SAID = re.compile(r"(\*\*Minutes\.\*\* )\d+(?: and \d+)*")


def sittings_of(lesson: str) -> list[tuple[int, int]]:
    """Return for each sitting of a lesson how many words a student reads, prose and what exercises
    ask, and how many minutes its exercises take. A cell with the tag begins a sitting."""
    asked = {exercise.id: exercise for exercise in exercises.load(lesson)}
    found = [(0, 0)]
    for cell in notebook_of(lesson)["cells"]:
        if SITTING in cell["metadata"].get("tags", ()):
            found.append((0, 0))
        prose, usual = [], 0
        if cell["cell_type"] == "markdown":
            prose = [_WITHOUT.sub(" ", source_of(cell))]
        for e in (asked[id] for id in tasks_of(cell)):
            prose += [e.prompt, *(text.label for text in e.texts), *(q.text for q in e.questions)]
            usual += e.minutes[1]
        words, minutes = found[-1]
        words += sum(len(find_words(plain(text))) for text in prose)
        found[-1] = (words, minutes + usual)
    return found


def minutes_of(lesson: str) -> list[int]:
    """Return how many minutes each sitting of a lesson takes."""
    return [5 * ceil((words / READ_A_MINUTE + usual) / 5) for words, usual in sittings_of(lesson)]


def said_of(minutes: list[int]) -> str:
    return " and ".join(map(str, minutes))


def in_table(text: str, lesson: str, minutes: str) -> str:
    """Return a text with a table that has a lesson's minutes in its second column."""
    number = lesson.partition("-")[0]
    return re.sub(rf"(?m)^(\| (?:`|\[){number}\b[^|]*\| )[^|]*(?= \|)", rf"\g<1>{minutes}", text)


def main() -> None:
    for lesson in known_lessons():
        minutes, path = said_of(minutes_of(lesson)), ROOT / "notebooks" / f"{lesson}.ipynb"
        notebook = json.loads(path.read_text(encoding="utf-8"))
        known, card = notebook["metadata"]["kit"], notebook["cells"][0]
        known["minutes"] = _FIRST.sub(minutes, known["minutes"])
        variants = card["metadata"].get("kit", {})
        others = [(variants, name) for name in variants if name != "written_for"]
        for texts, name in [(card, "source"), *others]:
            said = texts[name] if isinstance(texts[name], list) else [texts[name]]
            texts[name] = [_SAID.sub(rf"\g<1>{minutes}", line) for line in said]
        if variants:
            said = hashlib.sha256(source_of(card).encode()).hexdigest()
            variants["written_for"] = said[:8]
        path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        keep_original(lesson, notebook)
        for table in TABLES:
            text = table.read_text(encoding="utf-8")
            table.write_text(in_table(text, lesson, minutes), encoding="utf-8")
        print(f"{lesson}: {minutes}")


if __name__ == "__main__":
    main()
