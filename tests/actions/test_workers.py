"""A crew of processes: in order, with errors where they belong, and never left behind.

What they do here are functions of the library and of Python, because a worker must be able to import them.
"""

from __future__ import annotations

import copy
import operator
import os
import signal
import subprocess
import sys
import threading

import pytest

from laurea.actions import workers
from laurea.credentials import keys
from laurea.credentials.errors import IssuingError, KeyMaterialError
from laurea.credentials.keys import SigningKey

MODULE = "laurea.credentials.keys"


def test_results_come_in_the_order_of_the_pieces() -> None:
    with workers.crew(2, module=MODULE) as crew:
        assert list(crew.do(pow, range(50), make_tool=int, setup=2)) == [2**piece for piece in range(50)]
        assert list(crew.do(pow, range(5), make_tool=int, setup=3)) == [3**piece for piece in range(5)]


def test_only_so_much_is_under_way() -> None:
    taken = []

    def pieces() -> object:
        for piece in range(100):
            taken.append(piece)
            yield piece

    with workers.crew(2, module=MODULE) as crew:
        results = crew.do(pow, pieces(), make_tool=int, setup=2)  # type: ignore[var-annotated, arg-type]
        next(results)
        assert len(taken) <= 7
        results.close()  # type: ignore[attr-defined]


def test_an_error_in_a_worker_is_raised_here_as_it_is() -> None:
    with workers.crew(2, module=MODULE) as crew, pytest.raises(KeyMaterialError) as caught:
        list(crew.do(keys.did_web, ["", "badges"], make_tool=str, setup="127.0.0.1"))
    assert caught.value.code == "did.malformed"
    assert caught.value.hint.startswith("Like did:web:")


def test_a_tool_that_cannot_be_made_is_an_error_too() -> None:
    with workers.crew(2, module=MODULE) as crew, pytest.raises(KeyMaterialError) as caught:
        list(crew.do(operator.is_, [1, 2], make_tool=SigningKey.from_pem, setup=b"no key"))
    assert caught.value.code == "key.malformed"


def test_a_worker_that_dies_is_one_clear_error() -> None:
    with workers.crew(2, module=MODULE) as crew, pytest.raises(IssuingError) as caught:
        list(crew.do(operator.call, [9, 9, 9], make_tool=copy.copy, setup=os._exit))
    assert caught.value.code == "issuing.worker-died"
    assert "--resume" in caught.value.hint


@pytest.mark.parametrize("way", ["fork", "spawn"])
def test_workers_end_with_whoever_started_them(way: str) -> None:
    """The starter is killed; if its workers lived on, they would hold its pipes open, and this would time out."""
    if way == "fork" and sys.platform != "linux":
        pytest.skip("only Linux copies processes safely")
    program = (
        "import os, signal\n"
        "from laurea.actions import workers\n"
        "if __name__ == '__main__':\n"
        f"    workers.may_fork, found = lambda: {way == 'fork'}, workers.may_fork()\n"
        f"    with workers.crew(2, module={MODULE!r}) as crew:\n"
        "        print(found, list(crew.do(pow, range(4), make_tool=int, setup=2)), flush=True)\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, f"{sys.platform == 'linux'} [1, 2, 4, 8]\n")
    assert "Traceback" not in done.stderr


def test_a_process_with_threads_does_not_copy_itself() -> None:
    until = threading.Event()
    other = threading.Thread(target=until.wait)
    other.start()
    try:
        assert not workers.may_fork()
    finally:
        until.set()
        other.join()
