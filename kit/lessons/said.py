"""What a label says, in words, for whoever reads it beside another's."""

from __future__ import annotations

from collections.abc import Container

from markupsafe import Markup

from kit.base.templating import macros
from kit.coding.codebook import Field, Layer
from kit.coding.coding import Annotation
from kit.measure.spans import NAMES


def in_quotes(block: str, words: str) -> Markup:
    """Return a paragraph's id and words of it in quotation marks, those within as single ones."""
    return macros("said").place(block, words)


def in_words(layer: Layer, a: Annotation | None, apart: Container[Field] = ()) -> Markup:
    """Return what a label says, with its note, as HTML.

    Of a record that is the speaker and all that was chosen; of other labels the codes, and only
    those fields in which the two readers differ.

    Args:
        a: the label, or None where a reader has none.
        apart: the fields in which the two differ; they stand out.
    """
    if a is None:
        return Markup("no label")
    said = [(layer.code(code).name, False, "") for code in a.codes]
    for field in layer.fields:
        value = field.called(a.fields.get(field.id, ""))
        if field in apart:
            said.append((value, True, field.name if layer.codes else ""))
        elif value and not layer.codes and (field.options or field.id in NAMES):
            said.append((value, False, ""))
    return macros("said").label(said, a.note)
