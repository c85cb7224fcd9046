"""Files in an untrusted folder: only those that really lie in it are read."""

import stat
from pathlib import Path

from builder.errors import ModelError


def require_own_file(path: Path, folder: Path) -> None:
    """Raise `ModelError` where `path` is not a plain file of `folder`'s own.

    A link may lead to a private file, which the site would publish; a pipe or a device has no end.
    """
    try:
        is_inside = path.resolve(strict=True).is_relative_to(folder.resolve(strict=True))
        is_plain = stat.S_ISREG(path.stat().st_mode)
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ModelError(f"{path} cannot be read: {reason}.") from error
    if not is_inside:
        raise ModelError(
            f"{path} is a link that leads out of {folder}, perhaps to another file of yours: "
            "refused. Put the file itself in its place."
        )
    if not is_plain:
        raise ModelError(f"{path} is no plain file: refused. Copy or download the model again.")


def read_own_bytes(path: Path, folder: Path) -> bytes:
    """Return the content of a plain file of `folder`'s own. Raises `ModelError`."""
    require_own_file(path, folder)
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror}.") from error
