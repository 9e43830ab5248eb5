"""The report on a class: one page that needs nothing but itself, for paper and for the wall.

No script, no network, no pictures from elsewhere. Names are hidden until the box at the top is
ticked; they are in the file all the same. The text under study is not in it, only paragraph
numbers and, where words are in dispute, at most eight of them at a time.
"""

from desk.collect.class_report.page import PICTURES, contents, page
from desk.collect.class_report.readers import who_read_it_how

__all__ = ["PICTURES", "contents", "page", "who_read_it_how"]
