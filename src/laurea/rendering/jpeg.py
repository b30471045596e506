"""JPEG files, looked at before they are decoded (ITU-T T.81, annex B)."""

from __future__ import annotations

import re

MOST_SCANS = 64
"""Passes over a picture. Programs write about ten; a file of some kilobytes could ask for thousands, each of which goes
over all pixels."""

_SCAN, _END = 0xDA, 0xD9
_WITHOUT_LENGTH = (0x01, 0xD8)
# After a scan's head, its data: until a marker that is neither a stuffed byte, nor a restart, nor a fill byte.
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


def has_bearable_scans(data: bytes) -> bool:
    """Whether `data`, if it is a JPEG, has no more than MOST_SCANS scans.

    What follows its end does not count: telephones append films.
    """
    scans, place = 0, 2
    while data.startswith(b"\xff\xd8") and scans <= MOST_SCANS:
        found = _MARKER.search(data, place)
        marker = data[found.end() - 1] if found else _END
        if found is None or marker == _END:
            break
        scans += marker == _SCAN
        place = found.end()
        if marker not in _WITHOUT_LENGTH:
            place += int.from_bytes(data[place : place + 2], "big")
    return scans <= MOST_SCANS
