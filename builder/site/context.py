"""What templates may use: every name, with a line on what it holds.

A template sees the fields of its context as variables. Files of the app know the settings; pages
also know where everything lies; the service worker also knows what to precache.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from builder.site.backends import Backend
from builder.site.colors import Theme


@dataclass(frozen=True)
class Icons:
    """Paths of the icons, relative to the site's root."""

    svg: str
    """Vector icon for browser tabs."""
    png_32: str
    """Fallback for browser tabs, 32 by 32 pixels."""
    apple_touch: str
    """180 by 180 pixels without transparency, for iOS home screens."""
    png_192: str
    """192 by 192 pixels with transparent corners."""
    png_512: str
    """512 by 512 pixels with transparent corners."""
    maskable_512: str
    """512 by 512 pixels, full-bleed, the mark inside the safe zone."""


@dataclass(frozen=True)
class Spoken:
    """A language, for what a page says before the app runs."""

    tag: str
    """BCP 47."""
    direction: str
    """Direction of its script: "ltr" or "rtl"."""
    text: Callable[..., str]
    """The text of a key in it, as `text` in the pages' own language."""


@dataclass(frozen=True)
class AppContext:
    """For templates under app/ (theme.css.jinja): nothing here depends on a hash."""

    title: str
    """Name of the app."""
    short_name: str
    """Name under the app's icon."""
    description: str
    """One sentence on what the app does."""
    lang: str
    """Language that the pages are built in, BCP 47."""
    direction: str
    """Direction of its script: "ltr" or "rtl"."""
    text: Callable[..., str]
    """The text of a key in that language: `text("open-app", title=title)`."""
    languages: Mapping[str, str]
    """Languages that the interface is offered in, from tag to name in itself: the pages' own first,
    and the only one unless the browser's is detected."""
    own_title: bool
    """Whether the title was configured; else it follows the interface's language."""
    own_description: bool
    """Whether the description was configured, likewise."""
    theme_color: str
    """The configured color, #rrggbb."""
    theme: Theme
    """Accessible colors: `theme.light.background`, `.accent`, `.on_accent`; the same in `dark`."""
    version: str
    """Version of classifier-pwa that built the site."""


@dataclass(frozen=True)
class PageContext(AppContext):
    """For index.html, 404.html, offline.html and manifest.webmanifest."""

    app: str
    """Path of the app's folder: "app/<hash>/"."""
    runtime: str
    """Path of the TensorFlow.js runtime: "runtime/<hash>/"."""
    model: str
    """Path of the graph model: "model/<hash>/"."""
    app_modules: tuple[str, ...]
    """Paths of the page's JavaScript modules, for `<link rel="modulepreload">`."""
    screen_modules: tuple[str, ...]
    """Paths of what the page imports when a further screen is first opened, without what it already
    has: it first makes sure that they can be fetched."""
    early_files: tuple[str, ...]
    """Paths of the model's files, for `<link rel="preload" as="fetch">`."""
    binaries: Mapping[str, str]
    """Paths of the runtime's WebAssembly by build, for start.js to pick one of."""
    runtime_modules: tuple[str, ...]
    """Paths of the runtime's modules that WebAssembly needs, for start.js to have them imported."""
    icons: Icons
    """Paths of the icons."""
    manifest_json: str
    """The web app manifest."""
    base_url: str | None
    """Address of the deployed site with a slash at the end, where the configuration has one."""
    base_path: str | None
    """The path of `base_url`, "/" or "/app/": what 404.html's files are relative to."""
    csp: str
    """Content-Security-Policy for `<meta http-equiv>`."""
    start_script: Markup
    """The script that stands in the page itself, which the policy allows by its hash."""
    import_map: Markup
    """The import map with the hashes of all modules, which the policy allows likewise."""
    integrity: Callable[[str], str]
    """The hash of a file of the app or the runtime: `integrity(app ~ "page.css")`."""
    spoken: tuple[Spoken, ...]
    """Each language that the interface is offered in, the pages' own first."""
    site_json: Markup
    """The site description, safe inside `<script type="application/json" id="site">`."""
    messages_json: Markup
    """The texts in the pages' language, safe inside `<script type="application/json">`."""
    model_name: str
    """Name of the model for people: "MobileNet v1 0.25, 224 px"."""
    licence: str | None
    """Licence of its weights, where known."""
    licences: str | None
    """Path of the text on whose the weights are, where that is known."""
    origin: str | None
    """Address (https) where the weights were published, where known."""
    accuracy_source: str | None
    """Address (https) where its accuracy was published; None where the training measured it."""
    classes_count: int
    """Number of classes that the model distinguishes."""
    keras_agreement: str
    """On how many test images the first answer is that of Keras: "99.5%"."""
    backend_agreement: tuple[tuple[Backend, str], ...]
    """The same for each backend where the site was compared with Keras in a browser."""
    grayscale: bool
    """Whether photos are classified by luminance only."""
    scaling: str
    """How channel values are scaled for the network: "mobilenet", or mean/deviation."""
    scaling_origin: str
    """How that is known: "record", "graph", "inference", "guess" or "option"."""
    substitution: str | None
    """Why the demo model stands in for MobileNet, where it does: one sentence."""


@dataclass(frozen=True)
class WorkerContext(AppContext):
    """For sw.js."""

    service_worker: str
    """The service worker's code, which defines `offlineWorker.start(manifest)`."""
    precache_manifest_json: str
    """The precache manifest, a JavaScript object literal."""


@dataclass(frozen=True)
class WithdrawnContext(AppContext):
    """For the pages and the service worker of a withdrawn app."""

    base_path: str | None
    """The path of the configured address, "/" or "/app/": what 404.html's files are relative to."""
    csp: str
    """Content-Security-Policy for `<meta http-equiv>`."""
