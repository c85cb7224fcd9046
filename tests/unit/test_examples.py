"""The examples are whole: what they name is there, and what reads them reads them."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from builder.cli.main import main
from builder.config.reading import read_config
from builder.site.headers import SECURITY_HEADERS
from tests.conftest import ROOT
from tests.workflows import faults, parsed

EXAMPLES = ROOT / "examples"


def test_each_example_is_told_of() -> None:
    listed = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    folders = {path.name for path in EXAMPLES.iterdir() if path.is_dir()}
    assert folders == {name for name in folders if f"[{name}]({name}/)" in listed}


def test_github_pages_gives_the_action_what_it_takes() -> None:
    folder = EXAMPLES / "github-pages"
    text = (folder / ".github" / "workflows" / "pages.yml").read_text(encoding="utf-8")
    action = parsed((ROOT / "action.yml").read_text(encoding="utf-8"))
    steps = {step["id"]: step for step in parsed(text)["jobs"]["deploy"]["steps"] if "id" in step}

    assert faults(text, "workflow") == []
    assert set(steps["site"]["with"]) <= set(action["inputs"])
    assert "${{ steps.site.outputs.folder }}" in text
    assert "folder" in action["outputs"]
    assert read_config(folder / steps["site"]["with"]["config"], {}).model == "auto"


def test_nginx_serves_what_its_image_builds_with_the_builds_headers() -> None:
    folder = EXAMPLES / "nginx"
    image = (folder / "Dockerfile").read_text(encoding="utf-8")
    config = (folder / "nginx.conf").read_text(encoding="utf-8")

    commands = [
        shlex.split(line.removeprefix("RUN classifier-pwa "))
        for line in image.splitlines()
        if line.startswith("RUN classifier-pwa ")
    ]
    for verb, *arguments in commands:
        command = main.get_command(None, verb)  # type: ignore[arg-type]
        assert command is not None
        command.make_context(verb, arguments)
    assert [verb for verb, *_ in commands] == ["build", "check"]
    copied = re.findall(r"^COPY (?!--from)(\S+) ", image, re.MULTILINE)
    assert [name for name in copied if not (folder / name).is_file()] == []
    assert read_config(folder / "classifier-pwa.toml", {}).model == "demo"
    for name, value in SECURITY_HEADERS.items():
        assert name in config
        assert value in config
    (root,) = re.findall(r"^ +root (\S+);", config, re.MULTILINE)
    assert f"COPY --from=build /site {root}\n" in image


def test_the_fleet_builds_each_app_where_the_front_page_looks_for_it(tmp_path: Path) -> None:
    """A stand-in for the program writes an index.html where the config file says."""
    fleet = shutil.copytree(EXAMPLES / "fleet", tmp_path / "fleet")
    program = tmp_path / "classifier-pwa"
    program.write_text(
        f"#!{sys.executable}\n"
        "import sys\n"
        f"sys.path.insert(0, {str(ROOT)!r})\n"
        "from pathlib import Path\n"
        "from builder.config import read_config\n"
        "if sys.argv[1] == 'build':\n"
        "    output = read_config(Path(sys.argv[sys.argv.index('--config') + 1]), {}).output\n"
        "    output.mkdir(parents=True)\n"
        "    (output / 'index.html').touch()\n"
        "else:\n"
        "    assert (Path(sys.argv[2]) / 'index.html').is_file()\n"
    )
    program.chmod(0o755)
    subprocess.run(
        ["sh", fleet / "build.sh"],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        cwd=tmp_path,
        check=True,
    )

    links = re.findall(r'href="(.*?)"', (fleet / "site" / "index.html").read_text())
    built = {path.parent.name for path in (fleet / "site").glob("*/index.html")}
    assert {f"{name}/" for name in built} == set(links)
    assert len(built) == 2


def test_react_bundles_what_its_package_declares(tmp_path: Path) -> None:
    """React itself stays outside: the packages that the modules name are those of package.json."""
    folder = EXAMPLES / "react"
    described = tmp_path / "described.json"
    subprocess.run(
        [
            *(ROOT / "node_modules/.bin/esbuild", folder / "page.jsx"),
            *("--bundle", "--format=esm", "--jsx=automatic", "--packages=external"),
            *(
                f"--outfile={tmp_path / 'page.js'}",
                f"--metafile={described}",
                "--log-level=warning",
            ),
        ],
        check=True,
    )

    (output,) = json.loads(described.read_text())["outputs"].values()
    imported = {one["path"].split("/")[0] for one in output["imports"] if one.get("external")}
    package = json.loads((folder / "package.json").read_text())
    assert imported == set(package["dependencies"])
    assert "--outfile=page.js" in package["scripts"]["build"]
    assert '<script type="module" src="page.js">' in (folder / "index.html").read_text()
