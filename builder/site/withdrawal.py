"""The site of a withdrawn app (`--kill-switch`): takes the app off visitors' devices."""

from builder import __version__
from builder.config import SiteConfig
from builder.output.records import GENERATOR
from builder.site.assembly import Site, app_context
from builder.site.catalogues import read_catalogues
from builder.site.context import WithdrawnContext
from builder.site.description import describe_files
from builder.site.files import SiteFile
from builder.site.headers import CSP, headers_file
from builder.site.page_context import base_path
from builder.site.render import Templates
from builder.site.report import FORMAT, WithdrawnReport, report_file
from builder.site.scripts import WITHDRAWN_PAGE, WITHDRAWN_WORKER, read_scripts, script_text

_FOLDER = "withdrawn/"
_RENDERED = ("404.html", "index.html")
_SCRIPTS = {"sw.js": WITHDRAWN_WORKER, WITHDRAWN_PAGE: WITHDRAWN_PAGE}
"""Scripts by where they go."""


def assemble_withdrawal(config: SiteConfig, templates: Templates) -> Site:
    """Return all files of a site that removes the app instead of offering it.

    Raises TemplateError if a template does not render, and BuilderError without the runtime.
    """
    catalogues = read_catalogues(templates, config.lang)
    base = app_context(config, catalogues)
    context = WithdrawnContext(**vars(base), base_path=base_path(config), csp=CSP)
    scripts = read_scripts()
    files = [
        SiteFile(name, script_text(source, scripts, templates).encode())
        for name, source in _SCRIPTS.items()
    ]
    files += [
        SiteFile(name, templates.render(f"{_FOLDER}{name}.jinja", context)) for name in _RENDERED
    ]
    files.append(SiteFile(".nojekyll", b""))
    files.append(SiteFile("_headers", headers_file([*_RENDERED, *_SCRIPTS])))
    files.sort(key=lambda file: file.path)
    report = WithdrawnReport(
        format=FORMAT,
        generator=GENERATOR,
        title=context.title,
        version=__version__,
        files=describe_files(files),
    )
    return Site((*files, report_file(report)), report)
