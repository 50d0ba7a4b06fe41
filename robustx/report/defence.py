"""What a defence recovers and what it costs, from a comparison of the same model without it and behind it."""

from __future__ import annotations

from typing import Any

from robustx.report.words import known, p_value, points, signed, span
from robustx.text.display import visible


def defence_words(comparison: dict[str, Any], task: dict[str, Any]) -> list[str]:
    """A sentence a group; none where the runs do not differ in the defence, or in the model too."""
    sides = comparison["baseline"], comparison["candidate"]
    names = [side.get("defence") for side in sides]
    same = sides[0]["model"].get("fingerprint") == sides[1]["model"].get("fingerprint")
    if names[0] == names[1] or not same:
        return []
    against = f", against {visible(str(names[0]))}" if names[0] else ""
    what = f"{visible(str(names[1]))}{against}" if names[1] else f"Leaving out {visible(str(names[0]))}"
    return [line for group, row in task["groups"].items() for line in _group(what, group, row)]


def _group(what: str, group: str, row: dict[str, Any]) -> list[str]:
    lost, back, cost = row["gap"]["baseline"], row["robust"]["difference"], row["clean"]["difference"]
    if not (known(lost["value"]) and known(back["value"]) and known(cost["value"])):
        return []
    moved = "recovers" if back["value"] >= 0 else "loses another"
    of = f" of the {points(abs(lost['value']))} points that the attacks cost" if lost["value"] < 0 else " points"
    paid = f"{signed(cost['value'])} points ({span(cost, sign=True)}, {p_value(row['clean_p']) or 'not tested'})"
    tested = p_value(row["robust_p"]) or "not tested"
    return [
        f"Over {group} languages, {what} {moved} {points(abs(back['value']))}{of} ({span(back, sign=True)}, {tested}), "
        f"and moves the clean figure by {paid}."
    ]
