"""The whole `laurea issue` for 500 rows, beside the same pieces of work put together from peers' parts."""

from __future__ import annotations

import io
import json
import multiprocessing
import os
import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import Any

from openbadgeslib import baking
from openbadgeslib.ob3 import add_data_integrity_proof
from PIL import Image

from bench import pdf, samples
from bench.measuring import Line, Section, ratio, take_turns
from laurea.credentials import keys

ROWS = 500
OURS = f"laurea issue, {ROWS} rows, whole command"
START = "laurea issue, 1 row, whole command"
AFTER = f"laurea issue, {ROWS} rows after start-up"
PEER = f"openbadgeslib + ReportLab, {ROWS} rows after start-up"
MOST_ROUNDS = 5


def measure(rounds: int) -> Section:
    """JSON (two proofs), PDF/A-3a and PNG a row, against JSON (one proof), plain PDF and a ready-made picture."""
    samples.issued()
    cores = len(os.sched_getaffinity(0))
    # Everything is deleted at the end: file systems are slow to write where thousands of files were just deleted.
    with (
        tempfile.TemporaryDirectory() as name,
        multiprocessing.get_context("spawn").Pool(cores, pdf.register_fonts) as pool,
    ):
        root = Path(name)
        jobs = [samples.unsigned()[number % len(samples.issued())] for number in range(ROWS)]
        lines = take_turns(
            {
                OURS: lambda: _ours(root, ROWS),
                START: lambda: _ours(root, 1),
                PEER: lambda: _peer(root, pool, jobs),
            },
            min(rounds, MOST_ROUNDS),
        )
    whole, start, peer = lines
    after = Line(AFTER, tuple(a - b for a, b in zip(whole.rounds, start.rounds, strict=True)))
    lines = [whole, start, after, peer]
    return Section(
        "batch",
        f"{ROWS} rows to {ROWS} signed JSON, PDF and PNG on {cores} cores",
        "s, wall clock",
        lines,
        [ratio(lines, AFTER, PEER)],
        {AFTER: 2.5},
        ["The peer signs one proof, not two, draws plain PDFs without attachment and bakes a ready-made picture."],
    )


def _ours(root: Path, rows: int) -> float:
    folder = Path(tempfile.mkdtemp(dir=root))
    command = samples.command(samples.write_people(folder / "people.csv", rows), folder)
    start = perf_counter()
    samples.run(command, folder)
    return perf_counter() - start


def _peer(root: Path, pool: Any, jobs: list[dict[str, Any]]) -> float:
    folder = tempfile.mkdtemp(dir=root)
    start = perf_counter()
    pool.starmap(peer_row, [(job, f"{folder}/{number}") for number, job in enumerate(jobs)], chunksize=25)
    return perf_counter() - start


def peer_row(document: dict[str, Any], path: str) -> None:
    """One row by peers: sign, draw, bake, write three files."""
    signed = add_data_integrity_proof(
        document,
        _pem(),
        keys.verification_method(samples.DID, _key().verification_key),
        created=datetime(2026, 1, 31, tzinfo=UTC),
    )
    text = json.dumps(signed, ensure_ascii=False)
    Path(path + ".json").write_text(text, encoding="utf-8")
    Path(path + ".pdf").write_bytes(pdf.reportlab_certificate(pdf.content(document)))
    Path(path + ".png").write_bytes(baking.bake_png(_picture(), text, keyword=baking.ITXT_KEYWORD_OB3))


@cache
def _key() -> keys.SigningKey:
    return keys.SigningKey.from_seed(samples.SEED)


@cache
def _pem() -> bytes:
    return _key().to_pem()


@cache
def _picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGBA", (600, 600), "#0b5fff").save(buffer, "PNG")
    return buffer.getvalue()
