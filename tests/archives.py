"""Unpacking archives of tests, with every Python 3.11."""

import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def unpack(
    archive: tarfile.TarFile, folder: Path, members: Iterable[tarfile.TarInfo] | None = None
) -> None:
    """Unpack into a folder; members that would lie outside of it are refused where Python can.

    Python 3.11.2, which Debian 12 has, knows no filters yet.
    """
    options: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
    archive.extractall(folder, members, **options)
