"""Rows of evidence: a paragraph, and words copied from it."""

from __future__ import annotations

from kit.exercises.kinds.kind import Kind


class Evidence(Kind):
    """As many rows as the exercise's texts ask for."""

    name = "evidence"
