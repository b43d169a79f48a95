"""`onrecord completion`: words for the shell's Tab key."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

_WHERE = {
    "bash": "onrecord completion bash > ~/.local/share/bash-completion/completions/onrecord",
    "zsh": "onrecord completion zsh > ~/.zfunc/_onrecord   (with  fpath+=~/.zfunc  before compinit)",
    "fish": "onrecord completion fish > ~/.config/fish/completions/onrecord.fish",
}


@click.command(
    epilog="\b\n" + "\n".join(_WHERE.values()),
)
@click.argument("shell", type=click.Choice(sorted(_WHERE)))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the script that completes commands and flags in SHELL."""
    completer = get_completion_class(shell)
    if completer is None:
        raise click.UsageError(f"no completion for {shell}")
    click.echo(completer(context.find_root().command, {}, "onrecord", "_ONRECORD_COMPLETE").source())
