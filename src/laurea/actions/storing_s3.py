"""Private files in an S3 bucket. Apart from `storing`, because boto3 is installed only where it is wanted."""

from __future__ import annotations

from typing import Any

from botocore.config import Config
from storages.backends.s3 import S3Storage

from laurea.actions.storing import Handout


class S3Files(S3Storage):  # type: ignore[misc]  # django-storages has no types
    """Objects that only signed requests reach. Links are presigned by the bucket's own rules."""

    def __init__(self, **options: Any) -> None:
        config = Config(
            # Newer checksums are refused by many servers that speak S3.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            signature_version="s3v4",
            s3={"addressing_style": options.pop("addressing_style")},
            connect_timeout=5,
            read_timeout=30,
            retries={"max_attempts": 2},
        )
        super().__init__(**options, client_config=config, default_acl=None, file_overwrite=True, querystring_auth=True)

    def handout_url(self, handout: Handout, seconds: int) -> str:
        """A presigned address, bound to the object, its name and its disposition."""
        said = {
            "ResponseContentDisposition": handout.disposition,
            "ResponseContentType": handout.media_type,
            "ResponseCacheControl": "private, no-store",
        }
        return str(self.url(handout.name, parameters=said, expire=seconds))
