"""Everything an attack could do to a text, edit by edit, under the constraints that ``sample`` keeps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from robustx.perturb.edits import Edit, apply, clash, makes
from robustx.perturb.operators import Operator
from robustx.text.analysis import Text


class Candidate(NamedTuple):
    """One edit that could be made, and the word it is made in."""

    word: int
    edit: Edit


def candidates(operator: Operator, text: Text) -> Iterator[Candidate]:
    """Every edit at every site of every open word, in the order of the text; of edits that make the same text the first.

    None touches a protected word or makes a reserved one.
    """
    closed, made = operator.closed(text), {text.source}
    for word in range(len(text.spans)):
        if word in closed:
            continue
        for site in operator.sites(text, word):
            for edit in operator.edits(text, site):
                if text.reserved is not None and makes(text.source, edit, text.reserved):
                    continue
                changed = apply(text.source, [edit])
                if changed not in made and changed.strip():
                    made.add(changed)
                    yield Candidate(word, edit)


def together(unit: str, one: Candidate, others: Sequence[Candidate]) -> bool:
    """Whether an edit can be made beside others of the same text: at most one a word where severity counts words.

    Args:
        unit: ``words`` or ``edits``, as an attack's card says.
    """
    if unit == "words":
        edit = one.edit
        return all(
            one.word != other.word and not (edit.start < other.edit.end and other.edit.start < edit.end)
            for other in others
        )
    return not clash(one.edit, [other.edit for other in others])
