"""The files in which a built site describes itself, read without trust for those who run it."""

from pathlib import Path

from builder.errors import BrowserError
from builder.model.metadata_json import METADATA, Metadata, read_metadata
from builder.output.records import RecordError
from builder.site.report import REPORT, SiteReport, read_report
from builder.typed_json import TypedJsonError


def read_site(folder: Path) -> SiteReport:
    """Return site.json of a built site.

    Raises BrowserError, with what is wrong, where it is missing or the site cannot be run.
    """
    try:
        report = read_report(folder)
        if not isinstance(report, SiteReport):
            raise RecordError("is that of a withdrawn app, which has no model")
    except (OSError, RecordError) as error:
        raise _no_site(folder, REPORT, error) from error
    return report


def read_site_metadata(folder: Path) -> Metadata:
    """Return the metadata.json of a built site's model.

    Raises BrowserError for a folder that is not a built site.
    """
    path = f"{read_site(folder).model}{METADATA}"
    try:
        return read_metadata((folder / path).read_bytes())
    except (OSError, TypedJsonError) as error:
        raise _no_site(folder, path, error) from error


def _no_site(
    folder: Path, file: str, error: OSError | RecordError | TypedJsonError
) -> BrowserError:
    reason = f"cannot be read: {error.strerror}" if isinstance(error, OSError) else str(error)
    return BrowserError(
        f"{folder} is no site that classifier-pwa has built, or it was changed since: its {file}"
        f" {reason}. Run classifier-pwa build, or name the folder that it wrote."
    )
