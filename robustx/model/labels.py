"""The label map: which of a head's outputs means which of a task's labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from robustx.errors import CheckpointError, UsageError

_SYNONYMS = {
    "entailment": ("entailment", "entail", "entails", "e", "yes"),
    "neutral": ("neutral", "n", "maybe", "neither"),
    "contradiction": ("contradiction", "contradict", "contradicts", "contradictory", "c", "no"),
    "paraphrase": ("paraphrase", "paraphrases", "equivalent", "duplicate", "1", "yes"),
    "different": ("different", "not paraphrase", "non-paraphrase", "not equivalent", "not duplicate", "0", "no"),
}


def label_order(id2label: Mapping[int, str], labels: Sequence[str], named: str | None, source: str) -> list[int]:
    """For each of the task's labels, the index of the head's output that means it.

    Args:
        id2label: the config's map.
        labels: the task's labels.
        named: ``--labels``: the task's labels in the order of the head's outputs, or None to read the config.
        source: the checkpoint's name, for messages.

    Raises:
        CheckpointError: the head has another number of outputs, or the config's names say nothing (``LABEL_0``).
        UsageError: ``named`` is not a permutation of the labels, or is another than the config's.
    """
    if len(id2label) != len(labels):
        raise CheckpointError(
            f"{source}: its head has {len(id2label)} outputs; the task has {len(labels)}: {', '.join(labels)}"
        )
    said = [_canonical(id2label[i], labels) for i in range(len(labels))]
    clear = sorted(part or "" for part in said) == sorted(labels)
    if named is not None:
        given = [_canonical(part, labels) for part in named.split(",")]
        if sorted(part or "" for part in given) != sorted(labels):
            raise UsageError(f"--labels {named}: expected {', '.join(labels)} in the order of the head's outputs")
        if clear and given != said:
            raise UsageError(
                f"--labels {named}: the config of {source} says {', '.join(id2label[i] for i in range(len(labels)))}; leave "
                "--labels out, or correct id2label in its config.json"
            )
    else:
        given = said
        if not clear:
            raise CheckpointError(
                f"{source}: its config names the outputs {', '.join(id2label[i] for i in range(len(labels)))}, which does "
                f"not say which label is which; give them in order: --labels {','.join(labels)}"
            )
    return [given.index(label) for label in labels]


def _canonical(name: str, labels: Sequence[str]) -> str | None:
    low = name.strip().lower().replace("_", " ").strip()
    for label in labels:
        if low == label.lower() or low in _SYNONYMS.get(label, ()):
            return label
    return None
