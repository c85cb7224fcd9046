"""The pipeline: a whole site, the same bytes twice, cheap checks first, nothing lost on failure."""

import html.parser
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from builder.build import build_site
from builder.config import SiteConfig
from builder.errors import BuilderError, LabelsError, ModelError, OutputError, TemplateError
from builder.hashing import folder_hash, sha256_hex
from builder.model.pipeline import PreparedModel
from builder.site.built import read_site
from builder.site.report import BrowserAgreement, SiteReport
from tests.unit.sites import metadata, prepare_trees, prepared, preprocessing


def content(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a site around the stand-in model; tests must not change it."""
    output = tmp_path_factory.mktemp("site") / "dist"
    config = SiteConfig(title="Trees & more", output=output, top_k=5, threshold=0.25)
    build_site(config, prepare=prepare_trees)
    return output


def never(*_arguments: object) -> PreparedModel:
    raise AssertionError("the model was prepared before cheap checks were done")


@pytest.mark.slow
def test_stable_names_are_few_and_the_rest_is_content_addressed(dist: Path) -> None:
    top = {path.name for path in dist.iterdir()}
    assert top == {
        *("index.html", "404.html", "offline.html", "manifest.webmanifest", "sw.js"),
        *("_headers", ".nojekyll", "site.json", "app", "runtime", "model"),
    }
    for name in ("app", "runtime", "model"):
        (folder,) = (dist / name).iterdir()
        assert folder.name == folder_hash(content(folder))


def test_the_report_describes_every_file_but_itself(dist: Path) -> None:
    report = json.loads((dist / "site.json").read_bytes())
    files = {path: data for path, data in content(dist).items() if path != "site.json"}
    assert report["files"] == {
        path: {"size": len(data), "sha256": sha256_hex(data)} for path, data in files.items()
    }
    assert report["generator"] == "classifier-pwa"
    assert report["modelInfo"]["classes"] == 3
    assert "labels" not in report["modelInfo"]
    assert report["modelInfo"]["parity"]["images"] == 16


class _SiteElement(html.parser.HTMLParser):
    """Collects the text of the element with the id "site", as a browser would delimit it."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = False
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag == "script" and ("id", "site") in attrs

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "script"

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.text += data


def test_the_page_carries_the_site_description(dist: Path) -> None:
    page = _SiteElement()
    page.feed((dist / "index.html").read_text(encoding="utf-8"))
    site = json.loads(page.text)
    report = json.loads((dist / "site.json").read_bytes())
    assert site["topK"] == 3, "there are only three classes"
    assert site["threshold"] == 0.25
    assert site["title"] == "Trees & more"
    for key in set(site) - {"files"}:
        assert site[key] == report[key]
    loaded = {path for path in report["files"] if path.startswith(("model/", "runtime/"))}
    assert set(site["files"]) == loaded


def test_every_local_address_in_a_page_is_a_file_of_the_site(dist: Path) -> None:
    for page in ("index.html", "offline.html", "404.html"):
        text = (dist / page).read_text(encoding="utf-8")
        for address in re.findall(r'(?:href|src)="([^"#]+)"', text):
            assert not address.startswith(("/", "http:", "https:"))
            assert (dist / address).exists(), f"{page} leads to {address}"


def test_the_manifests_icons_are_files_of_the_site(dist: Path) -> None:
    manifest = json.loads((dist / "manifest.webmanifest").read_bytes())
    assert manifest["name"] == "Trees & more"
    assert all((dist / icon["src"]).is_file() for icon in manifest["icons"])


def test_the_worker_keeps_the_app_the_model_and_the_runtime(dist: Path) -> None:
    worker = (dist / "sw.js").read_text(encoding="utf-8")
    found = re.search(r"^const manifest = (\{.*\});$", worker, re.MULTILINE)
    assert found
    entries = json.loads(found[1])["entries"]
    files = content(dist)
    for entry in entries:
        data = files[entry["url"].replace("./", "index.html", 1)]
        assert entry["sha256"] == sha256_hex(data)
    urls = {entry["url"] for entry in entries}
    assert {"./", "offline.html", "manifest.webmanifest"} < urls
    assert urls >= {path for path in files if path.startswith(("app/", "model/", "runtime/"))}
    assert not urls & {"index.html", "404.html", "sw.js", "site.json", "_headers"}


def test_the_same_input_gives_the_same_bytes(dist: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    config = SiteConfig(title="Trees & more", output=again, top_k=5, threshold=0.25)
    build_site(config, prepare=prepare_trees)
    assert content(again) == content(dist)


def test_a_change_of_the_app_leaves_model_and_runtime_where_they_are(
    dist: Path, tmp_path: Path
) -> None:
    output = tmp_path / "dist"
    result = build_site(SiteConfig(theme_color="#5b21b6", output=output), prepare=prepare_trees)
    before = json.loads((dist / "site.json").read_bytes())
    assert isinstance(result.report, SiteReport)
    assert result.report.model == before["model"]
    assert result.report.runtime == before["runtime"]
    assert result.report.app != before["app"]


def test_figures_of_browsers_are_in_the_report_and_on_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures = BrowserAgreement(
        top1_agreement=0.995,
        max_probability_difference=0.01,
        kl_divergence=1e-4,
        decided_images=100,
        decided_agreed=99,
        agreement_lower_bound=0.95,
        divergence_from_files=1e-6,
        images=200,
    )
    found = {"chromium": {"wasm": figures, "cpu": replace(figures, top1_agreement=1.0)}}
    monkeypatch.setattr("builder.browser.verify.compare_in_browser", lambda _site, _config: found)
    output = tmp_path / "dist"
    result = build_site(SiteConfig(verify="browser", output=output), prepare=prepare_trees)
    assert isinstance(result.report, SiteReport)
    assert result.report.browsers == found
    assert read_site(output) == result.report
    page = (output / "index.html").read_text(encoding="utf-8")
    assert 'data-backend="WebAssembly">WebAssembly, on the processor</span>: 99.5%' in page
    assert 'data-backend="JavaScript">JavaScript, on the processor</span>: 100%</dd>' in page


def test_what_is_cheap_to_check_is_checked_before_the_model(tmp_path: Path) -> None:
    (tmp_path / "looks").mkdir()
    (tmp_path / "looks" / "index.html.jinja").write_text("{{ titel }}")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "file").write_text("mine")
    (tmp_path / "labels.txt").write_bytes(b"\xff\xfe\xff")
    output = tmp_path / "dist"
    with pytest.raises(TemplateError):
        build_site(SiteConfig(templates=tmp_path / "looks", output=output), prepare=never)
    with pytest.raises(OutputError):
        build_site(SiteConfig(output=tmp_path / "mine"), prepare=never)
    with pytest.raises(LabelsError):
        build_site(SiteConfig(labels=tmp_path / "labels.txt", output=output), prepare=never)
    over_itself = SiteConfig(templates=tmp_path / "looks", output=tmp_path / "looks", force=True)
    with pytest.raises(OutputError, match="looks"):
        build_site(over_itself, prepare=never)
    assert not output.exists()


def test_the_output_may_be_called_like_the_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    config = SiteConfig(model="mobilenet", output=Path("mobilenet"))
    for _ in range(2):
        build_site(config, prepare=prepare_trees)
    assert (tmp_path / "mobilenet" / "index.html").is_file()


@pytest.mark.parametrize("output", ["trees", "trees/dist", "."])
def test_a_models_folder_is_never_written_over(
    output: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "work" / "trees").mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    model = tmp_path / "work" / "trees" / "saved_model.pb"
    model.write_bytes(b"graph")
    config = SiteConfig(output=tmp_path / "work" / output, force=True)
    monkeypatch.chdir(tmp_path / "elsewhere")
    with pytest.raises(OutputError, match="trees"):
        build_site(replace(config, model=str(model.parent)), prepare=never)
    monkeypatch.chdir(tmp_path / "work")
    if output != ".":
        with pytest.raises(OutputError, match="trees"):
            build_site(replace(config, model="trees"), prepare=never)
    assert model.read_bytes() == b"graph"


def test_a_build_that_fails_leaves_the_old_site(tmp_path: Path) -> None:
    output = tmp_path / "dist"
    build_site(SiteConfig(output=output), prepare=prepare_trees)
    before = content(output)

    def fail(*_arguments: object) -> PreparedModel:
        raise ModelError("The weights hold NaN.")

    with pytest.raises(BuilderError):
        build_site(SiteConfig(output=output), prepare=fail)
    assert content(output) == before
    assert list(tmp_path.iterdir()) == [output]


def test_warnings_are_told_and_kept(tmp_path: Path) -> None:
    (tmp_path / "looks").mkdir()
    (tmp_path / "looks" / "index.html").write_text("")
    heard: list[str] = []

    def prepare(config: SiteConfig, progress: object, warn: object) -> PreparedModel:
        warn("The demo model stands in.")  # type: ignore[operator]
        return prepare_trees(config, print, print)

    config = SiteConfig(templates=tmp_path / "looks", output=tmp_path / "dist")
    result = build_site(config, warn=heard.append, prepare=prepare)
    assert list(result.warnings) == heard
    assert heard[0].endswith("is left out. Did you mean index.html.jinja?")
    assert heard[1] == "The demo model stands in."


def test_the_demo_model_and_grayscale_are_told_on_the_page(tmp_path: Path) -> None:
    reason = "No network: the <demo> model stands in."
    changed = metadata(
        source=replace(metadata().source, substitution=reason),
        preprocessing=preprocessing(grayscale=True),
    )
    output = tmp_path / "dist"
    build_site(SiteConfig(output=output), prepare=lambda *_: prepared(changed))
    page = (output / "index.html").read_text(encoding="utf-8")
    assert 'data-text="demo-why">This app uses the demo model' in page
    assert read_site(output).grayscale is True


@pytest.mark.parametrize(
    ("origin", "words"),
    [
        ("inference", "0-1, inferred, not read from the model"),
        ("guess", "0-1, guessed: nothing in the model shows it"),
        ("graph", None),
    ],
)
def test_the_page_says_so_where_the_scaling_was_not_read(
    origin: str, words: str | None, tmp_path: Path
) -> None:
    changed = metadata(preprocessing=preprocessing(scaling_origin=origin))
    output = tmp_path / "dist"
    build_site(SiteConfig(output=output), prepare=lambda *_: prepared(changed))
    page = (output / "index.html").read_text(encoding="utf-8")
    assert ('data-text="scaling"' in page) == (words is not None)
    assert words is None or words in re.sub(r"</?span[^>]*>", "", page)


def test_a_configured_address_gives_404_its_base(tmp_path: Path) -> None:
    config = SiteConfig(base_url="https://example.org/trees/", output=tmp_path / "dist")
    build_site(config, prepare=prepare_trees)
    page = (tmp_path / "dist" / "404.html").read_text(encoding="utf-8")
    assert '<base href="/trees/">' in page
    for address in re.findall(r'<link [^>]*href="([^"]+)"', page):
        assert (tmp_path / "dist" / address).is_file()
