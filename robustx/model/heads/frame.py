"""What a tokenizer puts around two texts, so that windows of the second can be framed without tokenising it again."""

from __future__ import annotations

from typing import NamedTuple

from robustx.model.checkpoint import Checkpoint


class Frame(NamedTuple):
    """The special tokens around a question and a context, each with its token type, and the types of the two."""

    before: list[tuple[int, int]]
    between: list[tuple[int, int]]
    after: list[tuple[int, int]]
    types_of: tuple[int, int]

    @property
    def specials(self) -> int:
        """How many special tokens there are."""
        return len(self.before) + len(self.between) + len(self.after)

    def ids(self, question: list[int], context: list[int]) -> list[int]:
        """A question and a context as the model takes them."""
        before, between, after = ([token for token, _ in part] for part in self[:3])
        return [*before, *question, *between, *context, *after]

    def types(self, question: int, context: int) -> list[int]:
        """The token types of the same, by the lengths of the two."""
        before, between, after = ([kind for _, kind in part] for part in self[:3])
        return [*before, *[self.types_of[0]] * question, *between, *[self.types_of[1]] * context, *after]

    def begin(self, question: list[int]) -> int:
        """Where the context begins."""
        return len(self.before) + len(question) + len(self.between)


def frame_of(checkpoint: Checkpoint) -> Frame:
    """What the tokenizer puts around a pair, read off one."""
    pair = checkpoint.tokenizer("0", "0", return_token_type_ids=True)
    which, marked = pair.sequence_ids(0), list(zip(pair["input_ids"], pair["token_type_ids"], strict=True))
    asked, read = ([i for i, one in enumerate(which) if one == side] for side in (0, 1))
    return Frame(
        marked[: asked[0]],
        marked[asked[-1] + 1 : read[0]],
        marked[read[-1] + 1 :],
        (marked[asked[0]][1], marked[read[0]][1]),
    )
