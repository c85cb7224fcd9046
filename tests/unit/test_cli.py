"""The command line: help, exit statuses, streams. The core is replaced by a stand-in."""

import json
import re
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

import builder.build
import builder.serve
import builder.watch.run
from builder import __version__
from builder.build import BuildResult
from builder.cli import VERBS, main
from builder.config import SiteConfig
from builder.errors import LabelsError, ModelError
from builder.watch.run import Built, Changed, Failed, Serving
from tests.unit.sites import metadata

REPORT = {
    "files": {"index.html": {"size": 500_000}, "model/0/model.json": {"size": 1_500_000}},
    "transfer": {"firstVisit": {"brotli": 1_700_000}, "appUpdate": {"brotli": 80_000}},
    "model_info": {**metadata(), "classes": 3},
}


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[SiteConfig]:
    """Replace the build by one that only remembers its configuration."""
    monkeypatch.chdir(tmp_path)
    built: list[SiteConfig] = []

    def build_site(config: SiteConfig, progress: Any, warn: Any) -> BuildResult:
        built.append(config)
        progress("Working")
        warn("The demo model stands in.")
        return BuildResult(config.output, REPORT, ())

    monkeypatch.setattr(builder.build, "build_site", build_site)
    return built


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def failing_build(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def build_site(*_arguments: Any) -> BuildResult:
        raise error

    monkeypatch.setattr(builder.build, "build_site", build_site)


def test_version() -> None:
    assert run("--version").output == f"classifier-pwa, version {__version__}\n"


def test_help_lists_the_verbs() -> None:
    output = run("--help").output
    assert all(f"\n  {verb} " in output for verb in VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verbs_help_has_an_example(verb: str) -> None:
    result = run(verb, "--help")
    assert result.exit_code == 0
    assert f"classifier-pwa {verb}" in result.output.split("Options:")[0].split("Example")[1]


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from builder.cli import main\n"
        "for verb in ([], *[[verb] for verb in sys.argv[1:]]):\n"
        "    main([*verb, '--help'], standalone_mode=False)\n"
        "heavy = {'tensorflow', 'keras', 'tensorflowjs', 'numpy', 'jinja2', 'PIL', 'werkzeug'}\n"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *VERBS], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_an_unknown_verb_is_wrong_usage() -> None:
    result = run("bild")
    assert result.exit_code == 2
    assert "bild" in result.stderr


def test_a_build_talks_to_stderr_and_prints_its_result(built: list[SiteConfig]) -> None:
    result = run("build", "--alpha", "0.25", "--no-grayscale", "--output", "public")
    assert result.exit_code == 0
    assert result.stderr == "Working …\nWarning: The demo model stands in.\n"
    assert re.fullmatch(
        r"Site:     public, 2 files, 2\.0 MB\n"
        r"Model:    Trees 0\.25, 96 px, 3 classes\n"
        r"Scaling:  0-1: it says so\n"
        r"Weights:  float16, 1\.5 MB\n"
        r"Parity:   same first answer as Keras on 100\.0% of 16 generated images, probabilities"
        r" within 0\.001, divergence 0\.0003 nats\n"
        r"Visit:    1.7 MB over the wire the first time, 80 KB when only the app changes\n"
        r"Took:     \d+\.\d s, at most \d+ MB of memory\n"
        r"Next:     classifier-pwa serve public\n",
        result.stdout,
    )
    assert built == [SiteConfig(alpha=0.25, output=Path("public"))]


def test_each_backend_that_was_compared_has_a_line(
    built: list[SiteConfig], monkeypatch: pytest.MonkeyPatch
) -> None:
    figures = {"top1Agreement": 0.995, "maxProbabilityDifference": 0.0123, "images": 200}
    monkeypatch.setitem(REPORT, "browsers", {"chromium": {"wasm": figures, "webgl": figures}})
    same = "same first answer on 99.5% of 200, probabilities within 0.01"
    lines = run("build").stdout.splitlines()
    assert [line for line in lines if line.startswith("Browser:")] == [
        f"Browser:  wasm: {same}",
        f"Browser:  webgl: {same}",
    ]


def test_watching_tells_each_build_and_each_failure_until_ctrl_c(
    built: list[SiteConfig], monkeypatch: pytest.MonkeyPatch
) -> None:
    def watch_site(
        read: Any, build: Any, config_file: Path, port: int
    ) -> Generator[object, None, None]:
        assert (config_file, port) == (Path("site.toml"), 8123)
        yield Built(build(read()))
        yield Serving("http://127.0.0.1:8123/")
        yield Changed((Path("a"), Path("b"), Path("c"), Path("d"), Path("e")))
        yield Failed(LabelsError("labels.txt has no class names."))
        yield Changed((Path("labels.txt"),))
        yield Failed(PermissionError(13, "Permission denied", "labels.txt"))
        yield Changed((Path("labels.txt"),))
        yield Built(build(read()))
        raise KeyboardInterrupt

    monkeypatch.setattr(builder.watch.run, "watch_site", watch_site)
    Path("site.toml").write_text('title = "Trees"')
    arguments = ("--watch", "--port", "8123", "--config", "site.toml", "--quiet")
    result = run("build", *arguments)
    assert result.exit_code == 0
    assert result.stdout.startswith("Site:     dist, 2 files")
    assert result.stdout.endswith("\nhttp://127.0.0.1:8123/\n")
    assert "Next:" not in result.stdout
    warning = "Warning: The demo model stands in.\n"
    told = re.sub(r"\d+\.\d s", "T s", result.stderr)
    assert told == (
        f"{warning}Serving and watching until Ctrl-C …\n"
        "\nChanged: a, b, c and 2 more\n"
        "Error: labels.txt has no class names.\nThe site is as it was. Watching on …\n"
        "\nChanged: labels.txt\n"
        "Error: The system refused: Permission denied (labels.txt). --debug shows at what.\n"
        "The site is as it was. Watching on …\n"
        f"\nChanged: labels.txt\n{warning}Built in T s.\n"
        "\nStopped.\n"
    )
    assert [config.title for config in built] == ["Trees", "Trees"]


def test_watching_has_no_result_for_scripts(built: list[SiteConfig]) -> None:
    result = run("build", "--watch", "--json")
    assert result.exit_code == 2
    assert "leave it out with --watch" in result.stderr
    assert built == []


def test_a_choice_of_quantization_is_shown_as_a_table(
    built: list[SiteConfig], monkeypatch: pytest.MonkeyPatch
) -> None:
    figures = {"top1Agreement": 1.0, "maxProbabilityDifference": 0.0012, "klDivergence": 3e-4}
    float16 = {"quantization": "float16", "bytes": 900_000, "brotliBytes": 820_000, **figures}
    mixed = {**float16, "quantization": "mixed", "brotliBytes": 410_000, "top1Agreement": 0.96}
    info = {**metadata(candidates=[float16, mixed], quantization="mixed"), "classes": 3}
    monkeypatch.setitem(REPORT, "model_info", info)
    assert run("build").stdout.splitlines()[:4] == [
        "  Weights      Brotli    Agree  Difference  Divergence",
        "  float16     0.82 MB  100.0%      0.0012      0.0003",
        "* mixed       0.41 MB   96.0%      0.0012      0.0003",
        "",
    ]


def test_quiet_shows_warnings_only(built: list[SiteConfig]) -> None:
    assert run("build", "--quiet").stderr == "Warning: The demo model stands in.\n"


def test_json_prints_the_report(built: list[SiteConfig]) -> None:
    printed = json.loads(run("build", "--json").stdout)
    cost = printed.pop("cost")
    assert printed == REPORT
    assert cost["seconds"] >= 0
    assert cost["peakMemory"] > 1_000_000


def test_json_goes_through_a_pipe_of_any_encoding(
    built: list[SiteConfig], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(REPORT, "title", "Bäume 🌳")
    printed = run("build", "--json").stdout
    assert printed.isascii()
    assert json.loads(printed)["title"] == "Bäume 🌳"


def test_an_output_of_any_name_can_be_pasted_into_a_shell(built: list[SiteConfig]) -> None:
    assert run("build", "--output", "my site").stdout.endswith("serve 'my site'\n")
    assert run("build", "--output", "caf\udce9").exit_code == 0


def test_the_config_file_is_read(built: list[SiteConfig]) -> None:
    Path("my.toml").write_text('title = "Trees"\n')
    assert run("build", "--config", "my.toml", "--top-k", "3").exit_code == 0
    assert built == [SiteConfig(title="Trees", top_k=3)]


@pytest.mark.parametrize("option", ["--alpha=wide", "--quantize=int4", "--nonsense"])
def test_wrong_usage_exits_with_2(built: list[SiteConfig], option: str) -> None:
    assert run("build", option).exit_code == 2
    assert built == []


def test_a_setting_that_cannot_be_used_exits_with_1(built: list[SiteConfig]) -> None:
    result = run("build", "--alpha", "-1")
    assert result.exit_code == 1
    assert result.stderr == ("Error: option --alpha must be a number greater than 0, not -1.\n")
    assert built == []


def test_an_error_of_the_users_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    failing_build(monkeypatch, ModelError("The weights hold NaN."))
    result = run("build")
    assert result.exit_code == 1
    assert result.stderr == "Error: The weights hold NaN.\n"
    assert result.stdout == ""


def test_debug_shows_the_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "3")
    failing_build(monkeypatch, ModelError("The weights hold NaN."))
    result = run("build", "--debug")
    assert result.exit_code == 1
    assert "Traceback (most recent call last)" in result.stderr
    assert result.stderr.endswith("Error: The weights hold NaN.\n")


def test_a_bug_of_ours_asks_for_a_report(monkeypatch: pytest.MonkeyPatch) -> None:
    failing_build(monkeypatch, RuntimeError("what"))
    result = run("build")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: This is a bug in classifier-pwa: RuntimeError: what.")
    assert "--debug" in result.stderr
    assert "Traceback" not in result.stderr


def test_what_the_system_refuses_is_no_bug_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    failing_build(monkeypatch, OSError(28, "No space left on device", "/tmp/saved"))
    result = run("build")
    assert result.exit_code == 1
    assert result.stderr == (
        "Error: The system refused: No space left on device (/tmp/saved). --debug shows at what.\n"
    )


def test_a_reader_that_stops_reading_is_no_bug_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    failing_build(monkeypatch, BrokenPipeError(32, "Broken pipe"))
    result = run("build", "--json")
    assert result.exit_code == 1
    assert result.stderr == ""


def test_ctrl_c_is_no_error_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    failing_build(monkeypatch, KeyboardInterrupt())
    result = run("build")
    assert result.exit_code == 130
    assert result.stderr == "\nInterrupted. What was there before is unchanged.\n"


def test_serve_prints_its_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_server: builder.serve.PreviewServer) -> None:
        raise KeyboardInterrupt

    (tmp_path / "index.html").write_text("home")
    monkeypatch.setattr(builder.serve.PreviewServer, "wait", interrupt)
    result = run("serve", str(tmp_path), "--port", "0")
    assert result.exit_code == 0
    assert result.stdout.startswith("http://127.0.0.1:")
    assert result.stderr.endswith("Stopped.\n")


def test_serve_without_a_site(tmp_path: Path) -> None:
    result = run("serve", str(tmp_path / "gone"))
    assert result.exit_code == 1
    assert "classifier-pwa build" in result.stderr


def test_verbs_are_commands_of_their_names() -> None:
    context = click.Context(main)
    for verb in VERBS:
        command = main.get_command(context, verb)
        assert command is not None
        assert command.name == verb
