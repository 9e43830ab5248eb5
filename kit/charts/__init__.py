"""Charts that say what they show: a picture with its finding, its numbers and its description.

Nothing here imports matplotlib until a picture is asked for.
"""

from kit.charts.along import voices_along_chart
from kit.charts.chart import Chart, Table
from kit.charts.comparison import comparison_chart
from kit.charts.expectations import expectation_ribbon, moves_by_voice
from kit.charts.issues import issue_grid
from kit.charts.ladder import ladder_chart
from kit.charts.order import order_of_events_chart
from kit.charts.readers import readers_chart
from kit.charts.rules import rules_chart
from kit.charts.scorecard import scorecard_chart
from kit.charts.structure import structure_strip
from kit.charts.timeline import timeline_chart
from kit.charts.voices import voice_chart
from kit.charts.wording import wording_chart
from kit.charts.wordlist import wordlist_chart
from kit.charts.words_compared import span_comparison_chart

__all__ = [
    "Chart",
    "Table",
    "comparison_chart",
    "expectation_ribbon",
    "issue_grid",
    "ladder_chart",
    "moves_by_voice",
    "order_of_events_chart",
    "readers_chart",
    "rules_chart",
    "scorecard_chart",
    "span_comparison_chart",
    "structure_strip",
    "timeline_chart",
    "voice_chart",
    "voices_along_chart",
    "wording_chart",
    "wordlist_chart",
]
