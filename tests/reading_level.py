"""How hard the prose for students is to read, measured for readers whose first language it is not.

The measure is McAlpine's EFLAW (R. McAlpine, Global English for Global Business, 1997): words and
short words, of three letters or fewer, a sentence. It counts short words once more because *to
put up with* is harder than *to bear* for who learns English. Up to 20 is very easy, up to 25 quite
easy, up to 29 a little difficult, and above that confusing. It needs no list of syllables.

``python -m tests.reading_level`` shows each lesson, and its hardest passages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from desk.base.notebook_cells import source_of
from desk.handout.notebooks import notebook_of
from kit import exercises
from kit.exercises.model import texts
from kit.library import datasets, facts
from kit.library.course import known_lessons
from kit.text.article import find_words
from kit.text.sentences import find_sentences

#: What a lesson and a passage may reach at most.
EASY, PASSAGE = 20, 30
#: A passage is measured from so many words on: of fewer the mean says little.
LEAST = 20

_LEFT_OUT = re.compile(r"```.*?```|<!--.*?-->|</?\w[^>]*>", re.DOTALL)
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(r"[*`]|^[#>\-\d.\s|]+(?=\S)", re.MULTILINE)
_SHORT = 3  # letters of a short word


def eflaw(text: str) -> float:
    """Return McAlpine's EFLAW of a text; 0 where it has no words."""
    sentences = [s for s in sentences_of(text) if find_words(s)]
    words = [text[a:b] for a, b in find_words(text)]
    short = sum(len(word) <= _SHORT for word in words)
    return (len(words) + short) / len(sentences) if sentences else 0.0


def sentences_of(text: str) -> list[str]:
    return [text[start:end] for start, end in find_sentences(text)]


def passages(lesson: str) -> Iterator[tuple[str, str]]:
    """Yield the paragraphs that a student reads in a lesson, each with where it stands: of the
    page, and of all that an exercise says."""
    for cell in notebook_of(lesson)["cells"]:
        if cell["cell_type"] == "markdown":
            yield from ((cell["id"], one) for one in _paragraphs(source_of(cell)))
    for e in exercises.load(lesson):
        id = e.article if e.article in datasets.article_ids() else "blinken-beijing-2023"
        fill = facts.load(id).fill
        said = texts(msgspec.to_builtins(e))
        yield from ((e.id, one) for text in said for one in _paragraphs(_filled(text, fill)))


def _filled(text: str, fill) -> str:
    return fill(text) if re.search(r"\{[\w-]+\}", text) and "korrin" not in text else text


def _paragraphs(source: str) -> Iterator[str]:
    text = _LINK.sub(r"\1", _LEFT_OUT.sub(" ", source))
    for paragraph in re.split(r"\n\s*\n|\n(?=\s*(?:[-*|]|\d+\.) )", text):
        said = " ".join(_MARKS.sub("", paragraph).split())
        if said and "|" not in said:
            yield said


def level(lesson: str) -> float:
    """Return the EFLAW of all that a lesson says in whole sentences."""
    there = [text for _, text in passages(lesson) if text[-1] in ".?!:”"]
    return eflaw(" ".join(there))


def hardest(lesson: str) -> Sequence[tuple[float, str, str]]:
    """Return a lesson's passages with their EFLAW and place, the hardest first."""
    long = ((where, text) for where, text in passages(lesson) if len(find_words(text)) >= LEAST)
    return sorted(((eflaw(text), where, text) for where, text in long), reverse=True)


def main() -> None:
    for lesson in known_lessons():
        print(f"\n{lesson}: {level(lesson):.1f}")
        for score, where, text in hardest(lesson)[:6]:
            print(f"  {score:.1f} {where}: {text[:160]}")


if __name__ == "__main__":
    main()
