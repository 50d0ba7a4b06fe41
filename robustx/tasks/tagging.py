"""What the token tasks share: reading, tokens as one text, and chunk F1 as a ratio of sums.

An example's only field, ``sentence``, is its tokens joined by line feeds, so that a token may hold a space and no attack
needs to know of tags; gold and prediction are the tags joined by spaces.

Folder: XTREME's layout, ``test-<language>.tsv`` or ``dev-<language>.tsv``, in the folder itself or in one of the
task's name below it, and raw WikiANN's ``<language>-test`` and ``<language>/test``. XTREME takes the tags out of its
test files: where that was done, dev is read. (``*_processed_maxlen128`` holds one tokenizer's cut of the same
sentences, and is not read.) Hub: ``google/xtreme``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from robustx.errors import DataError
from robustx.tasks.base import Example, Head, SkipLog, Statistic, Task, field_problem
from robustx.tasks.chunks import Split, chunks, split_tag
from robustx.tasks.token_files import has_tag, read_sentences
from robustx.text.display import visible
from robustx.text.languages import languages

HUB_ID = "google/xtreme"
FIELD = "sentence"
SEPARATOR = "\n"
"""What stands between the tokens of the field."""

SPLITS = ("test", "dev")
"""The splits that are looked for, in this order."""


class Tagging(Task):
    """A task that gives every token a tag; each is a subclass that says its name, tags and config on the hub.

    Attributes:
        filler: the tag that XTREME's tools write where they took the tags out.
        hub_tags: the column of tags on the hub, which numbers them in the order of ``labels``.
    """

    filler: str
    hub_tags: str
    head: Head = "tagging"
    metric = "F1"
    fields: tuple[str, ...] = (FIELD,)
    attackable: tuple[str, ...] = (FIELD,)

    def hub_config(self, language: str) -> str:
        """What the hub's data set calls the task in a language."""
        raise NotImplementedError

    def parted(self, tag: str) -> tuple[str, str]:
        """A tag as (position, type)."""
        return split_tag(tag)

    def available(self, root: Path) -> list[str]:
        """Languages with a file that has tags, of those robustx knows."""
        return [code for code in languages() if self.file(root, code) is not None]

    def file(self, root: Path, language: str) -> tuple[str, Path] | None:
        """The split that is read and its file: the test set where it has tags, else dev."""
        wanted = [tag for tag in self.labels if tag != self.filler]
        return next((found for found in self._files(root, language) if has_tag(found[1], wanted)), None)

    def split(self, root: Path, language: str) -> str:
        """The test set where it has tags, else dev."""
        found = self.file(root, language)
        return found[0] if found else "test"

    def read(self, root: Path, language: str, skipped: SkipLog) -> Iterator[Example]:
        """The sentences of one language, in order.

        Raises:
            DataError: there is no file, or none of its lines has a tag of the task.
        """
        found = self.file(root, language)
        if found is None:
            raise self._no_file(root, language)
        for number, sentence in enumerate(read_sentences(found[1], language), start=1):
            problem = sentence.problem or self._problem(sentence.tokens, sentence.tags)
            if problem is not None:
                skipped.add(found[1], sentence.line, problem)
            else:
                yield self._example(language, number, sentence.tokens, sentence.tags)

    def read_hub(self, language: str, skipped: SkipLog) -> Iterator[Example]:
        """The sentences of the hub's test split."""
        from robustx.tasks.hub import hub_rows

        config = self.hub_config(language)
        for number, row in enumerate(hub_rows(HUB_ID, config, "test"), start=1):
            tokens = [str(token or "") for token in row["tokens"] or []]
            tags = [
                self.labels[i] if isinstance(i, int) and 0 <= i < len(self.labels) else str(i)
                for i in row[self.hub_tags] or []
            ]
            problem = self._problem(tokens, tags)
            if problem is not None:
                skipped.add(f"{HUB_ID}/{config}", number, problem)
            else:
                yield self._example(language, number, tokens, tags)

    def protected(self, example: Example, field: str) -> list[tuple[int, int]]:
        """What stands between tokens."""
        return [(at, at + 1) for at, character in enumerate(example.fields[field]) if character == SEPARATOR]

    def carries(self, example: Example, fields: Mapping[str, str]) -> bool:
        """Whether there are as many tokens as tags, and none is blank."""
        return whole(fields[FIELD], example.gold.count(" ") + 1)

    def statistic(self, gold: str, predicted: str, language: str) -> Statistic:
        """Twice the chunks that are right, and the chunks of both: the ratio of their sums is seqeval's micro F1."""
        return chunk_f1(gold, predicted, self.parted)

    def _files(self, root: Path, language: str) -> Iterator[tuple[str, Path]]:
        for split in SPLITS:
            for folder in (root / self.name, root):
                for name in (f"{split}-{language}.tsv", f"{language}-{split}", f"{language}/{split}"):
                    if (folder / name).is_file():
                        yield split, folder / name

    def _no_file(self, root: Path, language: str) -> DataError:
        there = next(self._files(root, language), None)
        if there is None:
            where = (
                f"{root}: has no {self.name} data for {language}; expected test-{language}.tsv or dev-{language}.tsv"
            )
            return DataError(f"{where}, a token, a tab and its tag a line")
        return DataError(
            f"{there[1]}: row 1: none of its lines has a {self.name} tag; expected a token, a tab and one of "
            f"{', '.join(self.labels)} (XTREME takes the tags out of its test files; give dev-{language}.tsv too)"
        )

    def _problem(self, tokens: Sequence[str], tags: Sequence[str]) -> str | None:
        """Why a sentence cannot be used, or None."""
        if not tokens:
            return "an empty sentence"
        if len(tokens) != len(tags):
            return f"{len(tokens)} tokens and {len(tags)} tags"
        unknown = next((tag for tag in tags if tag not in self.labels), None)
        if unknown is not None:
            return f'the tag "{visible(unknown[:40])}"; expected {", ".join(self.labels)}'
        text = SEPARATOR.join(tokens)
        return field_problem([text]) or (None if whole(text, len(tags)) else "a blank token, or one with a line feed")

    def _example(self, language: str, number: int, tokens: Sequence[str], tags: Sequence[str]) -> Example:
        fields = {FIELD: SEPARATOR.join(tokens)}
        return Example(f"{self.name}-{language}-{number}", language, fields, " ".join(tags))


def whole(text: str, count: int) -> bool:
    """Whether a text of joined tokens has so many of them, none blank."""
    tokens = text.split(SEPARATOR)
    return len(tokens) == count and all(token.strip() for token in tokens)


def chunk_f1(gold: str, predicted: str, split: Split) -> Statistic:
    """Twice the chunks in both, and the chunks of either added up."""
    wanted, given = chunks(gold.split(" "), split), chunks(predicted.split(" "), split)
    return Statistic(2.0 * len(wanted & given), float(len(wanted) + len(given)))


def late_chunk_f1(gold: str, predicted: str, language: str) -> Statistic:
    """Chunk F1 by seqeval 0.0.13 to 1.2.2, every sentence read on its own.

    seqeval reads a corpus as one sequence, and there a chunk of X (which has no type) that opens a sentence begins where the
    chunk before it began, in a sentence before; no sum can say that.
    """
    return chunk_f1(gold, predicted, split_tag)


def token_accuracy(gold: str, predicted: str, language: str) -> Statistic:
    """Tags that are right, of all."""
    wanted, given = gold.split(" "), predicted.split(" ")
    right = sum(one == other for one, other in zip(wanted, given, strict=True))
    return Statistic(float(right), float(len(wanted)))
