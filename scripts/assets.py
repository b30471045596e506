"""Puts what other people made beside the code: contexts, fonts, and what the pages need; each checked against its pin.

Run by `make assets` after `npm ci`. Three tables say what is taken from which package:
`credentials/contexts/index.toml`, `rendering/fonts/index.toml` and `web/assets.toml`. Nothing that this writes is
committed; the released package brings it.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
CONTEXTS = ROOT / "src" / "laurea" / "credentials" / "contexts"
FONTS = ROOT / "src" / "laurea" / "rendering" / "fonts"
WEB = ROOT / "src" / "laurea" / "web"
VENDOR = WEB / "static" / "vendor"

# What the MIT licence asks to be passed on, for packages that bring no file of it.
MIT = """MIT License

{copyright}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


def main() -> None:
    """Write every context, font and file of the pages, or stop at the first that is not what its pin says."""
    contexts = [put_context(entry) for entry in table(CONTEXTS / "index.toml")["context"]]
    packages = table(FONTS / "index.toml")["package"]
    fonts = [put_font(package, file) for package in packages for file in package["files"]]
    for package in packages:
        put_licence(package, FONTS / "LICENCES")
    web = table(WEB / "assets.toml")
    files = [put_web_file(package, file) for package in web["package"] for file in package["files"]]
    put_icons(web["icons"])
    for package in [*web["package"], web["icons"]]:
        put_licence(package, VENDOR / "LICENCES")
    print(
        f"{len(contexts)} contexts, {len(fonts)} fonts, {len(files)} files of the pages "
        f"and {len(web['icons']['names'])} icons are in place."
    )


def table(file: Path) -> dict[str, Any]:
    """The index of a folder of assets."""
    return tomllib.loads(file.read_text(encoding="utf-8"))


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


def put_web_file(package: dict[str, Any], file: dict[str, str]) -> Path:
    """Copy one style sheet, program or typeface, without the address of a source map that stays behind."""
    content = (installed(package["npm"], package["version"]) / file["from"]).read_bytes()
    check(file["to"], content, file["sha256"])
    target = VENDOR / file["to"]
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.suffix in (".css", ".js"):
        content = re.sub(rb"\n?(?:/\*|//)# sourceMappingURL=[^*\n]*(?:\*/)?\n?", b"\n", content)
    target.write_bytes(content)
    return target


def put_icons(icons: dict[str, Any]) -> Path:
    """Draw the named icons as the symbols of one picture; pages show them by `<use href="icons.svg#name">`."""
    folder = installed(icons["npm"], icons["version"]) / icons["folder"]
    lines = ['<svg xmlns="http://www.w3.org/2000/svg">']
    for name in icons["names"]:
        drawn = " ".join((folder / f"{name}.svg").read_text(encoding="utf-8").split())
        shapes = re.findall(r"<(?!svg|/svg)[^>]+>", drawn)
        ink = "".join(shape.replace(" />", "/>") for shape in shapes if 'd="M0 0h24v24H0z"' not in shape)
        lines.append(f'<symbol id="{name}" viewBox="0 0 24 24">{ink}</symbol>')
    content = "\n".join([*lines, "</svg>", ""]).encode()
    check(icons["to"], content, icons["sha256"])
    target = VENDOR / icons["to"]
    target.write_bytes(content)
    return target


def put_licence(package: dict[str, Any], folder: Path) -> None:
    """Copy the licence under which what a package holds may be passed on."""
    folder.mkdir(parents=True, exist_ok=True)
    if "licence_file" in package:
        text = (installed(package["npm"], package["version"]) / package["licence_file"]).read_text(encoding="utf-8")
    else:
        text = MIT.format(copyright=package["copyright"])
    (folder / f"{package['npm'].rpartition('/')[2]}.txt").write_text(text, encoding="utf-8")


def check(name: str, content: bytes, pin: str) -> None:
    """Stop when bytes are not those that the index promises."""
    found = hashlib.sha256(content).hexdigest()
    if found != pin:
        sys.exit(f"{name}: its SHA-256 is {found}, the index promises {pin}. Nothing was taken over.")


if __name__ == "__main__":
    main()
