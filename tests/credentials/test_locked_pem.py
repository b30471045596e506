"""Key files that a passphrase locks: those of other programs open, and none can keep whoever opens it busy."""

from __future__ import annotations

import base64
from collections.abc import Iterable

import pytest
from cryptography.hazmat.primitives import hashes, padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from laurea.credentials.errors import KeyMaterialError
from laurea.credentials.keys import SigningKey

SEED, SALT, IV, PASSPHRASE = bytes(range(32)), b"s" * 16, b"i" * 16, b"correct horse"
KEY = SigningKey.from_seed(SEED)
PBES2, PBKDF2, SCRYPT, SHA256, AES256 = map(
    bytes.fromhex,
    ("2a864886f70d01050d", "2a864886f70d01050c", "2b06010401da47040b", "2a864886f70d0209", "60864801650304012a"),
)
PRIVATE = bytes.fromhex("302e020100300506032b657004220420") + SEED


def der(tag: int, content: bytes) -> bytes:
    size = len(content)
    return bytes([tag, size] if size < 0x80 else [tag, 0x81, size]) + content


def sequence(*parts: bytes) -> bytes:
    return der(0x30, b"".join(parts))


def integers(numbers: Iterable[int]) -> bytes:
    return b"".join(der(2, number.to_bytes(number.bit_length() // 8 + 1, "big", signed=True)) for number in numbers)


def pbkdf2(*numbers: int) -> bytes:
    prf = sequence(der(6, SHA256), der(5, b""))
    return sequence(der(6, PBKDF2), sequence(der(4, SALT), integers(numbers), prf))


def scrypt(*numbers: int) -> bytes:
    return sequence(der(6, SCRYPT), sequence(der(4, SALT), integers(numbers)))


def pem(derivation: bytes, sealed: bytes = bytes(64)) -> bytes:
    scheme = sequence(derivation, sequence(der(6, AES256), der(4, IV)))
    content = sequence(sequence(der(6, PBES2), scheme), der(4, sealed))
    return armoured(content)


def armoured(content: bytes) -> bytes:
    label = b"ENCRYPTED PRIVATE KEY-----\n"
    return b"-----BEGIN " + label + base64.encodebytes(content) + b"-----END " + label


def sealed_with(key: bytes) -> bytes:
    padder, cipher = padding.PKCS7(128).padder(), Cipher(algorithms.AES(key), modes.CBC(IV)).encryptor()
    return cipher.update(padder.update(PRIVATE) + padder.finalize()) + cipher.finalize()


def test_keys_locked_by_other_programs_open() -> None:
    stretched = PBKDF2HMAC(hashes.SHA256(), 32, SALT, 10_000).derive(PASSPHRASE)
    hashed = Scrypt(SALT, 32, 2**14, 8, 1).derive(PASSPHRASE)
    for data in (pem(pbkdf2(10_000), sealed_with(stretched)), pem(scrypt(2**14, 8, 1), sealed_with(hashed))):
        assert SigningKey.from_pem(data, PASSPHRASE).verification_key == KEY.verification_key
        assert SigningKey.from_pem(b"A note\n" + data + b"\n", PASSPHRASE).verification_key == KEY.verification_key


GOOD = pem(pbkdf2(2_000))


@pytest.mark.parametrize(
    "data",
    [
        pem(pbkdf2(5_000_001)), pem(pbkdf2(2**31 - 1)), pem(pbkdf2(2**200)), pem(pbkdf2(0)), pem(pbkdf2(-1)),
        pem(pbkdf2()), pem(pbkdf2(1, 2, 3)),
        pem(scrypt(2**20, 8, 1)), pem(scrypt(2**14, 8, 10_000)), pem(scrypt(2, 1, 2**31)), pem(scrypt(0, 0, 0)),
        pem(scrypt(-2, -8, 1)), pem(scrypt(2**14, 8)),
        pem(sequence(der(6, SHA256), sequence(integers([1])))), pem(b""), pem(der(6, PBKDF2)),
        GOOD + pem(pbkdf2(2**31 - 1)), pem(pbkdf2(2**31 - 1)) + GOOD,
        GOOD.replace(b"PRIVATE KEY-----\n", b"PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n", 1),
        b"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n", b"ENCRYPTED",
        armoured(b""), armoured(b"\x30"), armoured(b"\x30\x85\x01\0\0\0\0"), armoured(b"\x30\x84\xff\xff\xff\xff"),
        armoured(b"\x30\x80" * 9_000), GOOD.replace(b"\n", b"\n=", 2),
    ],
)  # fmt: skip
def test_keys_that_take_for_ever_to_open_are_not_tried(data: bytes) -> None:
    with pytest.raises(KeyMaterialError) as raised:
        SigningKey.from_pem(data, PASSPHRASE)
    assert raised.value.code == "key.malformed"
    assert "takes too long to open" in raised.value.message


@pytest.mark.parametrize("data", [GOOD, pem(scrypt(3, 8, 1)), pem(scrypt(2**20, 1, 1)), pem(pbkdf2(1), b"")])
def test_whatever_does_not_open_is_told_as_that(data: bytes) -> None:
    with pytest.raises(KeyMaterialError) as raised:
        SigningKey.from_pem(data, PASSPHRASE)
    assert raised.value.code == "key.passphrase"
