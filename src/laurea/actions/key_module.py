"""Signing keys in a hardware module (HSM), by PKCS#11: made there, used there, never outside.

The module is named by ``LAUREA_PKCS11_MODULE`` (the library that its maker brings), ``LAUREA_PKCS11_TOKEN`` and
``LAUREA_PKCS11_PIN``. A key is found again by its address (RFC 7512), which names the token and the key's identifier.
Needs the extra ``hsm`` (python-pkcs11).

A session belongs to one process and is used by one thread at a time. What the module signs is verified before it is
believed: a signature that does not hold would otherwise be found by whoever verifies the credential, years later.
"""

from __future__ import annotations

import os
import secrets
import threading
from contextlib import suppress
from typing import Any
from urllib.parse import quote, unquote_to_bytes

from django.conf import settings

from laurea.credentials.errors import KeyMaterialError
from laurea.credentials.keys import VerificationKey

try:
    import pkcs11
    from pkcs11.util.ec import encode_named_curve_parameters
except ImportError:  # without the extra `hsm`
    pkcs11 = None  # type: ignore[assignment]  # told by `_library`

_ID_BYTES = 16
_RAW_POINT, _WRAPPED_POINT = 32, b"\x04\x20"
_CURVE_BY_NAME = b"\x13\x0cedwards25519"  # PKCS #11 3.0, section 2.3.10: PrintableString, or the OID of RFC 8410
_CURVE_BY_OID = "1.3.101.112"

_lock = threading.RLock()
_sessions: dict[tuple[int, str], pkcs11.Session] = {}
_keys: dict[tuple[int, str, bytes], Any] = {}
_refused: set[tuple[str, str]] = set()


class ModuleKey:
    """A key that stays in the module: a `laurea.credentials.keys.Signer`."""

    def __init__(self, address: str, verification_key: VerificationKey) -> None:
        self.address = address
        self.verification_key = verification_key

    def sign(self, data: bytes) -> bytes:
        """The module's signature of `data`. Raises `KeyMaterialError` (``module.…``)."""
        _require()
        token, identifier = _parts(self.address)
        with _lock:
            try:
                signature = _sign(token, identifier, data)
            except pkcs11.PKCS11Error:
                forget()  # the module was taken out, or has restarted: once more, with a new session
                try:
                    signature = _sign(token, identifier, data)
                except pkcs11.PKCS11Error as error:
                    raise _failed(error) from None
        if not self.verification_key.verify(signature, data):
            raise KeyMaterialError(
                "module.other-key",
                "What the hardware module signs does not fit to the public key on record",
                f"Look which key the module has at {self.address}",
            )
        return signature

    def __repr__(self) -> str:
        return f"ModuleKey({self.address})"

    def __reduce__(self) -> str:
        raise TypeError("a key in a hardware module is not pickled: hand over its address instead")


def configured() -> bool:
    """Whether the installation has a hardware module."""
    return bool(settings.LAUREA_PKCS11_MODULE)


def make(label: str) -> ModuleKey:
    """Make a key in the module, under a name for people who look into it. It can never be taken out.

    Raises `KeyMaterialError`: ``module.not-configured``, ``module.library``, ``module.token``, ``module.pin``,
    ``module.unsupported``, ``module.failed``.
    """
    _require()
    token = settings.LAUREA_PKCS11_TOKEN
    identifier = secrets.token_bytes(_ID_BYTES)
    with _lock:
        try:
            session = _session(token)
            public = _generate(session, label, identifier)
        except pkcs11.PKCS11Error as error:
            forget()
            raise _failed(error) from None
    address = f"pkcs11:token={quote(token, safe='')};id={_percent(identifier)};object={quote(label)};type=private"
    return ModuleKey(address, VerificationKey.from_bytes(public))


def at(address: str, multikey: str) -> ModuleKey:
    """The key at an address that `make` gave. Nothing is asked of the module before it signs."""
    return ModuleKey(address, VerificationKey.from_multikey(multikey))


def forget() -> None:
    """Begin anew with the next signature: whatever session there was is not to be trusted any more."""
    with _lock:
        for (process, _), session in _sessions.items():
            if process == os.getpid():
                with suppress(pkcs11.PKCS11Error):
                    session.close()
        _sessions.clear()
        _keys.clear()


def _sign(token: str, identifier: bytes, data: bytes) -> bytes:
    return bytes(_key(token, identifier).sign(data, mechanism=pkcs11.Mechanism.EDDSA))


def _key(token: str, identifier: bytes) -> Any:
    place = (os.getpid(), token, identifier)
    if place in _keys:
        return _keys[place]
    try:
        key = _session(token).get_key(
            object_class=pkcs11.ObjectClass.PRIVATE_KEY, key_type=pkcs11.KeyType.EC_EDWARDS, id=identifier
        )
    except pkcs11.NoSuchKey:
        raise KeyMaterialError(
            "module.no-key",
            f"The hardware module has no such signing key (token {token})",
            "Has it been initialised anew, or exchanged? Make a new key, and mark this one as retired",
        ) from None
    _keys[place] = key
    return key


def _generate(session: pkcs11.Session, label: str, identifier: bytes) -> bytes:
    """The 32 bytes of the public half of a new key."""
    problem: pkcs11.PKCS11Error | None = None
    for curve in (_CURVE_BY_NAME, encode_named_curve_parameters(_CURVE_BY_OID)):
        try:
            parameters = session.create_domain_parameters(
                pkcs11.KeyType.EC_EDWARDS, {pkcs11.Attribute.EC_PARAMS: curve}, local=True
            )
            public, _private = parameters.generate_keypair(
                mechanism=pkcs11.Mechanism.EC_EDWARDS_KEY_PAIR_GEN,
                store=True,
                label=label,
                id=identifier,
                private_template={
                    pkcs11.Attribute.SENSITIVE: True,
                    pkcs11.Attribute.EXTRACTABLE: False,
                    pkcs11.Attribute.SIGN: True,
                },
            )
        except (pkcs11.MechanismInvalid, pkcs11.DomainParamsInvalid, pkcs11.AttributeValueInvalid) as error:
            problem = error
            continue
        point = bytes(public[pkcs11.Attribute.EC_POINT])
        return point.removeprefix(_WRAPPED_POINT) if len(point) > _RAW_POINT else point
    raise KeyMaterialError(
        "module.unsupported",
        "The hardware module makes no Ed25519 keys",
        f"Ask its maker for PKCS #11 3.0 with EDDSA; it says: {type(problem).__name__}",
    )


def _session(token: str) -> pkcs11.Session:
    """A session of this process with the token, signed in."""
    place = (os.getpid(), token)
    if place in _sessions:
        return _sessions[place]
    library, pin = _library(), settings.LAUREA_PKCS11_PIN
    if (token, pin) in _refused:
        raise _wrong_pin(token)  # modules lock themselves after a few wrong ones: nobody tries the same one again
    if not any(process == os.getpid() for process, _ in _sessions):
        _sessions.clear()
        _keys.clear()
        library.reinitialize()  # what was loaded before a fork, or before the token was put in, knows nothing of it
    try:
        found = library.get_token(token_label=token)
    except (pkcs11.NoSuchToken, pkcs11.MultipleTokensReturned):
        raise KeyMaterialError(
            "module.token",
            f"The hardware module has no token, or several, with the name “{token}”",
            "Set LAUREA_PKCS11_TOKEN to the name (label) of one",
        ) from None
    try:
        session: pkcs11.Session = found.open(rw=True, user_pin=pin)
    except (pkcs11.PinIncorrect, pkcs11.PinLenRange, pkcs11.PinInvalid):
        _refused.add((token, pin))
        raise _wrong_pin(token) from None
    _sessions[place] = session
    return session


def _require() -> None:
    """Raise `KeyMaterialError` where no module can be used: ``module.not-configured``, ``module.package``."""
    if not configured():
        raise KeyMaterialError(
            "module.not-configured",
            "This installation knows of no hardware module",
            "Set LAUREA_PKCS11_MODULE, LAUREA_PKCS11_TOKEN and LAUREA_PKCS11_PIN",
        )
    if pkcs11 is None:
        raise KeyMaterialError(
            "module.package", "Hardware modules need the package python-pkcs11", "pip install 'laurea[hsm]'"
        )


def _library() -> Any:
    try:
        return pkcs11.lib(settings.LAUREA_PKCS11_MODULE)
    except (RuntimeError, OSError) as error:
        raise KeyMaterialError(
            "module.library",
            f"{settings.LAUREA_PKCS11_MODULE} cannot be used: {error}",
            "Set LAUREA_PKCS11_MODULE to the PKCS #11 library of the module, as /usr/lib/softhsm/libsofthsm2.so",
        ) from None


def _parts(address: str) -> tuple[str, bytes]:
    """Token and identifier in an address (RFC 7512, section 2.3)."""
    pairs = dict(part.partition("=")[::2] for part in address.removeprefix("pkcs11:").split(";"))
    return unquote_to_bytes(pairs["token"]).decode(), unquote_to_bytes(pairs["id"])


def _percent(data: bytes) -> str:
    return "".join(f"%{byte:02x}" for byte in data)


def _wrong_pin(token: str) -> KeyMaterialError:
    return KeyMaterialError(
        "module.pin",
        f"The hardware module does not take the PIN for token “{token}”",
        "Correct LAUREA_PKCS11_PIN and start Laurea again; a wrong one is tried only once",
    )


def _failed(error: Exception) -> KeyMaterialError:
    said = f"{type(error).__name__} {error}".strip()
    return KeyMaterialError("module.failed", f"The hardware module does not answer as it should: {said}", "Look at it")
