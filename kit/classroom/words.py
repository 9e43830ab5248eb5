"""Words that go along with an assignment: how to begin, whose the texts are, what is secret."""

from __future__ import annotations

from kit import datasets
from kit.classroom.assignment import Assignment
from kit.classroom.compose import has_own_lesson
from kit.classroom.plain import as_markdown
from kit.classroom.shipped import articles_of

__all__ = ["SECRET", "readme", "rights", "secret"]

#: The file that says what is secret and what is not.
SECRET = "WHAT-IS-SECRET.txt"


def readme(assignment: Assignment) -> str:
    """Return what students read first, as Markdown."""
    due = f"\nHand it in by **{assignment.due.isoformat()}**.\n" if assignment.due else ""
    notebooks = "\n".join(f"- `notebooks/{lesson}.ipynb`" for lesson in assignment.lessons)
    counts = ", ".join(assignment.exercises) or "your labels"
    marked = (
        "Your instructor marks this work. The forms keep your answers and do not check them."
        if assignment.mode == "graded"
        else "This is for practice. The forms check your answers, and you can try again."
    )
    return f"""# {as_markdown(assignment.title)}
{due}
## Begin

You need Python 3.11 or newer. In this folder:

```
python run.py lab
```

The first time it sets itself up, which takes about a minute and needs the network once; after that
it works offline. (On some systems the command is `python3` or `py` in place of `python`.) Your
browser opens the first page. Choose **Run → Run All Cells**, and begin.

## What to do

{notebooks}

What counts: {counts}. {marked}

## Hand it in

Everything you make is saved at once, in the folder `work`. At the end of a notebook write your name
or pseudonym, press **Download my work**, and hand in the file that arrives. Nothing is sent
anywhere by itself.

Something is not in order? `python run.py doctor` says what, and how to mend it.

The kit’s code is under the licence in `LICENSE`, its words under that in `LICENSE-CONTENT.md`. The
article’s rights stand in `datasets/README.md`.
"""


def secret(assignment: Assignment) -> str:
    """Return in plain words what in the folder is secret and what is not."""
    pairs = (
        "\nThe names of pairs stand in assignment.json, and whoever has the folder can read them. "
        "If\nthat is not wanted, use pseudonyms.\n"
        if assignment.pairs
        else ""
    )
    if assignment.mode == "practice":
        return f"""WHAT IS SECRET, AND WHAT IS NOT

This folder is for practice. Nothing in it is secret.

It holds the exercises with their answers and reasons, the reference and the readings it was
made from. A notebook shows these only after a student has committed an answer, but whoever opens
the files can read them. Do not give a mark for right answers in such a folder.

Not in it: the teaching notes, and the kit’s tools for instructors.
{pairs}"""
    own = has_own_lesson(assignment.article)
    where = (
        "The article is one that you added yourself. Its answers are in your own copy of the kit "
        "and\nnowhere else, as long as you pass that copy on to nobody."
        if own
        else "The kit is public. Whoever gets the whole kit, from where you got it, has the "
        "reference, both\nreadings, and every answer with its reason. So a mark for right answers "
        "on this article shows\nat best who did not look them up. For a mark that stands on more: "
        "give weight to the free text\nand its evidence, or add an article of your own "
        "(python -m kit new-article)."
    )
    return f"""WHAT IS SECRET, AND WHAT IS NOT

This folder is for a mark.

Not in this folder:
- the reference, and the readings it was made from;
- which places are disputed, and what can be said for either side;
- the right answers, the wrong ones, and the reasons for both;
- the stored facts, dates and outcomes that answers are checked against;
- the teaching notes, and the kit’s tools for instructors.

In this folder, for everybody who opens the files:
- the article, the codebook with its examples, and the prompts;
- all hints, those a student has not asked for too. A work file tells how many were asked for in
  the form; it cannot tell who has read them in the files;
- numbers that a page or a prompt states, such as how many labels the reference has;
- the kit’s rules and word lists. What the rules suggest on the article is often right.

Not secret elsewhere:
{where}

A student’s work is a plain file. Whoever has it can read it and change it; it is signed with a
name, not sealed.
{pairs}"""


def rights(assignment: Assignment) -> str:
    """Return what may be done with the articles, as Markdown, for the folder of the data."""
    lines = ["# Data\n"]
    for id in articles_of(assignment):
        meta = datasets.load_article(id).meta
        said = meta.get("rights") or "The text is its publisher’s. It is here to be studied."
        lines.append(f"**{id}**: {meta.get('title', id)}. {' '.join(str(said).split())}\n")
    lines.append(
        "The codebook, the word lists, the exercises and all labels are the kit’s, under CC BY 4.0."
    )
    return "\n".join(lines) + "\n"
