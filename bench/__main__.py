"""`python -m bench [all|signing|pdf|verify|desk|log|batch|platform|memory|endurance] [--json] [--rounds N]`."""

from __future__ import annotations

import argparse
import sys

from bench import batch, desk, log, memory, pdf, platform, signing, verifying
from bench.measuring import Section, as_json, as_text, conditions

SECTIONS = {
    "signing": signing.measure,
    "verify": verifying.measure,
    "desk": desk.measure,
    "log": log.measure,
    "pdf": pdf.measure,
    "batch": batch.measure,
    "platform": platform.measure,
    "memory": memory.measure,
    "endurance": platform.measure_many,
}
# 50,000 rows take minutes and gigabytes of disk: only when asked for by name.
ALL = [name for name in SECTIONS if name not in ("memory", "endurance")]


def main() -> None:
    """Measure what was asked for and print it."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("section", nargs="?", default="all", choices=["all", *SECTIONS])
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    parser.add_argument("--rounds", type=int, default=7, help="rounds that count, after one that does not (7)")
    arguments = parser.parse_args()
    told = conditions()
    names = ALL if arguments.section == "all" else [arguments.section]
    sections: list[Section] = []
    for name in names:
        sys.stderr.write(f"measuring {name} ...\n")
        sections.append(SECTIONS[name](arguments.rounds))
    print(as_json(sections, told) if arguments.json else as_text(sections, told))


if __name__ == "__main__":
    main()
