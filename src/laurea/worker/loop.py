"""One worker: asks the desks until it is told to end, and ends between two pieces of work."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading

from django.db import DatabaseError, close_old_connections, connections

from laurea.actions import auditing, chunks, ledger, working

_LOG = logging.getLogger(__name__)

_SHORTEST, _LONGEST = 0.05, 0.25
"""Seconds between two questions while there is nothing to do."""

_PAUSE = 2.0
"""Seconds to wait when the desks cannot even be asked: the database is away, locked, or not set up yet."""

_GRACE = 30.0
"""Seconds in which a worker whose supervisor has died may end its piece of work."""


def run(name: str, predecessor: str = "") -> None:
    """Work in this process, under `name`, until SIGTERM, SIGINT, or the end of whoever holds our standard input."""
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    threading.Thread(target=_leave_with_supervisor, args=(ending,), daemon=True).start()
    turns = working.Turns(name)
    ready = False
    idle = _SHORTEST
    while not ending.is_set():
        try:
            if not ready:
                working.get_ready(predecessor)
                ready = True
            with auditing.from_where("worker"):
                busy = turns.take()
        except MemoryError:
            _LOG.error("Worker %s is out of memory; another one takes its place", name)
            os._exit(1)
        except DatabaseError as error:
            _LOG.warning("%s; the worker waits", ledger.explained(error).message)
            connections.close_all()
            ending.wait(_PAUSE)
            continue
        except Exception as error:  # the desks explain what they can; the rest must not end the worker
            chunks.log(error)
            connections.close_all()
            ending.wait(_PAUSE)
            continue
        close_old_connections()
        idle = _SHORTEST if busy else min(idle * 1.5, _LONGEST)
        if not busy:
            ending.wait(idle)
    connections.close_all()


def _leave_with_supervisor(ending: threading.Event) -> None:
    """Its end closes the pipe that is our standard input, even a `kill -9`."""
    os.read(sys.stdin.fileno(), 1)  # past Python's buffers, whose lock must be free when the process ends
    ending.set()
    threading.Event().wait(_GRACE)
    os._exit(1)
