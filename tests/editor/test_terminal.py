"""The editor in a real terminal: tmux types keys, and the screen is read."""

from __future__ import annotations

import json
import re
import time


def row_of(screen, text):
    return next((row for row in screen.text().split("\n") if text in row), "")


def test_a_block_plays_and_flashes_and_its_literals_light(terminal, program):
    editor = terminal(FAKE_FLASH="3").start(program)
    editor.type("j", "j", "j", "M-Enter")
    editor.see("▌")
    text, scope, when = editor.called("evaluate")[0]
    assert text == 'o1: s "bd sn bd sn" # gain 0.9\no2: s "hh*8" # lpf 800 0.7'
    assert (scope, when) == ("block", "now")
    editor.see("o1 o2 (3 ms)")
    editor.see_not("▌")
    editor.wait(lambda: "●" in row_of(editor, "o1:"), "o1 sounding")
    plain = [row for row in editor.text(styled=True).split("\n") if "o1:" in row or "bd" in row]
    seen = set(plain)
    editor.wait(
        lambda: (
            next(row for row in editor.text(styled=True).split("\n") if "bd" in row) not in seen
        ),
        "another step lit",
    )


def test_line_file_and_selection_are_evaluated_by_their_keys(editor):
    editor.type("G", "k", "Space", "l")
    assert editor.called("evaluate")[0][0] == "out: ~room # reverb 0.4"
    editor.type("F5")
    text, scope, _ = editor.called("evaluate", 2)[1]
    assert scope == "file"
    assert text.startswith("-- late set\ncps")
    editor.type("g", "g", "j", "V", "C-e")
    assert editor.called("evaluate", 3)[2][:2] == ["cps: 0.5", "block"]
    editor.type("4", "G", "0", "V", "j", "M-Enter")
    assert editor.called("evaluate", 4)[3][0].startswith('o1: s "bd sn bd sn" # gain 0.9\no2:')
    editor.type("4", "G", "Space", "q")
    assert editor.called("evaluate", 5)[4][1:] == ["block", "cycle"]
    editor.type("Space", "b")
    assert editor.called("evaluate", 6)[5][1:] == ["block", "beat"]


def test_an_error_stands_under_its_line_until_it_is_fixed(editor):
    editor.type("F5")
    editor.see("(3 ms)")
    editor.type("4", "G", "$", "o")
    editor.write('o3: s "bd [sn"')
    editor.type("C-e")
    editor.see("✗")
    rows = editor.text().split("\n")
    at = next(number for number, row in enumerate(rows) if 'o3: s "bd [sn"' in row)
    assert "^" in rows[at + 1]
    assert rows[at + 1].index("^") == rows[at].index("[")
    assert "o2:" in rows[at + 2]
    editor.see("E:1")
    editor.escape()
    editor.type("g", "g", "]", "e")
    editor.write("i]")
    editor.escape()
    editor.type("x", "$", "i")
    editor.write("]")
    editor.escape()
    editor.type("C-e")
    editor.see_not("✗")
    assert "^" not in editor.text()


def test_hush_fades_and_a_second_hush_is_panic(editor):
    editor.type("F5")
    editor.called("evaluate")
    editor.type("M-.")
    editor.called("hush")
    editor.see("HUSH")
    time.sleep(0.7)
    editor.type("M-.", "M-.")
    editor.called("panic")
    assert len(editor.calls("hush")) == 2
    editor.type("F5")
    editor.see_not("HUSH")


def test_keys_mute_and_solo_outputs_and_the_screen_says_so(editor):
    editor.type("F5")
    editor.see("●")
    editor.type("M-2")
    assert editor.called("mute") == [["o2", True]]
    editor.wait(lambda: row_of(editor, "o2:").startswith("M"), "an M beside o2")
    editor.see("M:o2")
    editor.type("M-s", "1")
    editor.wait(lambda: row_of(editor, "o1:").startswith("S"), "an S beside o1")
    editor.type("i", "M-2")
    editor.see_not("M:o2")
    editor.type("M-0")
    editor.see_not("S:o1")
    assert "M-2" not in editor.text()
    assert editor.calls("mute")[1] == ["o2", False]


def test_a_number_is_nudged_and_its_block_plays(editor):
    editor.type("4", "G", "C-a")
    editor.see("o1: s")
    editor.wait(lambda: "gain 1.0" in row_of(editor, "o1:"), "1.0")
    assert "gain 1.0" in editor.called("evaluate")[0][0]
    editor.type("5", "C-x")
    editor.wait(lambda: "gain 0.5" in row_of(editor, "o1:"), "0.5")
    editor.type("j", "1", "0", "C-a")
    editor.wait(
        lambda: "lpf 810" in row_of(editor, "o2:") or "lpf 800 1.7" in row_of(editor, "o2:"),
        "a number on the next line",
    )
    editor.called("evaluate", 3)
    editor.type("u", "u", "u")
    editor.wait(lambda: "gain 0.9" in row_of(editor, "o1:"), "undone")
    editor.type("j", "C-r")
    editor.wait(lambda: "gain 1.0" in row_of(editor, "o1:"), "redone")


def test_completions_show_the_kind_of_each_word(editor):
    editor.type("G", "o")
    editor.write("o4: saw 55 # lp")
    editor.see("unit:")
    editor.type("C-e")
    editor.see_not("unit:")
    editor.write("f ")
    editor.see("cutoff")
    editor.write("~ro")
    editor.type("Tab")
    editor.see("lpf ~room")
    editor.escape()
    editor.type("o")
    editor.write('o5: s "sup')
    editor.type("Tab")
    editor.see('o5: s "supersaw')


def test_the_reference_entry_of_a_word_opens_and_closes(editor):
    editor.type("5", "G", "f", "l", "K")
    editor.see("unit (")
    assert "cutoff:" in editor.text()
    editor.type("q")
    editor.see_not("unit (")


def test_saving_is_atomic_and_a_failure_is_a_message(editor, program):
    program.chmod(0o640)
    editor.type("O")
    editor.write("-- mine")
    editor.type("C-s")
    editor.see("saved set.ph")
    assert program.read_text().startswith("-- mine\n-- late set")
    assert program.stat().st_mode & 0o777 == 0o640
    program.unlink()
    program.mkdir()
    editor.write("!")
    editor.type("C-s")
    editor.see("not saved")
    editor.escape()
    editor.type("C-q")
    editor.see("the text is not saved")
    editor.type("c")
    editor.see_not("the text is not saved")
    assert editor.ended == ""


def test_what_was_typed_survives_kill_9(editor, program):
    editor.type("o")
    editor.write("o7: noise # gain 0.01")
    editor.escape()
    editor.wait(lambda: list(editor.folder.glob("state/phonon/*.journal")), "the journal")
    editor.wait(
        lambda: "o7" in next(editor.folder.glob("state/phonon/*.journal")).read_text(), "o7"
    )
    editor.kill()
    editor.start(program)
    editor.see("unsaved text")
    assert "o7" not in editor.text().split("unsaved")[0]
    editor.type("r")
    editor.see("o7: noise # gain 0.01")
    editor.see("recovered")
    editor.type("C-s")
    editor.see("saved")
    editor.wait(lambda: not list(editor.folder.glob("state/phonon/*.journal")), "no journal")


def test_quitting_leaves_a_clean_terminal(editor):
    editor.type("C-q")
    editor.wait(lambda: editor.ended == "0", "a quiet end")
    assert (editor.folder / "stderr").read_text() == ""
    editor.see_not("late set")
    asked = "display-message", "-p", "-t", "set", "#{mouse_any_flag} #{alternate_on}"
    editor.wait(lambda: editor.tmux(*asked) == "0 0\n", "no mouse and no alternate screen")


def test_the_screen_follows_the_size_of_the_terminal(editor):
    editor.type("F5")
    editor.resize(140, 40)
    editor.see("spectrum")
    editor.wait(lambda: "DSP" in editor.line(-2) and "o1:" in editor.text(), "forty rows")
    editor.resize(60, 12)
    editor.see_not("spectrum")
    editor.wait(lambda: "DSP" in editor.line(-2), "the status line at its place")
    editor.resize(24, 5)
    editor.wait(lambda: "NORMAL" in editor.line(-2), "a very small window")
    editor.resize(80, 24)
    editor.wait(lambda: "ring" in editor.line(-2), "all fields again")
    assert "o1:" in editor.text()


def test_sixty_columns_keep_mode_cycle_load_and_underruns(terminal, program):
    editor = terminal(60, 20).start(program)
    editor.type("F5")
    editor.see("●")
    editor.type("M-2")
    editor.see("M:o2")
    status = editor.line(-2)
    for field in ("NORMAL", "■", "DSP", "▲", "xr 0", "M:o2"):
        assert field in status
    assert len(status) <= 60
    assert "UI" not in status


def test_without_colours_lit_steps_are_bold_and_reversed(terminal, program):
    editor = terminal(NO_COLOR="1").start(program)
    editor.type("F5")
    editor.see("●")
    styled = editor.text(styled=True)
    for codes in re.findall(r"\x1b\[([\d;]*)m", styled):
        assert not {code for code in codes.split(";") if len(code) > 1} - {"39", "49"}, "a colour"
    editor.wait(
        lambda: re.search(r"\x1b\[(0;)?1;7m", row_of_styled(editor, "bd")), "a step in reverse"
    )


def row_of_styled(screen, text):
    return next((row for row in screen.text(styled=True).split("\n") if text in row), "")


def test_an_old_terminal_gets_sixteen_colours_and_ascii(terminal, program):
    editor = terminal(TERM="linux").start(program)
    editor.type("F5")
    editor.see("#")
    editor.wait(lambda: row_of(editor, "o1:").startswith("*"), "a star beside o1")
    assert "38;5" not in editor.text(styled=True)
    assert all(ord(character) < 128 for character in editor.text())


def test_keys_freeze_the_scope_and_show_the_panels(terminal, program):
    editor = terminal(140, 40).start(program)
    editor.type("F5")
    editor.see("scope")
    editor.type("Space", "f")
    editor.see("FROZEN")
    editor.type("Space", "f")
    editor.see_not("FROZEN")
    editor.type("Space", "}")
    editor.wait(lambda: "10 ms" in row_of(editor, "scope"), "half the time")
    editor.type("Space", "v", "Space", "v", "Space", "v")
    editor.see("events")
    editor.wait(lambda: "o2      s hh cutoff 800" in editor.text(), "an event with its values")
    editor.type("Space", "v")
    editor.see("g- g+ walk")
    editor.wait(lambda: "ok 3.0 ms" in row_of(editor, "o1 o2"), "what was evaluated")
    editor.type("Space", "v")
    editor.see_not("history")


def test_versions_are_walked_and_played(editor):
    editor.type("F5")
    editor.see("(3 ms)")
    editor.type("4", "G", "C-a")
    editor.called("evaluate", 2)
    editor.see("o1 o2 (3 ms)")
    editor.type("g", "-")
    editor.wait(lambda: "gain 0.9" in row_of(editor, "o1:"), "the older version")
    text, scope, _ = editor.called("evaluate", 3)[2]
    assert "gain 0.9" in text
    assert scope == "file"
    editor.type("g", "+")
    editor.wait(lambda: "gain 1.0" in row_of(editor, "o1:"), "the newer version")
    editor.see("version 2 of 2")


def test_the_last_change_is_repeated(editor):
    editor.type("4", "G", "c", "w")
    editor.write("o9")
    editor.escape()
    editor.type("j", "0", ".")
    editor.see('o9: s "hh*8"')
    editor.type("g", "c", "c", "k", ".")
    editor.see('-- o9: s "bd')
    editor.type("u", "u")
    editor.see_not("-- o9")


def test_search_comment_and_the_command_line(editor):
    editor.write("/lpf")
    editor.type("Enter", "x")
    editor.see("# pf 800")
    editor.type("u")
    editor.write(":%s/gain/level/g")
    editor.type("Enter")
    editor.see("# level 0.9")
    editor.write(":bpm 132")
    editor.type("Enter")
    assert editor.called("tempo") == [[0.55]]
    editor.write(":sav")
    editor.type("Enter")
    editor.see("did you mean :save?")
    editor.type("4", "G", "M-/")
    editor.see("-- o1: s")


def test_perform_keys_play_and_type_nothing(editor, program):
    editor.type("F5")
    editor.see("●")
    editor.type("Space", "Space")
    editor.see("PERFORM")
    editor.type("2")
    editor.called("mute")
    editor.type("l", "k")
    editor.called("evaluate", 2)
    editor.see("cps: 0.6")
    editor.write("xddia<")
    editor.called("tempo")
    editor.type("Escape")
    editor.see("NORMAL")
    assert "o1:" in editor.text()
    assert "late set" in editor.text()
    text = editor.text()
    assert "xd" not in text


def test_sounds_are_heard_and_inserted(editor):
    editor.type("G", "o")
    editor.write('o4: s "')
    editor.escape()
    editor.type("a", "C-c", "$", "a", "C-c", "A", "F1")
    editor.see("filter:")
    editor.write("sounds")
    editor.type("Enter")
    editor.see("BT0A0A7.wav")
    editor.wait(lambda: "0.25s █" in row_of(editor, "BT0A0A7"), "the length and the wave")
    editor.wait(lambda: "0.25s █" in row_of(editor, "supersaw"), "the next one's")
    assert "s █" not in row_of(editor, "BT0AADA"), "what can't be read has no picture"
    editor.write("BT0AAD")
    editor.type("Tab")
    assert editor.called("preview") == [["bd:1"]]
    editor.type("Enter")
    editor.see('o4: s "bd:1')


def test_esc_takes_effect_at_once_and_alt_keys_type_nothing(editor):
    times = []
    while len(times) < 10 and min(times, default=1.0) >= 0.5:  # a busy machine is slow itself
        editor.type("i")
        editor.see("INSERT")
        began = time.monotonic()
        editor.type("Escape")
        editor.see("NORMAL")
        times.append(time.monotonic() - began)
    assert min(times) < 0.5
    editor.type("i", "M-9")
    editor.see("there is no output 9")
    assert "9-- late" not in editor.text()


def test_plain_keys_need_no_modes(terminal, program):
    editor = terminal().start(program, "--plain")
    editor.write("x")
    editor.see("x-- late set")
    editor.type("BSpace", "Down", "Down", "Down", "C-e")
    editor.called("evaluate")
    editor.see("INSERT")
    editor.type("M-Up")
    editor.see("gain 1.0")
    editor.type("C-z")
    editor.see("gain 0.9")


def test_recording_is_shown_and_ends(editor):
    editor.type("Space", "r")
    [path] = editor.called("record")[0]
    assert str(path).endswith(".wav")
    editor.see("REC")
    editor.see("a take begins")
    editor.type("Space", "r")
    assert editor.called("record", 2)[1] == [None]
    editor.see_not("REC")
    editor.see("the take is written")


def test_keys_work_while_an_evaluation_takes_long(terminal, program, tmp_path):
    editor = terminal(FAKE_GATE=str(tmp_path / "gate")).start(program)
    editor.type("F5")
    editor.type("o")
    editor.write("-- still here")
    editor.see("-- still here")
    editor.type("M-.")
    editor.called("hush")
    assert not editor.calls("evaluate")
    (tmp_path / "gate").touch()
    assert json.dumps(editor.called("evaluate")[0])
