"""Reliability flags as they are said: one line for what concerns several languages in the same words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

SPOILS = ("chance", "one-class", "truncation")
"""Kinds of flag that make every figure of a language mean less."""

_COUNTS = ("no-op", "folded")


class MergedFlag(NamedTuple):
    """What is said, of which places, and of which runs of a comparison (none where there is one run only)."""

    text: str
    where: str
    runs: tuple[str, ...]
    serious: bool

    def __str__(self) -> str:
        of = f" ({' and '.join(self.runs)})" if self.runs else ""
        return f"{self.where}{of}: {self.text}"


def merged_flags(flags: Iterable[dict[str, Any]]) -> list[MergedFlag]:
    """Flags with the same words as one, those that only count what an attack left alone last."""
    ordered = sorted(flags, key=lambda flag: flag["kind"] in _COUNTS)
    runs: dict[tuple[str, str, bool], list[str]] = {}
    for flag in ordered:
        key = (flag["text"], flag["where"], flag["kind"] not in _COUNTS)
        runs.setdefault(key, []).extend([flag["run"]] if flag.get("run") else [])
    places: dict[tuple[str, bool, tuple[str, ...]], list[str]] = {}
    for (text, where, serious), of in runs.items():
        places.setdefault((text, serious, tuple(of)), []).append(where)
    return [MergedFlag(text, _listed(where), of, serious) for (text, serious, of), where in places.items()]


def spoiled(flags: Iterable[dict[str, Any]]) -> set[str]:
    """Languages whose figures a flag makes doubtful."""
    return {flag["where"] for flag in flags if flag["kind"] in SPOILS}


def _listed(places: list[str]) -> str:
    """``ar, hi, run`` or ``swap on ar, hi; typo on hi``."""
    languages: dict[str, list[str]] = {}
    for place in places:
        attack, _, where = place.rpartition(" on ")
        languages.setdefault(attack, []).append(where)
    return "; ".join(f"{attack} on {', '.join(on)}" if attack else ", ".join(on) for attack, on in languages.items())
