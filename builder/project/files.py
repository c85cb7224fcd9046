"""From the answers to the text of each file of a new project. Nothing is written here."""

import json
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from builder import __version__
from builder.config.reading import CONFIG_NAME
from builder.project.answers import Answers

LABELS_NAME = "labels.txt"
"""The file of class names, where the model brings none."""
WORKFLOW_PATH = ".github/workflows/deploy.yml"
"""The GitHub workflow that builds and deploys."""

_WORKFLOWS = Path(__file__).parent / "workflows"
_VERSION_MARK = "CLASSIFIER_PWA_VERSION"


def project_files(answers: Answers) -> Mapping[PurePosixPath, str]:
    """Return the text of each file by its path in the project's folder."""
    files = {CONFIG_NAME: _config(answers)}
    if answers.class_names:
        files[LABELS_NAME] = "".join(f"{name}\n" for name in answers.class_names)
    if answers.host != "none":
        files[WORKFLOW_PATH] = _workflow(answers.host)
    return {PurePosixPath(path): text for path, text in files.items()}


def _config(answers: Answers) -> str:
    lines = [
        "# Settings of `classifier-pwa build`: `classifier-pwa build --help` describes each.",
        f"model = {_toml(answers.model)}",
    ]
    if answers.class_names:
        lines.append(f"labels = {_toml(LABELS_NAME)}")
    shown = answers.title or "What is it?"
    lines.append(f"{'' if answers.title else '# '}title = {_toml(shown)}")
    lines.append('# theme-color = "#5b21b6"')
    return "\n".join(lines) + "\n"


def _toml(text: str) -> str:
    """Return a TOML basic string, which is written as a JSON string but for U+007F."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _workflow(host: str) -> str:
    text = (_WORKFLOWS / f"{host}.yml").read_text(encoding="utf-8")
    return text.replace(_VERSION_MARK, __version__)
