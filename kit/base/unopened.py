"""What a page asks before its first cell has opened a lesson, where it does not run by itself."""

from typing import NoReturn

from kit.base.errors import KitError


class Unopened:
    """Stands where the lesson will, and answers whatever is asked of it with what to press."""

    def __getattr__(self, _name: str) -> NoReturn:
        raise KitError(
            "Nothing is open yet: a page runs from its first cell on. Choose Run → Run All Cells "
            "in the menu at the top, and scroll back to here."
        )


today = Unopened()
