"""What static hosts do with a site, as far as a site can notice: a table.

`serve --emulate` answers as they do, `check` knows their limits. Where a host's behaviour depends
on settings, the table has what it does by default. Sources stand with each host;
docs/hosting.md has the same for people.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

MIB = 1024 * 1024

_TEXT = (
    "text/html",
    "text/css",
    "text/plain",
    "text/javascript",
    "application/javascript",
    "application/json",
    "application/manifest+json",
    "image/svg+xml",
)


@dataclass(frozen=True, eq=False)
class Host:
    """A static host's behaviour and limits."""

    name: str
    """As on the command line."""
    title: str
    """As people write it."""
    headers: dict[str, str] = field(default_factory=dict)
    """Sent with every answer, unless `_headers` says otherwise; Cache-Control among them."""
    reads_headers_file: bool = False
    """Whether `_headers` sets headers (and is then no file that can be fetched)."""
    joins_headers: bool = False
    """Whether a header that two rules of `_headers` set gets both values, or else the last."""
    not_found: Literal["404.html", "404.html or index.html", "own page"] = "404.html"
    """What an unknown address gets: the site's page, for want of one index.html with status 200, or
    a page of the host's own."""
    html: Literal["as it is", "also without suffix", "redirected"] = "as it is"
    """How `page.html` is reached: by its name only; at `page` too; at `page`, where its own name is
    redirected to."""
    redirect: int = 301
    """Status of redirects, to a folder's address with a slash as well."""
    folder_status: int = 404
    """Status for a folder that has no index.html."""
    etag: Literal["file", "content"] = "content"
    """Whether the ETag changes with each upload of a file, or only with its content."""
    media_types: Mapping[str, str] = field(default_factory=dict)
    """Content types by suffix that differ from ours."""
    compressed: tuple[str, ...] = ()
    """Media types that are compressed where the browser agrees."""
    max_file: int | None = None
    """Most bytes that a file may have."""
    max_site: int | None = None
    """Most bytes that a site may have."""
    max_files: int | None = None
    """Most files that a site may have."""


PLAIN = Host(
    "plain",
    "a plain host",
    headers={"Cache-Control": "no-cache"},
    reads_headers_file=True,
    etag="file",
)
"""A host without peculiarities, which sends what `_headers` asks for."""

GITHUB_PAGES = Host(
    # https://docs.github.com/en/pages/getting-started-with-github-pages/github-pages-limits
    # https://docs.github.com/en/repositories/working-with-files/managing-large-files
    "github-pages",
    "GitHub Pages",
    headers={"Cache-Control": "max-age=600", "Access-Control-Allow-Origin": "*"},
    html="also without suffix",
    etag="file",
    media_types={".js": "application/javascript; charset=utf-8"},
    compressed=(*_TEXT, "application/wasm"),
    max_file=100 * MIB,
    max_site=1_000_000_000,
)

NETLIFY = Host(
    # https://docs.netlify.com/platform/caching/
    # https://docs.netlify.com/routing/headers/
    # https://docs.netlify.com/site-deploys/post-processing/ (Pretty URLs)
    "netlify",
    "Netlify",
    headers={"Cache-Control": "public,max-age=0,must-revalidate"},
    reads_headers_file=True,
    html="redirected",
    media_types={".js": "application/javascript; charset=UTF-8"},
    compressed=(*_TEXT, "application/wasm"),
)

CLOUDFLARE_PAGES = Host(
    # https://developers.cloudflare.com/pages/configuration/serving-pages/
    # https://developers.cloudflare.com/pages/configuration/headers/
    # https://developers.cloudflare.com/pages/platform/limits/
    "cloudflare-pages",
    "Cloudflare Pages",
    headers={
        "Cache-Control": "public, max-age=0, must-revalidate",
        "Access-Control-Allow-Origin": "*",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "X-Content-Type-Options": "nosniff",
    },
    reads_headers_file=True,
    joins_headers=True,
    not_found="404.html or index.html",
    html="redirected",
    redirect=308,
    media_types={".js": "application/javascript"},
    compressed=(*_TEXT, "application/wasm"),
    max_file=25 * MIB,
    max_files=20_000,
)

S3 = Host(
    # A bucket's website endpoint with the error document 404.html, filled by `aws s3 sync`:
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteEndpoints.html
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/IndexDocumentSupport.html
    # The content type is the one that the uploading tool guessed; AWS's knows no web app manifest.
    "s3",
    "Amazon S3",
    redirect=302,
    media_types={
        ".webmanifest": "binary/octet-stream",
        ".js": "text/javascript",
        ".css": "text/css",
        ".html": "text/html",
        ".txt": "text/plain",
    },
    max_file=5 * 1024**4,
)

NGINX = Host(
    # As Debian's package configures it: /etc/nginx/nginx.conf and mime.types;
    # https://nginx.org/en/docs/http/ngx_http_core_module.html
    "nginx",
    "nginx",
    not_found="own page",
    folder_status=403,
    etag="file",
    media_types={
        ".webmanifest": "application/octet-stream",
        ".js": "application/javascript",
        ".css": "text/css",
        ".html": "text/html",
        ".txt": "text/plain",
    },
    compressed=("text/html",),
)

HOSTS = {host.name: host for host in (GITHUB_PAGES, NETLIFY, CLOUDFLARE_PAGES, S3, NGINX)}
"""The hosts that can be named on the command line."""


def broken_limits(host: Host, sizes: Mapping[str, int]) -> list[tuple[str, str]]:
    """Return which of a host's limits a site breaks: (path of a file, or "", sentence).

    `sizes` maps the paths of the site's files to bytes.
    """
    broken = [
        (path, f"has {size / MIB:.1f} MiB; {host.title} takes files of up to {_size(limit)}.")
        for path, size in sizes.items()
        if (limit := host.max_file) is not None and size > limit
    ]
    total = sum(sizes.values())
    if host.max_site is not None and total > host.max_site:
        limit = host.max_site
        broken.append(("", f"has {total / MIB:.0f} MiB; {host.title} takes up to {_size(limit)}."))
    if host.max_files is not None and len(sizes) > host.max_files:
        problem = f"has {len(sizes):,} files; {host.title} takes up to {host.max_files:,}."
        broken.append(("", problem))
    return broken


def _size(limit: int) -> str:
    return f"{limit / MIB:.0f} MiB" if limit % MIB == 0 else f"{limit / 1e9:.0f} GB"
