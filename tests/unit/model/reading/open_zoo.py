"""Opens models one after the other, as a build does, and reports what each led to.

    python -m tests.unit.model.reading.open_zoo REQUEST REPORT

REQUEST is a JSON list of {"name", "model", "labels", "cage", "outside"}; REPORT gets a JSON object:
by name the sentence about the model, and everything that it should not have done. Python says by
audit events what is opened and started; of native code, the files that changed and the processes
that are left tell.
"""

import ctypes
import hashlib
import json
import os
import resource
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from builder.config import SiteConfig
from builder.errors import BuilderError
from builder.model.conversion import convert_model

_STARTING = ("os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.system", "subprocess.Popen")
_CHANGING = {
    **dict.fromkeys(("os.chmod", "os.mkdir"), ((0, 2),)),
    **dict.fromkeys(("os.remove", "os.rmdir"), ((0, 1),)),
    **dict.fromkeys(("os.link", "os.rename"), ((0, 2), (1, 3))),
    "os.symlink": ((1, 2),),
    "os.truncate": ((0, None),),
}
"""Where the arguments of an event have the paths that change, and the folders these start from."""
_PR_SET_CHILD_SUBREAPER = 36
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

_events: list[str] = []
_allowed: list[Path] = []


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _STARTING:
        _events.append(f"{event} {arguments!r}")
    elif event in _CHANGING:
        for path, folder in _CHANGING[event]:
            start = -1 if folder is None else arguments[folder]
            _hear_change(event, arguments[path], start)
    elif event == "open":
        path, mode, flags = arguments
        writes = bool(set(mode or "") & set("wax+")) if mode else bool(int(flags or 0) & _WRITING)
        if writes and isinstance(path, str | bytes | os.PathLike):
            _hear_change("open", path)


def _hear_change(event: str, name: Any, folder: int = -1) -> None:
    if isinstance(name, int):
        name = os.readlink(f"/proc/self/fd/{name}")  # noqa: PTH115 (Path would hear itself)
    start = Path.cwd() if folder == -1 else Path(os.readlink(f"/proc/self/fd/{folder}"))  # noqa: PTH115
    path = start / os.fsdecode(name)
    if not any(path.is_relative_to(folder) for folder in _allowed):
        _events.append(f"{event} {path}")


def _children() -> set[int]:
    """Return the processes below this one, those included whose own parent has ended."""
    found: set[int] = set()
    for file in Path("/proc/self/task").glob("*/children"):
        found.update(int(word) for word in file.read_text(encoding="ascii").split())
    return found


def _snapshot(folders: list[Path]) -> dict[str, Any]:
    files = (path for folder in folders for path in sorted(folder.rglob("*")))
    return {str(path): _state(path) for path in files}


def _state(path: Path) -> Any:
    if path.is_symlink():
        return str(path.readlink())
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else path.stat().st_mode


@contextmanager
def _watched(folders: list[Path], temporary: Path) -> Iterator[list[str]]:
    """Yield a list that then says all that was changed outside of `temporary`, and was started."""
    found: list[str] = []
    before, children = _snapshot(folders), _children()
    waited_for = resource.getrusage(resource.RUSAGE_CHILDREN)
    _events.clear()
    _allowed[:] = [temporary, Path("/dev/null")]
    try:
        yield found
    finally:
        _allowed[:] = [Path("/")]
        after = _snapshot(folders)
        found += [
            f"changed {name}" for name in before | after if before.get(name) != after.get(name)
        ]
        found += [f"left {path}" for path in sorted(temporary.iterdir())]
        found += [f"started the process {child}" for child in _children() - children]
        if resource.getrusage(resource.RUSAGE_CHILDREN) != waited_for:
            found.append("started a process and waited for it")
        found += _events


def _open(request: dict[str, str]) -> dict[str, Any]:
    temporary, work = (Path(request["cage"]).parent / part for part in ("temporary", "work"))
    for folder in (temporary, work):
        folder.mkdir()
    tempfile.tempdir = str(temporary)
    os.chdir(work)
    config = SiteConfig(
        model=request["model"], labels=Path(request["labels"]), preprocessing="0-1", cache=False
    )
    answer: dict[str, Any] = {}
    outside = Path(request["outside"])
    with _watched([Path(request["cage"]), outside, work, Path.home()], temporary) as found:
        try:
            _ACTS.get(request["model"], lambda _: convert_model(config, _ignore, _ignore))(outside)
            answer["error"] = "none: it was converted"
        except BuilderError as error:
            answer["sentence"] = error.message
        except BaseException as error:  # noqa: BLE001 (the report says what came)
            answer["error"] = f"{type(error).__name__}: {error}"
    return {**answer, "found": found}


def _ignore(_: str) -> None:
    """Tell nobody."""


def _write_natively(outside: Path) -> None:
    import tensorflow as tf

    tf.io.write_file(str(outside / "native"), "written")


def _start_natively(_: Path) -> None:
    # Python does not see this one: libc starts it.
    ctypes.CDLL(None).system(b"true")


_ACTS: dict[str, Callable[[Path], object]] = {
    "!write": lambda outside: (outside / "python").write_text("written", encoding="utf-8"),
    "!write natively": _write_natively,
    "!start": lambda _: os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0),
    "!start natively": _start_natively,
}
"""What a hostile model would do, done on purpose: the report must tell of it."""


def main(request: str, report: str) -> None:
    """Open what `request` lists, and write the report."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    _allowed.append(Path("/"))
    # What TensorFlow and Keras start and write when they are imported is none of the models' doing.
    from builder.model.convert import convert_graph  # noqa: F401
    from builder.model.setup import keras

    keras()
    import tensorflowjs.converters.tf_saved_model_conversion_v2  # type: ignore[import-untyped]  # noqa: F401
    import tf_keras  # type: ignore[import-untyped]  # noqa: F401

    sys.addaudithook(_hear)
    target = Path(report).absolute()
    requests = json.loads(Path(request).read_text(encoding="utf-8"))
    answers = {asked["name"]: _open(asked) for asked in requests}
    target.write_text(json.dumps(answers), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
