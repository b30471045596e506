"""Checkpoints as C2SP writes them, also one that others signed."""

from __future__ import annotations

import pytest

from laurea.credentials.errors import LaureaError
from laurea.credentials.keys import SigningKey
from laurea.credentials.transparency import note
from laurea.credentials.transparency.merkle import EMPTY_ROOT, LogError
from laurea.credentials.transparency.note import Checkpoint, Verifier

KEY = SigningKey.from_seed(bytes(32))
CHECKPOINT = Checkpoint("badges.example.com/log", 42, EMPTY_ROOT)
VERIFIER = Verifier("badges.example.com/log", KEY.verification_key)

# The example of golang.org/x/mod/sumdb/note, which C2SP's signed-note describes.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
ESSAY = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_a_foreign_note_is_read() -> None:
    peter = Verifier.decode(PETER)
    assert peter.encode() == PETER
    body, signatures = note._parted(ESSAY)
    assert peter.key.verify(signatures[0][1][4:], body.encode())
    assert signatures[0][1][:4] == peter.key_hash


def test_a_checkpoint_comes_back() -> None:
    signed = note.sign(CHECKPOINT, KEY)
    assert signed.startswith("badges.example.com/log\n42\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— badges")
    assert note.open_note(signed, VERIFIER) == CHECKPOINT
    witnessed = note.cosign(signed, "witness.example.org", SigningKey.from_seed(bytes(range(32))))
    assert note.signers(witnessed) == ["badges.example.com/log", "witness.example.org"]
    assert note.open_note(witnessed, VERIFIER) == CHECKPOINT
    assert (
        note.open_note(
            witnessed, Verifier("witness.example.org", SigningKey.from_seed(bytes(range(32))).verification_key)
        )
        == CHECKPOINT
    )


def test_extension_lines_are_passed_over() -> None:
    assert note.read(CHECKPOINT.body() + "extension\n") == CHECKPOINT


@pytest.mark.parametrize(
    "change", [("42", "43"), ("47DEQ", "48DEQ"), ("badges.example.com/log\n42", "badges.example.com/log\n\n42")]
)
def test_what_was_changed_is_not_signed(change: tuple[str, str]) -> None:
    with pytest.raises(LogError):
        note.open_note(note.sign(CHECKPOINT, KEY).replace(*change, 1), VERIFIER)


def test_another_key_of_the_same_name_is_not_the_log() -> None:
    forged = note.sign(CHECKPOINT, SigningKey.from_seed(bytes([1]) * 32))
    with pytest.raises(LogError) as caught:
        note.open_note(forged, VERIFIER)
    assert caught.value.code == "log.signature"


@pytest.mark.parametrize(
    "text", ["", "\n\n", "a\n1\nx\n", ESSAY[:-1], ESSAY + "junk\n", "a\n1\n\n— n \n", "x" * 70_000]
)
def test_what_is_no_note(text: str) -> None:
    with pytest.raises(LogError) as caught:
        note.open_note(text, VERIFIER)
    assert caught.value.code in ("log.note", "log.signature")


@pytest.mark.parametrize(
    "body",
    ["a\n01\n" + "A" * 43 + "=\n", "a\n-1\n" + "A" * 43 + "=\n", "a\n1\nAAAA\n", "\n1\n" + "A" * 43 + "=\n", "a\n1\n"],
)
def test_what_is_no_checkpoint(body: str) -> None:
    with pytest.raises(LogError) as caught:
        note.read(body)
    assert caught.value.code == "log.note"


@pytest.mark.parametrize(
    "text", ["", "name", "name+00000000+AAAA", PETER.replace("c74f", "c74e"), PETER + "+", "a b+c74f20a3+AA=="]
)
def test_what_is_no_verifier_key(text: str) -> None:
    with pytest.raises(LaureaError):
        Verifier.decode(text)


def test_a_name_that_cannot_sign() -> None:
    with pytest.raises(LogError) as caught:
        note.sign(Checkpoint("a b", 0, EMPTY_ROOT), KEY)
    assert caught.value.code == "log.origin"
