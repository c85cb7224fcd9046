"""The precache plan, from any files and groups: made in Python, followed in JavaScript."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.site.files import SiteFile, addressed_folder
from builder.site.precache import precache_manifest
from tests.node import Ask, asking

names = st.from_regex(r"[a-z][a-z0-9]{0,6}\.(js|css|bin|wasm|json)", fullmatch=True)
contents = st.dictionaries(names, st.binary(max_size=6), max_size=6)
group_names = st.sampled_from(["core", "wasm-simd", "wasm", "webgl", "webgpu", "cpu"])


@st.composite
def plans(draw: st.DrawFn) -> tuple[list[SiteFile], list[SiteFile], dict[str, list[str]]]:
    """Return files for all devices, runtime files, and groups of the latter's names."""
    app = addressed_folder("app", draw(contents)).files
    stable = [
        SiteFile(name, draw(st.binary(max_size=6))) for name in ("index.html", "offline.html")
    ]
    runtime = addressed_folder("runtime", draw(contents))
    available = [file.path.rsplit("/", 1)[-1] for file in runtime.files]
    members = st.lists(st.sampled_from(available), unique=True) if available else st.just([])
    groups = draw(st.dictionaries(group_names, members, max_size=4))
    return [*app, *stable], list(runtime.files), groups


@pytest.fixture(scope="module")
def ask() -> Iterator[Ask]:
    """Return a function that calls one of plan.js in Node."""
    with asking("tests/js/plan_lines.mjs") as call:
        yield call


@given(plan=plans())
def test_a_device_keeps_what_its_groups_name_and_nothing_else(ask: Ask, plan: Any) -> None:
    core, runtime, groups = plan
    manifest = precache_manifest(core, runtime, groups)
    urls = [entry["url"] for entry in manifest["entries"]]
    assert urls == sorted(set(urls)), "each file once, in an order of its own"
    assert ask("groupNames", manifest) == sorted(
        {"core"} | {name for name, members in groups.items() if members}
    )
    for wanted in (["core"], ["core", "wasm"], ["webgl"], list(groups)):
        kept = {entry["url"] for entry in ask("entriesOf", manifest, wanted)}
        expected = {
            file.path
            for file in runtime
            if any(file.path.rsplit("/", 1)[-1] in groups.get(group, ()) for group in wanted)
        }
        if "core" in wanted:
            expected |= {file.path.replace("index.html", "./") for file in core}
        assert kept == expected


@given(plan=plans(), order=st.randoms(use_true_random=False), extra=st.binary(min_size=1))
def test_the_version_is_the_content(plan: Any, order: Any, extra: bytes) -> None:
    core, runtime, groups = plan
    version = precache_manifest(core, runtime, groups)["version"]
    order.shuffle(core)
    order.shuffle(runtime)
    assert precache_manifest(core, runtime, groups)["version"] == version
    changed = [SiteFile(core[0].path, core[0].content + extra), *core[1:]]
    assert precache_manifest(changed, runtime, groups)["version"] != version


@given(plan=plans())
def test_only_addressed_folders_may_be_taken_from_any_cache(ask: Ask, plan: Any) -> None:
    core, runtime, groups = plan
    for entry in precache_manifest(core, runtime, groups)["entries"]:
        addressed = "/" in entry["url"].removeprefix("./")
        assert ask("isContentAddressed", entry["url"]) is addressed


paths = st.lists(st.text("ab|%7C~", min_size=1, max_size=4), max_size=3).map(
    lambda parts: "/" + "".join(f"{part}/" for part in parts)
)


@given(one=paths, other=paths)
def test_no_apps_caches_can_be_taken_for_anothers(ask: Ask, one: str, other: str) -> None:
    first, second = (ask("storagePrefix", f"https://example.org{path}") for path in (one, other))
    if first != second:
        assert not first.startswith(second)
        assert not second.startswith(first)
    else:
        assert one.replace("|", "%7C") == other.replace("|", "%7C")
