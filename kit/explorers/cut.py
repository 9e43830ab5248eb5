"""Cut a story from the bottom, and see who is no longer heard."""

from __future__ import annotations

from markupsafe import Markup

from kit.base.phrases import join, plural
from kit.base.templating import render
from kit.coding.coding import Coding
from kit.explorers.exploration import Control, Exploration, Values
from kit.text.article import Article, Block

#: How many words make a box wide enough for a number.
ROOMY = 36


def cut(article: Article, coding: Coding) -> Exploration:
    """Return the slider that keeps the first words of a story.

    Args:
        coding: says which blocks are story, and who is heard where.
    """
    story = coding.story()
    total = sum(len(block.words) for block in story)
    control = Control("range", "words", "Words that there is room for", total, max=total)

    def show(values: Values) -> tuple[str, Markup]:
        room = control.of(values)
        kept, left = _kept(story, room)
        gone = story[len(kept) :]
        heard, silent = _voices(coding, kept), _voices(coding, gone)
        lost = [name for name in silent if name not in heard]
        summary = (
            f"Room for {room:,} of {plural(total, 'word')}: {_whole(kept)} "
            f"({plural(left, 'word')})."
        )
        html = render(
            "explorers/cut",
            said=summary,
            falls=gone[0].id if gone else "",
            story=story,
            kept=len(kept),
            roomy=ROOMY,
            heard=heard,
            lost=lost,
        )
        return f"{summary} No longer heard: {join(lost) if lost else 'nobody'}.", html

    return Exploration("Cut from the bottom", (control,), show)


def _kept(story: list[Block], room: int) -> tuple[list[Block], int]:
    """Return the paragraphs that stay whole, and how many words they have."""
    kept, words = [], 0
    for block in story:
        if words + len(block.words) > room:
            break
        kept.append(block)
        words += len(block.words)
    return kept, words


def _whole(kept: list[Block]) -> str:
    if not kept:
        return "no paragraph stays whole"
    if len(kept) == 1:
        return f"{kept[0].id} stays whole"
    return f"{kept[0].id} to {kept[-1].id} stay whole"


def _voices(coding: Coding, blocks: list[Block]) -> list[str]:
    """Return who is heard in some paragraphs, in order of appearance."""
    ids = {block.id for block in blocks}
    return list(
        dict.fromkeys(
            record.fields.get("speaker", "somebody")
            for record in coding.on("attribution")
            if coding.article.block_of(record.at).id in ids
        )
    )
