"""A command that takes a file to keep where no command of its own has that name."""

import click


class FileOrCommand(click.Group):
    """Takes what is no command of its own as the file to keep."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Read the first word: a command, or a file for `keep`."""
        return super().resolve_command(ctx, args if args[0] in self.commands else ["keep", *args])
