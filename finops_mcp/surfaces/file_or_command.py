"""How a group of commands takes a file as its first word."""

import click


class FileOrCommand(click.Group):
    """Takes what is no command of its own as the file to keep."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command of the first word; what is none is the file of `keep`."""
        return super().resolve_command(ctx, args if args[0] in self.commands else ["keep", *args])
