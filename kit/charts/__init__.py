"""Charts that say what they show: a picture with its finding, its numbers and its description.

Nothing here imports matplotlib until a picture is asked for.
"""

from kit.charts.chart import Chart, Table
from kit.charts.comparison import comparison_chart
from kit.charts.structure import structure_strip
from kit.charts.voices import voice_chart

__all__ = ["Chart", "Table", "comparison_chart", "structure_strip", "voice_chart"]
