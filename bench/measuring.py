"""How we measure: contestants take turns, the median of the rounds counts, and the conditions are told."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import TypeAlias

ROOT = Path(__file__).resolve().parent.parent

Contestant: TypeAlias = Callable[[], float]
"""Does one round of the work and gives the seconds that one piece of it took."""


@dataclass(frozen=True, slots=True)
class Line:
    """One contestant's figures: seconds (or what the section's `unit` says) for one piece of work, a figure a round."""

    name: str
    rounds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one: what we publish."""
        return statistics.median(self.rounds)


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times faster `ours` is than `peer`; `target` is what we have promised, if anything."""

    ours: str
    peer: str
    times: float
    target: float | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One table of the benchmark. `limits` are promised medians in seconds (or whatever `unit` says), by line."""

    name: str
    title: str
    unit: str
    lines: list[Line]
    ratios: list[Ratio] = field(default_factory=list)
    limits: dict[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def take_turns(contestants: Mapping[str, Contestant], rounds: int) -> list[Line]:
    """A B C A B C ...: whatever else the machine does meanwhile falls on all alike. The first turn does not count.

    The order is reversed every other round, so that nobody always runs in somebody's wake.
    """
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    for contestant in contestants.values():
        contestant()
    for number in range(rounds):
        order = list(contestants) if number % 2 == 0 else list(reversed(contestants))
        for name in order:
            seconds[name].append(contestants[name]())
    return [Line(name, tuple(taken)) for name, taken in seconds.items()]


def ratio(lines: list[Line], ours: str, peer: str, target: float | None = None) -> Ratio:
    """Compare two medians of one table."""
    medians = {line.name: line.median for line in lines}
    return Ratio(ours, peer, medians[peer] / medians[ours], target)


def conditions() -> dict[str, str]:
    """What a reader must know to judge the figures."""
    npm = ROOT / "node_modules"
    python = ["cryptography", "pyoxigraph", "typst", "openbadgeslib", "pyld", "reportlab", "weasyprint"]
    node = [
        "@digitalbazaar/vc",
        "@digitalbazaar/data-integrity",
        "@digitalbazaar/eddsa-rdfc-2022-cryptosuite",
        "@digitalbazaar/eddsa-jcs-2022-cryptosuite",
    ]
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "processor": _processor(),
        "cores": str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()),
        "load when started": " ".join(f"{load:.1f}" for load in os.getloadavg()) + " (1, 5, 15 minutes)",
        "system": f"{platform.system()} {platform.machine()}",
        "Python": platform.python_version(),
        "Node.js": subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip(),
        **{name: metadata.version(name) for name in ["laurea", *python]},
        **{name: json.loads((npm / name / "package.json").read_text())["version"] for name in node},
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or "unknown"
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown")


def as_text(sections: list[Section], told: Mapping[str, str]) -> str:
    """Plain tables for a terminal."""
    out = ["Conditions", *(f"  {name:<44} {value}" for name, value in told.items())]
    for section in sections:
        width = max(len(line.name) for line in section.lines)
        out += ["", section.title, f"  {'':<{width}} {'median':>10} {'fastest':>10} {'slowest':>10}   {section.unit}"]
        for line in section.lines:
            figures = " ".join(
                f"{_figure(value, section.unit):>10}" for value in (line.median, min(line.rounds), max(line.rounds))
            )
            promised = section.limits.get(line.name)
            out.append(
                f"  {line.name:<{width}} {figures}"
                + (f"   (promised: at most {_figure(promised, section.unit)})" if promised else "")
            )
        for each in section.ratios:
            promised_ratio = f" (promised: at least {each.target:g})" if each.target else ""
            out.append(f"  {each.ours}: {each.times:.1f} times as fast as {each.peer}{promised_ratio}")
        out += [f"  {note}" for note in section.notes]
    return "\n".join(out)


def as_json(sections: list[Section], told: Mapping[str, str]) -> str:
    """The same for scripts; medians in seconds (memory: in MB)."""
    tables = [
        {**asdict(section), "lines": [{**asdict(line), "median": line.median} for line in section.lines]}
        for section in sections
    ]
    return json.dumps({"conditions": dict(told), "sections": tables}, indent=2)


def _figure(value: float, unit: str) -> str:
    return f"{value * 1000:.3f}" if unit.startswith("ms") else f"{value:.2f}"
