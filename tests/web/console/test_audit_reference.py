"""docs/reference/audit-log.md lists the acts that the audit trail has words for."""

from __future__ import annotations

import re
from pathlib import Path

from django.utils.translation import override

from laurea.web.console.audit import words


def test_the_reference_lists_every_act(root: Path) -> None:
    page = (root / "docs" / "reference" / "audit-log.md").read_text("utf-8")
    table = page.partition("## The acts")[2].partition("\n## ")[0]
    listed = re.findall(r"^\| `([a-z]+\.[a-z-]+)` \| (.*) \|$", table, re.MULTILINE)
    with override("en"):
        assert listed == [(act, str(text)) for group in words.GROUPS.values() for act, text in group.acts.items()]
