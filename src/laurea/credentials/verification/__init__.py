"""Judging a credential: `needs` says what must be known, `verify` gives the report.

Primitives raise; verification reports. Read `report.verdict`; a report itself is neither true nor false.
"""

from __future__ import annotations

from laurea.credentials.verification.judging import verify
from laurea.credentials.verification.materials import Materials, Needs, needs
from laurea.credentials.verification.messages import LANGUAGES
from laurea.credentials.verification.report import Check, Outcome, Report, Verdict

__all__ = ["LANGUAGES", "Check", "Materials", "Needs", "Outcome", "Report", "Verdict", "needs", "verify"]
