"""Untrusted Zip archives: checked before anything is extracted."""

import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath, PureWindowsPath

from builder.errors import ModelError

_MOST_BYTES = 4 << 30
_MOST_MEMBERS = 10_000
_FREE_BYTES = 64 << 20
_MOST_GROWTH = 200
"""An archive may unpack to this many times its size, or to `_FREE_BYTES`. Weights hardly shrink."""


def require_sound_zip(path: Path) -> tuple[str, ...]:
    """Return the names of an archive's members, once all of it was found whole and harmless.

    Raises `ModelError` for an archive that is damaged, encrypted, a decompression bomb, or has
    members with paths that lead out of a folder.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _require_modest(path, members)
            for member in members:
                _require_inside(path, member)
            broken = archive.testzip()
    except ModelError:
        raise
    except Exception as error:
        # zipfile raises BadZipFile, NotImplementedError, RuntimeError, struct.error, zlib.error …
        raise ModelError(
            f"{path} is damaged: it is truncated or was changed after it was written. "
            "Copy or download it again."
        ) from error
    if broken is not None:
        raise ModelError(f"{path} is damaged: its member {broken!r} is. Copy or download it again.")
    return tuple(member.filename for member in members)


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """Yield a folder with the content of an archive; it is deleted after the `with` block.

    Raises `ModelError` as `require_sound_zip` does.
    """
    require_sound_zip(path)
    with tempfile.TemporaryDirectory(prefix="classifier-pwa-") as folder:
        with zipfile.ZipFile(path) as archive:
            archive.extractall(folder)
        yield Path(folder)


def _require_modest(path: Path, members: list[zipfile.ZipInfo]) -> None:
    if len(members) > _MOST_MEMBERS:
        raise ModelError(f"{path} has {len(members)} members, far more than a model: refused.")
    size = sum(member.file_size for member in members)
    if size > min(_MOST_BYTES, max(_FREE_BYTES, path.stat().st_size * _MOST_GROWTH)):
        raise ModelError(
            f"{path} would unpack to {size / 1e6:,.0f} MB, which looks like a decompression bomb: "
            "refused. Save the model again."
        )
    if any(member.flag_bits & 1 for member in members):
        raise ModelError(f"{path} is encrypted: unpack it with its password and give the folder.")


def _require_inside(path: Path, member: zipfile.ZipInfo) -> None:
    name = member.filename
    parts = (*PurePosixPath(name).parts, *PureWindowsPath(name).parts)
    is_link = member.external_attr >> 28 == 0xA
    if ".." in parts or PurePosixPath(name).is_absolute() or PureWindowsPath(name).anchor:
        raise ModelError(f"{path} has a member that leads out of its folder ({name!r}): refused.")
    if is_link:
        raise ModelError(f"{path} has a symbolic link in it ({name!r}): refused.")
