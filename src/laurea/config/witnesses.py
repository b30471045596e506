"""Who is told the checkpoints of the audit log."""

from __future__ import annotations

import re

from laurea.config.env import Environment

_WITNESS = re.compile(r"mailto:[^\s@]+@[^\s@]+|https://[^\s/]+(/\S*)?")
_LONGEST = 500


def witnesses(env: Environment) -> list[str]:
    """The addresses in LAUREA_LOG_WITNESSES. A wrong one is not repeated: it may hold a password."""
    given = env.names("LAUREA_LOG_WITNESSES")
    for place, witness in enumerate(given, 1):
        if not _WITNESS.fullmatch(witness) or len(witness) > _LONGEST:
            env.refuse(
                f"LAUREA_LOG_WITNESSES: number {place} is neither mailto:somebody@example.org nor an https address"
            )
    return given
