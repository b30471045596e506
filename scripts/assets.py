"""Puts what other people made beside the code: JSON-LD contexts and fonts, each checked against its pin.

Run by `make assets` after `npm ci`. Two tables say what is taken from which package: `credentials/contexts/index.toml`
and `rendering/fonts/index.toml`. Nothing that this writes is committed; the released package brings it.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
CONTEXTS = ROOT / "src" / "laurea" / "credentials" / "contexts"
FONTS = ROOT / "src" / "laurea" / "rendering" / "fonts"


def main() -> None:
    """Write every context and font, or stop at the first that is not what its pin says."""
    contexts = [put_context(entry) for entry in table(CONTEXTS)["context"]]
    fonts = [put_font(package, file) for package in table(FONTS)["package"] for file in package["files"]]
    for package in table(FONTS)["package"]:
        put_licence(package)
    print(f"{len(contexts)} contexts and {len(fonts)} fonts are in place.")


def table(folder: Path) -> dict[str, Any]:
    """The index of a folder of assets."""
    return tomllib.loads((folder / "index.toml").read_text(encoding="utf-8"))


def installed(package: str, version: str) -> Path:
    """The folder of an npm package, which must be there in just this version."""
    folder = MODULES / package
    found = (
        json.loads((folder / "package.json").read_text(encoding="utf-8"))["version"] if folder.is_dir() else "nothing"
    )
    if found != version:
        sys.exit(f"{package}: {found} is installed, {version} is wanted. Run `npm ci`.")
    return folder


def put_context(entry: dict[str, str]) -> Path:
    """Write one context as JSON. Its pin is the SHA-256 of its RFC 8785 form, so layout does not matter."""
    source = installed(entry["npm"], entry["version"]) / entry["path"]
    if source.suffix == ".js":
        program = "import(process.argv[1]).then(module => console.log(JSON.stringify(module.default)))"
        text = subprocess.run(
            ["node", "--input-type=module", "-e", program, source.as_uri()], check=True, capture_output=True, text=True
        ).stdout
    else:
        text = source.read_text(encoding="utf-8")
    content = json.loads(text)
    # RFC 8785 for what contexts are made of: strings, booleans and null under ASCII names.
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    check(entry["url"], canonical, entry["sha256"])
    target = CONTEXTS / entry["file"]
    target.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return target


def put_font(package: dict[str, Any], file: dict[str, str]) -> Path:
    """Copy one font."""
    content = (installed(package["npm"], package["version"]) / file["from"]).read_bytes()
    check(file["to"], content, file["sha256"])
    target = FONTS / file["to"]
    target.write_bytes(content)
    return target


def put_licence(package: dict[str, Any]) -> None:
    """Copy the licence under which the fonts of a package may be passed on."""
    folder = FONTS / "LICENCES"
    folder.mkdir(exist_ok=True)
    text = (installed(package["npm"], package["version"]) / package["licence_file"]).read_bytes()
    (folder / f"{package['npm'].rpartition('/')[2]}.txt").write_bytes(text)


def check(name: str, content: bytes, pin: str) -> None:
    """Stop when bytes are not those that the index promises."""
    found = hashlib.sha256(content).hexdigest()
    if found != pin:
        sys.exit(f"{name}: its SHA-256 is {found}, the index promises {pin}. Nothing was taken over.")


if __name__ == "__main__":
    main()
