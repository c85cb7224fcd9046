"""What templates may use: every name, with a line on what it holds.

A template sees the fields of its context as variables. Three kinds of template, three moments:
files of the app know the settings; pages also know where everything lies; the service worker also
knows what to precache.
"""

from dataclasses import dataclass

from markupsafe import Markup

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
class AppContext:
    """For templates under app/ (theme.css.jinja): nothing here depends on a hash."""

    title: str
    """Name of the app."""
    short_name: str
    """Name under the app's icon."""
    description: str
    """One sentence on what the app does."""
    lang: str
    """Language of the interface, BCP 47."""
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
    site_json: Markup
    """The site description, safe inside `<script type="application/json" id="site">`."""
    model_name: str
    """Name of the model for people: "MobileNet v1 0.25, 224 px"."""
    classes_count: int
    """Number of classes that the model tells apart."""
    grayscale: bool
    """Whether photos are classified by luminance only."""
    substitution: str | None
    """Why the demo model stands in for MobileNet, where it does: one sentence."""


@dataclass(frozen=True)
class WorkerContext(AppContext):
    """For sw.js."""

    precache_manifest_json: str
    """The precache manifest, a JavaScript object literal."""
