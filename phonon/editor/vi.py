"""Adds to prompt_toolkit's vi mode what it does not have.

Registers, marks, `gc` and `c` as operators, statements and paragraphs as text objects, and the keys
of visual mode.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from prompt_toolkit.buffer import Buffer
from prompt_toolkit.clipboard import ClipboardData
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition, has_focus, vi_navigation_mode, vi_selection_mode
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.key_binding.bindings.vi import (
    TextObject,
    TextObjectType,
    create_text_object_decorator,
)
from prompt_toolkit.key_binding.vi_state import InputMode
from prompt_toolkit.keys import Keys
from prompt_toolkit.selection import SelectionState, SelectionType

from phonon.editor.editor import Editor
from phonon.editor.registers import Registers
from phonon.editor.statements import block_at, statement_at


def extend(editor: Editor, keys: KeyBindings, registers: Registers) -> None:
    """Bind the additional keys."""
    _text_objects(editor, keys)
    _marks(editor, keys)
    _change(editor, keys)
    _visual(editor, keys)
    _visual_case(editor, keys)
    _visual_objects(editor, keys)
    reading = has_focus(editor.buffer) & (vi_navigation_mode | vi_selection_mode)

    @keys.add('"', Keys.Any, filter=reading, eager=True, save_before=lambda _: False)
    def _register(event: KeyPressEvent) -> None:
        registers.name(event.key_sequence[1].data)

    def ended(_: object) -> None:
        if editor.repeater.idle():
            registers.command_ended()

    editor.app.key_processor.after_key_press += ended


def _text_objects(editor: Editor, keys: KeyBindings) -> None:
    text_object = create_text_object_decorator(keys)

    def lines(first: int, last: int) -> TextObject:
        document = editor.buffer.document
        begin = document.translate_row_col_to_index(first, 0)
        end = document.translate_row_col_to_index(last, len(document.lines[last]))
        here = document.cursor_position
        return TextObject(begin - here, end - here, TextObjectType.LINEWISE)

    @text_object("i", "p", no_move_handler=True)
    def _paragraph(_event: KeyPressEvent) -> TextObject:
        row = editor.buffer.document.cursor_position_row
        block = block_at(editor.buffer.text, row)
        return lines(block.first, block.last) if block else lines(row, row)

    @text_object("i", "s", no_move_handler=True)
    @text_object("a", "s", no_move_handler=True)
    def _statement(_event: KeyPressEvent) -> TextObject:
        row = editor.buffer.document.cursor_position_row
        one = statement_at(editor.buffer.text, row)
        return lines(one.first, one.last) if one else lines(row, row)


def _marks(editor: Editor, keys: KeyBindings) -> None:
    marks: dict[str, tuple[int, int]] = {}
    text_object = create_text_object_decorator(keys)
    reading = has_focus(editor.buffer) & (vi_navigation_mode | vi_selection_mode)

    @keys.add("m", Keys.Any, filter=reading, save_before=lambda _: False)
    def _set(event: KeyPressEvent) -> None:
        document = editor.buffer.document
        here = document.cursor_position_row, document.cursor_position_col
        marks[event.key_sequence[1].data] = here

    def to(event: KeyPressEvent, column: bool) -> int:
        """The distance from the cursor to a mark."""
        document = editor.buffer.document
        name = event.key_sequence[-1].data
        if name not in marks:
            editor.notices.say(f"there is no mark {name}", "error")
            return 0
        row = min(marks[name][0], document.line_count - 1)
        index = document.translate_row_col_to_index(row, marks[name][1] if column else 0)
        return index - document.cursor_position

    @text_object("'", Keys.Any)
    def _line(event: KeyPressEvent) -> TextObject:
        return TextObject(to(event, False), 0, TextObjectType.LINEWISE)

    @text_object("`", Keys.Any)
    def _place(event: KeyPressEvent) -> TextObject:
        return TextObject(to(event, True))


def _change(editor: Editor, keys: KeyBindings) -> None:
    """Bind `c`: a change of lines leaves an empty one, and `cw` keeps the blank after the word."""

    def operate(event: KeyPressEvent, what: TextObject) -> None:
        buffer = event.current_buffer
        if what.type is TextObjectType.LINEWISE:
            first, last = what.get_line_numbers(buffer)
            lines = buffer.document.lines
            taken = "\n".join(lines[first : last + 1])
            event.app.clipboard.set_data(ClipboardData(taken, SelectionType.LINES))
            at = sum(len(line) + 1 for line in lines[:first])
            buffer.document = Document("\n".join([*lines[:first], "", *lines[last + 1 :]]), at)
        else:
            if len(event.key_sequence) == 1 and event.key_sequence[0].key in {"w", "W"}:
                what = _word(buffer, what)
            buffer.document, data = what.cut(buffer)
            event.app.clipboard.set_data(data)
        event.app.vi_state.input_mode = InputMode.INSERT

    @keys.add("c", filter=has_focus(editor.buffer) & vi_navigation_mode)
    def _begin(event: KeyPressEvent) -> None:
        event.app.vi_state.operator_func = operate
        event.app.vi_state.operator_arg = event.arg

    lines = Condition(lambda: _kind(editor.buffer) is SelectionType.LINES)

    @keys.add("c", filter=has_focus(editor.buffer) & vi_selection_mode & lines)
    def _change_lines(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        begin, end = buffer.document.selection_range()
        buffer.exit_selection()
        here = buffer.cursor_position
        operate(event, TextObject(begin - here, end - here, TextObjectType.LINEWISE))


def _visual_case(editor: Editor, keys: KeyBindings) -> None:
    buffer = editor.buffer
    visual = has_focus(buffer) & vi_selection_mode

    def convert(key: str, change: str) -> None:
        @keys.add(key, filter=visual)
        def _convert(_event: KeyPressEvent) -> None:
            text, begin = buffer.text, buffer.cursor_position
            for first, end in buffer.document.selection_ranges():
                text = text[:first] + getattr(text[first:end], change)() + text[end:]
                begin = min(begin, first)
            buffer.exit_selection()
            buffer.document = Document(text, begin)

    for key, change in (("u", "lower"), ("U", "upper"), ("~", "swapcase")):
        convert(key, change)


def _visual_objects(editor: Editor, keys: KeyBindings) -> None:
    buffer = editor.buffer
    visual = has_focus(buffer) & vi_selection_mode

    def select(
        keys_of: tuple[str, str], find: Callable[[Document], tuple[int, int] | None]
    ) -> None:
        @keys.add(*keys_of, filter=visual, save_before=lambda _: False)
        def _select(_event: KeyPressEvent) -> None:
            found, here = find(buffer.document), buffer.cursor_position
            if found is not None and found[1] > found[0]:
                begin, end = here + found[0], here + found[1] - 1
                buffer.selection_state = SelectionState(begin, SelectionType.CHARACTERS)
                buffer.cursor_position = end

    for spelling, find in _objects():
        select(spelling, find)


def _objects() -> Iterator[tuple[tuple[str, str], Callable[[Document], tuple[int, int] | None]]]:
    """Text objects of words, quotes and brackets for visual mode.

    prompt_toolkit would select one character more.
    """

    def word(around: bool, whole: bool) -> Callable[[Document], tuple[int, int]]:
        return lambda document: document.find_boundaries_of_current_word(
            WORD=whole, include_trailing_whitespace=around
        )

    def pair(left: str, right: str, around: bool) -> Callable[[Document], tuple[int, int] | None]:
        def find(document: Document) -> tuple[int, int] | None:
            if left == right:
                column, line = document.cursor_position_col, document.current_line
                begin, end = line.rfind(left, 0, column), line.find(right, column)
                found = (begin - column, end - column) if begin >= 0 and end >= 0 else None
            else:
                before = document.find_enclosing_bracket_left(left, right)
                after = document.find_enclosing_bracket_right(left, right)
                found = (before, after) if before is not None and after is not None else None
            if found is None:
                return None
            return (found[0], found[1] + 1) if around else (found[0] + 1, found[1])

        return find

    for around in (False, True):
        head = "a" if around else "i"
        yield (head, "w"), word(around, False)
        yield (head, "W"), word(around, True)
        for quote in "\"'`":
            yield (head, quote), pair(quote, quote, around)
        for left, right in ("()", "[]", "{}", "<>"):
            yield (head, left), pair(left, right, around)
            yield (head, right), pair(left, right, around)


def _kind(buffer: Buffer) -> SelectionType | None:
    return buffer.selection_state.type if buffer.selection_state is not None else None


def _word(buffer: Buffer, what: TextObject) -> TextObject:
    """A motion over words, without the blanks after them."""
    begin, end = what.operator_range(buffer.document)
    text = buffer.text[buffer.cursor_position + begin : buffer.cursor_position + end]
    kept = len(text.rstrip())
    return TextObject(begin, begin + kept) if kept else what


def _visual(editor: Editor, keys: KeyBindings) -> None:
    buffer = editor.buffer
    visual = has_focus(buffer) & vi_selection_mode
    last: list[tuple[int, int, SelectionType]] = []

    def remember(_: object) -> None:
        if (selection := buffer.selection_state) is not None:
            last[:] = [(selection.original_cursor_position, buffer.cursor_position, selection.type)]

    editor.app.key_processor.after_key_press += remember

    @keys.add("p", filter=visual)
    @keys.add("P", filter=visual)
    def _paste_over(event: KeyPressEvent) -> None:
        clipboard = event.app.clipboard
        data = clipboard.get_data()
        rest, taken = buffer.document.cut_selection()
        begin, text = rest.cursor_position, data.text
        if taken.type is SelectionType.LINES:
            whole = len(buffer.text) - len(rest.text) > len(taken.text)
            text += "\n" if whole else ""  # the last line may have none
        elif data.type is SelectionType.LINES:
            text = f"\n{text}\n"
        buffer.exit_selection()
        found = rest.text[:begin] + text + rest.text[begin:]
        buffer.document = Document(found, max(begin + len(text.rstrip("\n")) - 1, 0))
        clipboard.set_data(taken)

    @keys.add("o", filter=visual, save_before=lambda _: False)
    def _other_end(_event: KeyPressEvent) -> None:
        selection = buffer.selection_state
        if selection is not None:
            here = buffer.cursor_position
            buffer.cursor_position = selection.original_cursor_position
            selection.original_cursor_position = here

    @keys.add("g", "v", filter=has_focus(buffer) & vi_navigation_mode, save_before=lambda _: False)
    def _again(_event: KeyPressEvent) -> None:
        for begin, end, kind in last:
            buffer.cursor_position = min(end, len(buffer.text))
            buffer.selection_state = SelectionState(min(begin, len(buffer.text)), kind)
