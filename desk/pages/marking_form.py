"""Marking with a rubric, one answer at a time. A mark is on the disk before the page says so.

::

    page → kernel  {"type": "mark", "rev": 3, "key": "…", "scores": {"method": 2}, "comment": ""}
                   {"type": "go", "to": "next", …}    the same, then another answer; also
                                                      previous, unmarked, names, open (a folder)
    kernel → page  {"type": "saved", "rev": 3, "at": "…", "say": "…"}   after the view is changed
                   {"type": "not-saved", "rev": 3, "problem": "The disk is full. …"}
                   {"type": "torn", "rev": 3, "problem": "…", "key": "…", "theirs": {…}}

A mark also says what the page ``seen`` there, and what it ``sent`` before without an answer. Where
somebody else has given something else meanwhile, that stays, and whoever marks chooses.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import traitlets
from markupsafe import Markup

from desk.collect.rubric import Given
from kit.base.errors import KitError
from kit.base.templating import render
from kit.widgets.scripts import script, styled
from kit.widgets.widget import Widget

if TYPE_CHECKING:
    from desk.pages.marking import Desk

#: A page sends what it never heard back from; more would be a fault.
MOST_SENT = 20
_HERE = Path(__file__).parent


class Torn(KitError):
    """Somebody else has marked the same answer meanwhile.

    Attributes:
        theirs: the mark as it is now.
        key: the answer.
    """

    def __init__(self, theirs: Given, said: str, key: str):
        about = f", and wrote: “{theirs.comment}”" if theirs.comment else ""
        super().__init__(f"Somebody else has marked this answer meanwhile: {said}{about}.")
        self.theirs = theirs
        self.key = key


class Marking(Widget):
    """The form for marking.

    Args:
        desk: where the answers come from and the marks go.
    """

    _esm = script("marking_form.js", _HERE)
    _css = styled("form", "panel") + (_HERE / "marking_form.css").read_text(encoding="utf-8")

    view = traitlets.Dict(help="The answer on top, and its mark as on the disk.").tag(sync=True)
    storage = traitlets.Unicode(help="Name of the browser's own copy.").tag(sync=True)

    def __init__(self, desk: Desk):
        self._desk = desk
        super().__init__(view=desk.view(), storage=desk.storage)

    def __repr__(self) -> str:
        view = self.view
        if not view["ready"]:
            return f"Marking free text: {view['say']}"
        return f"Marking free text: {view['where']}, {view['left']}"

    def _answer(self, message: object) -> dict[str, Any] | None:
        match message:
            case {"type": "mark" | "go" as wish, "rev": int(rev), **rest}:
                return {"rev": rev, **self._do(wish, rest)}
        return None

    def _do(self, wish: str, content: Mapping[object, object]) -> dict[str, Any]:
        """Keep the mark, do what was asked, and return the answer for the page."""
        at = say = ""
        try:
            match content:
                case {"key": str(key), "scores": dict(scores), "comment": str(comment)} if key:
                    at = self._desk.mark(key, scores, comment, _seen(content))
            if wish == "go":
                say = self._desk.go(_text(content, "to"), _text(content, "folder"))
        except Torn as torn:
            theirs = torn.theirs._asdict()
            return {"type": "torn", "problem": str(torn), "key": torn.key, "theirs": theirs}
        except KitError as problem:
            return {"type": "not-saved", "problem": str(problem)}
        finally:
            self.view, self.storage = self._desk.view(), self._desk.storage
        return {"type": "saved", "at": at, "say": say}

    def _still(self) -> Markup:
        return render("marking_form", "desk", summary=repr(self))


def _seen(content: Mapping[object, object]) -> list[Given]:
    """Return what a page says it saw; what has not the form of a mark counts as none."""
    sent = content.get("sent")
    said = [content.get("seen"), *(sent[-MOST_SENT:] if isinstance(sent, list) else ())]
    return [_given(one) for one in said]


def _given(said: object) -> Given:
    match said:
        case {"scores": dict(scores), "comment": str(comment)}:
            return Given(scores, comment)
    return Given({})


def _text(content: Mapping[object, object], key: str) -> str:
    value = content.get(key, "")
    return value if isinstance(value, str) else ""
