"""``python -m laurea.worker NAME [PREDECESSOR]``: one worker, as the supervisor starts it."""

from __future__ import annotations

import importlib
import os
import sys

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "laurea.config.settings")
    django.setup()
    # What works on records can be imported only now.
    importlib.import_module("laurea.worker.loop").run(*sys.argv[1:3])
