"""What words of the trade mean: ``datasets/glossary.toml``."""

from __future__ import annotations

from collections.abc import Mapping

from kit.base.errors import KitError
from kit.base.toml_reader import TomlTable, read_toml
from kit.library import datasets


class _File(TomlTable):
    words: dict[str, str]


def glossary() -> Mapping[str, str]:
    """Return what each word means; nothing where a copy of the kit has no such file.

    Raises:
        KitError: the file cannot be used.
    """
    path = datasets.root() / "datasets" / "glossary.toml"
    return read_toml(path, _File, KitError).words if path.exists() else {}
