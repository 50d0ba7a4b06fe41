"""The operators by the name that a card calls them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from robustx.perturb.operators.base import Operator
from robustx.perturb.operators.clusters import Delete, Duplicate, Insert, Mistype, Shuffle, Transpose
from robustx.perturb.operators.digits import OtherDigits
from robustx.perturb.operators.forms import Decompose, Equivalent
from robustx.perturb.operators.gaps import Gap
from robustx.perturb.operators.hangul import TransposeKeys
from robustx.perturb.operators.reorder import Reorder
from robustx.perturb.operators.respell import Respell
from robustx.perturb.operators.rewrite import Rewrite
from robustx.perturb.operators.substitute import Substitute, SubstituteDecomposed
from robustx.perturb.rules import Rule
from robustx.perturb.tables import Table

PLAIN: dict[str, Callable[[], Operator]] = {
    "transpose": Transpose,
    "delete": Delete,
    "duplicate": Duplicate,
    "shuffle": Shuffle,
    "decompose": Decompose,
    "reorder": Reorder,
}
"""Operators that need no table, by name."""

WITH_TABLE: dict[str, Callable[[Table], Operator]] = {
    "insert": Insert,
    "mistype": Mistype,
    "substitute": lambda table: SubstituteDecomposed(table) if table.form == "NFD" else Substitute(table),
    "respell": Respell,
    "gap": Gap,
    "digits": OtherDigits,
    "transpose-keys": TransposeKeys,
    "equivalent": Equivalent,
}
"""Operators that need a table, by name."""

WITH_RULES: dict[str, Callable[[Sequence[Rule]], Operator]] = {"rewrite": Rewrite}
"""Operators whose table is a list of rewriting rules, by name."""

INSERTING = frozenset({"insert", "mistype"})
"""Operators whose tables list what to insert, and nothing to replace."""


def make_operator(name: str, table: Table | None) -> Operator:
    """The operator of a card: its name, and its table as it holds for one language."""
    return PLAIN[name]() if table is None else WITH_TABLE[name](table)
