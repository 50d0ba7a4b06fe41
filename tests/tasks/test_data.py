"""``--data``: where a task's rows come from."""

from __future__ import annotations

from copy import copy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny import ROWS, write_rows

from robustx.errors import DataError, UsageError
from robustx.tasks.base import Example, SkipLog, Task
from robustx.tasks.data import MINI, NoSourceError, RowHash, sources_of, task_data
from robustx.tasks.registry import task

XNLI = task("xnli")


def test_mini_is_inside_the_package() -> None:
    source = task_data("mini", XNLI)
    assert (source.root, source.label) == (MINI, "mini@1")


def test_a_folder_is_read_for_all_tasks_or_by_name(small_data: Path) -> None:
    for spec in (str(small_data), f"xnli={small_data}", f"mini,xnli={small_data}"):
        source = task_data(spec, XNLI)
        assert (source.root, source.label) == (small_data, "folder")
        assert source.available(["ar", "en", "hi"]) == ["en", "hi"]
        rows = list(source.examples("hi", SkipLog()))
        assert [row.gold for row in rows[:6]] == [gold for _, _, gold in ROWS["hi"]]


def test_the_hub_is_not_asked_before_it_is_read() -> None:
    source = task_data("hub", XNLI)
    assert (source.root, source.label) == (None, "hub")
    assert source.available(["hi", "tlh"]) == ["hi"]


def test_a_limit_gives_the_first_rows(small_data: Path) -> None:
    whole = list(task_data(str(small_data), XNLI).examples("hi", SkipLog()))
    assert list(task_data(str(small_data), XNLI, 5).examples("hi", SkipLog())) == whole[:5]


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_below_one_is_refused(limit: int) -> None:
    with pytest.raises(UsageError, match=f"--limit {limit}: expected at least 1"):
        task_data("mini", XNLI, limit)


@pytest.mark.parametrize("spec", ["", "mini,hub", ","])
def test_a_specification_that_names_no_source_or_two_is_refused(spec: str) -> None:
    with pytest.raises(UsageError, match="names no source for xnli"):
        task_data(spec, XNLI)


def test_a_suite_leaves_out_a_task_that_the_data_has_nothing_of(small_data: Path) -> None:
    for spec in ("tydiqa=x", "panx=hub"):
        with pytest.raises(NoSourceError, match="names no source for xnli"):
            task_data(spec, XNLI)
    other = replace_name(XNLI, "other")
    found, left_out = sources_of(f"xnli={small_data}", [other, XNLI])
    assert [one.task.name for one in found] == ["xnli"]
    assert list(left_out) == ["other"]
    with pytest.raises(NoSourceError, match="names no source for other"):
        sources_of(f"xnli={small_data}", [other])


def replace_name(task: Task, name: str) -> Task:
    made = copy(task)
    made.name = name
    return made


def test_a_missing_folder_is_refused() -> None:
    with pytest.raises(DataError, match="--data no/such/folder: there is no such folder"):
        task_data("no/such/folder", XNLI)


def test_a_folder_with_nothing_of_the_task_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="has no xnli data"):
        task_data(str(tmp_path), XNLI)


def test_a_language_of_which_no_row_can_be_used_is_refused_with_the_first_reason(tmp_path: Path) -> None:
    write_rows(tmp_path, "hi", [("entailment", "एक", "दो"), ("neutral", "एक", "दो")])
    with pytest.raises(DataError, match='none of the xnli rows for hi can be used; row 1: the label "दो"'):
        task_data(str(tmp_path), XNLI).check("hi")
    write_rows(tmp_path, "hi", [])
    with pytest.raises(DataError, match="none of the xnli rows for hi"):
        task_data(str(tmp_path), XNLI).check("hi")


def test_an_unknown_task_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match=r'no task "xnl".*Did you mean "xnli"'):
        task("xnl")


texts = st.text(st.characters(codec="utf-8"), max_size=6)


@given(st.lists(st.tuples(texts, texts, texts), max_size=4), st.lists(st.tuples(texts, texts, texts), max_size=4))
def test_the_hash_of_rows_tells_apart_every_two_lists(
    first: list[tuple[str, str, str]], second: list[tuple[str, str, str]]
) -> None:
    def digest(rows: list[tuple[str, str, str]]) -> str:
        made = RowHash()
        for premise, hypothesis, gold in rows:
            made.add(Example("u", "hi", {"premise": premise, "hypothesis": hypothesis}, gold))
        return made.hexdigest()

    assert (digest(first) == digest(second)) == (first == second)
    if first:
        (a, b, c), *rest = first
        assert (digest(first) == digest([(b, a, c), *rest])) == (a == b)
        assert (digest(first) == digest([(a + b, "", c), *rest])) == (b == "")
