"""Pictures of credentials: certificates, badges, receipts, the picture of a shared link."""

import os

# Typst's writer of PDF would start a thread a core for what takes two milliseconds: on a server whose processes keep
# all cores at work, waking them costs more than it saves. The compiler reads this once, before its first page.
os.environ.setdefault("RAYON_NUM_THREADS", "1")
