"""Words that go along with an assignment: how to begin, whose the texts are, what is secret."""

from __future__ import annotations

from desk.base.markdown import as_markdown
from desk.handout.assignment import Assignment
from desk.handout.compose import has_own_lesson
from desk.handout.contents import articles_of
from kit.library import datasets
from kit.library.course import OWN_LESSON

__all__ = ["SECRET", "readme", "rights", "secret"]

#: The file that says what is secret and what is not.
SECRET = "WHAT-IS-SECRET.txt"


def readme(assignment: Assignment) -> str:
    """Return what students read first, as Markdown."""
    due = f"\nHand it in by **{assignment.due.isoformat()}**.\n" if assignment.due else ""
    notebooks = "\n".join(f"- `notebooks/{lesson}.ipynb`" for lesson in assignment.lessons)
    counts = ", ".join(assignment.exercises) or "your labels"
    graded = assignment.mode == "graded"
    marked = (
        "Your instructor marks this work. The forms keep your answers and do not check them."
        if graded
        else "This is for practice. The forms check your answers, and you can try again."
    )
    labels = _ON_LABELS if assignment.layers else ""
    pairs = _in_pairs(assignment) if assignment.pairs else ""
    return f"""# {as_markdown(assignment.title)}
{due}
## Begin

You need Python 3.11 or newer. In this folder:

```
python run.py lab
```

The first time it sets itself up, which takes about a minute and needs the network once; after that
it works offline. (On some systems the command is `python3` or `py` in place of `python`.) Your
browser opens the first page, and the page starts by itself.

## What to do

{notebooks}

What counts: {counts}. {marked}
{labels}{pairs}
## Hand it in

Everything you make is saved at once, in the folder `work`. At the end of a notebook write your name
or pseudonym, press **Download my work**, and hand in the file that arrives. Nothing is sent
anywhere by itself.

Something is not in order? `python run.py doctor` says what, and how to mend it.

The kit’s code is under the licence in `LICENSE`, its words under that in `LICENSE-CONTENT.md`. The
article’s rights stand in `datasets/README.md`.
"""


_ON_LABELS = """
Labels are work, too. Three things count, and how often you agree with anybody does not:

- **You label on your own.** It takes as many labels as the exercises ask for. Where a page says so,
  press the button that keeps your first answer; you may change labels afterwards.
- **You say what settled a doubt.** After that, go back to two labels or more. Change them or leave
  them, and write the reason into the note (press **N**), in three words or more.
- **You propose one change to the codebook.** A box for it comes up under the button that keeps
  your first answer. Where there is no such box, write it into any label’s note: begin with
  “Codebook:” and use five words or more.
"""


def _in_pairs(assignment: Assignment) -> str:
    """Return what two partners do, as Markdown, and who they are."""
    names = "\n".join(
        f"- {as_markdown(one)} and {as_markdown(other)}" for one, other in assignment.pairs
    )
    return f"""
## In pairs

Two of you read the same text, each with a copy of this folder and without talking. Then you meet.

1. Sign, at the end of any notebook, with your name as it stands in the list below.
2. Label on your own. When you have done what you can, press the button under the labels that
   begins with **I am done**. Only then can you give labels away, or look at your partner’s.
3. Press **Download my labels for my partner** there, and give your partner the file that arrives.
   It holds these labels and their notes, and nothing else of your work.
4. Open your partner’s file in the same place, and press **Show where we differ**.
5. Talk about two places or more. Each of you changes the label, or leaves it, and writes into its
   note what settled it.
6. Each hands in their own work, as below. The file for your partner is not what you hand in.

{names}
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
        "and\nnowhere else, as long as you pass that copy on to nobody. But the kit’s rules can be "
        "had by\neverybody, and what they find in any text is often right."
        if own
        else "The kit is public. Whoever gets the whole kit, from where you got it, has the "
        "reference, both\nreadings, every answer with its reason, and the rules that find most of "
        "the labels. So a mark\nfor right answers on this article shows at best who did not look "
        "them up. For a mark that stands\non more: give weight to the free text and its evidence, "
        "or add an article of your own\n(notebooks/instructor/new-article.ipynb)."
    )
    rules = (
        "- the kit’s rules for attributions, and lists of words that attribute, swapped ones too: "
        "the\n  last lesson shows what the rules find on a student’s own text. On this article, "
        "too, what they\n  find is often right;\n"
        if OWN_LESSON in assignment.lessons
        else ""
    )
    return f"""WHAT IS SECRET, AND WHAT IS NOT

This folder is for a mark.

Not in this folder:
- the reference, and the readings it was made from;
- which places are disputed, and what can be said for either side;
- the right answers, the wrong ones, the reasons for both, and hints that state an answer;
- exercises that cannot be done without another reading;
- the stored facts, dates and outcomes that answers are checked against;
- the kit’s rules{" for all layers but attributions" if rules else ""};
- the word lists that say what a machine has swapped, and what is an issue or a move;
- the teaching notes, and the kit’s tools for instructors.

In this folder, for everybody who opens the files:
- the article, the codebook with its examples, and the prompts. A prompt names the paragraphs on
  which careful readers agree, and those on which they do not;
- all other hints, those a student has not asked for too. A work file tells how many were asked for
  in the form; it cannot tell who has read them in the files;
- what a page or a prompt states in passing: a day, a name that the machine made, how many officials
  there are to look for;
{rules}- the kit’s program. It can count words and draw charts, and it has nothing to compare with.

Elsewhere:
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
