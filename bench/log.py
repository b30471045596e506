"""The audit log: the whole of it verified, with the database, and what entries cost those who issue."""

from __future__ import annotations

from bench import platform
from bench.measuring import Line, Section

ENTRIES = 10_000
COMMAND = f"`laurea log verify`, {ENTRIES:,} entries and as many credentials: whole command"
COPY = "`laurea log verify` on a copy of that log, without the database: whole command"
PROOF = "a credential's proof of inclusion"


def measure(rounds: int) -> Section:
    """One installation, verified once a round."""
    with platform.installation() as do:
        do("issue", 250)
        do("fill", ENTRIES, module="bench.log_programs")
        seconds = do("verify", rounds, module="bench.log_programs")
        share = do("share_of_entries", 250, module="bench.log_programs")
    return Section(
        "log",
        f"An audit log of {ENTRIES:,} entries, SQLite, files in a local folder",
        "s, wall clock",
        [Line(name, tuple(taken)) for name, taken in zip((COMMAND, COPY, PROOF), seconds, strict=True)],
        limits={COMMAND: 5.0},
        notes=[
            f"Of the processor time that issuing 250 rows takes, their entries in the log take {100 * share:.1f} %."
        ],
    )
