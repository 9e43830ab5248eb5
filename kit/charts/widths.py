"""How wide letters are: those of DejaVu Sans, in thousandths of their size.

They are written down here so that a page needs no font to be read, which costs each student who has
a lesson open 33 MB. Of other scripts letters are taken to be as wide as they are high, or as a
Latin one on average; a picture gives way to whatever font a machine has for them.
"""

from __future__ import annotations

from unicodedata import combining, east_asian_width, normalize

# From the blank to the tilde, and some more. An accent adds nothing to the letter below it.
_LETTERS = [
    *map(chr, range(0x20, 0x7F)),
    *"\u00a0·×÷«»¡¿§°±£¥€ªº¹²³½ßæøłđþðœıÆØŁĐÞŒ–—‘’“”„†•…‰′″←↑→↓↩−∞≈≠≤≥✓✗",
]
_PLAIN = """
318 401 460 838 636 950 780 275 390 390 500 838 318 361 318 337 636 636 636 636 636 636 636 636
636 636 337 337 838 838 838 531 1000 684 686 698 770 632 575 775 752 295 295 656 557 863 748 787
603 787 695 635 611 732 684 989 685 611 685 390 337 390 838 500 500 613 635 550 635 615 352 635
634 278 278 579 278 974 634 612 635 635 411 521 392 634 592 818 592 592 525 636 337 636 838 318
318 838 838 612 612 401 531 500 500 838 636 636 636 471 471 401 401 401 969 630 982 612 284 635
635 612 1023 278 974 787 562 775 605 1070 500 1000 318 318 518 518 518 500 590 1000 1342 227 374
838 838 838 838 838 838 833 838 838 838 838 838 838
"""
_BOLD = """
348 456 521 838 696 1002 872 306 457 457 523 838 380 415 380 365 696 696 696 696 696 696 696 696
696 696 400 400 838 838 838 580 1000 774 762 734 830 683 683 821 837 372 372 775 637 995 837 850
733 850 770 720 682 812 774 1103 771 724 725 457 365 457 838 500 500 675 716 593 716 678 435 716
712 343 343 665 343 1042 712 687 716 716 493 595 478 712 652 924 645 652 582 712 365 712 838 348
380 838 838 646 646 456 580 500 500 838 696 696 696 564 564 438 438 438 1035 719 1048 687 371 716
716 687 1094 343 1085 850 642 838 738 1167 500 1000 380 380 657 657 657 500 639 1000 1440 264 447
838 838 838 838 838 838 833 838 838 838 838 838 838
"""
_WIDTHS = {
    bold: dict(zip(_LETTERS, map(int, widths.split()), strict=True))
    for bold, widths in ((False, _PLAIN), (True, _BOLD))
}
WIDE, AVERAGE = 1000, 640


def width(line: str, *, bold: bool = False) -> float:
    """Return how wide a line of text is, as a multiple of its size."""
    known = _WIDTHS[bold]
    letters = line if line.isascii() else normalize("NFD", line)
    return sum(known[c] if c in known else _unknown(c) for c in letters) / 1000


def _unknown(letter: str) -> int:
    if combining(letter):
        return 0
    return WIDE if east_asian_width(letter) in "WF" else AVERAGE
