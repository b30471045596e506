"""Digital Bazaar's libraries in a Node process that stays warm; they time themselves, so no pipe is measured."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from bench import samples
from bench.measuring import ROOT
from laurea.credentials import keys


class DigitalBazaar:
    """Answers to bench/digital_bazaar.mjs."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            ["node", str(ROOT / "bench" / "digital_bazaar.mjs")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        key = keys.SigningKey.from_seed(samples.SEED)
        did = keys.did_web_document(samples.DID, [key.verification_key])
        self._ask("know", documents={**samples.pinned(), samples.DID: did})

    def sign(self, documents: list[dict[str, Any]], suites: list[str]) -> float:
        """Seconds a document."""
        return float(
            self._ask(
                "sign",
                credentials=documents,
                suites=suites,
                seed=samples.SEED.hex(),
                controller=samples.DID,
                created="2026-01-31T09:30:00Z",
            )["seconds"]
        )

    def verify(self, documents: list[dict[str, Any]], suites: list[str]) -> float:
        """Seconds a document."""
        return float(self._ask("verify", credentials=documents, suites=suites)["seconds"])

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)

    def _ask(self, operation: str, **request: Any) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"operation": operation, **request}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline() or "null")
        assert isinstance(answer, dict), "Digital Bazaar's libraries gave up; their message stands above"
        return answer
