"""From texts to translations: each distinct text once, cut into what the engine takes, in batches sorted by length."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from robustx.errors import RobustxError
from robustx.translate.engine import Engine, Outcome
from robustx.translate.guard import TWICE, translated
from robustx.translate.sentences import joined, sentences
from robustx.translate.store import Store

MANY = 8
"""A batch of at least so many texts of which none could be translated ends the run: the engine is at fault, not the texts."""


@dataclass(frozen=True)
class Work:
    """What is to be done for one target language.

    Attributes:
        parts: each distinct text with the pieces that it is translated in.
        batches: pieces that are not in the store yet, longest first, as they will be sent.
        pieces: how many distinct pieces there are in all.
    """

    engine: Engine
    source: str
    target: str
    parts: dict[str, tuple[str, ...]]
    batches: list[list[str]]
    pieces: int
    store: Store

    @property
    def left(self) -> int:
        """Pieces to be translated."""
        return sum(map(len, self.batches))


def plan(engine: Engine, texts: Iterable[str], source: str, target: str, store: Store) -> Work:
    """Lay out the work.

    Batches are cut before what is known is taken out of them: a run that was killed goes on with the batches that it
    would have had.
    """
    parts = {text: _pieces(engine, text, source) for text in dict.fromkeys(texts)}
    pieces = sorted(
        {piece for cut in parts.values() for piece in cut if engine.fits(piece)}, key=lambda x: (-len(x), x)
    )
    whole = [pieces[i : i + engine.batch] for i in range(0, len(pieces), engine.batch)]
    new = [[piece for piece in batch if piece not in store.known] for batch in whole]
    return Work(engine, source, target, parts, [batch for batch in new if batch], len(pieces), store)


def do(work: Work, progress: Callable[[int], None] | None = None) -> dict[str, Outcome]:
    """Translate what is left; an outcome for every text. ``progress`` is given the pieces that each batch had.

    Raises:
        RobustxError: a whole batch came to nothing.
    """
    for batch in work.batches:
        outcomes = translated(work.engine, batch, work.source, work.target)
        failed = [outcome.problem for outcome in outcomes if (outcome.problem or "").startswith(TWICE)]
        if len(failed) == len(batch) >= MANY:
            raise RobustxError(
                f"{work.engine.name}, {work.source} to {work.target}: none of {len(batch)} texts could be translated; "
                f"the last: {failed[-1]}. What was done before is kept: the same command takes it up again"
            )
        work.store.add(dict(zip(batch, outcomes, strict=True)))
        if progress:
            progress(len(batch))
    return {text: _whole(work, cut) for text, cut in work.parts.items()}


def _pieces(engine: Engine, text: str, source: str) -> tuple[str, ...]:
    if engine.unit == "text" and engine.fits(text):
        return (text,)
    return tuple(sentences(text, source))


def _whole(work: Work, cut: tuple[str, ...]) -> Outcome:
    made = [work.store.known.get(piece) or Outcome("", _too_long(piece)) for piece in cut]
    text = joined([one.text for one in made if one.text], work.target)
    problems = list(dict.fromkeys(one.problem for one in made if one.problem))
    if problems and len(cut) > 1:
        count = sum(one.problem is not None for one in made)
        return Outcome(text, f"{count} of {len(cut)} sentences: {'; '.join(problems)}")
    return Outcome(text, "; ".join(problems) or None)


def _too_long(piece: str) -> str:
    return f"a sentence of {len(piece):,} characters is longer than the engine takes"
