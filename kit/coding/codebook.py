"""The codebook: what a reader may label, in data that anyone can edit.

One TOML file a layer, under ``datasets/codebook/``. A layer has codes (labels), or the named
parts and fields of a record, or both.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal, TypeVar

from kit.base.errors import KitError
from kit.base.toml_reader import TomlTable, read_toml

# Keys that the labeller keeps for itself: undo, redo, note, new record, help, moving about.
RESERVED_KEYS = frozenset("uynr?/[].")
# Options between which the quotation marks can decide.
_BY_QUOTATION_MARKS = ({"direct", "mixed", "indirect"}, {"yes", "no"})


class CodebookError(KitError, ValueError):
    """A codebook file cannot be used; the message says which and what to mend."""


class Code(TomlTable, rename={"counter_example": "not"}):
    """One label: what it is called, its key on the keyboard and what it means."""

    id: str
    name: str
    key: str
    definition: str
    test: str = ""
    example: str = ""
    counter_example: str = ""


class Part(TomlTable):
    """A named span of a record, such as the cue of an attribution."""

    id: str
    name: str
    key: str
    hint: str = ""
    required: bool = False
    many: bool = False


class Option(TomlTable):
    """One value that a choice field may take."""

    id: str
    name: str
    definition: str = ""


class Field(TomlTable):
    """A named value of a record: free text, or one of some options.

    Attributes:
        follows: what the labeller takes it from. A text is proposed in the words of the part
            with that id. A choice is filled in: with what was chosen where the text field with
            that id says the same, or as the part’s words (``"words"``: the label’s own, in a
            layer without parts) stand in quotation marks, for options ``direct``, ``mixed`` and
            ``indirect`` or ``yes`` and ``no``.
    """

    id: str
    name: str
    kind: Literal["text", "choice"]
    hint: str = ""
    options: tuple[Option, ...] = ()
    follows: str = ""

    def allows(self, value: str) -> bool:
        """Say whether ``value`` may stand in this field."""
        return self.kind == "text" or any(option.id == value for option in self.options)

    def option(self, id: str) -> Option:
        """Return the option called ``id``, or raise KeyError."""
        return _by_id(self.options, id)

    def called(self, value: str) -> str:
        """Return a value as people read it: an option's name, or the text itself."""
        return next((option.name for option in self.options if option.id == value), value)


class Layer(TomlTable):
    """One question asked of the whole article.

    Attributes:
        unit: what is labelled: a whole ``block``, a ``sentence``, or any run of ``words``.
        choice: ``one``: units carry one code and labelled words may not overlap;
            ``many``: up to ``most`` codes, the first being the main one.
        most: how many codes at most; 0 for a layer of records without codes.
        story: for a layer that asks about the story only, the positions that count as story.
        rulings: decisions that the definitions leave open.
    """

    id: str
    title: str
    question: str
    unit: Literal["block", "sentence", "words"]
    choice: Literal["one", "many"] = "one"
    most: int = 1
    story: tuple[str, ...] = ()
    source: str = ""
    rulings: tuple[str, ...] = ()
    codes: tuple[Code, ...] = ()
    parts: tuple[Part, ...] = ()
    fields: tuple[Field, ...] = ()

    def code(self, id: str) -> Code:
        """Return the code called ``id``.

        Raises:
            KeyError: the layer has no such code.
        """
        return _by_id(self.codes, id)

    def part(self, id: str) -> Part:
        """Return the part called ``id``, or raise KeyError."""
        return _by_id(self.parts, id)

    def field(self, id: str) -> Field:
        """Return the field called ``id``, or raise KeyError."""
        return _by_id(self.fields, id)


class Codebook:
    """All the layers a reader can label."""

    def __init__(self, layers: tuple[Layer, ...]):
        self.layers = layers

    @classmethod
    def from_folder(cls, folder: Path | str, own: Path | str | None = None) -> Codebook:
        """Read every ``*.toml`` in ``folder`` as one layer.

        Args:
            folder: the general codebook.
            own: the folder of one article's own layers, if there is one; a layer there stands
                in place of the general one of the same name.

        Raises:
            CodebookError: a file is not TOML, lacks something, or contradicts itself.
        """
        files = {path.name: path for path in Path(folder).glob("*.toml")}
        if not files:
            raise CodebookError(f"There is no codebook in {folder}: it has no .toml file.")
        if own is not None:
            files |= {path.name: path for path in Path(own).glob("*.toml")}
        return cls(tuple(_read_layer(files[name]) for name in sorted(files)))

    def layer(self, id: str) -> Layer:
        """Return the layer called ``id``.

        Raises:
            CodebookError: there is no such layer; the message lists those there are.
        """
        for layer in self.layers:
            if layer.id == id:
                return layer
        names = ", ".join(layer.id for layer in self.layers)
        raise CodebookError(f"The codebook has no layer “{id}”. It has: {names}.")


Entry = TypeVar("Entry", Code, Part, Field, Option)


def _by_id(entries: tuple[Entry, ...], id: str) -> Entry:
    for entry in entries:
        if entry.id == id:
            return entry
    raise KeyError(id)


def _read_layer(path: Path) -> Layer:
    layer = read_toml(path, Layer, CodebookError)
    for problem in _contradictions(layer, path.stem):
        raise CodebookError(f"{path.name}: {problem}")
    return layer


def _contradictions(layer: Layer, name: str) -> Iterator[str]:
    if layer.id != name:
        yield f"the layer’s id is “{layer.id}”, but the file’s name says “{name}”. Make them equal."
    if not (layer.codes or layer.parts):
        yield "there is nothing to label with: add codes or parts."
    if layer.parts and layer.unit != "words":
        yield 'a layer with parts labels words: set unit = "words".'
    if layer.choice == "one" and layer.most != 1:
        yield 'choice = "one" allows one code: leave most out.'
    named: dict[str, tuple[Code | Part | Field, ...]] = {
        "code": layer.codes,
        "part": layer.parts,
        "field": layer.fields,
    }
    for kind, entries in named.items():
        ids = [entry.id for entry in entries]
        if len(set(ids)) < len(ids):
            yield f"two {kind}s share an id."
    keys = [code.key for code in layer.codes] + [part.key for part in layer.parts]
    for key in keys:
        if len(key) != 1 or key in RESERVED_KEYS or key != key.lower() or key.isspace():
            yield f"“{key}” cannot be a key: use one digit or small letter, not u, y, n or r."
        if keys.count(key) > 1:
            yield f"the key “{key}” is given twice."
    for field in layer.fields:
        if (field.kind == "choice") != bool(field.options):
            yield f"the field “{field.id}” needs options if, and only if, its kind is choice."
        if field.follows and field.follows not in _leaders(layer, field):
            yield f"the field “{field.id}” cannot follow “{field.follows}”."


def _leaders(layer: Layer, field: Field) -> set[str]:
    """Return what a field may follow."""
    marked = {part.id for part in layer.parts} or {"words"}
    if field.kind == "text":
        return marked
    texts = {one.id for one in layer.fields if one.kind == "text"}
    by_marks = {option.id for option in field.options} in _BY_QUOTATION_MARKS
    return texts | marked if by_marks else texts
