"""What somebody has filled in on a page, and how a page says what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from kit.base.errors import KitError
from kit.widgets.panel import Upload

#: What stands in the fields of a page, by their ids.
Values = Mapping[str, str | Upload]


def line(values: Values, id: str) -> str:
    """Return what is typed in a field, without blanks around it; "" for a file or nothing."""
    value = values.get(id, "")
    return value.strip() if isinstance(value, str) else ""


@contextmanager
def in_a_page() -> Iterator[None]:
    """Let errors say what can be done on a page, where nobody types options of a command.

    Raises:
        KitError: what was raised within, and nothing in it of options.
    """
    try:
        yield
    except KitError as problem:
        raise KitError(str(problem).replace(", with --out", "")) from None
