"""How much a classifier's margin depends on each word, by the gradient at its token embeddings: a white-box ranking.

The norm of the gradient of a token's embedding is its saliency (Simonyan et al. 2014, arXiv:1312.6034; Li et al. 2016,
arXiv:1506.01066); a word's is that of its most salient token. It costs one pass forward and back where ranking by deletion
costs a query a word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from robustx.errors import UsageError
from robustx.model.checkpoint import Checkpoint
from robustx.model.infer import taken
from robustx.search.space import Place
from robustx.suite.cells import CellRow
from robustx.tasks.base import Task
from robustx.text.analysis import Text


class Gradients:
    """The gradients of a sequence classifier with a fast tokenizer.

    Raises:
        UsageError: the task has another head, a defence stands before the model, or the tokenizer tells no offsets.
    """

    def __init__(self, checkpoint: Checkpoint, task: Task) -> None:
        if task.head != "classification":
            raise UsageError(f"--search gradient: ranks words for classifiers, and {task.name} is {task.head}")
        if checkpoint.settings.defence:
            raise UsageError("--search gradient: a defence changes where words stand; search by greedy in its place")
        if not getattr(checkpoint.tokenizer, "is_fast", False):
            name = type(checkpoint.tokenizer).__name__
            raise UsageError(
                f"--search gradient: needs a fast tokenizer, which knows where its tokens stand; this is {name}"
            )
        self._checkpoint, self._task = checkpoint, task

    def words(self, row: CellRow, texts: Mapping[str, Text]) -> dict[Place, float]:
        """The saliency of each word of the fields that may be attacked; none for words that were cut off."""
        encoded = self._checkpoint.tokenizer(
            *row.fields,
            truncation="longest_first" if len(row.fields) > 1 else True,
            max_length=self._checkpoint.max_length,
            return_offsets_mapping=True,
            return_tensors="pt",
        )
        norms = self._norms(row.gold, encoded)
        sequences, spans = encoded.sequence_ids(0), encoded["offset_mapping"][0].tolist()
        made: dict[Place, float] = {}
        for which, norm, (start, end) in zip(sequences, norms, spans, strict=True):
            if which is None or start == end:
                continue
            name = self._task.fields[which]
            text = texts.get(name)
            word = text.word_at(start) if text else 0
            if text and word < len(text.spans) and text.spans[word][0] < end:  # else it stands between words
                place = Place(name, word)
                made[place] = max(norm, made.get(place, 0.0))
        return made

    def _norms(self, gold: str, encoded: Any) -> Sequence[float]:
        """The norm of the gradient of the gold label's cross-entropy at each token."""
        import torch

        model, device = self._checkpoint.model, self._checkpoint.device
        label = self._checkpoint.order(self._task.labels)[self._task.labels.index(gold)]
        inputs = {"attention_mask", *({"token_type_ids"} & taken(self._checkpoint))}
        more = {name: tensor.to(device) for name, tensor in encoded.items() if name in inputs}
        with torch.enable_grad():
            vectors = model.get_input_embeddings()(encoded["input_ids"].to(device)).detach().requires_grad_()
            try:
                logits = model(inputs_embeds=vectors, **more).logits.float()
            except NotImplementedError as error:
                kind = self._checkpoint.architecture
                raise UsageError(
                    f"--search gradient: {kind} takes no embeddings; search by greedy in its place"
                ) from error
            loss = torch.nn.functional.cross_entropy(logits, torch.tensor([label], device=device))
            (gradient,) = torch.autograd.grad(loss, vectors)
        norms: list[float] = gradient[0].float().norm(dim=-1).tolist()
        return norms
