"""The editor's commands: importing this package registers all of them.

Each module holds functions under `@command`; a new module is added to the import below.
"""

from phonon.editor.commands import (
    edit,
    evaluate,
    file,
    help,  # noqa: A004  # as the group is called on the cheat sheet
    mix,
    perform,
    view,
)

__all__ = ["edit", "evaluate", "file", "help", "mix", "perform", "view"]
