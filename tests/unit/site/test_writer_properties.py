"""Any sequence of builds, failures and other people's files: nothing of theirs is ever lost."""

import errno
import json
import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from builder.errors import OutputError
from builder.site.files import SiteFile
from builder.site.writer import write_site

SITES = st.dictionaries(
    st.sampled_from(["index.html", "app/0/a.js", "app/1/b.js", "model/2/m.json", "sw.js"]),
    st.binary(max_size=8),
    min_size=1,
)
STRANGERS = st.sampled_from(["CNAME", "app/0/mine.js", "photos/cat.jpg"])


def site(contents: dict[str, bytes]) -> list[SiteFile]:
    report = {"generator": "classifier-pwa", "files": {path: {} for path in contents}}
    files = [SiteFile(path, content) for path, content in contents.items()]
    return [SiteFile("site.json", json.dumps(report, sort_keys=True).encode()), *files]


def cannot(_first: Path, _second: Path) -> bool:
    return False


class Writing(RuleBasedStateMachine):
    """One output folder, and what must be in it."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.output = self.folder / "dist"
        self.expected: dict[str, bytes] | None = None
        self.strangers: set[str] = set()

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    @rule(contents=SITES, force=st.booleans(), by_renaming=st.booleans())
    def build(self, contents: dict[str, bytes], force: bool, by_renaming: bool) -> None:
        options = {"exchange": cannot} if by_renaming else {}
        try:
            write_site(site(contents), self.output, force, **options)
        except OutputError:
            assert self.strangers, "only what others put there keeps a build from replacing"
            assert not force
        else:
            assert force or not self.strangers
            self.expected = {file.path: file.content for file in site(contents)}
            self.strangers = set()

    @rule(contents=SITES, fails_at=st.integers(1, 2))
    def build_that_fails_at_a_rename(self, contents: dict[str, bytes], fails_at: int) -> None:
        calls = 0

        def rename(source: Path, target: Path) -> None:
            nonlocal calls
            calls += 1
            if calls == fails_at:
                raise OSError(errno.EIO, "Input/output error")
            source.rename(target)

        try:
            write_site(site(contents), self.output, False, rename, cannot)
        except OutputError:
            return
        self.expected = {file.path: file.content for file in site(contents)}

    @precondition(lambda self: self.expected is not None)
    @rule(name=STRANGERS, content=st.binary(max_size=8))
    def somebody_adds_a_file(self, name: str, content: bytes) -> None:
        if name in (self.expected or {}):
            return
        path = self.output / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self.strangers.add(name)
        assert self.expected is not None
        self.expected[name] = content

    @invariant()
    def the_folder_holds_what_it_should(self) -> None:
        files = (path for path in self.output.rglob("*") if path.is_file())
        found = {path.relative_to(self.output).as_posix(): path.read_bytes() for path in files}
        assert found == (self.expected or {})
        beside = {path.name for path in self.folder.iterdir()} - {"dist"}
        assert beside == set()


TestWriting = Writing.TestCase
TestWriting.settings = settings(max_examples=40, stateful_step_count=12)
