"""A searched run is an ordinary run: score, compare, resume and report take it as it is, and its cells are worst cases."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from robustx import api
from robustx.errors import RunError, UsageError
from robustx.model.checkpoint import Settings
from robustx.run import Run
from robustx.score.claims import claims
from robustx.score.submission import read_submission, write_submission
from robustx.score.submit import submission_of
from robustx.search.plan import Search, checked

CPU = Settings(device="cpu")
Folder = Callable[[str], Path]

CARD = """id = "hunted"
version = 1
summary = "Two attacks to search"
seed = 3
tasks = [{tasks}]
languages = ["hi", "en"]

[[attacks]]
id = "transpose"

[[attacks]]
id = "invisible"
"""


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("card") / "hunted.toml"
    path.write_text(CARD.format(tasks='"xnli"'), encoding="utf-8")
    return path


class Bench:
    """Runs on the same checkpoint, card and data, each made once."""

    def __init__(self, model: Path, card: Path, data: Path, folder: Path) -> None:
        self.model, self.card, self.data, self.folder = model, card, data, folder
        self._made: dict[str, Run] = {}

    def run(self, search: Search, settings: Settings = CPU, **more: Any) -> Run:
        name = "-".join([search.name, str(search.queries), settings.defence or "", *map(str, more.values())])
        if name not in self._made:
            out = self.folder / name
            self._made[name] = api.attack(
                str(self.model), str(self.card), str(self.data), out=out, settings=settings, search=search, **more
            )
        return self._made[name]


@pytest.fixture(scope="module")
def bench(checkpoint: Folder, card: Path, small_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(checkpoint("xlm-roberta"), card, small_data, tmp_path_factory.mktemp("runs"))


def cell(run: Run, name: str) -> dict[str, dict[str, Any]]:
    """The rows of a cell by uid."""
    return {row["uid"]: row for row in pq.read_table(run.folder / "cells" / f"{name}.parquet").to_pylist()}


GREEDY, EXHAUSTIVE = Search("greedy", 2, 400), Search("exhaustive", 2, 400)


class TestTheCells:
    def test_are_the_attacks_with_the_budget_as_severity(self, bench: Bench) -> None:
        facts = bench.run(GREEDY).facts
        keys = [(one["attack"], one["severity"]) for one in facts["cells"] if one["language"] == "hi"]
        assert keys == [("clean", 0), ("transpose", 1), ("transpose", 2), ("invisible", 1), ("invisible", 2)]
        assert facts["search"] == {"strategy": "greedy", "budget": 2, "queries": 400, "certificate": False}
        assert "|search:greedy/edits:2/queries:400|" in facts["signature"]
        assert facts["complete"]

    @pytest.mark.parametrize("attack", ["transpose", "invisible"])
    @pytest.mark.parametrize("language", ["hi", "en"])
    def test_hold_what_the_model_says_of_the_worst_text(self, bench: Bench, attack: str, language: str) -> None:
        run = bench.run(GREEDY)
        clean, one, two = (cell(run, f"xnli_{language}_{name}_0") for name in ("clean_0", f"{attack}_1", f"{attack}_2"))
        for uid, before in clean.items():
            for budget, row in ((1, one[uid]), (2, two[uid])):
                assert len(row["edits"]) <= budget
                if not row["changed"]:
                    assert before["numerator"] == 0, (
                        "wrong as it is, and right by every edit: an adversary leaves it alone"
                    )
                    assert not row["fallen"]
                    continue
                assert row["fallen"] == (row["numerator"] == 0)
                if before["numerator"] == 0:
                    assert row["felled_by"] == ""
                elif row["fallen"]:
                    assert row["felled_by"] in (f"{attack} by greedy", f"{attack} by noise")
            assert one[uid]["numerator"] >= two[uid]["numerator"], "more edits never help the model"

    def test_respect_what_is_protected(self, bench: Bench) -> None:
        for language in ("hi", "en"):
            for row in cell(bench.run(GREEDY), f"xnli_{language}_transpose_2_0").values():
                fields = {edit["field"] for edit in row["edits"]}
                assert fields <= {"premise", "hypothesis"}
        negated = cell(bench.run(GREEDY), "xnli_en_transpose_2_0")
        clean = cell(bench.run(GREEDY), "xnli_en_clean_0_0")
        for uid, row in negated.items():
            for edit in row["edits"]:
                text = clean[uid][edit["field"]]
                word = text[: edit["end"]].split(" ")[-1] + text[edit["end"] :].split(" ")[0]
                assert word.strip(".").lower() not in ("never", "nobody", "not", "no")


class TestAgainstEnumeration:
    @pytest.mark.parametrize("attack", ["transpose", "invisible"])
    def test_greedy_is_exact_at_one_edit_and_sound_at_two(self, bench: Bench, attack: str) -> None:
        falls = 0
        for language in ("hi", "en"):
            for budget in (1, 2):
                name = f"xnli_{language}_{attack}_{budget}_0"
                truth, found = cell(bench.run(EXHAUSTIVE), name), cell(bench.run(GREEDY), name)
                for uid, row in truth.items():
                    if budget == 1:
                        assert found[uid]["fallen"] == row["fallen"]
                    elif found[uid]["fallen"] and not row["fallen"]:
                        assert row["covered"] == 1, "what an enumeration certifies nothing can fell"
                    falls += row["fallen"]
        assert falls

    def test_a_certificate_is_in_the_scores(self, bench: Bench) -> None:
        scores = json.loads((bench.run(EXHAUSTIVE).folder / "scores.json").read_text())
        search = scores["tasks"]["xnli"]["search"]
        for scripts in search["attacks"].values():
            for row in scripts.values():
                one, two = (row["budgets"][budget]["certificate"] for budget in ("1", "2"))
                assert one["low"] == one["high"], "single edits are always all tried"
                assert one["sampled"] == 0
                assert two["low"] <= two["high"] <= one["high"]
                assert one["population"][0] <= one["low"] <= one["population"][1]
                assert row["budgets"]["1"]["worst"]["value"] == pytest.approx(one["low"])


def test_ranking_by_gradient_asks_no_text_and_finds_falls_too(bench: Bench) -> None:
    greedy, gradient = (bench.run(Search(name, 1, 40)) for name in ("greedy", "gradient"))
    falls = {
        run.folder.name: sum(
            row["fallen"] for code in ("hi", "en") for row in cell(run, f"xnli_{code}_transpose_1_0").values()
        )
        for run in (greedy, gradient)
    }
    assert min(falls.values()) > 0


def test_a_submission_of_a_searched_and_defended_run_holds_against_the_built_suite(
    bench: Bench, tmp_path: Path
) -> None:
    """The suite's attacks are built there and searched here: examples and attacks are the same, texts are the model's own."""
    run = bench.run(GREEDY, Settings(device="cpu", defence="strip-ignorable"))
    built = tmp_path / "built"
    api.ensure_suite(api.plan_suite(str(bench.card), str(bench.data)), built)
    path = tmp_path / "one.json"
    write_submission(submission_of(run.folder), path)
    made = api.verify_submission(path, built)
    assert made.signature == run.signature
    assert made.search is not None
    assert made.search.signature == GREEDY.signature
    fewer = json.loads(path.read_text())
    task = fewer["tasks"]["xnli"]
    task["cells"] = [one for one in task["cells"] if one["attack"] != "transpose"]
    bare = read_submission(_rewritten(path, fewer)).tasks["xnli"]
    scripts = {code: language.script for code, language in made.languages.items()}
    task["scores"] = {
        kind: {name: {what: told.model_dump() for what, told in row.items()} for name, row in rows.items()}
        for kind, rows in claims(bare, "xnli", scripts).items()
    }
    with pytest.raises(RunError, match="other attacks were searched than the suite has"):
        api.verify_submission(_rewritten(path, fewer), built)


def _rewritten(path: Path, value: dict[str, Any]) -> Path:
    path.write_text(json.dumps(value))
    return path


def test_a_subset_gives_the_same_adversarial_texts_as_the_whole(bench: Bench) -> None:
    whole, part = bench.run(GREEDY), bench.run(GREEDY, languages=["hi"], limit=5)
    for name in ("xnli_hi_transpose_2_0", "xnli_hi_invisible_1_0"):
        some, every = cell(part, name), cell(whole, name)
        assert len(some) == 5
        for uid, row in some.items():
            assert row["edits"] == every[uid]["edits"]
            assert (row["queries"], row["felled_by"]) == (every[uid]["queries"], every[uid]["felled_by"])


def test_a_search_that_was_broken_off_ends_with_the_same_bytes(bench: Bench, tmp_path: Path) -> None:
    whole = bench.run(GREEDY)
    folder = Path(shutil.copytree(whole.folder, tmp_path / "run"))
    for name in ("xnli_hi_transpose_2_0", "xnli_en_invisible_1_0"):
        (folder / "cells" / f"{name}.parquet").unlink()
    api.attack(str(bench.model), str(bench.card), str(bench.data), out=folder, settings=CPU, search=GREEDY)
    for path in sorted((whole.folder / "cells").iterdir()):
        assert (folder / "cells" / path.name).read_bytes() == path.read_bytes()
    assert (folder / "scores.json").read_bytes() == (whole.folder / "scores.json").read_bytes()


class TestACascade:
    CASCADE = Search("cascade", 2, 60)

    def test_has_one_cell_a_language_and_says_who_felled_what(self, bench: Bench) -> None:
        run = bench.run(self.CASCADE)
        assert [one["file"] for one in run.facts["cells"] if one["language"] == "en"] == [
            "xnli_en_clean_0_0",
            "xnli_en_cascade_2_0",
        ]
        rows = cell(run, "xnli_en_cascade_2_0")
        felled = {row["felled_by"] for row in rows.values()} - {""}
        assert felled <= {
            f"{attack} by {strategy}"
            for attack in ("transpose", "invisible")
            for strategy in ("random", "greedy", "evolution")
        }
        assert {row["verdict"] for row in rows.values()} == {"likely"}, "the weakest of provable and likely"

    def test_gives_the_answer_of_everything_for_fewer_queries(self, bench: Bench) -> None:
        """A cascade's stages, each alone on every example, fell what it fells, and nothing else."""
        cascade = {code: cell(bench.run(self.CASCADE), f"xnli_{code}_cascade_2_0") for code in ("hi", "en")}
        spent = dict.fromkeys(("hi", "en"), 0)
        fallen: dict[str, set[str]] = {"hi": set(), "en": set()}
        for name, queries in (("random", 8), ("greedy", 60), ("evolution", 60)):
            run = bench.run(Search(name, 2, queries))
            for code in ("hi", "en"):
                for attack in ("transpose", "invisible"):
                    rows = cell(run, f"xnli_{code}_{attack}_2_0")
                    spent[code] += sum(row["queries"] for row in rows.values())
                    fallen[code] |= {
                        uid for uid, row in rows.items() if row["fallen"] and not row["felled_by"].endswith("noise")
                    }
        for code, rows in cascade.items():
            assert {uid for uid, row in rows.items() if row["fallen"]} == fallen[code]
            assert sum(row["queries"] for row in rows.values()) < spent[code]


class TestADefence:
    def test_is_what_the_search_sees(self, bench: Bench) -> None:
        """Nothing that the defence undoes can fell anything."""
        run = bench.run(GREEDY, Settings(device="cpu", defence="strip-ignorable"))
        assert run.signature.split("|v:")[0].endswith("|defence:strip-ignorable")
        for language in ("hi", "en"):
            clean = cell(run, f"xnli_{language}_clean_0_0")
            rows = cell(run, f"xnli_{language}_invisible_2_0")
            assert not any(row["fallen"] for row in rows.values())
            assert all(row["changed"] and row["survived"] for row in rows.values()), "an undone edit is no fold"
            assert all(row["prediction"] == clean[uid]["prediction"] for uid, row in rows.items())
            assert any(row["fallen"] for row in cell(run, f"xnli_{language}_transpose_2_0").values())

    def test_can_be_compared_with_none(self, bench: Bench) -> None:
        defended = bench.run(GREEDY, Settings(device="cpu", defence="strip-ignorable"))
        figures = api.compare(bench.run(GREEDY), defended).figures["tasks"]["xnli"]
        rows = figures["languages"]
        for language in ("hi", "en"):
            assert rows[language]["clean"]["difference"]["value"] == 0
            assert rows[language]["robust"]["difference"]["value"] > 0

    def test_but_not_with_another_search(self, bench: Bench) -> None:
        with pytest.raises(RunError, match="were not searched alike"):
            api.compare(bench.run(GREEDY), bench.run(Search("greedy", 2, 60)))

    def test_an_unknown_one_is_refused_with_the_nearest(self, bench: Bench, tmp_path: Path) -> None:
        settings = Settings(device="cpu", defence="nfck")
        with pytest.raises(UsageError, match=r'no defence "nfck".*Did you mean "nf'):
            api.prepare(str(bench.model), str(bench.card), str(bench.data), out=tmp_path / "x", settings=settings)


class TestWhatCannotBeSearched:
    @pytest.mark.parametrize(
        ("given", "said"),
        [
            (("gready", 1, None), 'no strategy "gready".*Did you mean "greedy"'),
            (("greedy", 0, None), "--budget 0: expected a number of edits from 1"),
            (("greedy", 1, 0), "--queries 0: expected at least one"),
            ((None, 2, None), "give --search too"),
        ],
    )
    def test_is_one_error(self, given: tuple[str | None, int | None, int | None], said: str) -> None:
        with pytest.raises(UsageError, match=said):
            checked(*given)

    def test_a_built_suite(self, bench: Bench, small_suite: Path) -> None:
        with pytest.raises(UsageError, match="is built already, and a search makes its own texts"):
            api.prepare(str(bench.model), str(small_suite), settings=CPU, search=GREEDY)

    def test_with_matched_severities(self, bench: Bench) -> None:
        with pytest.raises(UsageError, match="leave them out with --search"):
            api.prepare(str(bench.model), str(bench.card), settings=CPU, search=GREEDY, match="clusters")


class TestValidity:
    """How sure it is that an attack keeps the meaning is a constraint: ``invisible`` is provable, ``transpose`` likely."""

    def test_leaves_out_what_is_less_sure(self, bench: Bench) -> None:
        run = bench.run(Search("greedy", 1, 20, "provable"), languages=["en"], limit=3)
        assert {one["attack"] for one in run.facts["cells"]} == {"clean", "invisible"}
        assert run.facts["search"]["validity"] == "provable"
        assert "|search:greedy/edits:1/queries:20/validity:provable|" in run.facts["signature"]

    def test_of_a_cascade_is_its_verdict(self, bench: Bench) -> None:
        run = bench.run(Search("cascade", 1, 10, "provable"), languages=["en"], limit=4)
        assert {row["verdict"] for row in cell(run, "xnli_en_cascade_1_0").values()} == {"provable"}

    def test_that_no_attack_has_is_an_error(self, bench: Bench, tmp_path: Path) -> None:
        path = tmp_path / "hunted.toml"
        card = CARD.format(tasks='"xnli"').split('[[attacks]]\nid = "invisible"')[0]
        path.write_text(card, encoding="utf-8")
        how = Search("greedy", 1, 20, "provable")
        with pytest.raises(UsageError, match="--validity provable: .* has no attack that is as sure"):
            api.prepare(str(bench.model), str(path), str(bench.data), out=tmp_path / "x", settings=CPU, search=how)

    def test_that_is_unknown_is_refused_with_the_nearest(self) -> None:
        with pytest.raises(UsageError, match=r'no class "provabel".*Did you mean "provable"'):
            checked("greedy", 1, None, "provabel")


def test_nothing_asked_is_no_search() -> None:
    assert checked(None, None, None) is None
    assert checked("greedy", None, None) == Search("greedy", 1)
