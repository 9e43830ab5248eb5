"""The widgets' scripts and styles, each made of the files it needs."""

from __future__ import annotations

from pathlib import Path

__all__ = ["joined", "styled"]

_HERE = Path(__file__).parent


def joined(*names: str) -> str:
    """Return the named scripts as one module, in that order.

    A name is a path from this folder without its ending: ``tools``, ``labeller/row``.

    A widget's module reaches the browser as text and cannot import its neighbours, and the kit
    has no build step; so the files are simply put one after the other.
    """
    return "\n".join((_HERE / f"{name}.js").read_text(encoding="utf-8") for name in names)


def styled(*names: str) -> str:
    """Return the named style sheets as one, in that order; names as above."""
    return "\n".join((_HERE / f"{name}.css").read_text(encoding="utf-8") for name in names)
