"""The site of a withdrawn app (`--kill-switch`): takes the app off visitors' devices."""

from builder import __version__
from builder.config import SiteConfig
from builder.site.assembly import Site, app_context
from builder.site.boot import BOOT, boot_file
from builder.site.catalogues import read_catalogues
from builder.site.context import WithdrawnContext
from builder.site.description import FORMAT, GENERATOR, WITHDRAWN, describe_files, report_file
from builder.site.files import SiteFile
from builder.site.headers import CSP, headers_file
from builder.site.render import Templates

_FOLDER = "withdrawn/"
_RENDERED = ("index.html", "sw.js")
_SCRIPTS = {
    f"{_FOLDER}forget.js": "app/page/system/forget.js",
    f"{_FOLDER}own_caches.js": "app/page/system/own_caches.js",
    f"{_FOLDER}page.js": f"{_FOLDER}page.js",
}
"""Templates by where they go."""


def assemble_withdrawal(config: SiteConfig, templates: Templates) -> Site:
    """Return all files of a site that removes the app instead of offering it.

    Raises TemplateError if a template does not render.
    """
    catalogues = read_catalogues(templates, config.lang)
    base = app_context(config, catalogues)
    context = WithdrawnContext(**vars(base), csp=CSP)
    files = [SiteFile(name, templates.read(source)) for name, source in _SCRIPTS.items()]
    files += [
        SiteFile(name, templates.render(f"{_FOLDER}{name}.jinja", context)) for name in _RENDERED
    ]
    # For pages of the app that browsers have kept: none of their other files is here.
    files.append(boot_file(templates, base, catalogues))
    files.append(SiteFile(".nojekyll", b""))
    files.append(SiteFile("_headers", headers_file([*_RENDERED, *_SCRIPTS, BOOT])))
    files.sort(key=lambda file: file.path)
    report = {
        "format": FORMAT,
        "generator": GENERATOR,
        "title": context.title,
        "version": __version__,
        WITHDRAWN: True,
        "files": describe_files(files),
    }
    return Site((*files, report_file(report)), report)
