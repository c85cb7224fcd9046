"""The Content-Security-Policy, and `_headers` for hosts that read it (Netlify, Cloudflare Pages).

Every page carries the policy in a `<meta>` element too, so that it holds on hosts that know no
`_headers`, such as GitHub Pages.
"""

_CSP_DIRECTIVES = (
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
    # policies of app/trusted_scripts.js and, for the one worker that starts early,
    # app/page/early-worker.js in site_templates/. Others skip both directives.
    "require-trusted-types-for 'script'",
    "trusted-types classifier-pwa classifier-pwa-start",
)

CSP = "; ".join(_CSP_DIRECTIVES)
"""Policy for `<meta http-equiv="Content-Security-Policy">`."""

CSP_HEADER = f"{CSP}; frame-ancestors 'none'"
"""Policy for the response header; `frame-ancestors` counts only there."""

SECURITY_HEADERS = {
    "Content-Security-Policy": CSP_HEADER,
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""For every response; the service worker adds them to what it answers from its cache."""

ISOLATION_HEADERS = {
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""Let a page share memory between threads. The service worker adds them: it knows the device."""

_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_ASK_FIRST = {"Cache-Control": "no-cache"}

ADDRESSED_FOLDERS = ("app", "model", "runtime")
"""Top-level folders whose content never changes under the same path."""


def headers_file(stable_paths: list[str]) -> bytes:
    """Return `_headers`: the policy everywhere, caching by whether a name can change its content.

    No path matches two rules that set the same header: Cloudflare would join the values.
    """
    rules = [("/*", SECURITY_HEADERS)]
    rules += [(f"/{folder}/*", _FOREVER) for folder in ADDRESSED_FOLDERS]
    rules += [(path, _ASK_FIRST) for path in ("/", *(f"/{path}" for path in sorted(stable_paths)))]
    return "".join(_rule(path, headers) for path, headers in rules).encode()


def _rule(path: str, headers: dict[str, str]) -> str:
    lines = "".join(f"  {name}: {value}\n" for name, value in headers.items())
    return f"{path}\n{lines}"
