"""The operators: code that, for one analysed text, lists the sites it could touch and the edits it could make there.

An operator never returns a rewritten text, never draws a random number and knows nothing of models or budgets; sampling,
search and enumeration all choose among the same edits. Sites lie in open words, or between two of them. No edit leaves a
mark without its base, a word without a character or, unless that is the attack's very point, an NFC text out of NFC.

Different (site, edit) pairs of ``transpose``, ``delete``, ``duplicate``, and of ``insert`` with strings of one cluster,
make different texts. Rows of a substitution table may meet (``ab`` to ``b``, ``a`` to nothing), so a substitution may
be reached twice: who counts texts compares texts.
"""

from robustx.perturb.operators.base import Operator, chosen
from robustx.perturb.operators.registry import INSERTING, PLAIN, WITH_RULES, WITH_TABLE, make_operator

__all__ = ["INSERTING", "PLAIN", "WITH_RULES", "WITH_TABLE", "Operator", "chosen", "make_operator"]
