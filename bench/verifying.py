"""Verifying: ours beside the libraries that sign in the benchmark."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from time import perf_counter

from openbadgeslib.ob3 import OB3LdpVerifier

from bench import samples
from bench.bazaar import DigitalBazaar
from bench.measuring import Contestant, Section, ratio, take_turns
from laurea.credentials import keys, proof
from laurea.credentials.document import parse
from laurea.credentials.verification import Materials, verify

OURS = "Laurea, the whole report: both proofs, structure, dates, issuer"
OURS_RDFC = "Laurea, eddsa-rdfc-2022 alone"
BADGESLIB = "openbadgeslib, eddsa-rdfc-2022, structure, dates"
BAZAAR = "Digital Bazaar, both proofs, dates"
BAZAAR_RDFC = "Digital Bazaar, eddsa-rdfc-2022, dates"
A_ROUND = 50


def measure(rounds: int) -> Section:
    """The same texts for all; the issuer's DID document is at hand."""
    texts = samples.issued()
    key = keys.SigningKey.from_seed(samples.SEED)
    did = keys.did_web_document(samples.DID, [key.verification_key])
    did_text = json.dumps(did).encode()
    materials = Materials(did_documents={samples.DID: did})
    now = datetime.now(UTC)
    library = OB3LdpVerifier()
    bazaar = DigitalBazaar()
    turns: dict[str, int] = {}

    def batch(name: str) -> list[bytes]:
        start = turns[name] = turns.get(name, -A_ROUND) + A_ROUND
        return [texts[number % len(texts)] for number in range(start, start + A_ROUND)]

    def ours() -> float:
        todo = batch(OURS)
        start = perf_counter()
        for text in todo:
            report = verify(text, materials, now=now)
            assert all(check.outcome != "failed" for check in report.checks)
        return (perf_counter() - start) / A_ROUND

    def ours_rdfc() -> float:
        todo = batch(OURS_RDFC)
        start = perf_counter()
        for text in todo:
            document = parse(text)
            proofs = document["proof"]
            assert isinstance(proofs, list)
            first = proofs[0]
            assert isinstance(first, dict)
            proof.verify_proof(document, first, key.verification_key)
        return (perf_counter() - start) / A_ROUND

    def badgeslib() -> float:
        todo = batch(BADGESLIB)
        start = perf_counter()
        for text in todo:
            library.verify(text, download=lambda _: did_text)
        return (perf_counter() - start) / A_ROUND

    def by_bazaar(name: str, suites: list[str]) -> Contestant:
        def run() -> float:
            documents = [json.loads(text) for text in batch(name)]
            return bazaar.verify(documents, suites)

        return run

    try:
        lines = take_turns(
            {
                OURS: ours,
                OURS_RDFC: ours_rdfc,
                BADGESLIB: badgeslib,
                BAZAAR: by_bazaar(BAZAAR, ["eddsa-rdfc-2022", "eddsa-jcs-2022"]),
                BAZAAR_RDFC: by_bazaar(BAZAAR_RDFC, ["eddsa-rdfc-2022"]),
            },
            rounds,
        )
    finally:
        bazaar.close()
    return Section(
        "verify",
        "Verifying a credential, one core",
        "ms a credential",
        lines,
        [
            ratio(lines, OURS, BADGESLIB),
            ratio(lines, OURS, BAZAAR),
            ratio(lines, OURS_RDFC, BADGESLIB),
            ratio(lines, OURS_RDFC, BAZAAR_RDFC),
        ],
        notes=["No status list is read by anyone."],
    )
