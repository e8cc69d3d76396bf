"""vi's keys: what they do to the text."""

from __future__ import annotations

import asyncio

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.key_binding.key_processor import KeyPress
from prompt_toolkit.keys import Keys
from prompt_toolkit.output import DummyOutput

from phonon.editor import app as screen
from phonon.editor.editor import Editor
from phonon.editor.terminal import Terminal
from tests.editor.fake import FakeSession

TEXT = 'o1: s "bd sn" # gain 0.9\no2: saw 55\n\nout: (a b) # lpf 800\n'
FIRST, SECOND, _, THIRD, _ = TEXT.split("\n")
NAMED = {"^": Keys.Escape, "⏎": Keys.ControlM, "↺": Keys.ControlR, "▦": Keys.ControlV}


class Output(DummyOutput):
    """Keeps what is sent to the terminal as it is."""

    def __init__(self):
        self.raw = ""

    def write_raw(self, data):
        self.raw += data


async def _pressed(keys, text, cursor, folder, output):
    editor = Editor(FakeSession(), folder / "set.ph", text)
    with create_pipe_input() as sent, create_app_session(input=sent, output=output):
        ticker = screen.make_screen(editor, sent, output, Terminal(output))
        editor.buffer.cursor_position = cursor
        running = asyncio.Event()

        def begin():
            screen.begin(editor, ticker)
            asyncio.get_running_loop().call_soon(running.set)

        task = asyncio.ensure_future(editor.app.run_async(pre_run=begin))
        await running.wait()
        for key in keys:
            name = NAMED.get(key, key)
            editor.app.key_processor.feed(KeyPress(name, key))
            editor.app.key_processor.process_keys()
        if not editor.app.is_done:
            editor.app.exit()
        await task
    editor.close()
    editor.program.journal.close()
    return editor


@pytest.fixture
def press(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def run(keys, text=TEXT, cursor=0, output=None):
        return asyncio.run(_pressed(keys, text, cursor, tmp_path, output or Output()))

    return run


@pytest.mark.parametrize(
    ("keys", "cursor", "wanted"),
    [
        ("3x", 0, TEXT[3:]),
        ("d3w", 0, TEXT[6:]),
        ("2dd", 0, TEXT.removeprefix(f"{FIRST}\n{SECOND}\n")),
        ("yyjp", 0, f"{FIRST}\n{SECOND}\n{FIRST}\n\n{THIRD}\n"),
        ('ci"xy^', 8, TEXT.replace("bd sn", "xy")),
        ("dt#", 0, TEXT[TEXT.index("#") :]),
        ("fb;x", 0, TEXT.replace("b", "", 1)),  # there is no second one
        ("viwd", 8, TEXT.replace("bd", "", 1)),
        ("vawd", 8, TEXT.replace("bd ", "", 1)),
        ('vi"cz^', 8, TEXT.replace("bd sn", "z")),
        ('va"d', 8, TEXT.replace('"bd sn"', "")),
        ("vi(cz^", TEXT.index("a b"), TEXT.replace("a b", "z")),
        ("va(d", TEXT.index("b)"), TEXT.replace("(a b)", "")),
        ("▦jlx", 0, f"{FIRST[2:]}\n{SECOND[2:]}\n\n{THIRD}\n"),
        ("di(", TEXT.index("a b"), TEXT.replace("a b", "")),
        ("xxxu", 0, TEXT[2:]),
        ("xxxuu↺", 0, TEXT[2:]),
        ("/s⏎nx", 0, TEXT.replace("sn", "n")),
        ("qaxq@a", 0, TEXT[2:]),
        # the last change
        ("x3.", 0, TEXT[4:]),
        ("A!^j.", 0, f"{FIRST}!\n{SECOND}!\n\n{THIRD}\n"),
        ("gcipu.", 0, f"-- {FIRST}\n-- {SECOND}\n\n{THIRD}\n"),
        ("cisz^j.", 0, f"z\nz\n\n{THIRD}\n"),
        # comments
        ("gcc", 0, f"-- {TEXT}"),
        ("2gcc", 0, f"-- {FIRST}\n-- {SECOND}\n\n{THIRD}\n"),
        ("gcj", 0, f"-- {FIRST}\n-- {SECOND}\n\n{THIRD}\n"),
        ("gcG", 0, f"-- {FIRST}\n-- {SECOND}\n\n-- {THIRD}\n"),
        ("gcipgcip", 0, TEXT),
        ("Vjgc", 0, f"-- {FIRST}\n-- {SECOND}\n\n{THIRD}\n"),
        # statements and paragraphs
        ("dis", 30, f"{FIRST}\n\n{THIRD}\n"),
        ("dip", 0, f"\n{THIRD}\n"),
        ("yisP", 30, f"{FIRST}\n{SECOND}\n{SECOND}\n\n{THIRD}\n"),
        ("vipd", 30, f"\n{THIRD}\n"),
        # change
        ("cwz^", 7, TEXT.replace("bd", "z")),
        ("c2wz^", 0, TEXT.replace("o1:", "z")),
        ("ccz^", 5, TEXT.replace(FIRST, "z")),
        ("cjz^", 0, f"z\n\n{THIRD}\n"),
        ("Vjcz^", 0, f"z\n\n{THIRD}\n"),
        # visual mode
        ("yiwfbviwp", 0, TEXT.replace("bd", "o1")),
        ("yyGkVp", 0, TEXT.replace(THIRD, FIRST)),
        ("vlolohd", 8, TEXT.replace("d ", "", 1)),
        ("vll^0gvd", 8, TEXT.replace("d s", "", 1)),
        ("viwU", 7, TEXT.replace("bd", "BD")),
        # registers and marks
        ('"ayyj"ap', 0, f"{FIRST}\n{SECOND}\n{FIRST}\n\n{THIRD}\n"),
        ('"ayiwjyiw"aP', 0, f"{FIRST}\no1{SECOND}\n\n{THIRD}\n"),
        ('yiw"ajP', 0, f"{FIRST}\no1{SECOND}\n\n{THIRD}\n"),  # a register is for one command
        ('"ap', 0, TEXT),
        ("majj`ax", 3, TEXT.replace(" ", "", 1)),
        ("majd'a", 0, f"\n{THIRD}\n"),
        ("'z", 0, TEXT),
    ],
)
def test_keys_change_the_text_as_in_vi(press, keys, cursor, wanted):
    editor = press(keys, cursor=cursor)
    assert editor.buffer.text == wanted
    assert editor.mode == "normal"


def test_a_last_line_without_newline_is_yanked_and_pasted_as_a_line(press):
    assert press("yyGVp", TEXT[:-1]).buffer.text == f"{FIRST}\n{SECOND}\n\n{FIRST}"


def test_the_terminals_clipboard_gets_what_is_yanked_for_it(press):
    output = Output()
    press('yiw"+yiw', output=output)
    assert output.raw.count("\x1b]52;c;bzE=\x07") == 1


def test_zz_saves_and_quits(press, tmp_path):
    editor = press("xZZ")
    assert (tmp_path / "set.ph").read_text() == TEXT[1:]
    assert not editor.program.dirty
