"""The app's modules: merged as the package's build did it, unless one is another."""

from pathlib import Path

import pytest

from builder.build import build_site
from builder.config import SiteConfig
from builder.hashing import sha256_hex
from builder.resources import site_templates
from builder.site.app_files import is_needed_offline
from builder.site.merged import MergedModules, with_merged_modules
from tests.unit.sites import prepare_trees

SOURCES = {"a.js": b"import './b.js';\n", "b.js": b"export const b = 1;\n"}
MERGED = MergedModules(
    {path: sha256_hex(content) for path, content in SOURCES.items()},
    {"a.js": b"const b = 1;\n"},
    {"a.js": ("b.js",), "b.js": ()},
    {"a.js": ()},
)


def test_merged_modules_take_the_place_of_their_sources() -> None:
    app = with_merged_modules({**SOURCES, "page.css": b"a {}", "part-of-a-script.js": b""}, MERGED)
    assert app.contents == {"a.js": b"const b = 1;\n", "page.css": b"a {}"}
    assert app.graph("a.js") == ("a.js",)
    assert not is_needed_offline(app)("c.js")


@pytest.mark.parametrize("change", [{"b.js": b"export const b = 2;\n"}, {"b.js": None}])
def test_one_other_module_leaves_all_as_they_are(change: dict[str, bytes | None]) -> None:
    app = {path: content for path, content in (SOURCES | change).items() if content is not None}
    single = with_merged_modules(app, MERGED)
    assert single.contents == app
    assert single.graph("a.js") == ("a.js", "b.js")
    assert is_needed_offline(single)("b.js")


def test_a_site_of_the_packages_own_modules_has_them_merged(tmp_path: Path) -> None:
    config = SiteConfig(model="trees.keras", output=tmp_path / "dist")
    build_site(config, prepare=prepare_trees)
    assert len(list(tmp_path.glob("dist/app/*/**/*.js"))) < 30


def test_a_module_of_the_users_own_is_in_the_site(tmp_path: Path) -> None:
    own = tmp_path / "templates" / "app" / "page" / "format.js"
    own.parent.mkdir(parents=True)
    package = site_templates() / "app" / "page" / "format.js"
    own.write_bytes(package.read_bytes() + b"// mine\n")
    config = SiteConfig(
        model="trees.keras", templates=tmp_path / "templates", output=tmp_path / "dist"
    )
    build_site(config, prepare=prepare_trees)
    (module,) = tmp_path.glob("dist/app/*/page/format.js")
    assert module.read_bytes().endswith(b"// mine\n")
