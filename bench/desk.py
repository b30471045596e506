"""The verify desk of an installation: a hosted credential, an uploaded PDF, two hundred files at once."""

from __future__ import annotations

import statistics

from bench import platform
from bench.measuring import Line, Section

LINES = {
    "judge": "a hosted credential, judged for the first time",
    "code": "its code over HTTP, judged for the first time: whole request",
    "page": "its page, judged and drawn for the first time: whole request",
    "page again": "its page again: whole request",
    "pdf": "an uploaded PDF, judged for the first time: whole request",
    "many": "200 uploaded PDFs, with the signed receipt: whole request",
}
LIMITS = {"judge": 0.005, "page again": 0.005, "pdf": 0.060, "many": 3.0}


def measure(rounds: int) -> Section:
    """Each round another credential."""
    with platform.installation() as do:
        do("issue", 250)
        taken = do("desk", max(rounds, 15), module="bench.desk_programs")
    return Section(
        "desk",
        "Verifying on an installation: one process, SQLite",
        "ms",
        [Line(LINES[name], tuple(wall for wall, _ in figures)) for name, figures in taken.items()],
        limits={LINES[name]: limit for name, limit in LIMITS.items()},
        notes=[
            "From the request, whose body lies in memory, through all middleware to the answer; no network, no TLS.",
            "The issuer's keys and status list are known to the process, as on an installation that is in use.",
            "Of that the processor was at work, median, ms: "
            + ", ".join(f"{statistics.median(cpu for _, cpu in figures) * 1000:.2f}" for figures in taken.values()),
        ],
    )
