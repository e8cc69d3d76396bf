"""Finds which definitions depend on which others, from their syntax."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from phonon.errors import Span

USED = ("bus", "function")  # kinds of definitions that expressions name
PLAYED = ("bus", "instrument")  # kinds that the words of `s` name


class Dependencies:
    """The definitions `texts`, by key, and what each of them depends on."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        from phonon.lang.statement_kinds import definition

        self._texts = texts
        found = [(key, definition(text)) for key, text in texts.items()]
        self._used = {d.name: key for key, d in found if d and d.kind.defines in USED}
        self._played = {d.name: key for key, d in found if d and d.kind.defines in PLAYED}

    def of(self, key: str) -> list[str]:
        """A definition and everything it depends on."""
        # A pattern depends on the instruments that its words name only where `s` plays it.
        found = [(key, False)]
        for step in found:
            found += [other for other, _ in self._direct(*step) if other not in found]
        return list(dict.fromkeys(other for other, _ in found))

    def place(self, user: str, key: str) -> Span | None:
        """The span of the first use of `key` in the text of `user`, None if there is none."""
        found = (span for (other, _), span in self._direct(user, played=True) if other == key)
        return next(found, None)

    def _direct(self, key: str, played: bool) -> Iterator[tuple[tuple[str, bool], Span]]:
        """Uses in one definition: (key, whether `s` plays it), and the span."""
        from phonon.lang.name_uses import uses

        if key not in self._texts:
            return
        found = uses(self._texts[key])
        for use in found.names:
            if use.name in self._used:
                yield (self._used[use.name], self._plays(use.receivers, played)), use.span
        for use in found.words:
            if use.name in self._played and self._plays(use.receivers, played):
                yield (self._played[use.name], False), use.span

    def _plays(
        self, receivers: frozenset[str], played: bool, seen: frozenset[str] = frozenset()
    ) -> bool:
        """Whether a value with these receivers reaches `s`, directly or through definitions."""
        from phonon.lang.name_uses import OWN, SOUND, uses

        if SOUND in receivers or (played and OWN in receivers):
            return True
        return any(
            self._plays(uses(self._texts[self._used[name]]).parameters, False, seen | {name})
            for name in receivers - seen
            if name in self._used
        )
