"""`laurea preview`: see certificate, badge and social picture before anything is issued."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from laurea.actions import previewing
from laurea.actions.previewing import Wish
from laurea.cli import console
from laurea.rendering.design import ORIENTATIONS, PAPERS

EPILOG = """\b
Examples:
  laurea preview --out preview.pdf
  laurea preview --achievement data-protection.toml --design classic --out preview.png
  laurea preview --achievement data-protection.toml --name "Li Na" --lang de --orientation portrait --out preview.pdf
  laurea preview --achievement data-protection.toml --badge badge.svg --social social.png"""

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("preview", epilog=EPILOG)
@click.option("--achievement", type=_FILE, help="An ACHIEVEMENT.toml; without it, a sample is drawn.")
@click.option("--design", metavar="NAME|FOLDER", help="The certificate's design, instead of the achievement's.")
@click.option("--name", default=Wish().name, show_default=True, help="The name to print.")
@click.option("--paper", type=click.Choice(PAPERS), help="The paper, instead of the achievement's.")
@click.option("--orientation", type=click.Choice(ORIENTATIONS), help="The orientation, instead of the achievement's.")
@click.option("--lang", metavar="LANGUAGE", help="The certificate's language, instead of the achievement's.")
@click.option("--out", type=_FILE, help="The certificate to write: a PDF or PNG.")
@click.option("--badge", type=_FILE, help="The badge to write: an SVG or PNG.")
@click.option("--social", type=_FILE, help="The picture for shared links to write, 1200 x 627: a PNG.")
@console.json_option
def command(
    achievement: Path | None,
    design: str | None,
    name: str,
    paper: str | None,
    orientation: str | None,
    lang: str | None,
    out: Path | None,
    badge: Path | None,
    social: Path | None,
    as_json: bool,
) -> None:
    """Draw a certificate or badge with sample data.

    Nothing is signed: a preview is no credential.
    """
    named = {"certificate": out, "badge": badge, "social": social}
    files = {what: path for what, path in named.items() if path is not None}
    if not files:
        raise click.UsageError("Say what to draw: --out FILE.pdf, --badge FILE.svg or --social FILE.png.")
    if not name.strip():
        raise click.BadParameter("it is empty; a certificate needs a name.", param_hint="--name")
    wish = Wish(achievement=achievement, name=name, design=design, paper=paper, orientation=orientation, language=lang)
    previewing.preview(wish, files, datetime.now().astimezone())
    if as_json:
        console.data_as_json({what: str(path) for what, path in files.items()})
        return
    for path in files.values():
        console.data(f"Drew {path}")
