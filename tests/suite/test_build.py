"""Building a suite: the same texts whatever the order, subset or limit, and a folder that is whole or not there."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from tiny import CARD, ROWS, write_rows

from robustx import api
from robustx.errors import CardError, DataError, RobustxError, UsageError
from robustx.perturb.edits import apply
from robustx.suite.build import build, plan
from robustx.suite.card import load_suite
from robustx.suite.cells import Cell, CellRow, read_cell
from robustx.suite.manifest import Manifest, cell_path, read_manifest, verify
from robustx.tasks.base import Example
from robustx.tasks.data import TaskData, task_data
from robustx.tasks.registry import task
from robustx.tasks.xnli import Xnli

FROZEN = Path(__file__).parent / "frozen"


def hashes(manifest: Manifest, language: str | None = None) -> dict[Cell, str]:
    return {one.cell: one.sha256 for one in manifest.cells if language in (None, one.cell.language)}


def card(folder: Path, old: str, new: str) -> str:
    assert old in CARD
    folder.mkdir(exist_ok=True)
    (folder / "tiny.toml").write_text(CARD.replace(old, new), encoding="utf-8")
    return str(folder / "tiny.toml")


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """A disk that is full after so many bytes of a file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_two_builds_are_the_same_byte_for_byte(small_card: Path, small_data: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        build(api.plan_suite(str(small_card), str(small_data)), tmp_path / name)
    first = {
        path.relative_to(tmp_path / "a"): path.read_bytes() for path in (tmp_path / "a").rglob("*") if path.is_file()
    }
    second = {
        path.relative_to(tmp_path / "b"): path.read_bytes() for path in (tmp_path / "b").rglob("*") if path.is_file()
    }
    assert len(first) == 13, "six cells in each of two languages, and the manifest"
    assert first == second


def test_another_order_of_languages_gives_the_same_cells(small_card: Path, small_data: Path, tmp_path: Path) -> None:
    other = card(tmp_path, '"hi", "en"', '"en", "hi"')
    first = build(api.plan_suite(str(small_card), str(small_data)), tmp_path / "a")
    second = build(api.plan_suite(other, str(small_data)), tmp_path / "b")
    assert [one.cell.language for one in first.cells] != [one.cell.language for one in second.cells]
    assert hashes(first) == hashes(second)
    assert first.content_sha256 == second.content_sha256


def test_fewer_languages_give_the_same_cells(small_card: Path, small_data: Path, tmp_path: Path) -> None:
    whole = build(api.plan_suite(str(small_card), str(small_data)), tmp_path / "a")
    part = build(api.plan_suite(str(small_card), str(small_data), ["en"]), tmp_path / "b")
    assert hashes(part) == hashes(whole, "en") != {}


def test_other_attacks_beside_it_do_not_change_an_attack_s_cells(
    small_card: Path, small_data: Path, tmp_path: Path
) -> None:
    alone = card(tmp_path, CARD[CARD.index("[[attacks]]") : CARD.rindex("[[attacks]]")], "")
    whole = build(api.plan_suite(str(small_card), str(small_data)), tmp_path / "a")
    part = build(api.plan_suite(alone, str(small_data)), tmp_path / "b")
    assert {cell.attack for cell in hashes(part)} == {"clean", "invisible"}
    assert hashes(part).items() < hashes(whole).items()


SHARDED = """
import sys
from pathlib import Path
from robustx import api
from robustx.suite.build import build
card, out, *languages = sys.argv[1:]
build(api.plan_suite(card, "mini", languages, limit=4), Path(out))
"""


def test_shards_built_in_processes_of_their_own_have_the_cells_of_one_build(tmp_path: Path) -> None:
    """Every attack of four families, in scripts with and without spaces; as many processes as shards, in any order."""
    text = CARD.replace('languages = ["hi", "en"]', 'languages = ["hi", "th", "ja", "ar", "ko"]')
    uses = ["keyboard", "romanise-attested", "romaji", "space-split", "bidi-reordered", "decomposed"]
    text = text[: text.index("[[attacks]]")] + "".join(f'[[attacks]]\nid = "{name}"\ndraws = 2\n' for name in uses)
    path = tmp_path / "tiny.toml"
    path.write_text(text, encoding="utf-8")
    whole = build(api.plan_suite(str(path), "mini", limit=4), tmp_path / "whole")
    parts: dict[Cell, str] = {}
    for i, shard in enumerate((["ko", "hi"], ["th"], ["ja", "ar"])):
        out = tmp_path / f"shard{i}"
        environment = dict(os.environ, PYTHONHASHSEED=str(i))
        command = [sys.executable, "-c", SHARDED, str(path), str(out), *shard]
        subprocess.run(command, env=environment, check=True, cwd=tmp_path)
        parts |= hashes(verify(out))
    assert parts == hashes(whole)


def test_a_limit_gives_the_same_texts_as_far_as_it_goes(small_card: Path, small_data: Path, tmp_path: Path) -> None:
    build(api.plan_suite(str(small_card), str(small_data)), tmp_path / "a")
    part = build(api.plan_suite(str(small_card), str(small_data), limit=5), tmp_path / "b")
    for record in part.cells:
        fields = part.fields["xnli"]
        whole = list(read_cell(cell_path(tmp_path / "a", record.cell), fields))
        assert list(read_cell(cell_path(tmp_path / "b", record.cell), fields)) == whole[:5]


def test_another_seed_gives_other_texts(small_card: Path, small_data: Path, tmp_path: Path) -> None:
    first = hashes(build(api.plan_suite(str(small_card), str(small_data)), tmp_path / "a"))
    second = hashes(build(api.plan_suite(card(tmp_path, "seed = 3", "seed = 4"), str(small_data)), tmp_path / "b"))
    assert {cell for cell in first if first[cell] == second[cell]} == {cell for cell in first if cell.attack == "clean"}


def test_every_text_is_its_clean_text_with_its_edits(small_suite: Path) -> None:
    manifest = verify(small_suite)
    fields = manifest.fields["xnli"]
    changed = 0
    for record in manifest.cells:
        clean = {row.uid: row for row in read_cell(cell_path(small_suite, record.cell.clean), fields)}
        rows = list(read_cell(cell_path(small_suite, record.cell), fields))
        assert len(rows) == record.rows == 12
        assert sum(bool(row.edits) for row in rows) == record.changed
        for row in rows:
            for name, text, before in zip(fields, row.fields, clean[row.uid].fields, strict=True):
                edits = [edit for field, edit in row.edits if field == name]
                assert text == apply(before, edits)
                assert (text != before) == bool(edits)
                changed += bool(edits)
    assert changed > 100


def test_the_clean_cell_holds_the_data_as_it_stands(small_suite: Path) -> None:
    rows = list(read_cell(cell_path(small_suite, Cell("xnli", "hi", "clean", 0.0, 0)), ["premise", "hypothesis"]))
    assert [(*row.fields, row.gold) for row in rows[:6]] == ROWS["hi"]


def test_rows_that_cannot_be_used_are_counted_and_named_in_the_manifest(small_card: Path, tmp_path: Path) -> None:
    for code, rows in ROWS.items():
        write_rows(tmp_path / "data", code, rows)
    with (tmp_path / "data" / "test-hi.tsv").open("ab") as opened:
        opened.write(b"\tx\tneutral\n\xff\tx\tneutral\nx\tx\tso-so\nx\x00\tx\tneutral\n")
    manifest = build(api.plan_suite(str(small_card), str(tmp_path / "data")), tmp_path / "suite")
    assert manifest.skipped == 4
    assert [(path, row) for path, row, _ in manifest.skipped_first] == [("test-hi.tsv", i) for i in (7, 8, 9, 10)]
    assert {one.cell.language: one.rows for one in manifest.cells} == {"hi": 6, "en": 6}


def test_a_suite_is_built_into_a_new_folder_only(small_card: Path, small_data: Path, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    with pytest.raises(UsageError, match="there: is there already"):
        build(api.plan_suite(str(small_card), str(small_data)), tmp_path / "there")


def test_a_full_disk_leaves_nothing_and_is_one_error(small_card: Path, small_data: Path, tmp_path: Path) -> None:
    planned = api.plan_suite(str(small_card), str(small_data))
    for size in (10, 2000, 3500):
        with files_of_at_most(size), pytest.raises(RobustxError, match=r"suite: cannot be written: .*File too large"):
            build(planned, tmp_path / "suite")
        assert list(tmp_path.iterdir()) == []


def test_a_build_that_breaks_off_leaves_nothing(small_card: Path, small_data: Path, tmp_path: Path) -> None:
    def stop(_: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(api.plan_suite(str(small_card), str(small_data)), tmp_path / "suite", stop)
    assert list(tmp_path.iterdir()) == []


def test_data_that_is_wrong_is_found_before_anything_is_built(small_card: Path, tmp_path: Path) -> None:
    write_rows(tmp_path, "hi", ROWS["hi"])
    (tmp_path / "test-en.tsv").write_text("en\tentailment\tsentence\tother\n")
    with pytest.raises(DataError, match=r"test-en\.tsv: row 1: expected 3 tab-separated columns"):
        api.plan_suite(str(small_card), str(tmp_path))


def test_languages_that_the_data_has_not_are_refused(small_card: Path, tmp_path: Path) -> None:
    write_rows(tmp_path, "hi", ROWS["hi"])
    assert api.plan_suite(str(small_card), str(tmp_path)).languages == {"xnli": ["hi"]}
    with pytest.raises(UsageError, match="the data has none of en for xnli"):
        api.plan_suite(str(small_card), str(tmp_path), ["hi", "en"])


def test_a_plan_knows_a_suite_that_it_would_build_and_no_other(
    small_card: Path, small_data: Path, tmp_path: Path
) -> None:
    planned = api.plan_suite(str(small_card), str(small_data))
    manifest = build(planned, tmp_path / "suite")
    assert planned.makes(manifest)
    others = [
        api.plan_suite(str(small_card), str(small_data), ["en"]),
        api.plan_suite(str(small_card), str(small_data), limit=5),
        api.plan_suite(card(tmp_path, "seed = 3", "seed = 4"), str(small_data)),
        api.plan_suite(card(tmp_path / "x", "[0.1, 0.4]", "[0.1]"), str(small_data)),
        api.plan_suite(card(tmp_path / "y", "draws = 2", "draws = 1"), str(small_data)),
    ]
    for code, rows in ROWS.items():
        write_rows(tmp_path / "data", code, [*rows[1:], rows[0]] * 2)
    others.append(api.plan_suite(str(small_card), str(tmp_path / "data")))
    assert [other.makes(manifest) for other in others] == [False] * 6


def test_the_frozen_suite_has_the_texts_that_it_always_had(tmp_path: Path) -> None:
    """A figure can be compared with a published one only while the same card and data give the same texts.

    A change here means that every suite's texts change: raise the versions, and say so in the changelog.
    """
    planned = plan(load_suite("frozen", FROZEN / "cards"), [task_data(str(FROZEN), task("xnli"))])
    manifest = build(planned, tmp_path / "frozen")
    assert verify(tmp_path / "frozen") == manifest
    found = {"signature": manifest.signature, "cells": {one.cell.name: one.sha256 for one in manifest.cells}}
    assert found == json.loads((FROZEN / "golden.json").read_text(encoding="utf-8"))


class Kept(Xnli):
    """Keeps the first word of every premise, and all but one code point of every hypothesis."""

    def protected(self, example: Example, field: str) -> list[tuple[int, int]]:
        return [(0, example.fields[field].index(" "))] if field == "premise" else []

    def carries(self, example: Example, fields: Mapping[str, str]) -> bool:
        return len(fields["hypothesis"]) >= len(example.fields["hypothesis"]) - 1


def test_what_a_task_protects_stays_and_edits_that_would_lose_the_gold_are_not_made(
    small_data: Path, tmp_path: Path
) -> None:
    spec = load_suite(card(tmp_path / "cards", "severities = [0.1, 0.4]", "severities = [0.2, 1.0]"))
    build(plan(spec, [TaskData(Kept(), "folder", small_data)]), tmp_path / "suite")
    cells = {r.cell: rows_of(tmp_path / "suite", r.cell) for r in read_manifest(tmp_path / "suite").cells}
    changed = 0
    for cell, rows in cells.items():
        for row, clean in zip(rows, cells[cell.clean], strict=True):
            assert row.fields[0].startswith(clean.fields[0].split(" ")[0] + " ")
            assert len(row.fields[1]) >= len(clean.fields[1]) - 1
            changed += len(row.fields[1]) < len(clean.fields[1])
        if cell.severity == 0.2:
            stronger = cells[cell._replace(severity=1.0)]
            assert all(set(row.edits) <= set(more.edits) for row, more in zip(rows, stronger, strict=True))
    assert changed > 0


def test_a_card_may_narrow_which_fields_are_attacked(small_data: Path, tmp_path: Path) -> None:
    narrow = card(tmp_path / "cards", 'languages = ["hi", "en"]', 'languages = ["hi"]\n[fields]\nxnli = ["hypothesis"]')
    build(plan(load_suite(narrow), [task_data(str(small_data), task("xnli"))]), tmp_path / "suite")
    for record in read_manifest(tmp_path / "suite").cells:
        found = {edit.field for row in rows_of(tmp_path / "suite", record.cell) for edit in row.edits}
        assert found <= {"hypothesis"}
        assert found or record.cell.severity < 0.4


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ('panx = ["tokens"]', "fields.panx: is none of the suite's tasks"),
        ('xnli = ["label"]', "fields.xnli: expected some of premise, hypothesis"),
        ("xnli = []", "fields.xnli: expected some of"),
    ],
)
def test_fields_that_no_attack_may_touch_are_an_error_of_the_card(tmp_path: Path, fields: str, message: str) -> None:
    narrow = card(tmp_path / "cards", 'languages = ["hi", "en"]', f'languages = ["hi"]\n[fields]\n{fields}')
    with pytest.raises(CardError, match=message):
        load_suite(narrow)


def rows_of(folder: Path, cell: Cell) -> list[CellRow]:
    return list(read_cell(cell_path(folder, cell), ["premise", "hypothesis"]))
