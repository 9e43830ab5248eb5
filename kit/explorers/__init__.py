"""Live tools: a few controls, and what they show. Nothing done in one is kept.

They know nothing of notebooks: each is a function from the controls' values to words and HTML.
"""

from kit.explorers.cut import cut
from kit.explorers.exploration import Exploration
from kit.explorers.frame import frame
from kit.explorers.measure import measure
from kit.explorers.search import search
from kit.explorers.third_reader import third_reader
from kit.explorers.word_list import word_list
