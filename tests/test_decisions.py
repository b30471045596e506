"""Every dependency has its reason and licence written down, and nothing is written down that is no dependency."""

from __future__ import annotations

import json
import re
import tomllib
from fnmatch import fnmatch
from pathlib import Path


def test_every_dependency_has_a_reason(root: Path) -> None:
    page = (root / "docs" / "decisions" / "0002-dependencies.md").read_text()
    told = set(re.findall(r"^\| `([^`]+)` \| [^|]+ \| [^|]+ \|$", page, re.MULTILINE))
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"].values()
    python = {
        re.split("[<>=~!;]", line)[0] for line in [*project["dependencies"], *(each for one in extras for each in one)]
    }
    package = json.loads((root / "package.json").read_text())
    npm = package["dependencies"] | package["devDependencies"]
    patterns = {name for name in told if "*" in name}
    named = python | {name for name in npm if not any(fnmatch(name, pattern) for pattern in patterns)}
    assert told - patterns == named
    assert all(any(fnmatch(name, pattern) for name in npm) for pattern in patterns)
