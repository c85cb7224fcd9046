"""Any sequence of builds, failures and other people's files: nothing of theirs is ever lost."""

import errno
import json
import shutil
import tempfile
from pathlib import Path
from random import Random

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from builder.errors import OutputError
from builder.output.records import record_of
from builder.output.writer import write_folder
from builder.site.files import SiteFile

SITES = st.dictionaries(
    st.sampled_from(["index.html", "app/0/a.js", "app/1/b.js", "model/2/m.json", "sw.js"]),
    st.binary(max_size=8),
    min_size=1,
)
STRANGERS = st.sampled_from(["CNAME", "app/0/mine.js", "photos/cat.jpg"])


def site(contents: dict[str, bytes]) -> list[SiteFile]:
    files = [SiteFile(path, content) for path, content in contents.items()]
    report = record_of(contents)
    return [SiteFile("site.json", json.dumps(report, sort_keys=True).encode()), *files]


def content(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def cannot(_first: Path, _second: Path) -> bool:
    return False


class Writing(RuleBasedStateMachine):
    """One output folder, and what must be in it and beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.output = self.folder / "dist"
        self.expected: dict[str, bytes] | None = None
        self.strangers: set[str] = set()
        self.is_altered = False
        self.asides: list[dict[str, bytes]] = []

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    def has_written(self, contents: dict[str, bytes], moved: list[Path]) -> None:
        """Note that a build went well."""
        assert bool(moved) == bool(self.strangers or self.is_altered)
        if moved:
            self.asides.append(self.expected or {})
            assert moved == [self.folder / f"dist.replaced-{len(self.asides)}"]
        self.expected = {file.path: file.content for file in site(contents)}
        self.strangers, self.is_altered = set(), False

    @rule(contents=SITES, force=st.booleans(), by_renaming=st.booleans())
    def build(self, contents: dict[str, bytes], force: bool, by_renaming: bool) -> None:
        options = {"exchange": cannot} if by_renaming else {}
        try:
            moved = write_folder(
                site(contents),
                self.output,
                force,
                record="site.json",
                **options,  # type: ignore[arg-type]
            )
        except OutputError:
            assert self.strangers, "only what others put there keeps a build from replacing"
            assert not force
        else:
            assert force or not self.strangers
            self.has_written(contents, moved)

    @rule(contents=SITES, fails_at=st.integers(1, 3))
    def build_that_fails_at_a_rename(self, contents: dict[str, bytes], fails_at: int) -> None:
        calls = 0

        def rename(source: Path, target: Path) -> None:
            nonlocal calls
            calls += 1
            if calls == fails_at:
                raise OSError(errno.EIO, "Input/output error")
            source.rename(target)

        try:
            moved = write_folder(
                site(contents),
                self.output,
                False,
                record="site.json",
                rename=rename,
                exchange=cannot,
            )
        except OutputError:
            return
        self.has_written(contents, moved)

    @precondition(lambda self: self.expected is not None)
    @rule(name=STRANGERS, added=st.binary(max_size=8))
    def somebody_adds_a_file(self, name: str, added: bytes) -> None:
        assert self.expected is not None
        if name in self.expected:
            return
        path = self.output / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(added)
        self.strangers.add(name)
        self.expected[name] = added

    @precondition(lambda self: self.expected is not None)
    @rule(added=st.binary(min_size=1, max_size=8), choice=st.randoms(use_true_random=False))
    def somebody_changes_a_file(self, added: bytes, choice: Random) -> None:
        assert self.expected is not None
        ours = sorted(set(self.expected) - self.strangers - {"site.json"})
        name = choice.choice(ours)
        self.expected[name] += added
        (self.output / name).write_bytes(self.expected[name])
        self.is_altered = True

    @invariant()
    def the_folders_hold_what_they_should(self) -> None:
        assert content(self.output) == (self.expected or {})
        beside = {path.name: content(path) for path in self.folder.iterdir() if path != self.output}
        assert beside == {
            f"dist.replaced-{number}": held for number, held in enumerate(self.asides, 1)
        }


TestWriting = Writing.TestCase
TestWriting.settings = settings(max_examples=40, stateful_step_count=12)
