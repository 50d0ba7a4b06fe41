"""robustx: can a multilingual checkpoint be trusted when text in a non-Latin script is noisy, romanised or hostile?

    import robustx

    run = robustx.attack("demo:anli", "quick")
    print(robustx.compare("runs/quick-demo-direct", run).verdict)

Nothing heavy is imported until a function is used.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from robustx.api import Comparison as Comparison
    from robustx.api import Perturbed as Perturbed
    from robustx.api import attack as attack
    from robustx.api import compare as compare
    from robustx.api import perturb as perturb
    from robustx.api import scores as scores
    from robustx.errors import RobustxError as RobustxError
    from robustx.model.checkpoint import Settings as Settings
    from robustx.perturb.attacks import load_attack as load_attack
    from robustx.perturb.edits import Edit as Edit
    from robustx.run import Run as Run
    from robustx.suite.card import load_suite as load_suite

_HOMES = {
    "Comparison": "robustx.api",
    "Edit": "robustx.perturb.edits",
    "Perturbed": "robustx.api",
    "RobustxError": "robustx.errors",
    "Run": "robustx.run",
    "Settings": "robustx.model.checkpoint",
    "attack": "robustx.api",
    "compare": "robustx.api",
    "load_attack": "robustx.perturb.attacks",
    "load_suite": "robustx.suite.card",
    "perturb": "robustx.api",
    "scores": "robustx.api",
}

__all__ = [
    "Comparison",
    "Edit",
    "Perturbed",
    "RobustxError",
    "Run",
    "Settings",
    "attack",
    "compare",
    "load_attack",
    "load_suite",
    "perturb",
    "scores",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'robustx' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__


class _Package(ModuleType):
    """``robustx.perturb`` is a function; the import system would put the package of that name in its place."""

    @property
    def perturb(self) -> Any:
        return import_module(_HOMES["perturb"]).perturb

    @perturb.setter
    def perturb(self, package: ModuleType) -> None:
        pass


sys.modules[__name__].__class__ = _Package
