"""Set what each lesson says of its minutes to what they come to, wherever it is said.

``python -m tests.store_minutes`` after a change of a page or of an exercise's minutes. Minutes are
the page's words at 200 a minute and the exercises' usual minutes, rounded up to five. What to leave
out when time is short, and how long it takes then, stays as somebody has written it.
"""

from __future__ import annotations

import hashlib
import json
import re
from math import ceil
from pathlib import Path

from desk.base.notebook_cells import source_of
from desk.handout.notebooks import notebook_of
from kit import exercises
from kit.exercises.markup import plain
from kit.library import originals
from kit.library.course import known_lessons
from kit.text.article import find_words

ROOT = Path(__file__).resolve().parent.parent
READ_A_MINUTE = 200
#: Where the minutes of all lessons stand in a table.
TABLES = (ROOT / "README.md", ROOT / "notebooks" / "instructor" / "guide.md")

_WITHOUT = re.compile(r'<div class="kit-without">.*?</div>|```.*?```|<!--.*?-->', re.DOTALL)
_SAID = re.compile(r"(\*\*Minutes\.\*\* )\d+")


def words_of(lesson: str) -> int:
    """Return how many words a student reads on a lesson's page: prose, and what exercises ask."""
    cells = (cell for cell in notebook_of(lesson)["cells"] if cell["cell_type"] == "markdown")
    prose = [_WITHOUT.sub(" ", source_of(cell)) for cell in cells]
    for e in exercises.load(lesson):
        prose += [e.prompt, *(text.label for text in e.texts), *(q.text for q in e.questions)]
    return sum(len(find_words(plain(text))) for text in prose)


def minutes_of(lesson: str) -> int:
    """Return how many minutes a lesson takes."""
    usual = sum(exercise.minutes[1] for exercise in exercises.load(lesson))
    return 5 * ceil((words_of(lesson) / READ_A_MINUTE + usual) / 5)


def in_table(text: str, lesson: str, minutes: int) -> str:
    """Return a text with a table that has a lesson's minutes in its second column."""
    number = lesson.partition("-")[0]
    return re.sub(rf"(?m)^(\| (?:`|\[){number}\b[^|]*\| )\d+", rf"\g<1>{minutes}", text)


def main() -> None:
    for lesson in known_lessons():
        minutes, path = minutes_of(lesson), ROOT / "notebooks" / f"{lesson}.ipynb"
        notebook = json.loads(path.read_text(encoding="utf-8"))
        known, card = notebook["metadata"]["kit"], notebook["cells"][0]
        known["minutes"] = re.sub(r"^\d+", str(minutes), known["minutes"])
        variants = card["metadata"].get("kit", {})
        others = [(variants, name) for name in variants if name != "written_for"]
        for texts, name in [(card, "source"), *others]:
            said = texts[name] if isinstance(texts[name], list) else [texts[name]]
            texts[name] = [_SAID.sub(rf"\g<1>{minutes}", line) for line in said]
        if variants:
            said = hashlib.sha256(source_of(card).encode()).hexdigest()
            variants["written_for"] = said[:8]
        path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        originals.keep(lesson, notebook)
        for table in TABLES:
            text = table.read_text(encoding="utf-8")
            table.write_text(in_table(text, lesson, minutes), encoding="utf-8")
        print(f"{lesson}: {minutes}")


if __name__ == "__main__":
    main()
