"""Measures the table in docs/conformance.md: `python -m scripts.conformance`.

Runs all cases of tests/conformance/ in each engine, which takes some minutes, mostly for WebGL.
Fails where an answer is wrong, and leaves the table as it was.
"""

import click
from playwright.sync_api import sync_playwright

from builder.browser.launch import SOFTWARE_WEBGPU, launch_browser
from tests.conformance.cases import all_cases
from tests.conformance.compare import difference, faults
from tests.conformance.graphs import questions
from tests.conformance.table import DOCS, Differences, with_table
from tests.conformance.ways import WAYS, answers, asked


@click.command()
def main() -> None:
    """Write the table anew."""
    cases = all_cases()
    asking = questions(cases)
    found: Differences = {}
    with asked(asking) as server, sync_playwright() as playwright:
        for way in WAYS:
            with launch_browser(playwright, args=[SOFTWARE_WEBGPU]) as browser:
                page = browser.new_page()
                page.set_default_timeout(0)
                given = answers(page, server, way)
            wrong = faults(asking, given, way)
            if wrong:
                raise click.ClickException(f"{way.name} has {len(wrong)} wrong: {wrong}")
            for name, question in asking.items():
                row = found.setdefault(cases[name].operator, {})
                row[way.name] = max(row.get(way.name, 0.0), difference(question, given[name]))
            click.echo(f"{way.name}: {len(given)} cases are right")
    DOCS.write_text(with_table(DOCS.read_text(encoding="utf-8"), found), encoding="utf-8")


if __name__ == "__main__":
    main()
