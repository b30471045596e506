"""`python -m laurea` is `laurea`."""

from __future__ import annotations

from laurea.cli import main

if __name__ == "__main__":
    main()
