"""LICENSES.txt beside a site's model: whose the weights are, and on what terms."""

from builder.model.metadata_json import Metadata
from builder.resources import apache_licence

_NAME = "LICENSES.txt"

_APACHE = "Apache-2.0"


def is_licences(path: str) -> bool:
    """Return whether a file of a site is such a text, of the model or of the runtime."""
    return path.endswith(f"/{_NAME}")


def model_licences(metadata: Metadata) -> dict[str, bytes]:
    """Return the file by its name; nothing where nothing is known of the weights' origin."""
    source = metadata.source
    if not (source.licence or source.origin or source.notice):
        return {}
    facts = {"Licence": source.licence, "From": source.origin}
    parts = [
        "\n".join([metadata.name, *(f"{name}: {fact}" for name, fact in facts.items() if fact)]),
        source.notice,
        "Changed since: made into a graph model of TensorFlow.js, its weights stored anew"
        f" ({metadata.quantization}).",
        apache_licence().read_text("utf-8").strip("\n") if source.licence == _APACHE else "",
    ]
    return {_NAME: ("\n\n".join(part for part in parts if part) + "\n").encode()}
