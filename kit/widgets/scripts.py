"""The widgets' scripts and styles, each made of the files it needs."""

from __future__ import annotations

from pathlib import Path

__all__ = ["joined", "styled"]

_HERE = Path(__file__).parent


def joined(*names: str) -> str:
    """Return the named scripts beside this file as one module, in that order.

    A widget's module reaches the browser as text and cannot import its neighbours, and the kit
    has no build step; so the files are simply put one after the other.
    """
    return "\n".join((_HERE / f"{name}.js").read_text(encoding="utf-8") for name in names)


def styled(*names: str) -> str:
    """Return the named style sheets beside this file as one, in that order."""
    return "\n".join((_HERE / f"{name}.css").read_text(encoding="utf-8") for name in names)
