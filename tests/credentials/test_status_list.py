"""Bitstring Status Lists: bits in the right order, packed the same way every time, unpacked within bounds."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from laurea.credentials import base64url
from laurea.credentials.document import Document
from laurea.credentials.errors import StatusListError
from laurea.credentials.status_list import (
    LARGEST_LIST,
    MINIMUM_ENTRIES,
    StatusList,
    choose_index,
    parse_index,
    status_list_credential,
    status_of,
)
from laurea.credentials.vocabulary import check

NOW = datetime(2026, 5, 31, 12, tzinfo=UTC)
URL = "https://badges.example.org/status/1"
ISSUER = "did:web:badges.example.org"


def packed(data: bytes) -> str:
    return "u" + base64url.encode(gzip.compress(data, mtime=0))


def code_of(action: Callable[[], object]) -> str:
    with pytest.raises(StatusListError) as caught:
        action()
    assert caught.value.message
    return caught.value.code


def credential(status_list: StatusList) -> Document:
    return status_list_credential(status_list, url=URL, issuer=ISSUER, valid_from=NOW)


@given(st.sets(st.integers(0, MINIMUM_ENTRIES - 1), max_size=40))
def test_what_is_set_is_read_back(indexes: set[int]) -> None:
    document = credential(StatusList.empty().set(indexes))
    probed = indexes | {index ^ 1 for index in indexes} | {0, MINIMUM_ENTRIES - 1}
    assert {index for index in probed if status_of(document, index)} == indexes


def test_index_0_is_the_most_significant_bit() -> None:
    bits = StatusList.empty().set([0, 9, 131_071]).bits
    assert (bits[0], bits[1], bits[-1]) == (0b1000_0000, 0b0100_0000, 0b0000_0001)


def test_setting_leaves_the_old_list_alone_and_can_be_undone() -> None:
    empty = StatusList.empty()
    some = empty.set([5, 94_567])
    assert not empty.get(5)
    assert some.set([5], value=False) == empty.set([94_567])


def test_the_packed_form_is_the_same_on_every_machine() -> None:
    encoded = StatusList.empty().set([94_567]).encode()
    assert encoded == StatusList.empty().set([94_567]).encode()
    data = base64url.decode(encoded[1:])
    assert data is not None
    assert data[:10].hex() == "1f8b08000000000002ff"  # no time, no operating system
    assert gzip.decompress(data) == StatusList.empty().set([94_567]).bits


def test_a_list_is_never_short() -> None:
    assert code_of(lambda: StatusList.empty(8)) == "status.list-length-error"
    assert code_of(lambda: StatusList.decode(packed(bytes(16_383)))) == "status.list-length-error"
    assert len(StatusList.empty(200_001)) == 200_008


@pytest.mark.parametrize("index", [-1, MINIMUM_ENTRIES, 10**11])
def test_an_index_outside_the_list_is_an_error(index: int) -> None:
    assert code_of(lambda: StatusList.empty().get(index)) == "status.range-error"
    assert code_of(lambda: StatusList.empty().set([index])) == "status.range-error"


GOOD = StatusList.empty().encode()


@pytest.mark.parametrize(
    "encoded",
    [
        "",
        "u",
        GOOD[1:],  # multibase prefix missing
        "m" + GOOD[1:],
        GOOD + "=",
        GOOD[:-4],
        GOOD[:40],
        GOOD.replace("A", "+", 1),
        GOOD + "AAAA",
        "u" + base64url.encode(zlib.compress(bytes(16_384))),
        "u" + base64url.encode(gzip.compress(bytes(16_384)) + gzip.compress(b"more")),
        "u" + base64url.encode(b"plain"),
        "ü",
    ],
)
def test_a_damaged_list_is_an_error(encoded: str) -> None:
    assert code_of(lambda: StatusList.decode(encoded)) == "status.malformed-value-error"


@pytest.mark.slow
def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(512)) + packer.flush()
    encoded = "u" + base64url.encode(bomb)
    tracemalloc.start()
    assert code_of(lambda: StatusList.decode(encoded)) == "status.malformed-value-error"
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * LARGEST_LIST
    assert len(StatusList.decode(packed(bytes(LARGEST_LIST)))) == LARGEST_LIST * 8


def test_the_list_credential_is_well_formed() -> None:
    document = credential(StatusList.empty())
    assert check(document) == []
    assert document["id"] == URL
    assert document["validFrom"] == "2026-05-31T12:00:00Z"
    assert "validUntil" not in document
    dated = status_list_credential(
        StatusList.empty(), url=URL, issuer=ISSUER, valid_from=NOW, valid_until=NOW.replace(year=2027)
    )
    assert dated["validUntil"] == "2027-05-31T12:00:00Z"
    assert check(dated) == []


def test_a_list_for_another_purpose_gives_no_answer() -> None:
    suspensions = status_list_credential(
        StatusList.empty().set([3]), url=URL, issuer=ISSUER, valid_from=NOW, purpose="suspension"
    )
    assert status_of(suspensions, 3, "suspension")
    assert code_of(lambda: status_of(suspensions, 3)) == "status.verification-error"


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [
        ("type", "VerifiableCredential", "status.verification-error"),
        ("type", ["VerifiableCredential"], "status.verification-error"),
        ("credentialSubject", None, "status.verification-error"),
        ("credentialSubject", [{}], "status.verification-error"),
        ("credentialSubject", {"type": "BitstringStatusList"}, "status.verification-error"),
        (
            "credentialSubject",
            {"type": "BitstringStatusList", "statusPurpose": ["revocation"], "encodedList": 7},
            "status.malformed-value-error",
        ),
    ],
)
def test_what_is_no_list_gives_no_answer(member: str, value: object, code: str) -> None:
    document = {**credential(StatusList.empty()), member: value}
    assert code_of(lambda: status_of(document, 0)) == code


def test_an_index_is_chosen_by_chance_and_never_twice() -> None:
    drawn = iter([7, 7, 8, 94_567])
    assert choose_index(lambda _: next(drawn), {7, 8}) == 94_567
    asked: list[int] = []
    choose_index(lambda below: asked.append(below) or 0, set(), 200_000)
    assert asked == [200_000]


def test_a_list_is_full_when_half_of_it_is_used() -> None:
    used = range(MINIMUM_ENTRIES // 2 + 1)
    assert code_of(lambda: choose_index(lambda _: 0, used)) == "status.full"


@pytest.mark.parametrize(
    ("value", "index"),
    [
        ("0", 0),
        ("94567", 94_567),
        ("007", None),
        ("-1", None),
        ("1.0", None),
        ("٣", None),
        ("9" * 30, None),
        (23, None),
        (None, None),
        ("1\n", None),
    ],
)
def test_an_index_is_written_in_base_10(value: str | int | None, index: int | None) -> None:
    assert parse_index(value) == index
