"""Pictures of credentials: certificates, badges, receipts, the picture of a shared link."""

import os

# Typst's writer of PDF would start a thread a core for what takes two milliseconds, in each of the processes that keep
# all cores at work already. The compiler reads this once, before its first page; a value that is set already stays.
os.environ.setdefault("RAYON_NUM_THREADS", "1")
