"""Finds which definitions rest on which others, from their syntax."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from phonon.errors import Span


class Dependencies:
    """The definitions `texts`, by name, and what each of them rests on."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def of(self, name: str) -> list[str]:
        """A definition and everything it rests on."""
        # A pattern that `s` plays rests on instruments that it does not rest on otherwise.
        found = [(name, False)]
        for step in found:
            found += [other for other, _ in self._direct(*step) if other not in found]
        return list(dict.fromkeys(other for other, _ in found))

    def place(self, user: str, name: str) -> Span | None:
        """The span of the first use of `name` in the text of `user`, None if there is none."""
        found = (span for (other, _), span in self._direct(user, played=True) if other == name)
        return next(found, None)

    def _direct(self, name: str, played: bool) -> Iterator[tuple[tuple[str, bool], Span]]:
        """Uses in one definition: (name, whether `s` plays it), and the span."""
        from phonon.lang.name_uses import uses

        if name not in self._texts:
            return
        used = uses(self._texts[name])
        for use in used.names:
            if use.name in self._texts:
                yield (use.name, self._plays(use.receivers, played)), use.span
        for use in used.words:
            if self._plays(use.receivers, played):
                for other in (use.name, f"synth {use.name}"):
                    if other in self._texts and other.startswith(("~", "synth ")):
                        yield (other, False), use.span

    def _plays(
        self, receivers: frozenset[str], played: bool, seen: frozenset[str] = frozenset()
    ) -> bool:
        """Whether a value with these receivers reaches `s`, directly or through definitions."""
        from phonon.lang.name_uses import OWN, SOUND, uses

        if SOUND in receivers or (played and OWN in receivers):
            return True
        through = [other for other in receivers - seen if other in self._texts]
        return any(
            self._plays(uses(self._texts[other]).parameters, False, seen | {other})
            for other in through
        )
