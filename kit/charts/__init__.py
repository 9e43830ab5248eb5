"""Charts that say what they show: a picture with its finding, its numbers and its description."""

from kit.charts.agreement import ReadersAgree, RulesBesideReaders
from kit.charts.along import VoicesAlong
from kit.charts.chart import Chart, Table
from kit.charts.comparison import UnitsCompared, WordsCompared
from kit.charts.events import OrderOfEvents, Timeline
from kit.charts.expectations import ExpectationRibbon, MovesByVoice
from kit.charts.issues import IssueGrid
from kit.charts.scorecard import Scorecard
from kit.charts.structure import StructureStrip
from kit.charts.voices import Ladder, VoiceShares
from kit.charts.wording import Wording
from kit.charts.wordlist import WordListHits

__all__ = [
    "Chart",
    "ExpectationRibbon",
    "IssueGrid",
    "Ladder",
    "MovesByVoice",
    "OrderOfEvents",
    "ReadersAgree",
    "RulesBesideReaders",
    "Scorecard",
    "StructureStrip",
    "Table",
    "Timeline",
    "UnitsCompared",
    "VoiceShares",
    "VoicesAlong",
    "WordListHits",
    "Wording",
    "WordsCompared",
]
