"""Links that put a credential on LinkedIn. Both are plain addresses: no key, no call, and never the person's name.

Source: LinkedIn's “Add to Profile” and share links as its help pages describe them (docs/reference/linkedin.md).
"""

from __future__ import annotations

from urllib.parse import quote, urlencode

from laurea.actions import addresses
from laurea.credentials.code import format_code
from laurea.records.models import Credential

_PROFILE = "https://www.linkedin.com/profile/add"
_SHARE = "https://www.linkedin.com/sharing/share-offsite/"


def add_to_profile(credential: Credential) -> str:
    """Opens LinkedIn's form for a certification, filled in. Needs the achievement and the issuer loaded."""
    issuer = credential.issuer
    said = {"startTask": "CERTIFICATION_NAME", "name": credential.achievement.name}
    if issuer.linkedin_organization:
        said["organizationId"] = issuer.linkedin_organization
    else:
        said["organizationName"] = issuer.name
    said |= {"issueYear": str(credential.awarded.year), "issueMonth": str(credential.awarded.month)}
    if credential.valid_until is not None:
        until = credential.valid_until
        said |= {"expirationYear": str(until.year), "expirationMonth": str(until.month)}
    said |= {"certUrl": addresses.credential(credential.code), "certId": format_code(credential.code)}
    return f"{_PROFILE}?{urlencode(said, quote_via=quote)}"


def share(address: str) -> str:
    """Opens LinkedIn's form for a post that shows the page at `address`."""
    return f"{_SHARE}?{urlencode({'url': address}, quote_via=quote)}"
