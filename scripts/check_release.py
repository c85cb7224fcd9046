"""Checks that a tag, the archives and the changelog are of one release, licences included.

usage: python scripts/check_release.py TAG FOLDER (of the source archive and the wheel)
"""

import re
import sys
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from email.message import Message
from email.parser import Parser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LICENCE = "Apache-2.0"
WHEEL_LICENCES = (
    "licenses/LICENSE",
    "builder/_data/LICENSE",
    "builder/_data/assets/runtime/LICENSES.txt",
)
"""Endings of the names of licences that the wheel must have: ours, the copy that sites carry where
their weights are under the same, and those of the runtime."""


def faults(tag: str, folder: Path, changelog: str) -> Iterator[str]:
    """Yield a sentence for each fault that keeps the archives in a folder from being a tag's
    release."""
    wheels, sources = sorted(folder.glob("*.whl")), sorted(folder.glob("*.tar.gz"))
    if (len(wheels), len(sources)) != (1, 1):
        yield f"{folder} has {len(wheels)} wheels and {len(sources)} source archives, not one each."
        return
    with zipfile.ZipFile(wheels[0]) as wheel:
        names = wheel.namelist()
        (path,) = [name for name in names if name.endswith(".dist-info/METADATA")]
        metadata = Parser().parsestr(wheel.read(path).decode())
    yield from _of_version(tag, metadata, changelog)
    yield from _of_licences(metadata, names)
    with tarfile.open(sources[0]) as source:
        if not any(
            name.count("/") == 1 and name.endswith("/LICENSE") for name in source.getnames()
        ):
            yield f"{sources[0].name} lacks LICENSE."


def _of_version(tag: str, metadata: Message, changelog: str) -> Iterator[str]:
    version = metadata["Version"]
    if tag != f"v{version}":
        yield (
            f"The tag is {tag}, and the wheel is of {version}: tag v{version}, or mend"
            " pyproject.toml."
        )
    headings = re.findall(r"^## \[([^\]]+)\]", changelog, re.MULTILINE)
    if headings[:1] != [version]:
        yield f"CHANGELOG.md begins with {headings[:1]}, not with [{version}]."


def _of_licences(metadata: Message, names: Iterable[str]) -> Iterator[str]:
    if metadata["License-Expression"] != LICENCE:
        yield f"The wheel's licence is {metadata['License-Expression']}, not {LICENCE}."
    for end in WHEEL_LICENCES:
        if not any(name.endswith(end) for name in names):
            yield f"The wheel lacks {end}."


def main(tag: str, folder: str) -> int:
    """Print what is wrong; return the exit status."""
    found = list(faults(tag, Path(folder), (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")))
    verdict = "\n".join(found) or f"{tag}: archives, changelog and licences agree."
    sys.stdout.write(f"{verdict}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
