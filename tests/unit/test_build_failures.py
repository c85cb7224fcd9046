"""A build that fails, at whatever stage, leaves every file and folder as it was."""

import errno
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from builder.build import build_site
from builder.config import SiteConfig, read_config
from builder.errors import BuilderError, ModelError, ParityError
from builder.model.pipeline import PreparedModel, prepare_model
from tests.models import save_lively_mobilenet
from tests.unit.sites import prepare_trees

Spoil = Callable[[Path, pytest.MonkeyPatch], None]
"""Makes a build fail: in its project's folder, or in the modules that it runs."""


def everything(folder: Path) -> dict[str, bytes | None]:
    """Return the content of each file below a folder, and None for each folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a site; tests must not change it."""
    config = SiteConfig(title="Old", output=tmp_path_factory.mktemp("site") / "dist")
    build_site(config, prepare=prepare_trees)
    return config.output


@pytest.fixture(params=["", "dist", "public/apps/trees"])
def project(request: pytest.FixtureRequest, tmp_path: Path, site: Path) -> Path:
    """Return a project's folder: with a site in it, without one, and one whose folders lack."""
    (tmp_path / "labels.txt").write_text("oak\nelm\nfir\n", encoding="utf-8")
    (tmp_path / "looks").mkdir()
    output = request.param or "dist"
    (tmp_path / "classifier-pwa.toml").write_text(
        f'labels = "labels.txt"\ntemplates = "looks"\noutput = "{output}"\nverify = "browser"\n',
        encoding="utf-8",
    )
    if not request.param:
        shutil.copytree(site, tmp_path / "dist")
    return tmp_path


def raising(error: BaseException) -> Callable[..., object]:
    def fail(*_arguments: object, **_named: object) -> object:
        raise error

    return fail


def bad_labels(project: Path, _patch: pytest.MonkeyPatch) -> None:
    (project / "labels.txt").write_bytes(b"\xff\xfe\xff")


def bad_template(project: Path, _patch: pytest.MonkeyPatch) -> None:
    (project / "looks" / "index.html.jinja").write_text("{{ titel }}", encoding="utf-8")


def different_browser(_project: Path, patch: pytest.MonkeyPatch) -> None:
    error = ParityError("The backend wasm differs.")
    patch.setattr("builder.browser.verify.compare_in_browser", raising(error))


def impatient(_project: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setattr("builder.browser.verify.compare_in_browser", raising(KeyboardInterrupt()))


def writing(error: BaseException, written: int) -> Spoil:
    """Return what has a build fail once some files of the site are written."""

    def spoil(_project: Path, patch: pytest.MonkeyPatch) -> None:
        write, seen = Path.write_bytes, []

        def write_bytes(path: Path, content: bytes) -> int:
            seen.append(path)
            if len(seen) > written:
                raise error
            return write(path, content)

        patch.setattr(Path, "write_bytes", write_bytes)

    return spoil


def unwritable(_project: Path, patch: pytest.MonkeyPatch) -> None:
    make = Path.mkdir

    def mkdir(path: Path, mode: int = 0o777, parents: bool = False, exist_ok: bool = False) -> None:
        if "-unfinished-" in path.name:
            raise PermissionError(errno.EACCES, "Permission denied")
        make(path, mode, parents, exist_ok)

    patch.setattr(Path, "mkdir", mkdir)


def unmovable(_project: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setattr("builder.output.writer._swap", raising(OSError(errno.EBUSY, "Busy")))


@pytest.mark.parametrize(
    "spoil",
    [
        *(bad_labels, bad_template, different_browser, impatient, unwritable, unmovable),
        writing(OSError(errno.ENOSPC, "No space left on device"), 0),
        writing(OSError(errno.ENOSPC, "No space left on device"), 20),
        writing(KeyboardInterrupt(), 20),
    ],
)
def test_a_failing_stage_leaves_everything_as_it_was(
    spoil: Spoil, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    monkeypatch.setattr("builder.browser.verify.compare_in_browser", lambda *_: {})
    spoil(project, monkeypatch)
    before = everything(project)
    with pytest.raises((BuilderError, KeyboardInterrupt)):
        build_site(read_config(None, {}), prepare=prepare_trees)
    monkeypatch.undo()
    assert everything(project) == before


@pytest.mark.parametrize("error", [ModelError("It has no weights."), KeyboardInterrupt()])
def test_so_does_a_failing_model(
    error: BaseException, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> PreparedModel:
        raise error

    monkeypatch.chdir(project)
    before = everything(project)
    with pytest.raises(type(error)):
        build_site(read_config(None, {}), prepare=fail)
    assert everything(project) == before


@pytest.mark.slow
@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"labels": "two.txt"}, "gives 2 class names"),
        ({"quantize": "uint8", "min_agreement": 1.0, "max_divergence": 0.0}, "nothing was written"),
        ({"model": "damaged.keras"}, "damaged"),
    ],
)
def test_so_does_a_real_conversion_that_is_refused(
    settings: dict[str, object],
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model, labels = save_lively_mobilenet(tmp_path)
    (tmp_path / "two.txt").write_text("oak\nelm\n", encoding="utf-8")
    (tmp_path / "damaged.keras").write_bytes(model.read_bytes()[:-1000])
    monkeypatch.chdir(tmp_path)
    before = everything(tmp_path)
    given = {"model": model.name, "labels": labels.name, "preprocessing": "0-1", "cache": False}
    config = read_config(None, {**given, **settings})
    with pytest.raises(BuilderError, match=told):
        build_site(config, prepare=prepare_model)
    assert everything(tmp_path) == before
