"""What somebody has filled in on a page."""

from __future__ import annotations

from collections.abc import Mapping

from kit.widgets.panel import Upload

#: What stands in the fields of a page, by their ids.
Values = Mapping[str, str | Upload]


def line(values: Values, id: str) -> str:
    """Return what is typed in a field, without blanks around it; "" for a file or nothing."""
    value = values.get(id, "")
    return value.strip() if isinstance(value, str) else ""
