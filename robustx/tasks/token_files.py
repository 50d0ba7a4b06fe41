"""Files of ``token<TAB>tag`` lines with a blank line between sentences, as CoNLL, WikiANN and XTREME have them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

LONGEST = 10_000
"""Tokens of the longest sentence that is kept; of a longer one it is said that it is."""


class Sentence(NamedTuple):
    """The lines between two blank ones: the number of the first, the tokens and tags, and what is wrong, if anything."""

    line: int
    tokens: list[str]
    tags: list[str]
    problem: str | None


def read_sentences(path: Path, language: str) -> Iterator[Sentence]:
    """Every sentence of a file, bad ones too. Blank lines at the file's end make none; elsewhere, two make an empty one.

    Where every token of a sentence begins with ``<language>:``, as in raw WikiANN, that is taken off.
    """
    first, blank = 1, 0
    block: list[bytes] = []
    with path.open("rb") as lines:
        for number, raw in enumerate(lines, start=1):
            line = raw.rstrip(b"\r\n")
            if line:
                if not block:
                    yield from (Sentence(number - left, [], [], "an empty sentence") for left in range(blank, 0, -1))
                    first, blank = number, 0
                if len(block) <= LONGEST:
                    block.append(line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line)
            elif block:
                yield _sentence(first, block, language)
                block = []
            else:
                blank += 1
    if block:
        yield _sentence(first, block, language)


def has_tag(path: Path, tags: Iterable[str]) -> bool:
    """Whether any line of the file gives its token one of the tags."""
    wanted = {tag.encode() for tag in tags}
    with path.open("rb") as lines:
        return any(line.rpartition(b"\t")[2].strip() in wanted for line in lines if b"\t" in line)


def _sentence(first: int, block: list[bytes], language: str) -> Sentence:
    tokens, tags = [], []
    if len(block) > LONGEST:
        return Sentence(first, [], [], f"more than {LONGEST:,} tokens without a blank line")
    for number, raw in enumerate(block, start=first):
        try:
            columns = raw.decode("utf-8").split("\t")
        except UnicodeDecodeError as error:
            return Sentence(first, [], [], f"line {number} is not UTF-8 ({error.reason} at byte {error.start})")
        if len(columns) > 2:
            return Sentence(
                first, [], [], f"line {number} has {len(columns)} columns; expected a token, a tab and its tag"
            )
        tokens.append(columns[0])
        tags += [tag for column in columns[1:] if (tag := column.strip())]
    problem = None if len(tokens) == len(tags) else f"{len(tokens)} tokens and {len(tags)} tags"
    return Sentence(first, _without_prefix(tokens, language), tags, problem)


def _without_prefix(tokens: list[str], language: str) -> list[str]:
    prefix = f"{language}:"
    return [token[len(prefix) :] for token in tokens] if all(token.startswith(prefix) for token in tokens) else tokens
