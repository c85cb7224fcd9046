"""boot.js: tells of an app that cannot be loaded, under a name that no version changes."""

from collections.abc import Mapping

from builder.site.catalogues import Catalogue
from builder.site.context import AppContext, BootContext
from builder.site.files import SiteFile
from builder.site.json_text import embeddable_json
from builder.site.render import Templates

BOOT = "boot.js"


def boot_file(
    templates: Templates, base: AppContext, catalogues: Mapping[str, Catalogue]
) -> SiteFile:
    """Return the script, with what it says in every language that the site speaks.

    Raises TemplateError if the template does not render.
    """
    notices = {
        tag: {
            "direction": catalogue.direction,
            "failed": catalogue.text("boot-failed"),
            "reload": catalogue.text("reload"),
        }
        for tag, catalogue in catalogues.items()
    }
    context = BootContext(**vars(base), notices_json=str(embeddable_json(notices)))
    return SiteFile(BOOT, templates.render(f"{BOOT}.jinja", context))
