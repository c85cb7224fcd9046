"""A command whose help shows its options in groups."""

import click

from builder.config.groups import GROUPS


class GroupedCommand(click.Command):
    """Shows options in the groups of `GROUPS`, and those that are not settings last."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write a section for each group, with its options in the order of their declaration."""
        group_of = {field: title for title, fields in GROUPS.items() for field in fields}
        sections: dict[str, list[tuple[str, str]]] = {title: [] for title in (*GROUPS, "Other")}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if record is not None:
                sections[group_of.get(param.name or "", "Other")].append(record)
        for title, records in sections.items():
            with formatter.section(title):
                formatter.write_dl(records)
