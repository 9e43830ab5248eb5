"""The widgets' scripts and styles, each made of the files it needs.

The scripts are ES modules that import each other, so an editor, a debugger and Node understand
them as they lie here. In the browser anywidget takes a widget's module as one text, which cannot
import its neighbours. :func:`script` makes that text: it follows the imports and puts the files
one after the other, each after those it imports. Bundling is done in this way, when the widget is
defined, and not by a tool whose output is committed: there is no build step to install or to
forget, and no second copy that can go stale.

One form of import and a few of export are understood, each at the start of a line::

    import { el, fill } from "../tools.js";     the names may stand on several lines
    export const NAME = …
    export function name(…) {…}                 also async
    export class Name {…}
    export default …                            in the file that a widget begins with, only there

A folder of files that nothing imports can go in as well: each puts something into a table that it
imports, as the controls of an exercise do.

Any other form is refused, so that nothing reaches a page that was joined in a wrong way. The joined
files share one scope: what they declare outside of functions has a name of its own.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

_HERE = Path(__file__).parent

_IMPORT = re.compile(r'^import \{([\w\s,]+)\} from "(\.\.?/[\w./]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:const|class|function|async function) (\w+))", re.MULTILINE)
_DEFAULT = re.compile(r"^export default .*$", re.MULTILINE)
_DECLARED = re.compile(r"^(?:async )?(?:const|let|var|class|function) (\w+)", re.MULTILINE)
# Either word anywhere in a line that is not a comment.
_LEFT = re.compile(r"^(?!\s*(?://|/?\*)).*\b(?:import|export)\b.*$", re.MULTILINE)


class ScriptError(Exception):
    """Scripts that cannot be joined; the message says which file, and what to change there."""


def script(entry: str, folder: Path = _HERE, *, also: str = "") -> str:
    """Return a script with all that it imports as one module.

    Args:
        entry: the file that the widget begins with, as a path from ``folder``:
            ``labeller/labeller.js``.
        folder: where that file lies; it may import from elsewhere.
        also: a folder in it of which all files go in, though nothing imports them: they put
            something into a table that the widget looks into.

    Raises:
        ScriptError: a form of import or export that is not understood, a name that its file does
            not export, files that import each other in a circle, or one name declared by two.
        OSError: a file is not there.
    """
    texts: dict[Path, str] = {}  # of the files that are read, each after those it imports
    exports: dict[Path, set[str]] = {}
    home: dict[str, Path] = {}  # which file declares a name
    folder = folder.resolve()
    begin = (folder / entry).resolve()

    def name(path: Path) -> str:
        return Path(os.path.relpath(path, folder)).as_posix()

    def add(path: Path, way: tuple[Path, ...]) -> None:
        if path in way:
            circle = " → ".join(name(one) for one in (*way[way.index(path) :], path))
            raise ScriptError(f"{circle}: these import each other. Move what they share.")
        if path in texts:
            return
        text = path.read_text(encoding="utf-8")
        for names, source in _IMPORT.findall(text):
            imported = (path.parent / source).resolve()
            add(imported, (*way, path))
            wanted = {one.strip() for one in names.split(",")} - {""}
            if unknown := wanted - exports[imported]:
                missing = ", ".join(sorted(unknown))
                raise ScriptError(f"{name(path)}: {name(imported)} does not export {missing}.")
        exports[path] = set(_EXPORT.findall(text))
        text = _EXPORT.sub("", _IMPORT.sub("", text))
        if left := _LEFT.search(_DEFAULT.sub("", text) if path == begin else text):
            raise ScriptError(
                f"{name(path)}: “{left[0].strip()}” is not a form of import or export that the "
                "kit joins. See the top of kit/widgets/scripts.py."
            )
        for one in _DECLARED.findall(text):
            if home.setdefault(one, path) != path:
                raise ScriptError(
                    f"{name(path)} and {name(home[one])} both declare {one}. Rename one of them."
                )
        texts[path] = text

    for path in sorted((folder / also).glob("*.js")) if also else ():
        add(path, ())
    add(begin, ())
    return "\n".join(f"// {name(path)}\n{text}" for path, text in texts.items())


def styled(*names: str) -> str:
    """Return the named style sheets as one, in that order.

    A name is a path from this folder without its ending: ``form``, ``labeller/labeller``.
    """
    return "\n".join((_HERE / f"{name}.css").read_text(encoding="utf-8") for name in names)
