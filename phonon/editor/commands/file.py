"""Commands that save, quit and cancel."""

from __future__ import annotations

from prompt_toolkit.key_binding.vi_state import InputMode

from phonon.editor.editor import Editor
from phonon.editor.keymap import command


@command("save", "file", any="C-s")
def save(editor: Editor, _count: int) -> None:
    """Save the file."""
    editor.program.save()
    editor.notices.say(f"saved {editor.program.path.name}")


@command("quit", "file", any="C-q")
def quit_editor(editor: Editor, _count: int) -> None:
    """Quit; ask about unsaved text, and whether to play on."""
    if not editor.program.dirty:
        quit_saved(editor)
        return

    def answer(key: str) -> bool:
        if key == "s":
            save(editor, 1)
            quit_saved(editor)
        elif key == "d":
            quit_saved(editor, discard=True)
        return key in {"s", "d"}

    editor.notices.ask(
        "the text is not saved: s save and quit, d discard and quit, c cancel", answer
    )


@command("save-and-quit", "file", normal="Z Z")
def save_and_quit(editor: Editor, _count: int) -> None:
    """Save and quit."""
    save(editor, 1)
    quit_saved(editor)


def quit_saved(editor: Editor, *, discard: bool = False) -> None:
    """Quit without saving; while it plays, ask whether it is to play on."""

    def answer(key: str) -> bool:
        if key in {"q", "l"}:
            leave(editor, discard=discard, playing_on=key == "l")
        return key in {"q", "l"}

    if editor.link.playing:
        editor.notices.ask("it plays: q stop and quit, l leave it playing, c cancel", answer)
    else:
        leave(editor, discard=discard)


def leave(editor: Editor, *, discard: bool = False, playing_on: bool = False) -> None:
    """End the editor; its result says whether the engine is to play on."""
    if discard:
        editor.program.discard()
    if not editor.app.is_done:
        editor.app.exit(result=playing_on)


@command("cancel", "edit", any="C-c", popup=["Esc", "C-c", "C-q"], menu="Esc")
def cancel(editor: Editor, _count: int) -> None:
    """Close what is open, end the selection; it plays on."""
    if editor.modes.popup is not None:
        editor.modes.close_popup()
        return
    editor.buffer.selection_state = None
    editor.buffer.cancel_completion()
    if not editor.plain:
        editor.app.vi_state.input_mode = InputMode.NAVIGATION
        editor.app.vi_state.operator_func = None
    editor.app.layout.focus(editor.buffer)
    if editor.mode != "perform":
        editor.notices.say("")


def offer_recovery(editor: Editor) -> None:
    """Ask whether to take over the unsaved text that an earlier editor left in the journal."""
    if not editor.program.journal.claim():
        editor.notices.say("another editor has this file: no journal is kept here", "warning")
        return
    unsaved = editor.program.journal.unsaved(editor.buffer.text)
    if unsaved is None:
        return

    def recover() -> None:
        editor.program.restore(unsaved)
        editor.notices.say("recovered: what was typed is back, and not saved yet")

    if editor.program.recover:
        recover()
        return

    def answer(key: str) -> bool:
        if key == "r":
            recover()
        elif key == "d":
            editor.program.journal.clear()
            editor.notices.say("discarded")
        return key in {"r", "d"}

    editor.notices.ask("there is unsaved text of this file: r recover, d discard", answer)
