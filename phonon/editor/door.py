"""What the command line may ask of the editor."""

from phonon.editor.app import edit
from phonon.editor.help import table as key_table
from phonon.editor.probe import probe

__all__ = ["edit", "key_table", "probe"]
