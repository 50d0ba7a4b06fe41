"""Masked language modelling (Devlin et al. 2019, arXiv:1810.04805): 15 % of the tokens, of which 80 % masked and 10 % changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from robustx.errors import CheckpointError
from robustx.stilts.examples import Passage
from robustx.stilts.heads.base import IGNORED, Feature, Shape, chunks, inputs_of
from robustx.tasks.base import Statistic

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

SHARE = 0.15
MASKED, CHANGED = 0.8, 0.1


class Masked:
    """The family; see ``Family``. It has no score: it is company for other tasks."""

    auto = "AutoModelForMaskedLM"

    def features(
        self, examples: Sequence[Passage], tokenizer: PreTrainedTokenizerBase, labels: Sequence[str], shape: Shape
    ) -> list[Feature]:
        """One input a passage, cut to the longest input; masks are put on later, anew for every time it is seen.

        Raises:
            CheckpointError: the tokenizer has no mask token.
        """
        if tokenizer.mask_token_id is None:
            raise CheckpointError(f"{tokenizer.name_or_path}: has no mask token, which masked language modelling needs")
        made = []
        for part in chunks(len(examples)):
            encoded: Any = tokenizer([examples[i].text for i in part], truncation=True, max_length=shape.length)
            made += [Feature(i, inputs_of(encoded, at)) for at, i in enumerate(part)]
        return made

    def outputs(self, output: Any, features: Sequence[Feature]) -> list[Any]:
        """Nothing: see the class."""
        return [None] * len(features)

    def score(
        self, examples: Sequence[Passage], features: Sequence[Feature], given: Sequence[Any], labels: Sequence[str]
    ) -> Statistic:
        """Nothing: see the class."""
        return Statistic(0.0, 0.0)


def mask(feature: Feature, tokenizer: PreTrainedTokenizerBase, key: Sequence[int]) -> Feature:
    """The feature with masks and labels, keyed: the same key makes the same masks, whoever asks and when."""
    rng = np.random.default_rng(list(key))
    ids = feature.arrays["input_ids"].copy()
    special = np.isin(ids, tokenizer.all_special_ids)
    chosen = (rng.random(len(ids)) < SHARE) & ~special
    if not chosen.any() and not special.all():
        chosen[rng.choice(np.flatnonzero(~special))] = True
    labels = np.where(chosen, ids, IGNORED).astype(np.int32)
    fate = rng.random(len(ids))
    ids[chosen & (fate < MASKED)] = tokenizer.mask_token_id
    changed = chosen & (fate >= MASKED) & (fate < MASKED + CHANGED)
    ids[changed] = rng.integers(0, len(tokenizer), changed.sum())
    return Feature(feature.row, {**feature.arrays, "input_ids": ids, "labels": labels}, feature.note)
