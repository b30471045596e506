"""`make demo`: issues a sample of 25 people from the command line, verifies it, then runs the platform with its demo.

It runs the same commands that a person would type, and prints each. What is given to it (`make demo ARGS="--port 9000
--no-browser"`) goes to `laurea demo`, which takes its place.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "demo"
OUT = DEMO / "certificates"
LAUREA = Path(sys.executable).with_name("laurea")


def main() -> None:
    """Make the demo folder anew, fill it, judge what is in it."""
    if DEMO.exists():
        shutil.rmtree(DEMO)
    DEMO.mkdir()
    key = DEMO / "laurea-key.pem"
    people, achievement = ROOT / "examples" / "people-25.csv", ROOT / "examples" / "data-protection.toml"
    laurea("keygen", "--out", key)
    laurea("issue", people, "--achievement", achievement, "--key", key, "--out", OUT)
    laurea("verify", OUT, "--did-doc", OUT / "did.json", "--offline")
    first = sorted(OUT.glob("*.pdf"))[0]
    laurea("verify", first, "--did-doc", OUT / "did.json", "--offline")
    print(f"\nLook at a certificate:  {shown(first)}")
    print(f"and its badge:          {shown(first.with_suffix('.png'))}")
    print(f"All 25 are listed in    {shown(OUT / 'manifest.csv')}")
    print(f"\n$ laurea {shlex.join(['demo', *sys.argv[1:]])}", flush=True)
    os.chdir(ROOT)
    os.execv(LAUREA, [str(LAUREA), "demo", *sys.argv[1:]])  # noqa: S606 - our own program


def laurea(*arguments: str | Path) -> None:
    """Run one command, shown as a person would type it."""
    words = [shown(word) if isinstance(word, Path) else word for word in arguments]
    print(f"\n$ laurea {shlex.join(words)}", flush=True)
    subprocess.run([LAUREA, *words], cwd=ROOT, check=True)


def shown(path: Path) -> str:
    """A path as it is typed in the checkout."""
    return str(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
