"""The loop of `build --watch`: build, serve, wait for a change, build again."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path

from builder.build import BuildResult
from builder.config import SiteConfig
from builder.errors import BuilderError, ConfigError
from builder.hosting.server import LOOPBACK, PreviewServer, running
from builder.inputs import inputs_of
from builder.resources import assets, site_templates
from builder.watch.builds import Builds
from builder.watch.changes import Notify, snapshot, wait_for_change
from builder.watch.live_app import LiveApp


@dataclass(frozen=True)
class Built:
    """A build has succeeded."""

    result: BuildResult
    """What it made."""


@dataclass(frozen=True)
class Serving:
    """The site is served from now on."""

    url: str
    """Its address."""


@dataclass(frozen=True)
class Changed:
    """Files that the build reads have changed; a build follows."""

    files: tuple[Path, ...]
    """Which, sorted."""


@dataclass(frozen=True)
class Failed:
    """A build has failed; what an earlier one made is still there and served."""

    error: BuilderError | OSError
    """Why."""


def watch_site(
    read: Callable[[], SiteConfig],
    build: Callable[[SiteConfig], BuildResult],
    config_file: Path,
    port: int = 0,
    notify: Notify | None = None,
) -> Generator[Built | Serving | Changed | Failed, None, None]:
    """Build, serve the site on loopback, and build again after each change, until Ctrl-C.

    `read` returns the settings, `config_file` is where they may stand. Open pages load themselves
    anew after a build that changed the site. Raises BuilderError where the first build fails or the
    port is not available; later failures are reported, and the loop goes on.
    """
    config = read()
    inputs = _watched(config, config_file)
    seen = snapshot(inputs)
    result = build(config)
    yield Built(result)
    builds = Builds()
    builds.announce(result.report)
    with running(PreviewServer(LiveApp(config.output, builds), LOOPBACK, port)) as server:
        yield Serving(server.url)
        served = config.output
        while changed := wait_for_change(inputs, seen, notify):
            yield Changed(tuple(changed))
            try:
                # Before reading and building, so that a change meanwhile is not missed.
                seen = snapshot(inputs)
                config = read()
                inputs = _watched(config, config_file)
                seen = snapshot(inputs)
                _require_same_output(config.output, served, config_file)
                result = build(config)
            except (BuilderError, OSError) as error:
                yield Failed(error)
            else:
                builds.announce(result.report)
                yield Built(result)


def _watched(config: SiteConfig, config_file: Path) -> tuple[Path, ...]:
    """Return all that a build reads, the package's own templates and assets included."""
    return (*inputs_of(config), config_file, site_templates(), assets())


def _require_same_output(output: Path, served: Path, config_file: Path) -> None:
    if output != served:
        raise ConfigError(
            f"{config_file} now names the output {output}, and {served} is being served: start"
            " build --watch anew to go on there."
        )
