"""`laurea designs`: what a certificate can look like."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from laurea.actions import designs
from laurea.cli import console
from laurea.rendering.design import Design

EPILOG = """\b
Examples:
  laurea designs
  laurea designs --export classic our-design
  laurea preview --design our-design --out preview.pdf"""


@click.command("designs", epilog=EPILOG)
@click.option(
    "--export",
    nargs=2,
    metavar="NAME FOLDER",
    help="Copy a design into a new folder, where a designer can change it.",
)
@console.json_option
def command(export: tuple[str, str] | None, as_json: bool) -> None:
    """List the designs, or copy one to change it.

    Use one with --design NAME, or your own with --design FOLDER, in `laurea preview` and `laurea issue`.
    """
    if export:
        folder = designs.copy(export[0], Path(export[1]))
        if as_json:
            console.data_as_json({"design": export[0], "folder": str(folder)})
        else:
            see = shlex.join(["laurea", "preview", "--design", str(folder), "--out", "preview.pdf"])
            console.data(f"Copied {export[0]} to {folder}. Change design.typ, then: {see}")
        return
    found = designs.packaged()
    if as_json:
        console.data_as_json([_as_json(design) for design in found])
        return
    console.data("\n\n".join(_as_text(design) for design in found))


def _as_json(design: Design) -> dict[str, object]:
    return {
        "name": design.name,
        "title": design.title,
        "description": design.description,
        "papers": list(design.papers),
        "orientations": list(design.orientations),
        "options": dict(design.options),
    }


def _as_text(design: Design) -> str:
    lines = [
        click.style(design.name, bold=True),
        f"  {design.description}",
        f"  {', '.join(design.papers)}; {', '.join(design.orientations)}",
    ]
    if design.options:
        listed = ", ".join(f'{name} = "{value}"' for name, value in design.options.items())
        lines.append(f"  Options, as [design.options] of an achievement: {listed}")
    return "\n".join(lines)
