"""The Content-Security-Policy, and `_headers` for hosts that read it (Netlify, Cloudflare Pages).

Every page carries the policy in a `<meta>` element too, so that it holds on hosts that know no
`_headers`, such as GitHub Pages.
"""

from collections.abc import Iterable, Mapping

from builder.site.files import SiteFile

_DIRECTIVES = (
    "default-src 'none'",
    # WebAssembly compiles under 'wasm-unsafe-eval', which does not allow eval().
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "media-src 'self' blob:",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "font-src 'self'",
    # offline.html and 404.html are shown at any depth and find their files through <base>.
    "base-uri 'self'",
    "form-action 'none'",
    # Where browsers know Trusted Types, no string becomes HTML, a script or a worker, except by the
    # policies of app/shared/trusted-scripts.js and, for the one worker that starts early,
    # app/page/startup/early-worker.js in site_templates/. Others skip both directives.
    "require-trusted-types-for 'script'",
    "trusted-types classifier-pwa classifier-pwa-start",
)


def page_policy(inline: Iterable[str] = ()) -> str:
    """Return the policy for `<meta http-equiv="Content-Security-Policy">`.

    `inline` has the hashes ("sha256-…") of the scripts that stand in index.html itself.
    """
    allowed = "".join(f" '{digest}'" for digest in inline)
    return "; ".join(
        f"{directive}{allowed}" if directive.startswith("script-src ") else directive
        for directive in _DIRECTIVES
    )


def security_headers(inline: Iterable[str] = ()) -> dict[str, str]:
    """Return headers for every response; the service worker adds them to what it answers.

    `frame-ancestors` counts only in the policy of a header.
    """
    return {
        "Content-Security-Policy": f"{page_policy(inline)}; frame-ancestors 'none'",
        "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }


CSP = page_policy()
"""The policy of pages without a script of their own."""

SECURITY_HEADERS = security_headers()
"""The headers of a site whose pages have no script of their own."""

CSP_HEADER = SECURITY_HEADERS["Content-Security-Policy"]
"""The policy among them."""

ISOLATION_HEADERS = {
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""Let a page share memory between threads. The service worker adds them: it knows the device."""

_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_ASK_FIRST = {"Cache-Control": "no-cache"}

ADDRESSED_FOLDERS = ("app", "model", "runtime")
"""Top-level folders whose content never changes under the same path."""


MOST_RULES = 100
"""Cloudflare Pages reads no more: https://developers.cloudflare.com/pages/platform/limits/#headers"""


def headers_file(
    stable_paths: Iterable[str],
    addressed: Iterable[SiteFile] = (),
    security: Mapping[str, str] = SECURITY_HEADERS,
) -> bytes:
    """Return `_headers`: `security` everywhere, caching by whether the content of a path can
    change.

    `addressed` are the files whose content never changes under the same path. Each has a rule of
    its own, as far as the number of rules allows, the largest first: with a pattern for their
    folders, hosts would let caches keep even the answer for a missing file for a year. No path
    matches two rules that set the same header: Cloudflare would join the values.
    """
    stable = ["/", *(f"/{path}" for path in sorted(stable_paths))]
    left = MOST_RULES - 1 - len(stable)
    largest = sorted(addressed, key=lambda file: (-file.size, file.path))[:left]
    rules = [("/*", security)]
    rules += [(f"/{path}", _FOREVER) for path in sorted(file.path for file in largest)]
    rules += [(path, _ASK_FIRST) for path in stable]
    return "".join(_rule(path, headers) for path, headers in rules).encode()


def _rule(path: str, headers: Mapping[str, str]) -> str:
    lines = "".join(f"  {name}: {value}\n" for name, value in headers.items())
    return f"{path}\n{lines}"
