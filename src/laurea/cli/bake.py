"""`laurea bake`: put a credential into somebody's own picture or PDF."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from laurea.actions import embedding
from laurea.cli import console

EPILOG = """\b
Examples:
  laurea bake out/7K3M9QXR2V5T8WHF.json our-badge.png --out badge.png
  laurea bake credential.json certificate.pdf --out signed-certificate.pdf"""


@click.command("bake", epilog=EPILOG)
@click.argument("credential", type=click.Path(dir_okay=False, path_type=Path))
@click.argument("picture", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The new file.")
@console.json_option
def command(credential: Path, picture: Path, out: Path, as_json: bool) -> None:
    """Put a credential into your own picture or PDF.

    CREDENTIAL is any file that holds one; PICTURE a PNG, SVG or PDF, which stays as it is. The new file looks the same
    and can be verified. A credential that PICTURE held before is replaced.
    """
    baked = embedding.embed(credential, picture, out, now=datetime.now(UTC))
    if as_json:
        console.data_as_json({"file": str(out), "kind": baked.kind.value, "sha256": baked.sha256})
    else:
        console.data(f"Put the credential into {out}. Check it with: laurea verify {out}")
