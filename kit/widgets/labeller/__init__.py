"""The labeller: one widget for every layer of the codebook.

The page in the browser holds no truth of its own. It sends what changed, the workbook writes it
to the disk, and only then is it acknowledged::

    page → kernel  {"type": "changes", "rev": 7, "changes": {"P6": {"was": …, "now": …, "sent": …}}}
    kernel → page  {"type": "saved", "rev": 7, "at": …, "conflicts": […]}
                   {"type": "not-saved", "rev": 7, "problem": "The disk is full. …"}
    page → kernel  {"type": "settle", "id": "P6"}        of two labels, somebody has chosen
    page → kernel  {"type": "watching", "on": false}    when its last view is closed

A message holds every change that is not acknowledged yet, so a lost one does no harm. ``was`` is
what the page saw, ``now`` what shall be there, and ``sent`` what it sent before without getting
an answer: any of these may already be on the disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

import msgspec
import traitlets
from markupsafe import Markup

from kit.base.errors import KitError
from kit.base.phrases import brief
from kit.coding import palette
from kit.coding.codebook import Layer
from kit.coding.coding import Annotation
from kit.suggest import referents
from kit.text.article import Block, Sentence
from kit.text.quotations import quoted_words
from kit.widgets.page import article_html, kinds_of
from kit.widgets.scripts import script, styled
from kit.widgets.widget import Widget
from kit.work.changes import same_label, unfit_said
from kit.work.errors import NotSaved
from kit.work.workbook import Workbook

_NOUNS = {"block": "paragraphs", "sentence": "sentences"}
# Beside paragraphs that alone are asked for, so many on each side are shown; hiding fewer than a
# few others is not worth a button.
_NEAR, _FEW = 2, 5
_STATIC = "This page stands still. To label, open it in Jupyter and choose Run → Run All Cells."


class _Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One unit's change as the page sends it."""

    was: Annotation | None
    now: Annotation | None
    sent: tuple[Annotation | None, ...] = ()


class Labeller(Widget):
    """The article with one layer of a student's labels, to be labelled in the notebook.

    Args:
        workbook: where the labels are kept; every change is on the disk before the page says so.
        layer_id: which layer of the codebook.
        only: ids of the blocks or sentences that may be labelled; of the others those around
            are shown quietly, and the rest when it is asked for. All of them if None. Where that
            hangs on other labels it is a function, and what may be labelled follows them.

    Raises:
        CodebookError: there is no such layer.
    """

    _esm = script("labeller/labeller.js")
    _css = styled("labeller/labeller")

    doc = traitlets.Dict(
        help="Text, codes, fields, which never change, and what may be labelled."
    ).tag(sync=True)
    labels = traitlets.Dict(help="The layer's labels by id, as on the disk.").tag(sync=True)
    torn = traitlets.Dict(help="Labels that another machine's work left out, by id.").tag(sync=True)
    saved_at = traitlets.Unicode(help="When the work file was last saved, UTC.").tag(sync=True)

    _unsubscribe = staticmethod(lambda: None)  # until there is something to follow

    def __init__(
        self,
        workbook: Workbook,
        layer_id: str,
        only: Iterable[str] | Callable[[], Iterable[str]] | None = None,
    ):
        self.workbook = workbook
        self.layer: Layer = workbook.codebook.layer(layer_id)
        self.unit = self.layer.unit
        self._only = only if callable(only) else lambda given=only and tuple(only): given
        self.targets = self._asked()
        # Set as the student has labelled the positions.
        self.kinds = kinds_of(workbook.article, workbook.coding.codes("position"))
        self._quoted = frozenset(quoted_words(workbook.article))
        super().__init__(
            doc=self._document(),
            labels=self._labels(),
            torn=self._torn(),
            saved_at=workbook.saved_at,
        )
        self._unsubscribe = workbook.subscribe(self._take)

    def __repr__(self) -> str:
        if self.unit == "words":
            count = len(self.workbook.coding.on(self.layer.id))
            noun = "record" if self.layer.parts else "label"
            return f"<Labeller {self.layer.id}: {count} {noun}{'' if count == 1 else 's'}>"
        coded = self.workbook.coding.codes(self.layer.id)
        done = sum(id in coded for id in self.targets)
        noun = _NOUNS[self.unit]
        return f"<Labeller {self.layer.id}: {done} of {len(self.targets)} {noun} labelled>"

    def close(self) -> None:
        """Stop following the workbook and take the widget off the page."""
        self._unsubscribe()
        super().close()

    def _still(self) -> Markup:
        return article_html(
            self.workbook.article,
            self.workbook.coding.on(self.layer.id),
            self.layer,
            kinds=self.kinds,
            foot=_STATIC,
        )

    def _asked(self) -> tuple[str, ...]:
        """Return the ids of the units that may be labelled now."""
        only = self._only()
        wanted = None if only is None else frozenset(only)
        return tuple(
            one.id
            for block in self.workbook.article.blocks
            for one in self._units(block)
            if wanted is None or not wanted.isdisjoint((one.id, block.id))
        )

    # -- what the page gets ---------------------------------------------------------------------

    def _labels(self) -> dict[str, Any]:
        labels = self.workbook.coding.by_id(self.layer.id)
        return {id: msgspec.to_builtins(annotation) for id, annotation in labels.items()}

    def _torn(self) -> dict[str, Any]:
        return dict(msgspec.to_builtins(self.workbook.torn.get(self.layer.id, {})))

    def _document(self) -> dict[str, Any]:
        layer, article = self.layer, self.workbook.article
        far = self._far()
        shown = ("id", "title", "question", "choice", "most", "rulings")
        return {
            "article": article.id,
            "title": article.title,
            "banner": article.meta.get("banner", ""),
            "layer": {name: getattr(layer, name) for name in shown} | {"unit": self.unit},
            "codes": [
                {
                    **{name: getattr(code, name) for name in code.__struct_fields__},
                    **_look(layer, code.id),
                }
                for code in layer.codes
            ],
            "parts": [
                {
                    **{name: getattr(part, name) for name in part.__struct_fields__},
                    "definition": part.hint,
                    **_look(layer, part.id),
                }
                for part in layer.parts
            ],
            "fields": [msgspec.to_builtins(field) for field in layer.fields],
            "blocks": [
                {
                    "id": block.id,
                    "kind": self.kinds.get(block.id, ""),
                    "far": block.id in far,
                    "units": [self._unit(one) for one in self._units(block)],
                }
                for block in article.blocks
            ],
            "referents": referents(article)
            if any(f.follows == "source" for f in layer.fields)
            else {},
            # A paragraph set by what the student says it is: only where that is the question.
            "shapes": layer.id == "position",
            "told": self._told(),
            "student": self.workbook.student,
            "storage": f"kit:{self.workbook.key}:{layer.id}",
        }

    def _told(self) -> list[str]:
        """Return what to know before labelling, a sentence each; usually nothing."""
        unfit = [a for a in self.workbook.unfit if a.layer == self.layer.id]
        names = len(self.layer.codes) + len(self.layer.parts)
        alike = (
            f"There are {names} labels here, more than there are colours and patterns that can be "
            f"told apart at a glance ({palette.APART}): go by their names."
        )
        return [
            *([unfit_said(unfit)] if unfit else ()),
            *([alike] if names > palette.APART else ()),
        ]

    def _far(self) -> set[str]:
        """Return the blocks that are not shown at first: far from all that may be labelled."""
        blocks, asked = self.workbook.article.blocks, {id.partition(".")[0] for id in self.targets}
        places = [n for n, block in enumerate(blocks) if block.id in asked]
        far = {
            block.id
            for n, block in enumerate(blocks)
            if places and min(abs(n - place) for place in places) > _NEAR
        }
        return far if len(far) >= _FEW else set()

    def _units(self, block: Block) -> tuple[Block | Sentence, ...]:
        return block.sentences if self.unit == "sentence" else (block,)

    def _unit(self, unit: Block | Sentence) -> dict[str, Any]:
        """Return a unit cut into gap, word, gap, word, … gap, with each word's offsets."""
        words = unit.words if self.unit == "words" else ()
        edges = [unit.start, *(edge for word in words for edge in word), unit.end]
        return {
            "id": unit.id,
            "active": unit.id in self.targets,
            "start": unit.start,
            "end": unit.end,
            "pieces": [
                unit.text[a - unit.start : b - unit.start] for a, b in zip(edges, edges[1:])
            ],
            "starts": [start for start, _ in words],
            "ends": [end for _, end in words],
            "quoted": [n for n, word in enumerate(words) if word in self._quoted],
        }

    # -- what the page sends --------------------------------------------------------------------

    def _answer(self, message: object) -> dict[str, Any] | None:
        match message:
            case {"type": "changes", "rev": int(rev), "changes": dict(changes)}:
                return {"rev": rev, **self._apply(changes)}
            case {"type": "settle", "id": str(id)}:
                with suppress(KitError):  # then it is asked once more
                    self.workbook.settle(self.layer.id, id)
            case {"type": "watching", "on": bool(on)}:
                self._follow(on)
        return None

    def _follow(self, on: bool) -> None:
        """Begin or cease to follow the workbook: a labeller that nobody sees need not."""
        self._unsubscribe()
        if on:
            self._unsubscribe = self.workbook.subscribe(self._take)
            self._take(self.workbook)

    def _apply(self, sent: dict[str, Any]) -> dict[str, Any]:
        """Write the changes; return the answer for the page."""
        try:
            changes = msgspec.convert(sent, dict[str, _Change])
        except (msgspec.ValidationError, UnicodeEncodeError) as problem:
            said = brief(str(problem), 200)
            return {"type": "not-saved", "problem": f"The page sent something odd: {said}."}
        there = self.workbook.coding.by_id(self.layer.id)
        pairs = {id: (_seen(change, there.get(id)), change.now) for id, change in changes.items()}
        try:
            saved = self.workbook.apply(self.layer.id, pairs)
        except (NotSaved, KitError) as problem:
            return {"type": "not-saved", "problem": str(problem)}
        # Without what the page itself sent: it knows that, and it may be what cannot be sent.
        conflicts = [
            {"id": c.id, "theirs": msgspec.to_builtins(c.theirs), "problem": c.problem}
            for c in saved.conflicts
        ]
        return {"type": "saved", "at": saved.at, "conflicts": conflicts}

    def _take(self, workbook: Workbook) -> None:
        """Show what the workbook holds now, whoever changed it."""
        with self.hold_sync():
            if (asked := self._asked()) != self.targets:
                self.targets = asked
                self.doc = self._document()
            self.labels = self._labels()
            self.torn = self._torn()
            self.saved_at = workbook.saved_at


def _look(layer: Layer, name: str) -> dict[str, str]:
    style = palette.style(layer, name)
    return {"colour": style.colour, "pattern": style.pattern}


def _seen(change: _Change, there: Annotation | None) -> Annotation | None:
    """Return what the page may take to be there: what it saw, or what it sent before.

    An earlier message of this page can have reached the disk without its answer reaching the
    page; what it wrote is no other window's label.
    """
    return there if any(same_label(one, there) for one in change.sent) else change.was
