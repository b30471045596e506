"""`make docs`: writes the command reference and the README's picture, and checks every link.

The picture shows a certificate beside the answer that `laurea verify` gives to it; both are made by the real commands.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import typst
from PIL import Image

from laurea.cli import reference
from laurea.rendering import fonts

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "pictures" / "certificate-and-verification.png"
COMMANDS = ROOT / "docs" / "reference" / "commands.md"
LAUREA = Path(sys.executable).with_name("laurea")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")

LAYOUT = """
#set page(width: 400mm, height: 168mm, margin: 0mm, fill: rgb("#eef2ef"))
#set text(font: "Inter", size: 10.5pt, fill: rgb("#1c2420"))
#let said = json("report.json")
#let green = rgb("#17603f")
#let tick = box(baseline: 1pt, circle(radius: 4.2pt, fill: green, inset: 0pt, align(center + horizon,
  curve(stroke: (paint: white, thickness: 1.1pt, cap: "round", join: "round"),
    curve.move((0pt, 1.8pt)), curve.line((1.6pt, 3.4pt)), curve.line((4.4pt, 0pt))))))
#place(left + horizon, dx: 12mm, box(stroke: 0.4pt + rgb("#d4dbd6"), image("certificate.png", width: 202mm)))
#let card = block.with(width: 160mm, fill: white, radius: 3mm, stroke: 0.4pt + rgb("#d4dbd6"), clip: true)
#place(right + horizon, dx: -12mm, card[
  #set align(left)
  #block(width: 100%, fill: green, inset: (x: 9mm, y: 6mm), below: 0pt)[
    #set text(fill: white)
    #text(font: "Source Serif 4", size: 24pt)[Genuine] #h(1fr) #text(size: 10pt)[laurea verify]
    #v(-1.2mm)
    #said.sentence.split(": ").at(1).replace(regex("^s"), "S")
  ]
  #block(inset: (x: 9mm, top: 6mm, bottom: 7mm))[
    #text(font: "Source Serif 4", size: 17pt)[#said.credential.holder]
    #v(-2.6mm)
    #text(fill: rgb("#4d5a53"))[#said.credential.achievement, issued by #said.credential.issuerName]
    #v(1.5mm)
    #text(weight: "semibold")[How we know]
    #v(-1mm)
    #grid(columns: (5mm, 1fr), row-gutter: 3mm,
      ..said.checks.filter(check => check.outcome == "passed")
        .map(check => (tick, text(check.title))).flatten())
  ]
])
"""


def main() -> None:
    """Write everything that is made from the code, then look at every link."""
    write_commands()
    write_picture()
    broken = list(broken_links())
    for line in broken:
        print(line, file=sys.stderr)
    print(f"The documentation is written; {len(broken)} links lead nowhere.")
    sys.exit(bool(broken))


def write_commands() -> None:
    """The command reference, from the commands themselves."""
    COMMANDS.write_text(reference.page(), "utf-8")


def write_picture() -> None:
    """Issue one certificate, verify it, and set both side by side."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "people.csv").write_text("Name,E-Mail,Date\nAnna Lindqvist,anna@example.com,2026-11-23\n", "utf-8")
        key, out = folder / "key.pem", folder / "out"
        achievement = ROOT / "examples" / "data-protection.toml"
        run("keygen", "--out", key)
        run("issue", folder / "people.csv", "--achievement", achievement, "--key", key, "--out", out)
        certificate = next(out.glob("*.pdf"))
        answer = run("verify", certificate, "--did-doc", out / "did.json", "--offline", "--json")
        (folder / "report.json").write_text(json.dumps(json.loads(answer)["reports"][0]), "utf-8")
        pages = ["pdftoppm", "-r", "200", "-png", "-singlefile", certificate, folder / "certificate"]
        subprocess.run(pages, check=True)
        (folder / "picture.typ").write_text(LAYOUT, "utf-8")
        picture = folder / "picture.png"
        typst.compile(str(folder / "picture.typ"), str(picture), format="png", ppi=110, font_paths=fonts.typst_fonts())
        PICTURE.parent.mkdir(exist_ok=True)
        Image.open(picture).convert("RGB").quantize(192).save(PICTURE, optimize=True)


def run(*arguments: str | Path) -> str:
    """What a command writes to stdout."""
    return subprocess.run([LAUREA, *arguments], check=True, capture_output=True, text=True).stdout


def broken_links() -> list[str]:
    """Every relative link of a Markdown file that leads to no file."""
    pages = [page for page in ROOT.rglob("*.md") if not {"node_modules", ".venv"} & set(page.parts)]
    return [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in LINK.findall(page.read_text("utf-8"))
        if "://" not in target
        and not target.startswith(("#", "mailto:"))
        and not (page.parent / target.partition("#")[0]).exists()
    ]


if __name__ == "__main__":
    main()
