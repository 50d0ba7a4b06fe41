"""Token classification: a tag for every token, read off its first subword, as XTREME and BERT's authors do.

Tokens are cut into subwords one by one. A token of which nothing is left (only unseen characters, say) is given to
the model as its unknown token, as XTREME does, and counts as one. A sentence that is longer than the maximum length is
read in windows that overlap by half and end between tokens; each token's tag is taken where it stands farthest from a
cut. Nothing is left out, so a row counts as cut only where one token alone is longer than a window.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np

from robustx.errors import CheckpointError
from robustx.model.checkpoint import Checkpoint
from robustx.model.heads.base import Asked, Encoded, Given
from robustx.model.infer import Inputs, check_finite, forwarded, occurrences, taken
from robustx.suite.cells import CellRow
from robustx.tasks.base import Task
from robustx.tasks.tagging import SEPARATOR

_PROBE = "a"


class Place(NamedTuple):
    """Where a token's tag is read: which of its row's windows, and which position in it."""

    window: int
    position: int


class Frame(NamedTuple):
    """What a tokenizer puts around one text: ids before and after, and further inputs before, for and after a subword."""

    before: list[int]
    after: list[int]
    extra: dict[str, tuple[list[int], int, list[int]]]

    def around(self, ids: Sequence[int]) -> list[int]:
        """The ids as the model takes them."""
        return [*self.before, *ids, *self.after]

    def beside(self, name: str, length: int) -> list[int]:
        """A further input for so many subwords."""
        before, each, after = self.extra[name]
        return [*before, *[each] * length, *after]


class Tagging:
    """A token classifier."""

    def lacks(self, checkpoint: Checkpoint, task: Task) -> str | None:
        """A head with another number of outputs than the task has tags is another task's."""
        if len(checkpoint.outputs) == len(task.labels):
            return None
        return (
            f"{checkpoint.name}: its head has {len(checkpoint.outputs)} outputs; "
            f"{task.name} has {len(task.labels)} tags: {', '.join(task.labels)}"
        )

    def encode(self, checkpoint: Checkpoint, task: Task, rows: Sequence[CellRow]) -> Encoded:
        """Subwords of every token, in windows where they are too many for one."""
        frame = frame_of(checkpoint)
        room = checkpoint.max_length - len(frame.before) - len(frame.after)
        sentences = [row.fields[0].split(SEPARATOR) for row in rows]
        known = _subwords(checkpoint, sorted({token for tokens in sentences for token in tokens}))
        inputs = Inputs([], {name: [] for name in frame.extra})
        made = Encoded([], [], np.zeros(0, np.int32), np.zeros(len(rows), np.bool_), inputs, [])
        for row, tokens in enumerate(sentences):
            pieces = [known[token][:room] for token in tokens]
            made.truncated[row] = any(len(known[token]) > room for token in tokens)
            _add(made, frame, pieces, room)
        return Encoded(
            made.ids,
            made.digests,
            occurrences(made.ids, checkpoint.tokenizer.unk_token_id),
            made.truncated,
            inputs,
            made.windows,
            made.notes,
        )

    def decide(self, checkpoint: Checkpoint, asked: Asked, encoded: Encoded) -> list[Given]:
        """The likeliest tag of every token, joined by spaces, and the probability of each of these tags."""
        labels = asked.task.labels
        tag_of = dict(zip(checkpoint.order(labels), labels, strict=True))
        read = forwarded(checkpoint, encoded.inputs, _likeliest, asked.progress)
        made = []
        for windows, places in zip(encoded.windows, encoded.notes, strict=True):
            best = [read[windows[place.window]][:, place.position] for place in places]
            made.append(Given(" ".join(tag_of[int(tag)] for tag, _ in best), tuple(float(share) for _, share in best)))
        check_finite(checkpoint, np.array([np.isfinite(given.probabilities).all() for given in made], dtype=np.bool_))
        return made


def windows(lengths: Sequence[int], room: int) -> list[range]:
    """Which tokens each window holds, every token in one at least; windows overlap by about half and end between tokens.

    Args:
        lengths: subwords of each token, each at most ``room``.
        room: subwords that a window takes.
    """
    starts = list(accumulate(lengths, initial=0))
    count, first, made = len(lengths), 0, list[range]()
    while starts[-1] - starts[first] > room:
        end = bisect_right(starts, starts[first] + room) - 1
        made.append(range(first, end))
        # half a window on, and far enough to hold a token more than this one
        onward = max(bisect_left(starts, starts[first] + room // 2), bisect_left(starts, starts[end + 1] - room))
        first = min(end, max(first + 1, onward))
    # the last window reaches back as far as there is room
    return [*made, range(bisect_left(starts, starts[-1] - room) if made else 0, count)]


def homes(lengths: Sequence[int], spans: Sequence[range]) -> list[int]:
    """For every token the window in which most subwords stand between it and a cut; of two alike, the first."""
    starts = list(accumulate(lengths, initial=0))
    best: list[tuple[float, int]] = [(-1.0, 0)] * len(lengths)
    for i, span in enumerate(spans):
        for token in span:
            left = starts[token] - starts[span.start] if span.start else np.inf
            right = starts[span.stop] - starts[token + 1] if span.stop < len(lengths) else np.inf
            if min(left, right) > best[token][0]:
                best[token] = (min(left, right), i)
    return [i for _, i in best]


def frame_of(checkpoint: Checkpoint) -> Frame:
    """What the checkpoint's tokenizer puts around one text, seen on a text of one letter.

    Raises:
        CheckpointError: it does not leave the text as it is between them.
    """
    tokenizer = checkpoint.tokenizer
    bare = _ids(tokenizer([[_PROBE]], is_split_into_words=True, add_special_tokens=False))[0]
    made: dict[str, Any] = dict(tokenizer([[_PROBE]], is_split_into_words=True))
    ids = list(made.pop("input_ids")[0])
    wanted = taken(checkpoint)
    at = next((i for i in range(len(ids)) if ids[i : i + len(bare)] == bare), None)
    if at is None:
        raise CheckpointError(
            f"{checkpoint.name}: its tokenizer makes other tokens of a text when it adds its special tokens; "
            "expected a tokenizer that puts them before and after"
        )
    end = at + len(bare)
    extra = {name: list(values[0]) for name, values in made.items() if name in wanted}
    around = {name: (values[:at], values[at], values[end:]) for name, values in extra.items()}
    return Frame(ids[:at], ids[end:], around)


def _subwords(checkpoint: Checkpoint, tokens: list[str]) -> dict[str, list[int]]:
    """Ids of every token's subwords, one at least."""
    if not tokens:
        return {}
    tokenizer = checkpoint.tokenizer
    made = _ids(tokenizer([[token] for token in tokens], is_split_into_words=True, add_special_tokens=False))
    # byte and character models know no unknown token, and need none but where a normaliser took everything
    spare = (tokenizer.unk_token_id, tokenizer.mask_token_id, tokenizer.eos_token_id, tokenizer.pad_token_id)
    unknown = next((token for token in spare if token is not None), 0)
    return {token: list(ids) or [unknown] for token, ids in zip(tokens, made, strict=True)}


def _ids(made: Any) -> list[list[int]]:
    ids: list[list[int]] = made["input_ids"]
    return ids


def _add(made: Encoded, frame: Frame, pieces: list[list[int]], room: int) -> None:
    """Add one row: its windows to the inputs, and where each token's tag is to be read."""
    lengths = [len(ids) for ids in pieces]
    spans = windows(lengths, room)
    begin = len(made.inputs.ids)
    for span in spans:
        ids = [one for token in span for one in pieces[token]]
        made.inputs.ids.append(frame.around(ids))
        for name, values in made.inputs.extra.items():
            values.append(frame.beside(name, len(ids)))
    starts = list(accumulate(lengths, initial=0))
    made.windows.append(range(begin, begin + len(spans)))
    made.notes.append(
        [
            Place(home, len(frame.before) + starts[token] - starts[spans[home].start])
            for token, home in enumerate(homes(lengths, spans))
        ]
    )
    made.ids.append(frame.around([one for ids in pieces for one in ids]))
    made.digests.append(_digest(made.ids[-1], starts))


def _digest(ids: list[int], starts: list[int]) -> str:
    """The same subwords are other tokens where other ones come first."""
    data = np.array([len(starts), *starts, *ids], dtype=np.int32).tobytes()
    return hashlib.blake2b(data, digest_size=8).hexdigest()


def _likeliest(output: Any, tensors: dict[str, Any]) -> Any:
    """[inputs, 2, positions]: which output is likeliest at each position, and its probability."""
    import torch

    share, tag = torch.softmax(output.logits.float(), dim=-1).max(dim=-1)
    return torch.stack([tag.float(), share], dim=1).cpu().numpy()
