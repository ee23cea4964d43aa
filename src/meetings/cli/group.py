"""The command that all others hang on."""

from __future__ import annotations

import click

from meetings import __version__


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="meetings")
def main() -> None:
    """Meetings, the paperless council."""
