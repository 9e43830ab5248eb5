"""What can be counted in a coding, and how far two codings agree."""

from kit.measure.agreement import (
    Comparison,
    Interval,
    bootstrap_interval,
    cohen_kappa,
    compare,
    krippendorff_alpha,
    percent_agreement,
)
from kit.measure.shares import Share, code_shares, voice_shares
from kit.measure.spans import SpanAgreement, match_spans, span_agreement, triple_agreement

__all__ = [
    "Comparison",
    "Interval",
    "Share",
    "SpanAgreement",
    "bootstrap_interval",
    "code_shares",
    "cohen_kappa",
    "compare",
    "krippendorff_alpha",
    "match_spans",
    "percent_agreement",
    "span_agreement",
    "triple_agreement",
    "voice_shares",
]
