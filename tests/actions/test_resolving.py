"""Fetching: only from the public internet, and never for longer or more than agreed.

A real TLS server on this machine answers; the tests hand in their own look-up, judgement of addresses and trust, since
the ways that commands use would, rightly, refuse it.
"""

from __future__ import annotations

import ipaddress
import json
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler

import pytest

from laurea import __version__
from laurea.actions import resolving
from laurea.actions.resolving import MOST_BYTES, Ways, decline, fetch, gather, gather_for, is_public
from laurea.credentials.document import Document
from laurea.credentials.errors import ResolvingError
from laurea.credentials.verification import Materials, Needs, Verdict, verify

from .conftest import HOST, Served, answer


def chunked(size: int, count: int) -> Callable[[BaseHTTPRequestHandler], None]:
    def give(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for _ in range(count):
            handler.wfile.write(b"%x\r\n" % size + b"a" * size + b"\r\n")
        handler.wfile.write(b"0\r\n\r\n")

    return give


def test_what_is_asked_and_what_comes_back(server: Served) -> None:
    server.answers["/a"] = answer(b'{"a": 1}')
    found = server.fetch("/a?b=%20ü#c")
    assert (found.address, found.body) == (server.url("/a?b=%20ü#c"), b'{"a": 1}')
    path, headers = server.asked[-1]
    assert path == "/a?b=%20%C3%BC"
    assert headers == {
        "Host": f"{HOST}:{server.port}",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "User-Agent": f"Laurea/{__version__}",
        "Connection": "close",
    }


def test_an_answer_in_pieces(server: Served) -> None:
    server.answers["/pieces"] = chunked(1000, 3)
    assert server.fetch("/pieces").body == b"a" * 3000


def test_redirects_are_followed_three_times(server: Served) -> None:
    server.answers["/0"] = answer()
    for number in range(1, 5):
        server.answers[f"/{number}"] = answer(b"", 302, Location=f"/{number - 1}")
    assert server.fetch("/3").address == server.url("/0")
    assert server.code_of("/4") == "resolving.redirects"


def test_a_redirect_is_judged_like_the_first_address(server: Served) -> None:
    asked: list[str] = []

    def judge(address: resolving.Address) -> bool:
        asked.append(str(address))
        return len(asked) == 1

    server.answers["/inside"] = answer(b"", 301, Location=server.url("/0", host="internal.example.org"))
    with pytest.raises(ResolvingError) as caught:
        fetch(server.url("/inside"), accept="*/*", ways=replace(server.ways, is_allowed=judge))
    assert caught.value.code == "resolving.forbidden"
    assert asked == ["127.0.0.1", "127.0.0.1"]


@pytest.mark.parametrize(
    "location", ["http://badges.example.org/", "file:///etc/passwd", "ftp://a.example", "https://a:b@c.example/", ""]
)
def test_redirects_lead_nowhere_else(server: Served, location: str) -> None:
    server.answers["/away"] = answer(b"", 307, Location=location)
    assert server.code_of("/away") == ("resolving.redirects" if not location else "resolving.address")


def test_the_connection_goes_to_the_address_that_was_judged(server: Served) -> None:
    """A host that changes its address between two look-ups (DNS rebinding) is looked up once."""
    answers = iter([["127.0.0.1"]])
    server.answers["/0"] = answer()
    ways = replace(server.ways, lookup=lambda _host, _port: next(answers))
    assert fetch(server.url("/0"), accept="*/*", ways=ways).body == b"{}"


def test_one_forbidden_address_among_several_is_enough(server: Served) -> None:
    ways = replace(server.ways, lookup=lambda _h, _p: ["8.8.8.8", "10.0.0.1"], is_allowed=is_public)
    with pytest.raises(ResolvingError) as caught:
        fetch(server.url("/0"), accept="*/*", ways=ways)
    assert caught.value.code == "resolving.forbidden"


def test_another_host_has_no_certificate(server: Served) -> None:
    server.answers["/0"] = answer()
    with pytest.raises(ResolvingError) as caught:
        fetch(server.url("/0", host="other.example.org"), accept="*/*", ways=server.ways)
    assert caught.value.code == "resolving.tls"


def test_a_certificate_of_nobody_is_refused(server: Served) -> None:
    with pytest.raises(ResolvingError) as caught:
        fetch(server.url("/0"), accept="*/*", ways=replace(server.ways, trust=ssl.create_default_context))
    assert caught.value.code == "resolving.tls"


def test_what_is_too_much(server: Served) -> None:
    server.answers["/limit"] = answer(b"a" * MOST_BYTES)
    server.answers["/more"] = answer(b"a" * (MOST_BYTES + 1))
    server.answers["/declared"] = answer(b"a", length=1 << 31)
    server.answers["/endless"] = chunked(100_000, 1_000)
    assert len(server.fetch("/limit").body) == MOST_BYTES
    for path in ("/more", "/declared", "/endless"):
        assert server.code_of(path) == "resolving.too-large"


@pytest.mark.parametrize(
    ("give", "code"),
    [
        (answer(status=404), "resolving.status"),
        (answer(status=500), "resolving.status"),
        (answer(status=206), "resolving.status"),
        (answer(Content_Encoding="gzip"), "resolving.encoding"),
        (answer(b"a", length=1_000), "resolving.connection"),
        (lambda handler: handler.wfile.write(b"SSH-2.0-OpenSSH\r\n"), "resolving.connection"),
        (lambda handler: handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 500), "resolving.connection"),
        (lambda handler: handler.wfile.write(b"HTTP/1.1 200 OK\r\na: " + b"b" * 100_000), "resolving.connection"),
        (lambda handler: handler.connection.close(), "resolving.connection"),
    ],
)
def test_answers_that_are_none(server: Served, give: Callable[[BaseHTTPRequestHandler], None], code: str) -> None:
    def giving(handler: BaseHTTPRequestHandler) -> None:
        give(handler)
        handler.close_connection = True

    server.answers["/odd"] = giving
    assert server.code_of("/odd") == code


@pytest.mark.parametrize("opening", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"])
def test_a_server_that_drips_is_left(server: Served, opening: bytes) -> None:
    """Each byte comes soon after the one before; only all together they take too long."""
    stop = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        handler.wfile.write(opening)
        while not stop.wait(0.02):
            handler.wfile.write(b"a")

    server.answers["/drip"] = drip
    with pytest.raises(ResolvingError) as caught:
        fetch(server.url("/drip"), accept="*/*", ways=replace(server.ways, seconds=0.3))
    stop.set()
    assert caught.value.code == "resolving.timeout"


def test_a_look_up_that_never_ends_is_left() -> None:
    stop = threading.Event()

    def lookup(_host: str, _port: int) -> list[str]:
        stop.wait()
        return []

    with pytest.raises(ResolvingError) as caught:
        fetch("https://a.example/", accept="*/*", ways=Ways(lookup=lookup, seconds=0.1))
    stop.set()
    assert caught.value.code == "resolving.timeout"


def test_a_port_where_nobody_speaks_tls() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        ways = Ways(lookup=lambda _h, _p: ["127.0.0.1"], is_allowed=lambda _a: True, seconds=0.2)
        with pytest.raises(ResolvingError) as caught:
            fetch(f"https://a.example:{silent.getsockname()[1]}/", accept="*/*", ways=ways)
    assert caught.value.code == "resolving.timeout"


@pytest.mark.parametrize(
    "address",
    [
        "", "badges.example.org", "http://badges.example.org/", "ftp://badges.example.org", "https://", "https:///a",
        "https://user@badges.example.org/", "https://a:b@badges.example.org/", "https://badges.example.org:99999/",
        "https://badges.example.org:22/", "https://badges example.org/", "https://badges.example.org/\r\nHost: a",
        "https://[::1", "https://" + "a" * 70 + ".example/", "https://" + "\u00fc" * 1_000_000,
        "https://a.example/" + "b" * 3_000, "javascript:alert(1)",
    ],
)  # fmt: skip
def test_addresses_that_are_not_even_looked_up(address: str) -> None:
    def lookup(_host: str, _port: int) -> list[str]:
        raise AssertionError

    with pytest.raises(ResolvingError) as caught:
        fetch(address, accept="*/*", ways=Ways(lookup=lookup))
    assert caught.value.code == "resolving.address"


@pytest.mark.parametrize(
    "host",
    ["localhost", "127.0.0.1", "[::1]", "2130706433", "0x7f.1", "0", "[::ffff:127.0.0.1]", "10.1.2.3", "[fe80::1]"],
)
def test_the_ways_of_commands_refuse_this_machine(host: str) -> None:
    with pytest.raises(ResolvingError) as caught:
        fetch(f"https://{host}/", accept="*/*")
    assert caught.value.code in ("resolving.forbidden", "resolving.name")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True), ("93.184.215.14", True), ("2606:4700::1111", True), ("2a00:1450:4001::1", True),
        ("0.0.0.0", False), ("10.0.0.1", False), ("100.64.0.1", False), ("127.0.0.1", False), ("127.9.9.9", False),  # noqa: S104
        ("169.254.169.254", False), ("172.16.0.1", False), ("172.31.255.255", False), ("192.0.0.170", False),
        ("192.0.2.1", False), ("192.88.99.1", False), ("192.168.1.1", False), ("198.18.0.1", False),
        ("198.51.100.1", False), ("203.0.113.1", False), ("224.0.0.1", False), ("239.1.1.1", False),
        ("240.0.0.1", False), ("255.255.255.255", False),
        ("::", False), ("::1", False), ("::127.0.0.1", False), ("::ffff:10.0.0.1", False), ("::ffff:8.8.8.8", False),
        ("64:ff9b::a00:1", False), ("64:ff9b:1::1", False), ("100::1", False), ("2001::1", False),
        ("2001:db8::1", False),
        ("2002:a00:1::1", False), ("3fff::1", False), ("5f00::1", False), ("fc00::1", False), ("fd12::1", False),
        ("fe80::1", False), ("fe80::1%eth0", False), ("2606:4700::1111%eth0", False), ("fec0::1", False),
        ("ff02::1", False),
    ],
)  # fmt: skip
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(ipaddress.ip_address(address)) is public


def test_gathering_gets_what_is_needed_once(server: Served) -> None:
    did = f"did:web:{HOST}%3A{server.port}"
    server.answers["/.well-known/did.json"] = answer(json.dumps({"id": did}).encode())
    server.answers["/list"] = answer(b'{"id": "list"}')
    server.answers["/token"] = answer(b" eyJ.eyJ.c2ln\n")
    server.answers["/broken"] = answer(b'{"a": 1, "a": 2}')
    lists = tuple(server.url(path) for path in ("/list", "/token", "/broken"))
    server.asked.clear()
    found = gather([Needs((did,), lists), Needs((did,), lists[:1])], Materials(), ways=server.ways)
    assert found.did_documents == {did: {"id": did}}
    assert found.status_lists == {lists[0]: {"id": "list"}, lists[1]: "eyJ.eyJ.c2ln"}
    assert list(found.failures) == [lists[2]]
    assert sorted(path for path, _ in server.asked) == ["/.well-known/did.json", "/broken", "/list", "/token"]
    assert gather([Needs((did,), lists)], found, ways=server.ways) is found


def test_what_was_handed_over_is_not_fetched() -> None:
    given = Materials(did_documents={"did:web:a.example": {}}, status_lists={"https://a.example/list": {}})

    def lookup(_host: str, _port: int) -> list[str]:
        raise AssertionError

    needed = [Needs(("did:web:a.example",), ("https://a.example/list",))]
    assert gather(needed, given, ways=Ways(lookup=lookup)) is given


def test_failures_are_told_and_not_raised() -> None:
    def lookup(host: str, _port: int) -> list[str]:
        if host == "b.example":
            raise socket.gaierror
        return ["10.0.0.1"]

    needed = [Needs(("did:web:a.example", "did:web:b.example"), ("https://a.example/list",))]
    failures = gather(needed, Materials(), ways=Ways(lookup=lookup)).failures
    assert set(failures) == {"did:web:a.example", "did:web:b.example", "https://a.example/list"}
    assert "not on the public internet" in failures["did:web:a.example"]
    assert "no host b.example" in failures["did:web:b.example"]


def test_declining_says_why_for_what_is_missing() -> None:
    given = Materials(did_documents={"did:web:a.example": {}})
    declined = decline([Needs(("did:web:a.example", "did:web:b.example"), ("https://a.example/list",))], given, "why")
    assert declined == replace(given, failures={"did:web:b.example": "why", "https://a.example/list": "why"})


# Documents whose host is believed


def test_a_document_may_move_on_its_host_and_not_to_another(server: Served) -> None:
    server.answers["/new"] = answer(b'{"id": "new"}')
    server.answers["/moved"] = answer(b"", 301, Location="/new")
    server.answers["/away"] = answer(b"", 302, Location=server.url("/new", host="other.example.org"))
    server.answers["/port"] = answer(b"", 302, Location=f"https://{HOST}:{server.port + 1}/new")
    addresses = tuple(server.url(path) for path in ("/moved", "/away", "/port"))
    found = gather([Needs(documents=addresses)], Materials(), ways=server.ways)
    assert found.documents == {addresses[0]: {"id": "new"}}
    assert set(found.failures) == set(addresses[1:])
    assert "leads on to another host" in found.failures[addresses[1]]


def test_what_is_gone_was_withdrawn(server: Served) -> None:
    server.answers["/gone"] = answer(b"gone", 410)
    address = server.url("/gone")
    assert gather([Needs(documents=(address,))], Materials(), ways=server.ways).documents == {
        address: {"id": address, "revoked": True}
    }
    assert server.code_of("/gone") == "resolving.gone"


def badge_at(server: Served) -> dict[str, Document]:
    """An Open Badge 2.0, each document of which names the next."""
    context = "https://w3id.org/openbadges/v2"
    return {
        "/assertion": {
            "@context": context,
            "type": "Assertion",
            "id": server.url("/assertion"),
            "recipient": {"type": "email", "hashed": False, "identity": "ada@example.org"},
            "badge": server.url("/badge"),
            "issuedOn": "2020-01-01T00:00:00Z",
            "verification": {"type": "hosted"},
        },
        "/badge": {"@context": context, "type": "BadgeClass", "name": "First Aid", "issuer": server.url("/issuer")},
        "/issuer": {"@context": context, "type": "Issuer", "id": server.url("/issuer"), "name": "Academy"},
    }


NOW = datetime(2026, 6, 1, tzinfo=UTC)


def test_documents_that_name_each_other_are_followed(server: Served) -> None:
    documents = badge_at(server)
    server.answers.update({path: answer(json.dumps(document).encode()) for path, document in documents.items()})
    server.asked.clear()
    text = json.dumps(documents["/assertion"])
    found = gather_for([text, text], Materials(), ways=server.ways)
    assert found.documents == {server.url(path): document for path, document in documents.items()}
    assert sorted(path for path, _ in server.asked) == ["/assertion", "/badge", "/issuer"]
    assert verify(text, found, now=NOW).verdict is Verdict.GENUINE
    assert gather_for([text], found, ways=server.ways) is found


@pytest.mark.parametrize("path", ["/assertion", "/badge", "/issuer"])
@pytest.mark.parametrize(
    "give",
    [
        answer(status=500),
        answer(status=404),
        answer(b"<html>"),
        answer(b"a", length=1 << 30),
        answer(b"", 302, Location="https://internal.example.org/"),
        answer(b"", 302, Location="http://169.254.169.254/"),
        answer(b'{"a": 1, "a": 2}'),
    ],
    ids=["500", "404", "page", "1 GiB", "elsewhere", "metadata", "twice"],
)
def test_a_host_in_trouble_never_makes_a_badge_altered(
    server: Served, path: str, give: Callable[[BaseHTTPRequestHandler], None]
) -> None:
    documents = badge_at(server)
    server.answers.update({name: answer(json.dumps(document).encode()) for name, document in documents.items()})
    server.answers[path] = give
    text = json.dumps(documents["/assertion"])
    assert verify(text, gather_for([text], Materials(), ways=server.ways), now=NOW).verdict is Verdict.CANNOT_TELL


def test_a_slow_host_is_left_and_nothing_more_is_asked(server: Served) -> None:
    stop = threading.Event()

    def wait(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        stop.wait(20)

    documents = badge_at(server)
    server.answers.update({name: answer(json.dumps(document).encode()) for name, document in documents.items()})
    server.answers["/assertion"] = server.answers["/badge"] = wait
    text = json.dumps(documents["/assertion"])
    found = gather_for([text], Materials(), ways=replace(server.ways, seconds=0.3))
    stop.set()
    assert set(found.failures) == {server.url("/assertion"), server.url("/badge")}
    assert verify(text, found, now=NOW).verdict is Verdict.CANNOT_TELL


def test_a_credential_that_names_many_slow_hosts_is_left_in_time() -> None:
    stop = threading.Event()

    def lookup(_host: str, _port: int) -> list[str]:
        stop.wait(20)
        return []

    dids = tuple(f"did:web:d{number}.example" for number in range(16))
    lists = tuple(f"https://l{number}.example/" for number in range(16))
    found = gather([Needs(dids, lists)], Materials(), ways=Ways(lookup=lookup, seconds=0.5), ends=time.monotonic() + 1)
    stop.set()
    assert set(found.failures) == {*dids, *lists}
    # Eight are asked at once: eight more than the sixteen for which there is time, at the most, when a machine is busy.
    assert Counter(found.failures.values())["there was no time left to ask for it"] >= 8


def test_a_chain_that_never_ends_is_left(server: Served) -> None:
    """Each assertion, when it is asked for, says that it is about another badge class."""
    asked: list[str] = []

    def give(handler: BaseHTTPRequestHandler) -> None:
        asked.append(handler.path)
        named = server.url(f"/endless/{len(asked)}")
        body = {**badge_at(server)["/assertion"], "badge": named, "issuer": named, "type": ["Assertion", "BadgeClass"]}
        answer(json.dumps(body).encode())(handler)

    for number in range(40):
        server.answers[f"/endless/{number}"] = give
    first = {**badge_at(server)["/assertion"], "id": server.url("/endless/0"), "badge": server.url("/endless/0")}
    gather_for([json.dumps(first)], Materials(), ways=server.ways)
    assert len(asked) <= 10


def test_what_must_not_be_asked_for_is_told(server: Served) -> None:
    documents = badge_at(server)
    server.answers["/assertion"] = answer(json.dumps(documents["/assertion"]).encode())
    server.asked.clear()
    text = json.dumps(documents["/assertion"])
    found = gather_for(
        [text], Materials(), ways=server.ways, never=lambda name: "no" if name.endswith("/badge") else None
    )
    assert found.failures == {server.url("/badge"): "no"}
    assert [path for path, _ in server.asked] == ["/assertion"]


def test_a_badge_whose_host_leads_to_a_private_address_is_not_judged() -> None:
    ways = Ways(lookup=lambda _h, _p: ["10.0.0.1"])
    text = json.dumps({"type": "Assertion", "id": "https://a.example/1", "verification": {"type": "hosted"}})
    found = gather_for([text], Materials(), ways=ways)
    assert "not on the public internet" in found.failures["https://a.example/1"]
