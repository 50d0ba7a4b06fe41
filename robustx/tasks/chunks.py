"""Chunks in a sequence of tags, as seqeval finds them (Nakayama 2018, https://github.com/chakki-works/seqeval).

seqeval reads the first character of a tag as its position (B, I, E, S, O) and what follows as its type, whether or not
the tag was written so. Of parts of speech, that makes a run of one tag one chunk. The two ways in which released
versions split a tag are both here, since they differ on parts of speech; the rule for where a chunk begins and ends
is the same in all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

Chunk = tuple[str, int, int]
"""Type, first token, last token."""

Split = Callable[[str], tuple[str, str]]
"""A tag as (position, type)."""

_ALWAYS_BEGIN = frozenset("BS")
_ALWAYS_END = frozenset("ES")
_BEGIN_AFTER = frozenset({("E", "E"), ("E", "I"), ("S", "E"), ("S", "I"), ("O", "E"), ("O", "I")})
_END_BEFORE = frozenset((before, after) for before in "BI" for after in "BSO")
_OUTSIDE = frozenset("O.")


def split_tag(tag: str) -> tuple[str, str]:
    """A tag as seqeval 0.0.13 to 1.2.2 splits it: ``NOUN`` is (N, OUN), CCONJ and SCONJ have one type, and X has none."""
    return tag[0], tag[1:].split("-", maxsplit=1)[-1] or "_"


def split_tag_early(tag: str) -> tuple[str, str]:
    """A tag as seqeval up to 0.0.12 split it, which was current when XTREME was published: the type is the whole tag."""
    return tag[0], tag.rsplit("-", maxsplit=1)[-1]


def chunks(tags: Sequence[str], split: Split = split_tag) -> set[Chunk]:
    """The chunks of one sentence, read on its own."""
    found: set[Chunk] = set()
    before, type_before, begin = "O", "", 0
    for at, tag in enumerate((*tags, "O")):
        position, type_ = split(tag)
        if before in _ALWAYS_END or (before, position) in _END_BEFORE or _turns(before, type_before, type_):
            found.add((type_before, begin, at - 1))
        if position in _ALWAYS_BEGIN or (before, position) in _BEGIN_AFTER or _turns(position, type_before, type_):
            begin = at
        before, type_before = position, type_
    return found


def _turns(position: str, type_before: str, type_: str) -> bool:
    """Whether the type changes at a token that is inside something."""
    return position not in _OUTSIDE and type_before != type_
