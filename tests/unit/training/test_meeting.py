"""How processes find each other on loopback, and what they are told when they do not."""

import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from builder.errors import ConfigError
from builder.training import meeting
from builder.training.distributed import Cluster
from builder.training.folders import read_photo_set
from builder.training.likeness import Likeness, differences, likeness_of
from builder.training.meeting import meet, require_names, split_address
from builder.training.options import TrainOptions
from tests.photo_sets import write_shapes

SAME: Likeness = {"classes": "3", "--seed": "0"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def gather(*alike: Likeness, numbers: tuple[int, ...] = ()) -> list[str]:
    """Let processes of these meet, each in a thread; return what each was told, "" for nothing."""
    address = f"127.0.0.1:{free_port()}"

    def come(number: int, likeness: Likeness) -> str:
        try:
            meet(Cluster(address, len(alike), number), likeness, lambda _: None, 20)
        except ConfigError as error:
            return error.message
        return ""

    with ThreadPoolExecutor(len(alike)) as pool:
        return list(pool.map(come, numbers or range(len(alike)), alike))


def test_processes_that_are_alike_hear_nothing() -> None:
    assert gather(SAME, SAME, SAME) == ["", "", ""]


def test_each_process_that_differs_says_how() -> None:
    first, second, third = gather(SAME, SAME | {"--seed": "1"}, SAME)
    assert "Process 1: --seed (0 in process 0, 1 in the other)" in first
    assert "--seed (0 in process 0, 1 in the other)" in second
    assert third == ""


def test_a_process_id_that_is_given_twice_is_told() -> None:
    first, *others = gather(SAME, SAME, SAME, numbers=(0, 1, 1))
    assert "Process 1: Two processes have this --process-id" in first
    assert any("Two processes have this --process-id" in other for other in others)


@pytest.mark.parametrize(
    "address", ["localhost", "localhost:", "localhost:70000", "localhost:0", ":1", "a:b"]
)
def test_an_address_without_a_port_that_exists_is_refused(address: str) -> None:
    with pytest.raises(ConfigError, match="is not HOST:PORT with a port from 1 to 65535"):
        split_address(address)


def test_addresses_of_either_kind_are_taken_apart() -> None:
    assert split_address("10.0.0.1:80") == ("10.0.0.1", 80)
    assert split_address("[::1]:80") == ("::1", 80)


def resolver(known: str) -> Callable[..., object]:
    def resolve(host: str, _port: int | None) -> object:
        if host != known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return []

    return resolve


def test_a_name_that_does_not_resolve_is_told() -> None:
    with pytest.raises(ConfigError, match="the host 'nowhere', which does not resolve"):
        require_names("nowhere:1234", resolver("somewhere"))


def test_a_machine_whose_own_name_does_not_resolve_is_told() -> None:
    with pytest.raises(ConfigError, match=r"name of this machine.*/etc/hosts"):
        require_names("known:1234", resolver("known"))


def test_a_busy_port_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(ConfigError, match=r"cannot listen at .*a port that is free"):
            meet(Cluster(address, 2, 0), SAME, lambda _: None, 5)


def test_an_address_that_nobody_has_is_told() -> None:
    """192.0.2.0/24 is for documentation (RFC 5737)."""
    with pytest.raises(ConfigError, match="an address of the machine that process 0 runs on"):
        meet(Cluster("192.0.2.1:1234", 2, 0), SAME, lambda _: None, 5)


@pytest.mark.parametrize(("number", "whom"), [(0, "process 1 of 2"), (1, "process 0 of 2")])
def test_waiting_is_told_and_ends(number: int, whom: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meeting, "_TOLD_EVERY", 0.0)
    lines: list[str] = []
    address = f"127.0.0.1:{free_port()}"
    with pytest.raises(ConfigError, match=f"Waited 1 s for {whom} at {address} in vain"):
        meet(Cluster(address, 2, number), SAME, lines.append, 0.6)
    assert f"Waiting for {whom} at {address}, 0 s of at most 1" in lines


def test_another_program_at_the_address_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:

        def answer() -> None:
            with other.accept()[0] as connection:
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(4096):
                    pass

        thread = threading.Thread(target=answer)
        thread.start()
        address = f"127.0.0.1:{other.getsockname()[1]}"
        with pytest.raises(ConfigError, match="another program answers there"):
            meet(Cluster(address, 2, 1), SAME, lambda _: None, 20)
        thread.join()


def test_what_differs_between_data_sets_and_options_is_named(tmp_path: Path) -> None:
    def alike(folder: str, **choices: object) -> Likeness:
        options = TrainOptions(tmp_path / folder, tmp_path / f"{folder}.keras", **choices)  # type: ignore[arg-type]
        return likeness_of(options, read_photo_set(tmp_path / folder, 0.2, 0))

    for folder, count in (("a", 4), ("b", 4), ("c", 5)):
        write_shapes(tmp_path / folder, count)
    write_shapes(tmp_path / "d", 4, shapes=("circle", "cross"))
    write_shapes(tmp_path / "e", 4, seed=1)
    first = alike("a", process_id=0)
    assert differences(first, alike("b", process_id=1)) == ""
    assert "photos (9 to learn from, 3 to check on in process 0" in differences(first, alike("c"))
    assert "classes (3 (" in differences(first, alike("d"))
    assert differences(first, alike("e")).startswith("files' contents (")
    assert differences(first, alike("b", seed=1)) == "--seed (0 in process 0, 1 in the other)"
    assert "--resume (False" in differences(first, alike("b", resume=True))
