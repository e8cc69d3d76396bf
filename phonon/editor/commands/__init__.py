"""The editor's commands: importing this package registers all of them.

Each module holds functions under `@command`. The order of the imports is the order of the
commands on the cheat sheet and in the menu.
"""

# isort: off
from phonon.editor.commands import (
    evaluate,
    edit,
    mix,
    view,
    file,
    command_line,
    perform,
    help,  # noqa: A004  # called as its group is
)
# isort: on

__all__ = ["command_line", "edit", "evaluate", "file", "help", "mix", "perform", "view"]
