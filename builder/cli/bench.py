"""The verb `bench`."""

from pathlib import Path

import click

from builder.cli.options import (
    debug_option,
    json_option,
    print_json,
    progress_printer,
    quiet_option,
    tell,
)

_PROFILES = ("none", "4g", "slow-4g", "3g")


def _known_backends(
    _context: click.Context, _parameter: click.Parameter, names: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the backends that are asked for, or all; raises BadParameter for an unknown name."""
    from builder.site.backends import read_backends

    known = [backend.name for backend in read_backends()]
    for name in names:
        if name not in known:
            raise click.BadParameter(f"{name!r} is none of {', '.join(known)}.")
    return tuple(dict.fromkeys(names or known))


@click.command(short_help="Measure how fast a built site is in a browser.")
@click.argument("dist", type=click.Path(path_type=Path), default=Path("dist"))
@click.option(
    "--profile",
    "profiles",
    type=click.Choice(_PROFILES),
    multiple=True,
    default=("none", "4g"),
    show_default=True,
    help="Network of a visit: none (unthrottled), 4g (9 Mbit/s, 150 ms), slow-4g (1.6, 150), "
    "3g (0.7, 300). May be given several times.",
)
@click.option(
    "--rounds",
    type=click.IntRange(1, 100),
    default=3,
    show_default=True,
    help="How often visits and batches are repeated; the table shows medians.",
)
@click.option(
    "--backend",
    "backends",
    metavar="NAME",
    multiple=True,
    callback=_known_backends,
    help="Backend to time answers on, such as wasm or webgl; all that this machine has by default. "
    "May be given several times.",
)
@click.option(
    "--answers",
    type=click.IntRange(1, 100_000),
    default=100,
    show_default=True,
    help="Answers to time on each backend.",
)
@click.option(
    "--photos",
    type=click.IntRange(2, 1_000_000),
    default=1000,
    show_default=True,
    help="Photos to classify in a row.",
)
@json_option
@quiet_option
@debug_option
def bench(
    dist: Path,
    *,
    profiles: tuple[str, ...],
    rounds: int,
    backends: tuple[str, ...],
    answers: int,
    photos: int,
    as_json: bool,
    quiet: bool,
) -> None:
    """Measure a built site in a headless browser on this machine.

    Cold start on a first and a second visit, time for an answer by backend, photos a second, and
    memory after many photos.

    \b
    Examples:
      classifier-pwa bench
      classifier-pwa bench public --profile none --rounds 1 --photos 100 --json
    """
    from builder.bench.bench_site import Options, bench_site
    from builder.bench.profiles import PROFILES
    from builder.bench.table import table

    chosen = tuple(PROFILES[name] for name in dict.fromkeys(profiles))
    options = Options(chosen, rounds, backends, answers, photos)
    report = bench_site(dist, options, progress_printer(quiet))
    if as_json:
        print_json(report.as_json())
    else:
        tell(table(report))
