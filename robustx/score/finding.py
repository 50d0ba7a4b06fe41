"""What a regression gate found: a finding a question, and the sentences that sum them up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

SCHEMA = 1

Mode = Literal["regression", "non-inferiority"]
Outcome = Literal["held", "failed", "not judged"]


@dataclass(frozen=True)
class Finding:
    """One question with its answer; ``None`` where nothing could be judged. Shares of 1, not points.

    Attributes:
        metric, measure, by, about: robust or clean accuracy, F1 or the like, by language, group or attack, and which.
        examples: source examples judged.
        difference, low, high: candidate - baseline, with its 95% interval (bootstrap over source examples).
        p: one-sided; in ``regression`` small where a fall beyond the tolerance is supported, in ``non-inferiority``
            small where a fall short of it is.
        detectable: how far from the tolerance a true difference must lie to be found with 80% power.
        needed: source examples a language that would bring ``detectable`` down to the tolerance.
    """

    task: str
    measure: str
    by: str
    metric: str
    about: str
    outcome: Outcome
    examples: int
    baseline: float | None
    candidate: float | None
    difference: float | None
    low: float | None
    high: float | None
    p: float | None
    p_holm: float | None
    detectable: float | None
    needed: int | None


@dataclass(frozen=True)
class Side:
    """One of the two runs."""

    model: str
    signature: str


@dataclass(frozen=True)
class Gate:
    """What ``robustx check`` found, and prints with ``--json``.

    Attributes:
        examples: source examples a language, by task.
        warnings: sentences on what the gate could not see or should not be trusted for.
        flags: what spoils a figure (``where``, ``kind``, ``text``, ``run``).
    """

    schema: int
    mode: Mode
    tolerance: float
    alpha: float
    passed: bool
    verdict: str
    baseline: Side
    candidate: Side
    examples: dict[str, int]
    findings: tuple[Finding, ...]
    warnings: tuple[str, ...]
    flags: tuple[dict[str, str], ...]

    def as_json(self) -> dict[str, Any]:
        """As it stands in JSON."""
        return asdict(self)


def holds(finding: Finding, mode: Mode) -> bool:
    """Whether a finding lets the gate pass: what could not be judged shows no regression, nor that there is none."""
    return finding.outcome == "held" or (finding.outcome == "not judged" and mode == "regression")


def verdict(findings: Sequence[Finding], passed: bool, tolerance: float, alpha: float, mode: Mode) -> str:
    """One plain sentence that claims no more than the figures do."""
    judged = sum(finding.outcome != "not judged" for finding in findings)
    size, level = points(tolerance), f"{alpha:.0%}" if alpha >= 0.01 else f"{alpha:g}"
    if mode == "regression" and passed:
        return f"The gate held: none of {judged} tests supports a fall of more than {size} (level {level}, Holm)."
    if passed:
        return (
            f"The gate held: all {judged} figures are shown to lie less than {size} below the baseline (level {level})."
        )
    bad = [finding for finding in findings if not holds(finding, mode)]
    if mode == "regression":
        worst = sorted(bad, key=lambda one: one.difference or 0.0)
        named = "; ".join(describe(one) for one in worst[:3])
        more = f"; and {len(bad) - 3} more" if len(bad) > 3 else ""
        return f"The gate did not hold: a fall of more than {size} is supported for {named}{more}."
    count = f"{len(bad)} of {len(findings)} figures"
    return f"The gate did not hold: {count} are not shown to lie less than {size} below the baseline."


def describe(finding: Finding) -> str:
    """``robust accuracy of th: -9.4 points (-14.1 to -4.8), p=.002 after Holm``."""
    what = f"{finding.measure} {finding.metric} {'under' if finding.by == 'attack' else 'of'} {finding.about}"
    if finding.difference is None or finding.low is None or finding.high is None or finding.p_holm is None:
        return f"{what}: not judged"
    span = f"{finding.low * 100:+.1f} to {finding.high * 100:+.1f}"
    p = "p<.001" if finding.p_holm < 0.001 else f"p={finding.p_holm:.3f}".replace("0.", ".", 1)
    return f"{what}: {finding.difference * 100:+.1f} points ({span}), {p} after Holm"


def blind_spots(findings: Sequence[Finding], tolerance: float, examples: dict[str, int]) -> list[str]:
    """A sentence for each family that could not see the tolerance, and for each that could not be judged in full."""
    families: dict[tuple[str, str, str, str], list[Finding]] = {}
    for finding in findings:
        families.setdefault((finding.task, finding.measure, finding.metric, finding.by), []).append(finding)
    made = []
    for (task, measure, metric, by), members in families.items():
        title = f"{task}: {measure} {metric} by {by}"
        blind = [one for one in members if one.detectable is not None and one.detectable > tolerance > 0]
        if blind:
            worst = max(blind, key=lambda one: one.detectable or 0.0)
            made.append(
                f"{title}: too small to see {points(tolerance)} ({len(blind)} of {len(members)}); {worst.about} sees what "
                f"lies {(worst.detectable or 0) * 100:.1f} from the tolerance with 80% power, and would need about "
                f"{_rounded(worst.needed or 0):,} examples a language (now {examples[task]:,})"
            )
        mute = [one.about for one in members if one.outcome == "not judged"]
        if mute:
            made.append(f"{title}: too few examples reached both models to judge {', '.join(mute)}")
    return made


def points(share: float) -> str:
    """``1 point``, ``2.5 points``."""
    return f"{share * 100:g} point{'' if share == 0.01 else 's'}"


def _rounded(count: int) -> int:
    """Two figures, upwards: the size is an estimate."""
    unit = int(10 ** max(0, len(str(count)) - 2))
    return -(-count // unit) * unit
