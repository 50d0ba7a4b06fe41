"""Retrieval with any encoder: mean-pooled hidden states of one layer, compared by cosine.

As XTREME does it (Hu et al. 2020, arXiv:2003.11080; google-research/xtreme, ``third_party/evaluate_retrieval.py``): the mean is
taken over all tokens, special ones too, of one layer near the middle.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from robustx.errors import CheckpointError, UsageError
from robustx.model.checkpoint import Checkpoint
from robustx.model.heads.base import Asked, Encoded, Given
from robustx.model.heads.classification import tokenised
from robustx.model.infer import Inputs, Read, check_finite, forwarded, occurrences
from robustx.model.mining import best_threshold, mine
from robustx.model.neighbours import Vectors, nearest, unit
from robustx.suite.cells import CellRow
from robustx.tasks.base import Task
from robustx.tasks.retrieval import RetrievalTask

Progress = Callable[[int], None] | None

_KEPT = 2


class Side(NamedTuple):
    """The sentences of one language: which rows of the cell they stand in, their texts, and unit vectors [sentences, d]."""

    rows: list[int]
    texts: list[str]
    vectors: Vectors


def usual_layer(depth: int) -> int:
    """The layer to pool of so many, counted from 1: two above the middle.

    That is 8 of 12 and 14 of 24, XTREME's layers: its scripts say 7 and 13, counted from 0; jiant says 14.
    """
    return min(depth, depth // 2 + 2)


def layer_of(checkpoint: Checkpoint) -> int:
    """The layer whose output is pooled: the one that was asked for, or the usual one.

    Raises:
        UsageError: the model has no such layer.
    """
    depth = int(checkpoint.model.config.num_hidden_layers)
    asked = checkpoint.settings.layer
    if asked is None:
        return usual_layer(depth)
    if not 0 <= asked <= depth:
        raise UsageError(f"--layer {asked}: {checkpoint.name} has layers 1 to {depth}, and 0 for its embeddings")
    return asked


class Retrieval:
    """An encoder, with or without a head on it. The English side of the last cells is kept: no attack touches it."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Vectors] = OrderedDict()

    def lacks(self, checkpoint: Checkpoint, task: Task) -> str | None:
        """A bare encoder-decoder wants a text for its decoder, and CANINE's layers have no position for each character."""
        layer_of(checkpoint)
        config = checkpoint.model.config
        if (checkpoint.head == "retrieval" and config.is_encoder_decoder) or config.model_type == "canine":
            return (
                f"{checkpoint.name}: is a {checkpoint.architecture}; {task.name} needs an encoder with a vector a token"
            )
        return None

    def encode(self, checkpoint: Checkpoint, task: Task, rows: Sequence[CellRow]) -> Encoded:
        """Token ids of both sides of each row; a side that is empty is no input."""
        texts = [text for row in rows for text in row.fields if text]
        ids, extra, cut = tokenised(checkpoint, [texts])
        ends = np.cumsum([sum(map(bool, row.fields)) for row in rows]).tolist()
        windows = [range(start, end) for start, end in zip([0, *ends[:-1]], ends, strict=False)]
        whole = [[token for i in window for token in ids[i]] for window in windows]
        return Encoded(
            whole,
            [_digest([row.uid, *(ids[i] for i in window)]) for row, window in zip(rows, windows, strict=True)],
            occurrences(whole, checkpoint.tokenizer.unk_token_id),
            np.array([any(cut[i] for i in window) for window in windows], dtype=np.bool_),
            Inputs(ids, extra),
            windows,
        )

    def decide(self, checkpoint: Checkpoint, asked: Asked, encoded: Encoded) -> list[Given]:
        """What each row finds, with the score behind it; the rows that are asked about look among themselves."""
        rows = [asked.rows[i] for i in asked.chosen]
        if not isinstance(asked.task, RetrievalTask):
            raise TypeError(f"{asked.task.name} is no retrieval task")

        def side(which: int, find: Callable[[Checkpoint, Inputs, Progress], Vectors]) -> Side:
            at = _inputs_of(rows, encoded, which)
            texts = [rows[row].fields[which] for row in at]
            return Side(list(at), texts, find(checkpoint, _some(encoded.inputs, list(at.values())), asked.progress))

        return _SEARCHES[asked.task.search](rows, side(0, sentence_vectors), side(1, self._remembered), asked)

    def _remembered(self, checkpoint: Checkpoint, inputs: Inputs, progress: Progress) -> Vectors:
        """The same vectors as ``sentence_vectors``, which depend on nothing but what is in the key."""
        how = [checkpoint.fingerprint, checkpoint.dtype, str(checkpoint.device), layer_of(checkpoint)]
        key = _digest([*how, *inputs.ids])
        if key not in self._kept:
            self._kept[key] = sentence_vectors(checkpoint, inputs, progress)
        self._kept.move_to_end(key)
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return self._kept[key]


def nearest_sources(rows: Sequence[CellRow], sources: Side, targets: Side, asked: Asked) -> list[Given]:
    """Each English sentence finds the sentence of the language that is nearest to it."""
    made = [Given("", (0.0,))] * len(rows)
    if sources.rows and targets.rows:
        found = nearest(targets.vectors, sources.vectors, 1)
        for i, row in enumerate(targets.rows):
            answer = rows[sources.rows[int(found.rows[i, 0])]].uid
            made[row] = Given(answer, (float(np.float32(found.similarity[i, 0])),))
    return made


def mined_pairs(rows: Sequence[CellRow], sources: Side, targets: Side, asked: Asked) -> list[Given]:
    """Pairs that score above the threshold, which the clean cell has set by its best F1.

    Sentences that stand twice in a language compete, but are in no pair: which of them is meant, nobody can say.
    """
    made = [Given("", (0.0, 0.0))] * len(rows)
    once, seen = zip(*(_unified(side) for side in (sources, targets)), strict=True)
    if not all(side.rows for side in once):
        return made
    mined = mine(once[0].vectors, once[1].vectors)
    pairs = [
        (once[0].rows[i], rows[once[1].rows[j]].uid, float(score))
        for i, j, score in zip(mined.source.tolist(), mined.target.tolist(), mined.score.tolist(), strict=True)
        if seen[0][once[0].texts[i].strip()] == seen[1][once[1].texts[j].strip()] == 1
    ]
    threshold = _threshold(rows, pairs, asked)
    made = [Given("", (0.0, threshold))] * len(rows)
    for row, uid, score in pairs:
        made[row] = Given(uid if score >= threshold else "", (float(np.float32(score)), threshold))
    return made


_SEARCHES = {"nearest": nearest_sources, "mined": mined_pairs}


def _threshold(rows: Sequence[CellRow], pairs: list[tuple[int, str, float]], asked: Asked) -> float:
    """The threshold in float32, as cells keep it."""
    if asked.clean:
        return next(iter(asked.clean.values())).probabilities[1]
    right = np.array([uid in rows[row].gold.split() for row, uid, _ in pairs], dtype=np.bool_)
    score = np.array([score for _, _, score in pairs])
    wide = best_threshold(score, right, sum(len(row.gold.split()) for row in rows))
    narrow = np.float32(wide)
    lowest = score[score >= wide].min(initial=np.inf)
    # rounding must not push the last pair that is taken below the threshold
    return float(narrow if narrow <= lowest else np.nextafter(narrow, np.float32(-np.inf)))


def _unified(side: Side) -> tuple[Side, Counter[str]]:
    """Each text once, where it first stands, and how often each stands."""
    counts = Counter(text.strip() for text in side.texts)
    first: dict[str, int] = {}
    for i, text in enumerate(side.texts):
        first.setdefault(text.strip(), i)
    kept = list(first.values())
    return Side([side.rows[i] for i in kept], [side.texts[i] for i in kept], side.vectors[kept]), counts


def _inputs_of(rows: Sequence[CellRow], encoded: Encoded, side: int) -> dict[int, int]:
    """For each row that has this side, which of the inputs it is."""
    return {i: encoded.windows[i][side - (not row.fields[0])] for i, row in enumerate(rows) if row.fields[side]}


def sentence_vectors(checkpoint: Checkpoint, inputs: Inputs, progress: Progress) -> Vectors:
    """Unit vectors [inputs, d]; equal inputs go through the model once."""
    if not inputs.ids:
        return np.zeros((0, 1), np.float32)
    first: dict[tuple[int, ...], int] = {}
    chosen: list[int] = []
    for i, ids in enumerate(inputs.ids):
        if first.setdefault(tuple(ids), len(first)) == len(chosen):
            chosen.append(i)
    read = _pooled(checkpoint, layer_of(checkpoint))
    pooled = forwarded(checkpoint, _some(inputs, chosen), read, progress, output_hidden_states=True)
    vectors = np.array(pooled, dtype=np.float32).reshape(len(pooled), -1)
    check_finite(checkpoint, np.array(np.isfinite(vectors).all(axis=1)))
    return unit(vectors)[[first[tuple(ids)] for ids in inputs.ids]]


def _some(inputs: Inputs, chosen: Sequence[int]) -> Inputs:
    extra = {name: [values[i] for i in chosen] for name, values in inputs.extra.items()}
    return Inputs([inputs.ids[i] for i in chosen], extra)


def _pooled(checkpoint: Checkpoint, layer: int) -> Read:
    """Reads the mean over the tokens of each input."""

    def read(output: Any, tensors: dict[str, Any]) -> list[Vectors]:
        states = output.encoder_hidden_states if "encoder_hidden_states" in output else output.hidden_states
        hidden, mask = states[layer].float(), tensors["attention_mask"].unsqueeze(2).float()
        if hidden.shape[:2] != mask.shape[:2]:
            raise CheckpointError(
                f"{checkpoint.name}: layer {layer} has {hidden.shape[1]} positions for {mask.shape[1]} tokens; "
                "expected one for each; --layer gives another"
            )
        return list(((hidden * mask).sum(dim=1) / mask.sum(dim=1)).cpu().numpy())

    return read


def _digest(parts: list[Any]) -> str:
    return hashlib.blake2b(json.dumps(parts).encode(), digest_size=8).hexdigest()
