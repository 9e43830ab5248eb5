"""Charts that say what they show: a picture with its finding, its numbers and its description.

Nothing here imports matplotlib until a picture is asked for.
"""

from kit.charts.chart import Chart, Table
from kit.charts.comparison import comparison_chart
from kit.charts.expectations import expectation_ribbon, moves_by_voice
from kit.charts.issues import issue_grid
from kit.charts.scorecard import scorecard_chart
from kit.charts.structure import structure_strip
from kit.charts.timeline import timeline_chart
from kit.charts.voices import voice_chart
from kit.charts.wordlist import wordlist_chart

__all__ = [
    "Chart",
    "Table",
    "comparison_chart",
    "expectation_ribbon",
    "issue_grid",
    "moves_by_voice",
    "scorecard_chart",
    "structure_strip",
    "timeline_chart",
    "voice_chart",
    "wordlist_chart",
]
