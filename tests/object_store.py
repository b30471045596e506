"""A real S3 server for tests: rclone's, from PyPI, on loopback, with a folder behind it."""

from __future__ import annotations

import secrets
import subprocess
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ports import free_port, wait_for


@dataclass(frozen=True, slots=True)
class ObjectStore:
    """Where the server is, and the pair of keys that it knows. `folder` holds the bucket's objects as files."""

    endpoint: str
    bucket: str
    access_key: str
    secret_key: str
    folder: Path
    process: subprocess.Popen[bytes]

    def options(self) -> dict[str, object]:
        """Django's options for the storage."""
        return {
            "bucket_name": self.bucket,
            "location": "laurea",
            "endpoint_url": self.endpoint,
            "region_name": "us-east-1",
            "addressing_style": "path",
            "access_key": self.access_key,
            "secret_key": self.secret_key,
            "querystring_expire": 600,
        }


@contextmanager
def object_store(folder: Path) -> Iterator[ObjectStore]:
    """Start the server over `folder`, with one empty bucket."""
    bucket, access, secret = "private", secrets.token_hex(8), secrets.token_hex(16)
    (folder / bucket).mkdir(parents=True)
    port = free_port()
    rclone = Path(sysconfig.get_path("scripts")) / "rclone"
    process = subprocess.Popen(
        [
            rclone,
            "serve",
            "s3",
            "--addr",
            f"127.0.0.1:{port}",
            "--auth-key",
            f"{access},{secret}",
            "--config",
            "",
            folder,
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port, process)
        yield ObjectStore(f"http://127.0.0.1:{port}", bucket, access, secret, folder / bucket, process)
    finally:
        process.kill()
        process.wait()
