"""The command line: help, exit statuses, streams. The core is replaced by a stand-in."""

import json
import re
import subprocess
import sys
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

import builder.build
import builder.hosting.server
import builder.watch.watch_site
from builder import __version__
from builder.build import BuildResult
from builder.cli.main import VERBS, main
from builder.config import SiteConfig
from builder.errors import LabelsError, ModelError
from builder.model.metadata_json import MeasuredMode
from builder.site.report import BrowserAgreement, SiteReport
from builder.typed_json import to_json
from builder.watch.watch_site import Built, Changed, Failed, Serving
from tests.unit.sites import metadata, preprocessing, report


@pytest.fixture
def reports() -> list[SiteReport]:
    """Return the reports of builds; the last one counts."""
    return [report()]


@pytest.fixture
def built(
    reports: list[SiteReport], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> list[SiteConfig]:
    """Replace the build by one that only remembers its configuration."""
    monkeypatch.chdir(tmp_path)
    built: list[SiteConfig] = []

    def build_site(config: SiteConfig, progress: Any, warn: Any) -> BuildResult:
        built.append(config)
        progress("Working")
        warn("The demo model stands in.")
        return BuildResult(config.output, reports[-1], ())

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
        "import sys; from builder.cli.main import main\n"
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
        r"Answers:  one of 3 classes, by softmax \(the layer 'probabilities'\)\n"
        r"Scaling:  0-1: it says so\n"
        r"Geometry: crop, the middle 87\.5% of its shorter side, to 96 by 96 pixels: the default\n"
        r"Sure:     from 50\.0% on: not measured for this model\n"
        r"Weights:  float16, 1\.5 MB\n"
        r"Parity:   same first answer as Keras on 100\.0% of 16 natural pictures, on 12 of the"
        r" 12 where its first leads clearly \(75\.8% at the least\); probabilities"
        r" within 0\.001, divergence 0\.0003 nats\n"
        r"Visit:    1.7 MB over the wire the first time, 80 KB when only the app changes\n"
        r"Took:     \d+\.\d s, at most \d+ MB of memory\n"
        r"Next:     classifier-pwa serve public\n",
        result.stdout,
    )
    assert built == [SiteConfig(alpha=0.25, output=Path("public"))]


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"fit": "stretch", "crop_fraction": 1.0}, "stretch, the whole photo, to 96 by 96 pixels"),
        (
            {"fit": "pad", "crop_fraction": 0.5},
            "pad, the middle 50.0% of its sides, to 96 by 96 pixels",
        ),
        (
            {"crop_fraction": 1.0, "resampling": "canvas"},
            "crop, the middle 100.0% of its shorter side, to 96 by 96 pixels, resized as by a"
            " canvas",
        ),
    ],
)
def test_the_geometry_is_printed(
    built: list[SiteConfig],
    reports: list[SiteReport],
    changes: dict[str, Any],
    line: str,
) -> None:
    reports.append(report(metadata(preprocessing=preprocessing(**changes))))
    assert f"Geometry: {line}: the default\n" in run("build").stdout


def test_a_scaling_that_is_inferred_is_printed_as_such(
    built: list[SiteConfig], reports: list[SiteReport]
) -> None:
    reports.append(report(metadata(preprocessing=preprocessing(scaling_origin="inference"))))
    assert "Scaling:  0-1, inferred: it says so\n" in run("build").stdout


def test_each_backend_that_was_compared_has_a_line(
    built: list[SiteConfig], reports: list[SiteReport]
) -> None:
    figures = BrowserAgreement(
        top1_agreement=0.995,
        max_probability_difference=0.0123,
        kl_divergence=2e-4,
        decided_images=120,
        decided_agreed=119,
        agreement_lower_bound=0.954,
        divergence_from_files=1e-5,
        images=200,
    )
    reports.append(report(browsers={"chromium": {"wasm": figures, "webgl": figures}}))
    same = (
        "same first answer on 99.5% of 200, on 119 of the 120 where its first leads clearly"
        " (95.4% at the least); probabilities within 0.01, divergence 0.0002 nats from Keras,"
        " 1e-05 from the same files on TensorFlow"
    )
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

    monkeypatch.setattr(builder.watch.watch_site, "watch_site", watch_site)
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
    built: list[SiteConfig], reports: list[SiteReport]
) -> None:
    float16 = MeasuredMode(
        quantization="float16",
        bytes=900_000,
        brotli_bytes=820_000,
        top1_agreement=1.0,
        max_probability_difference=0.0012,
        kl_divergence=3e-4,
        decided_images=100,
        decided_agreed=100,
        agreement_lower_bound=0.962,
    )
    mixed = replace(float16, quantization="mixed", brotli_bytes=410_000, top1_agreement=0.96)
    reports.append(report(metadata(candidates=(float16, mixed), quantization="mixed")))
    assert run("build").stdout.splitlines()[:4] == [
        "  Weights      Brotli    Agree  At least  Difference  Divergence",
        "  float16     0.82 MB  100.0%     96.2%      0.0012      0.0003",
        "* mixed       0.41 MB   96.0%     96.2%      0.0012      0.0003",
        "",
    ]


def test_quiet_shows_warnings_only(built: list[SiteConfig]) -> None:
    assert run("build", "--quiet").stderr == "Warning: The demo model stands in.\n"


def test_json_prints_the_report(built: list[SiteConfig]) -> None:
    printed = json.loads(run("build", "--json").stdout)
    cost = printed.pop("cost")
    assert printed == to_json(report())
    assert cost["seconds"] >= 0
    assert cost["peakMemory"] > 1_000_000


def test_json_goes_through_a_pipe_of_any_encoding(
    built: list[SiteConfig], reports: list[SiteReport]
) -> None:
    reports.append(report(title="Bäume 🌳"))
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
    def interrupt(_server: builder.hosting.server.PreviewServer) -> None:
        raise KeyboardInterrupt

    (tmp_path / "index.html").write_text("home")
    monkeypatch.setattr(builder.hosting.server.PreviewServer, "wait", interrupt)
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


def test_where_a_report_would_go_is_checked_before_anything_is_measured(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "index.html").write_text("mine")
    for place, words in (
        ("mine", "Choose another --report, or add --force to have it moved aside"),
        (".", "holds"),
    ):
        command = ["evaluate", "gone.keras", str(tmp_path / "photos")]
        result = CliRunner().invoke(main, [*command, "--report", str(tmp_path / place)])
        assert result.exit_code == 1
        assert words in result.stderr
    assert (tmp_path / "mine" / "index.html").read_text() == "mine"


def test_what_force_moves_aside_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "thesis.txt").write_text("years of work")
    refused = CliRunner().invoke(main, ["build", "--kill-switch"])
    assert refused.exit_code == 1
    assert "add --force to have it moved aside" in refused.stderr
    forced = CliRunner().invoke(main, ["build", "--kill-switch", "--force"])
    assert forced.exit_code == 0
    assert f"is now in {tmp_path / 'dist.replaced-1'}." in forced.stderr
    assert (tmp_path / "dist.replaced-1" / "thesis.txt").read_text() == "years of work"


def test_a_config_file_cannot_force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    settings = 'kill-switch = true\noutput = "mine"\nforce = true\n'
    (tmp_path / "classifier-pwa.toml").write_text(settings)
    result = CliRunner().invoke(main, ["build"])
    assert result.exit_code == 1
    assert "line 3: force cannot stand in a config file" in result.stderr
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.txt"]
