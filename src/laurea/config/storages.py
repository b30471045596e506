"""Where private files lie."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote

from laurea.config.env import Environment, query

SCHEMES = ("file", "s3")
LINK_SECONDS = 600
"""How long a signed link to a file leads to it."""


def storage(env: Environment, url: SplitResult, data: Path) -> dict[str, Any]:
    """Django's storage for private files at `url`; without an address, a folder in the data folder."""
    if url.scheme == "file":
        folder = Path(unquote(url.path)) if url.path.strip("/") else data / "files"
        return {"BACKEND": "laurea.actions.storing.LocalFiles", "OPTIONS": {"location": folder}}
    options = query(url)
    access, secret = env.text("LAUREA_S3_ACCESS_KEY"), env.text("LAUREA_S3_SECRET_KEY")
    if not url.netloc:
        env.refuse("LAUREA_STORAGE_URL names no bucket: s3://bucket/prefix?endpoint=https://…")
    return {
        "BACKEND": "laurea.actions.storing_s3.S3Files",
        "OPTIONS": {
            "bucket_name": url.netloc,
            "location": unquote(url.path.strip("/")),
            "endpoint_url": options.get("endpoint"),
            "region_name": options.get("region"),
            "addressing_style": options.get("addressing", "path" if options.get("endpoint") else "auto"),
            # Without keys, boto3 looks where it always does: the machine's role, a profile.
            "access_key": access or None,
            "secret_key": secret or None,
            "querystring_expire": LINK_SECONDS,
        },
    }
