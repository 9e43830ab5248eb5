"""A teaching kit for reading one piece of diplomatic news closely.

A notebook needs one name::

    from kit import lesson
    today = lesson("02-structure")

Everything else is imported from its module (``kit.text.article``, ``kit.coding.coding``, …), so
that ``import kit`` stays light: no nltk, no ipywidgets.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kit.lessons import lesson

__version__ = "0.1.0"
__all__ = ["lesson"]


def __getattr__(name: str) -> object:
    if name == "lesson":
        from kit.lessons import lesson

        return lesson
    raise AttributeError(f"module 'kit' has no attribute {name!r}")
