"""The worst case by edits as tables: every budget with its interval, and who felled what."""

from __future__ import annotations

from typing import Any

from robustx.report.table import Column, Table
from robustx.report.words import capital, search_words
from robustx.text.scripts import script_name


def worst_tables(stem: str, of: str, task: dict[str, Any]) -> list[Table]:
    """The tables of a searched task: by attack, script and edits, and who felled what."""
    search = task["search"]
    how = search_words(search["strategy"], search["budget"], search["queries"])
    return [
        _by_edits(f"{stem}-worst", f"{capital(task['metric'])} in the worst case, {how}: {of}", search),
        _felled(f"{stem}-felled", f"Who felled what, {how}: {of}", search),
    ]


def paired_worst_table(stem: str, of: str, task: dict[str, Any]) -> Table:
    """Both worst cases of a comparison by attack, script or group, and edits."""
    search = task["search"]
    columns = [Column("attack", "text"), Column("script", "text"), Column("edits", "count")]
    columns += [Column(side, "accuracy") for side in ("baseline", "candidate")]
    columns += [Column("difference", "difference"), Column("p", "p")]
    found = [(attack, script_name(code), row) for attack, of in search["attacks"].items() for code, row in of.items()]
    found += [("all attacks", group, steps) for group, steps in search["groups"].items()]
    rows = [
        (attack, where, int(float(budget)), *(one["robust"][side] for side in _SIDES), one["robust_p"])
        for attack, where, steps in found
        for budget, one in steps.items()
    ]
    how = search_words(search["strategy"], search["budget"], search["queries"])
    return Table(
        f"{stem}-worst", f"{capital(task['metric'])} in the worst case, {how}: {of}", tuple(columns), tuple(rows)
    )


_SIDES = ("baseline", "candidate", "difference")


def _by_edits(name: str, caption: str, search: dict[str, Any]) -> Table:
    columns = [Column("attack", "text"), Column("script", "text"), Column("edits", "count")]
    columns += [Column("clean", "accuracy"), Column("worst case", "accuracy")]
    proofs = ("certified low", "certified high", "further examples low", "further examples high", "sets that flip")
    columns += [Column(title, "share") for title in proofs] if search["certificate"] else []
    columns.append(Column("queries", "count"))
    rows = []
    for attack, scripts in search["attacks"].items():
        for script, row in scripts.items():
            last = max(row["budgets"], key=float)
            for budget, one in row["budgets"].items():
                cells: list[Any] = [attack, script_name(script), int(float(budget)), one["clean"], one["worst"]]
                cells += _proof(one["certificate"]) if search["certificate"] else []
                rows.append((*cells, row["queries"] if budget == last else None))
    for group, steps in search["groups"].items():
        for budget, one in steps.items():
            cells = ["all attacks", group, int(float(budget)), one["clean"], one["worst"]]
            rows.append((*cells, *([None] * len(proofs) if search["certificate"] else []), None))
    return Table(name, caption, tuple(columns), tuple(rows))


def _proof(certificate: dict[str, Any]) -> list[Any]:
    return [certificate["low"], certificate["high"], *certificate["population"], certificate["flipping"]]


def _felled(name: str, caption: str, search: dict[str, Any]) -> Table:
    rows: list[tuple[Any, ...]] = []
    for attack, scripts in search["attacks"].items():
        for script, row in scripts.items():
            rows += [(attack, script_name(script), label, count) for label, count in row["felled_by"].items()]
            rows.append((attack, script_name(script), "nothing: still stands", row["stand"]))
    columns = (*(Column(title, "text") for title in ("attack", "script", "felled by")), Column("examples", "count"))
    return Table(name, caption, columns, tuple(rows))
