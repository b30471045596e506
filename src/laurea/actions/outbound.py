"""Fetching over https, for `resolving`, and handing checkpoints to witnesses: the only connections that Laurea opens by
itself, but for mail, the database and the storage.

Addresses come out of documents that anybody may have written, so a fetch must not become a way into the network that
Laurea runs in, nor a way to keep it busy. https only; the host is looked up once, every address found must be a public
one, and the connection goes to the very address that was checked. Redirects are followed three times at most, each
checked anew. One mebibyte and five seconds are all there is, the look-up and the slowest server included. No proxy,
cookie or password of the environment is used.
"""

from __future__ import annotations

import io
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from laurea import __version__
from laurea.credentials.errors import ResolvingError

MOST_BYTES = 1024 * 1024
MOST_SECONDS = 5.0
MOST_REDIRECTS = 3

JSON_TYPES = "application/vc+ld+json, application/vc, application/ld+json;q=0.9, application/json;q=0.8"
DID_TYPES = "application/did+json, application/did+ld+json, application/json;q=0.9"

_LONGEST_ADDRESS = 2_048
_REDIRECTS = (301, 302, 303, 307, 308)
_TRIED_ADDRESSES = 4
_FORBIDDEN = tuple(
    ip_network(network)
    for network in (
        "192.0.0.0/24",  # protocol assignments
        "192.88.99.0/24",  # 6to4 relays
        "2001::/23",  # protocol assignments, among them Teredo, which holds an IPv4 address
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which holds an IPv4 address
        "3fff::/20",  # documentation
    )
)
_GLOBAL_UNICAST = ip_network("2000::/3")

Address = IPv4Address | IPv6Address
Lookup = Callable[[str, int], list[str]]


def addresses_of(host: str, port: int) -> list[str]:
    """The addresses that the system knows for a host, as text, without repeats."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: Address) -> bool:
    """Whether `address` is one on the public internet, where anybody could fetch the same.

    Not private, loopback, link-local, shared, multicast or reserved ones, and no IPv6 address that stands for an IPv4
    one (mapped, NAT64, 6to4, Teredo), behind which any of these can hide.
    """
    if isinstance(address, IPv6Address) and (address.scope_id is not None or address not in _GLOBAL_UNICAST):
        return False
    if address.is_multicast or not address.is_global:
        return False
    return not any(address.version == network.version and address in network for network in _FORBIDDEN)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came from `address`, which is where the last redirect led."""

    address: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Ways:
    """How the network is reached: looking up a host's addresses, judging one, trusting a certificate.

    The defaults are the only ways that commands use.
    """

    lookup: Lookup = addresses_of
    is_allowed: Callable[[Address], bool] = is_public
    trust: Callable[[], ssl.SSLContext] = ssl.create_default_context
    seconds: float = MOST_SECONDS


DEFAULT_WAYS = Ways()


def fetch(address: str, *, accept: str, ways: Ways = DEFAULT_WAYS, same_host: bool = False) -> Fetched:
    """What an https server answers for `address`; `accept` are the media types asked for.

    With `same_host`, redirects to other hosts are refused.

    Raises `ResolvingError`: ``resolving.address`` (no https address), ``resolving.name`` (unknown host),
    ``resolving.forbidden`` (a host inside a private network), ``resolving.timeout``, ``resolving.tls``,
    ``resolving.connection``, ``resolving.status`` (``resolving.gone`` for 410), ``resolving.redirects``,
    ``resolving.elsewhere``, ``resolving.too-large``, ``resolving.encoding``.
    """
    ends = time.monotonic() + ways.seconds
    first = _parse(address).netloc
    for _ in range(MOST_REDIRECTS + 1):
        parts = _parse(address)
        if same_host and parts.netloc != first:
            raise ResolvingError("resolving.elsewhere", f"{first} leads on to another host, {parts.hostname}")
        with _answer(parts, accept, ways, ends) as answer:
            if answer.status not in _REDIRECTS:
                return Fetched(address, _body(answer, parts))
            address = urljoin(address, answer.headers.get("Location", ""))
    raise ResolvingError(
        "resolving.redirects", f"{parts.hostname} leads on to another address more than {MOST_REDIRECTS} times"
    )


def post(address: str, body: bytes, *, content_type: str, ways: Ways = DEFAULT_WAYS) -> None:
    """Hand `body` to an https server, which must take it (2xx): redirects are not followed.

    Raises what `fetch` raises.
    """
    parts = _parse(address)
    with _answer(parts, "*/*", ways, time.monotonic() + ways.seconds, body, content_type) as answer:
        if not 200 <= answer.status < 300:
            raise ResolvingError(
                "resolving.status", f"{parts.hostname} answered {answer.status} for {parts.path[:200]}"
            )


def _parse(address: str) -> SplitResult:
    """The parts of an https address, in ASCII."""
    if len(address) > _LONGEST_ADDRESS:  # before anything else: a long host takes seconds to be written in ASCII
        raise _no_address(address)
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").encode("idna").decode("ascii"), parts.port
    except ValueError:
        raise _no_address(address) from None
    is_plain = parts.scheme == "https" and parts.username is None and parts.password is None
    if not is_plain or not host or any(ord(letter) <= 32 for letter in address):
        raise _no_address(address)
    if port is not None and port != 443 and port < 1024:
        raise ResolvingError("resolving.address", f"Port {port} of {host} is not one for web pages")
    authority = f"[{host}]" if ":" in host else host
    return parts._replace(
        netloc=authority if port in (None, 443) else f"{authority}:{port}",
        path=quote(parts.path or "/", safe="%/:=&~+!$,;'@()*"),
        query=quote(parts.query, safe="%/:=&~+!$,;'@()*?"),
        fragment="",
    )


@contextmanager
def _answer(
    parts: SplitResult, accept: str, ways: Ways, ends: float, body: bytes | None = None, content_type: str = ""
) -> Iterator[HTTPResponse]:
    """The server's answer, its body unread; every failure on the way told as a `ResolvingError`."""
    host, port = parts.hostname or "", parts.port or 443
    connection = HTTPConnection(host, port)
    bounded: _Bounded | None = None
    try:
        bounded = _connected(host, port, ways, ends)
        connection.sock = bounded  # it has all that an HTTPConnection uses of a socket
        connection.request(
            "GET" if body is None else "POST",
            parts.path + (f"?{parts.query}" if parts.query else ""),
            body,
            headers={
                "Host": parts.netloc,
                "Accept": accept,
                "Accept-Encoding": "identity",
                "User-Agent": f"Laurea/{__version__}",
                "Connection": "close",
                **({"Content-Type": content_type} if content_type else {}),
            },
        )
        yield connection.getresponse()
    except TimeoutError:
        raise ResolvingError(
            "resolving.timeout", f"{host} did not answer within {ways.seconds:g} seconds", "Try again later"
        ) from None
    except ssl.SSLError as problem:
        reason = getattr(problem, "verify_message", "") or (problem.reason or "no secure connection").replace("_", " ")
        raise ResolvingError("resolving.tls", f"{host} could not show that it is {host}: {reason.lower()}") from None
    except (OSError, HTTPException, ValueError) as problem:
        what = getattr(problem, "strerror", None) or type(problem).__name__
        raise ResolvingError("resolving.connection", f"{host} could not be reached: {what}") from None
    finally:
        connection.close()
        if bounded is not None:
            bounded.end()


def _body(answer: HTTPResponse, parts: SplitResult) -> bytes:
    host = parts.hostname
    if answer.status == 410:
        raise ResolvingError("resolving.gone", f"{host} says that {parts.path[:200]} is gone for good")
    if answer.status != 200:
        raise ResolvingError("resolving.status", f"{host} answered {answer.status} for {parts.path[:200]}")
    if answer.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise ResolvingError("resolving.encoding", f"{host} sent a packed answer, though it was asked not to")
    if answer.length is not None and answer.length > MOST_BYTES:
        raise _too_large(host)
    body = answer.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise _too_large(host)
    if answer.length:
        raise ResolvingError("resolving.connection", f"{host} broke off in the middle of its answer")
    return body


def _connected(host: str, port: int, ways: Ways, ends: float) -> _Bounded:
    """A secure connection to one of the host's addresses, all of which were judged before."""
    addresses = [_judged(host, text, ways) for text in _look_up(host, port, ways, ends)]
    if not addresses:
        raise _unknown_host(host)
    context = ways.trust()
    failure: OSError | None = None
    for address in addresses[:_TRIED_ADDRESSES]:
        plain = socket.socket(socket.AF_INET6 if address.version == 6 else socket.AF_INET, socket.SOCK_STREAM)
        try:
            plain.settimeout(_left(ends))
            plain.connect((str(address), port))
            plain.settimeout(_left(ends))
            secure = context.wrap_socket(plain, server_hostname=host)
        except OSError as problem:
            plain.close()
            failure = problem
            continue
        return _Bounded(secure, ends)
    raise failure or _unknown_host(host)


def _look_up(host: str, port: int, ways: Ways, ends: float) -> list[str]:
    """The host's addresses, looked up aside: the system's look-up knows no time limit."""
    answers: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(ways.lookup(host, port))
        except OSError as problem:
            answers.put(problem)
        except UnicodeError:
            answers.put([])

    threading.Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=_left(ends))
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(answer, OSError):
        raise _unknown_host(host) from None
    return answer


def _judged(host: str, text: str, ways: Ways) -> Address:
    try:
        address = ip_address(text)
    except ValueError:
        raise _unknown_host(host) from None
    if not ways.is_allowed(address):
        raise ResolvingError(
            "resolving.forbidden",
            f"{host} is at {address}, which is not on the public internet, so it was not asked",
            "Get the file yourself and hand it over",
        )
    return address


class _Bounded:
    """The part of a socket that an HTTP connection uses, every read and write of it within one span of time.

    A timeout of a socket counts anew for each byte, so a server that drips could keep us for ever.
    """

    def __init__(self, connected: ssl.SSLSocket, ends: float) -> None:
        self._connected = connected
        self._ends = ends

    def sendall(self, data: bytes) -> None:
        self._connected.settimeout(_left(self._ends))
        self._connected.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reading(self._connected, self._ends))

    def close(self) -> None:
        """Nothing yet: a connection lets go of its socket when the answer begins, with the body still to be read."""

    def end(self) -> None:
        self._connected.close()


class _Reading(io.RawIOBase):
    def __init__(self, connected: ssl.SSLSocket, ends: float) -> None:
        self._connected = connected
        self._ends = ends

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # the buffer is always a memoryview here
        self._connected.settimeout(_left(self._ends))
        return self._connected.recv_into(buffer)


def _left(ends: float) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _no_address(address: str) -> ResolvingError:
    return ResolvingError(
        "resolving.address", f"“{address[:120]}” is no https address that is fetched from", "It begins with https://"
    )


def _unknown_host(host: str) -> ResolvingError:
    return ResolvingError("resolving.name", f"There is no host {host}, or no connection to ask", "Check the address")


def _too_large(host: str | None) -> ResolvingError:
    return ResolvingError("resolving.too-large", f"{host} sent more than {MOST_BYTES // 1024 // 1024} MiB")
