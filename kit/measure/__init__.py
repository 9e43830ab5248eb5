"""What can be counted in a coding, and how far two codings agree."""

from kit.measure.agreement import Comparison, compare
from kit.measure.alpha import Interval
from kit.measure.layers import LayerAgreement, agreed, common, differing, layer_agreement
from kit.measure.meetings import Edge, Meeting, meetings
from kit.measure.shares import Share, voice_shares, words_by_code
from kit.measure.spans import (
    SpanAgreement,
    SpanComparison,
    compare_spans,
    match_spans,
    same_spans,
    same_speakers,
)
