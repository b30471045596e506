"""The designs a certificate can have: which there are, and copying one to change it."""

from __future__ import annotations

import shutil
from pathlib import Path

from laurea.actions import whole_files
from laurea.credentials.errors import RenderingError
from laurea.rendering.design import Design, design_names, load_design


def packaged() -> list[Design]:
    """The designs that Laurea brings, by name."""
    return [load_design(name) for name in design_names()]


def copy(name: str, folder: Path) -> Path:
    """Copy a packaged design into `folder`, which must not exist or be empty, and give the folder back.

    Raises `OSError` where it cannot be written; then no half of a design is left in the way of the next try.
    """
    design = load_design(name)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RenderingError("rendering.design-exists", f"{folder} is not empty", "Name a new folder for the copy")
    try:
        for file in sorted(path for path in design.folder.rglob("*") if path.is_file()):
            copied = folder / file.relative_to(design.folder)
            copied.parent.mkdir(parents=True, exist_ok=True)
            whole_files.write(copied, file.read_bytes())
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder
