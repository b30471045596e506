"""The published benchmark: each figure beside a peer's, in the same run. `make bench`, or `python -m bench --help`."""
