"""Signing: both proofs, and eddsa-rdfc-2022 alone, beside openbadgeslib and Digital Bazaar's libraries."""

from __future__ import annotations

from datetime import UTC, datetime
from time import perf_counter

from openbadgeslib.ob3 import add_data_integrity_proof

from bench import samples
from bench.bazaar import DigitalBazaar
from bench.measuring import Contestant, Section, ratio, take_turns
from laurea.credentials import keys, proof
from laurea.credentials.compiled import BatchSigner
from laurea.credentials.document import serialise

OURS = "Laurea, both proofs, text ready to store"
OURS_RDFC = "Laurea, eddsa-rdfc-2022 alone"
OURS_GENERAL = "Laurea, both proofs, a single document of unknown shape"
BADGESLIB = "openbadgeslib, eddsa-rdfc-2022"
BAZAAR = "Digital Bazaar, both proofs"
BAZAAR_RDFC = "Digital Bazaar, eddsa-rdfc-2022"
RDFC, JCS = "eddsa-rdfc-2022", "eddsa-jcs-2022"
# Documents a round: enough for a tenth of a second or more each.
FEW, MANY = 30, 1000
CREATED = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)


def measure(rounds: int) -> Section:
    """All sign the same documents with the same key at the same moment."""
    documents = samples.unsigned()
    few = documents[:FEW]
    many = [documents[number % len(documents)] for number in range(MANY)]
    key = keys.SigningKey.from_seed(samples.SEED)
    pem = key.to_pem()
    method = keys.verification_method(samples.DID, key.verification_key)
    bazaar = DigitalBazaar()

    def batch(suites: list[str]) -> Contestant:
        signer = BatchSigner(key, verification_method=method, created=CREATED, suites=suites)

        def run() -> float:
            start = perf_counter()
            for document in many:
                signer.sign(document)
            return (perf_counter() - start) / MANY

        return run

    def general() -> float:
        start = perf_counter()
        for document in few:
            serialise(proof.sign(document, key, verification_method=method, created=CREATED)).encode()
        return (perf_counter() - start) / FEW

    def badgeslib() -> float:
        start = perf_counter()
        for document in few:
            add_data_integrity_proof(document, pem, method, created=CREATED)
        return (perf_counter() - start) / FEW

    try:
        lines = take_turns(
            {
                OURS: batch([RDFC, JCS]),
                OURS_RDFC: batch([RDFC]),
                OURS_GENERAL: general,
                BADGESLIB: badgeslib,
                BAZAAR: lambda: bazaar.sign(few, [RDFC, JCS]),
                BAZAAR_RDFC: lambda: bazaar.sign(few, [RDFC]),
            },
            rounds,
        )
    finally:
        bazaar.close()
    return Section(
        "signing",
        "Signing the credentials of a batch, one core",
        "ms a credential",
        lines,
        [
            ratio(lines, OURS_RDFC, BADGESLIB, 20),
            ratio(lines, OURS_RDFC, BAZAAR_RDFC, 20),
            ratio(lines, OURS, BAZAAR),
            ratio(lines, OURS_GENERAL, BAZAAR),
        ],
        {OURS: 0.00035},
    )
