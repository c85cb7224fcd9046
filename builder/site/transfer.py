"""What visits cost over the wire, and compressed copies for servers that send them."""

import gzip
from collections.abc import Collection, Iterable, Sequence

from builder.site.files import AddressedFolder, SiteFile
from builder.site.media_types import media_type
from builder.site.report import Transfer, TransferCost

_TEXTUAL = ("text/", "application/json", "application/manifest+json", "application/wasm")
_ALSO = ("image/svg+xml",)
# The quality at which hosts compress on request; files that are compressed in advance get more.
_QUICK, _THOROUGH = 5, 11
_LARGE = 2**20
"""Bytes beyond which the best compression takes minutes and gains a percent."""
_WORTH = 0.97
"""A copy must be smaller than this part of the file."""


def transfer_costs(
    kept: Sequence[SiteFile],
    runtime: AddressedFolder,
    names: Collection[str],
    lasting: Sequence[AddressedFolder],
) -> Transfer:
    """Return files and bytes of a first visit, and of an update that changes the app alone.

    `kept` is what every device keeps, the service worker included, without the runtime, of which
    most devices need the files called `names`; `lasting` are the folders that an update of the app
    leaves alone.
    """
    needed = [file for file in runtime.files if file.path.rsplit("/", 1)[-1] in names]
    places = tuple(folder.path for folder in lasting)
    return Transfer(
        first_visit=cost([*kept, *needed]),
        app_update=cost([file for file in kept if not file.path.startswith(places)]),
    )


def cost(files: Sequence[SiteFile]) -> TransferCost:
    """Return number, bytes, and bytes over the wire of files that are fetched."""
    return TransferCost(
        files=len(files),
        bytes=sum(file.size for file in files),
        brotli=sum(_on_the_wire(file) for file in files),
    )


def _on_the_wire(file: SiteFile) -> int:
    """Return a file's size as sent; hosts send octet streams and pictures as they are."""
    return len(_brotli(file.content, _QUICK)) if is_compressed_by_hosts(file.path) else file.size


def is_compressed_by_hosts(path: str) -> bool:
    """Return whether hosts that compress at all do so with a file of this name."""
    return media_type(path).startswith((*_TEXTUAL, *_ALSO))


def precompressed(files: Iterable[SiteFile]) -> list[SiteFile]:
    """Return a `.br` and a `.gz` beside each file that gets smaller by it.

    nginx (`brotli_static`, `gzip_static`) and Caddy (`precompressed`) send them as they are.
    """
    copies = []
    for file in files:
        quality = _THOROUGH if file.size <= _LARGE else _QUICK
        for suffix, content in (
            (".br", _brotli(file.content, quality)),
            # No name and no time in the header: the same bytes each time.
            (".gz", gzip.compress(file.content, 9, mtime=0)),
        ):
            if len(content) < _WORTH * file.size:
                copies.append(SiteFile(file.path + suffix, content))
    return copies


def _brotli(content: bytes, quality: int) -> bytes:
    import brotli

    return bytes(brotli.compress(content, quality=quality))
