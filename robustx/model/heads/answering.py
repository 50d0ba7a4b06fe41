"""Extractive question answering: a question and a context, in windows where it is long; a span of the context.

The answer is cut out of the context by character offsets, never put together from tokens again. Lengths are XTREME's: windows
begin 128 tokens apart and a question is read for 64 tokens, or for half of what a small model takes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from robustx.model.checkpoint import Checkpoint
from robustx.model.heads.base import Asked, Encoded, Given
from robustx.model.heads.frame import frame_of
from robustx.model.heads.spans import Span, best_spans, most_context, probability_of_best, windows
from robustx.model.infer import Inputs, check_finite, forwarded, occurrences, taken
from robustx.suite.cells import CellRow
from robustx.tasks.base import Task

STEP = 128
"""Tokens from the start of one window to that of the next (``doc_stride``)."""

LONGEST_QUESTION = 64
"""Tokens of a question that are read (``max_query_length``)."""


class Note(NamedTuple):
    """What a row's answer is read by.

    Attributes:
        offsets: (start, end) of each token of the context, in code points of the context.
        parts: which of these tokens each window has.
        begin: where the context begins in every window.
    """

    context: str
    offsets: list[tuple[int, int]]
    parts: list[range]
    begin: int


class Answering:
    """A reader that gives each token a logit for the start and one for the end of the answer."""

    def lacks(self, checkpoint: Checkpoint, task: Task) -> str | None:
        """It needs two outputs a token, and offsets: without them there is no telling what a token stands for."""
        if not getattr(checkpoint.tokenizer, "is_fast", False):
            return (
                f"{checkpoint.name}: its tokenizer, {type(checkpoint.tokenizer).__name__}, does not say which characters a "
                f"token stands for; {task.name} needs a fast tokenizer (tokenizer.json)"
            )
        if len(checkpoint.outputs) != 2:
            return (
                f"{checkpoint.name}: its head has {len(checkpoint.outputs)} outputs; {task.name} needs 2: start and end"
            )
        return None

    def encode(self, checkpoint: Checkpoint, task: Task, rows: Sequence[CellRow]) -> Encoded:
        """Every window of each row; a text that several rows share is tokenised once."""
        question, context = (task.fields.index(name) for name in ("question", "context"))
        asked = _tokenised(checkpoint, [row.fields[question] for row in rows])
        read = _tokenised(checkpoint, [row.fields[context] for row in rows])
        frame = frame_of(checkpoint)
        longest = min(LONGEST_QUESTION, (checkpoint.max_length - frame.specials) // 2)
        inputs = Inputs([], {"token_type_ids": []} if "token_type_ids" in taken(checkpoint) else {})
        ids: list[list[int]] = []
        notes: list[Note] = []
        mine: list[range] = []
        for row, (whole, _), (tokens, offsets) in zip(rows, asked, read, strict=True):
            words = whole[:longest]
            parts = windows(len(tokens), checkpoint.max_length - frame.specials - len(words), STEP)
            first = len(inputs.ids)
            for part in parts:
                inputs.ids.append(frame.ids(words, tokens[part.start : part.stop]))
                for types in inputs.extra.values():
                    types.append(frame.types(len(words), len(part)))
            ids.append(frame.ids(words, tokens))
            notes.append(Note(row.fields[context], offsets, parts, frame.begin(words)))
            mine.append(range(first, len(inputs.ids)))
        return Encoded(
            ids,
            [_digest(inputs.ids[ours.start : ours.stop]) for ours in mine],
            occurrences(ids, checkpoint.tokenizer.unk_token_id),
            np.array([len(whole) > longest for whole, _ in asked], dtype=np.bool_),
            inputs,
            mine,
            notes,
        )

    def decide(self, checkpoint: Checkpoint, asked: Asked, encoded: Encoded) -> list[Given]:
        """The best span of each row, with its probability among the best twenty."""
        logits = forwarded(checkpoint, encoded.inputs, _logits, asked.progress)
        check_finite(checkpoint, np.array([np.isfinite(one).all() for one in logits], dtype=np.bool_))
        return [
            _answer(note, [logits[i] for i in mine]) for note, mine in zip(encoded.notes, encoded.windows, strict=True)
        ]


def _answer(note: Note, logits: Sequence[Any]) -> Given:
    inside = [one[:, note.begin : note.begin + len(part)] for one, part in zip(logits, note.parts, strict=True)]
    spans = best_spans([one[0] for one in inside], [one[1] for one in inside], may_start(note))
    if not spans:
        return Given("", (0.0,))
    return Given(cut_out(note, spans[0]), (probability_of_best(spans),))


def may_start(note: Note) -> list[Any]:
    """For each token of each window, whether an answer may begin there: where it has most context, and is no white space."""
    written = np.array([bool(note.context[start:end].strip()) for start, end in note.offsets], dtype=np.bool_)
    return [
        flags & written[part.start : part.stop]
        for flags, part in zip(most_context(note.parts), note.parts, strict=True)
    ]


def cut_out(note: Note, span: Span) -> str:
    """The text of a span, without white space around it."""
    begin = note.parts[span.window].start
    return note.context[note.offsets[begin + span.first][0] : note.offsets[begin + span.last][1]].strip()


def _logits(output: Any, tensors: Mapping[str, Any]) -> Any:
    """[inputs, 2, tokens]: the start's and the end's."""
    import torch

    return torch.stack([output.start_logits, output.end_logits], dim=1).float().cpu().numpy()


Tokens = tuple[list[int], list[tuple[int, int]]]
"""Ids and offsets."""


def _tokenised(checkpoint: Checkpoint, texts: Sequence[str]) -> list[Tokens]:
    """Each text's tokens, without special ones; a text that stands there often is tokenised once."""
    distinct = list(dict.fromkeys(texts))
    if not distinct:
        return []
    made: Any = checkpoint.tokenizer(
        distinct, add_special_tokens=False, return_offsets_mapping=True, truncation=False, padding=False, verbose=False
    )
    found = dict(zip(distinct, zip(made["input_ids"], made["offset_mapping"], strict=True), strict=True))
    return [found[text] for text in texts]


def _digest(inputs: Sequence[Sequence[int]]) -> str:
    """Of the ids of all windows; the number of them is in it."""
    made = hashlib.blake2b(digest_size=8)
    for ids in inputs:
        made.update(np.array([len(ids), *ids], dtype=np.int32).tobytes())
    return made.hexdigest()
