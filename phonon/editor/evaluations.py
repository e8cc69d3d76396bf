"""The results of evaluations: the texts that play, earlier versions, errors, the flash."""

from __future__ import annotations

from collections.abc import Mapping

from phonon.editor.diagnostics import Diagnostics
from phonon.editor.flash import Flash
from phonon.editor.journal import EvaluatedVersion
from phonon.editor.statements import Region, statements
from phonon.session.protocol import Evaluation, EvaluationScope


class Evaluations:
    """What has been evaluated, and with which result.

    `playing` are the texts of the running definitions by name, `versions` the evaluated texts of
    this file from all sittings (oldest first), `at_version` the one that was restored or evaluated
    last, `sitting` every evaluation since the editor began, with those that failed.
    """

    def __init__(self) -> None:
        self.playing: dict[str, str] = {}
        self.versions: list[EvaluatedVersion] = []
        self.at_version = 0
        self.sitting: list[EvaluatedVersion] = []
        self.diagnostics = Diagnostics()
        self.flash = Flash()

    def load(self, versions: list[EvaluatedVersion]) -> None:
        """Begin with the versions of a file's journal, newest last."""
        self.versions = versions
        self.at_version = len(versions)

    def adopt(self, definitions: Mapping[str, str]) -> bool:
        """Take over what an engine plays already; says whether nothing had been evaluated yet."""
        if not definitions or self.playing:
            return False
        self.playing = dict(definitions)
        return True

    def record_result(
        self, whole: str, region: Region, result: Evaluation, scope: EvaluationScope
    ) -> None:
        """Update the texts that play after `region` of the text `whole` has been evaluated."""
        defined = set(result.defined)
        texts = dict(self.playing)
        if scope == "file":
            texts = {name: text for name, text in texts.items() if name in result.kept}
        for one in statements(whole):
            if one.name in defined and (scope == "file" or _within(region, one.first)):
                texts[one.name] = one.text
        self.playing = {name: text for name, text in texts.items() if name not in result.removed}

    def remember(self, version: EvaluatedVersion) -> bool:
        """Add a version; says whether it is new and worth keeping in the journal."""
        new = version.ok and not (self.versions and self.versions[-1].text == version.text)
        if new:
            self.versions.append(version)
        self.at_version = len(self.versions) - 1
        self.sitting.append(version)
        return new

    def edited(self, text: str) -> set[int]:
        """The first lines of the statements of `text` that differ from what plays."""
        if not self.playing:
            return set()
        return {
            one.first
            for one in statements(text)
            if one.name and self.playing.get(one.name) != one.text
        }


def _within(region: Region, line: int) -> bool:
    return region.first <= line <= region.last
