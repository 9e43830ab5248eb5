"""What can be counted in a coding, and how far two codings agree."""

from kit.measure.agreement import (
    Comparison,
    bootstrap_interval,
    cohen_kappa,
    compare,
    krippendorff_alpha,
    percent_agreement,
)
from kit.measure.alpha import Interval
from kit.measure.layers import LayerAgreement, agreed, common, differing, layer_agreement
from kit.measure.meetings import Edge, Meeting, meetings
from kit.measure.shares import Share, code_shares, voice_shares
from kit.measure.spans import (
    SpanAgreement,
    SpanComparison,
    compare_spans,
    match_spans,
    same_spans,
    same_speakers,
    span_agreement,
    triple_agreement,
)

__all__ = [
    "Comparison",
    "Edge",
    "Interval",
    "LayerAgreement",
    "Meeting",
    "Share",
    "SpanAgreement",
    "SpanComparison",
    "agreed",
    "bootstrap_interval",
    "code_shares",
    "cohen_kappa",
    "common",
    "compare",
    "compare_spans",
    "differing",
    "krippendorff_alpha",
    "layer_agreement",
    "match_spans",
    "meetings",
    "percent_agreement",
    "same_spans",
    "same_speakers",
    "span_agreement",
    "triple_agreement",
    "voice_shares",
]
