"""Training in full on a tiny encoder: every task is learned, and what is cut off ends as what is not."""

from __future__ import annotations

import itertools
import json
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import torch
from toys import TOYS, make_task, write_recipe

from robustx.errors import CardError, CheckpointError, DataError, RobustxError, RunError, UsageError
from robustx.model import low_rank
from robustx.stilts import lineage
from robustx.stilts.encoder import HeadSpec, build, encoder_fingerprint
from robustx.stilts.grid import Grid
from robustx.stilts.lineage import Lineage
from robustx.stilts.phase import gather
from robustx.stilts.read import Library
from robustx.stilts.recipe import load_recipe

TARGETS = ["xnli", "pawsx", "udpos", "panx", "xquad", "mlqa", "tydiqa"]
NINE = ["anli-plus", "mnli", "qqp", "squad-1.1", "squad-2.0", "hellaswag", "ccg", "cosmos-qa", "commonsense-qa"]

CHANCE = dict.fromkeys(["mnli", "anli-plus", "xnli"], 1 / 3) | dict.fromkeys(["qqp", "pawsx"], 0.5)


@pytest.fixture(scope="session")
def toys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every toy data set, a folder each."""
    top = tmp_path_factory.mktemp("toys")
    for name in TOYS:
        make_task(top / name, name)
    return top


def grid(
    recipe: Path, data: Path | str, out: Path, arms: list[str] | None = None, seeds: list[int] | None = None
) -> Grid:
    found = load_recipe(str(recipe))
    chosen = [found.arm(name) for name in arms or [arm.id for arm in found.card.arms]]
    return Grid(found, Library(str(data), found.named()), out, chosen, seeds or found.card.seeds)


def train(*given: Any, said: list[str] | None = None, **more: Any) -> dict[str, Lineage]:
    return {unit.arm.id: made for unit, made in grid(*given, **more).run((said if said is not None else []).append)}


def losses(said: list[str]) -> list[float]:
    return [float(line.rpartition(" ")[2]) for line in said if " loss " in line]


@pytest.mark.parametrize("name", [*NINE, *TARGETS])
def test_a_tiny_model_learns_every_task(name: str, base: Path, toys: Path, tmp_path: Path) -> None:
    target = name if name in TARGETS else None
    arms = '[[arms]]\nid = "one"\n' + ("" if target else f'intermediate = ["{name}"]\n')
    said: list[str] = []
    (made,) = train(
        write_recipe(tmp_path / "toy.toml", base, target, arms, steps=100), toys / name, tmp_path / "out", said=said
    ).values()
    heard = losses(said)
    assert heard[-1] < heard[0] / 2
    assert made.phases[0].best_score > CHANCE.get(name, 0.3) + 0.35
    assert made.phases[0].steps == 100


@pytest.mark.parametrize(
    ("name", "auto", "labels"),
    [
        ("xnli", "SequenceClassification", ["entailment", "neutral", "contradiction"]),
        ("panx", "TokenClassification", ["O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC"]),
        ("xquad", "QuestionAnswering", None),
    ],
)
def test_what_is_made_is_a_plain_checkpoint_with_its_labels(
    name: str, auto: str, labels: list[str] | None, base: Path, toys: Path, tmp_path: Path
) -> None:
    import transformers

    train(write_recipe(tmp_path / "toy.toml", base, name, steps=2, every=2), toys / name, tmp_path / "out")
    folder = tmp_path / "out" / "direct" / "seed-1" / "target"
    assert {"model.safetensors", "config.json", "tokenizer.json", "lineage.json"} <= {
        path.name for path in folder.iterdir()
    }
    model, report = getattr(transformers, f"AutoModelFor{auto}").from_pretrained(folder, output_loading_info=True)
    assert not report["missing_keys"]
    assert labels is None or list(model.config.id2label.values()) == labels
    assert not (folder.parent / ".target").exists()


INTERMEDIATE = '[[arms]]\nid = "direct"\n\n[[arms]]\nid = "qqp"\nintermediate = ["qqp"]\n'


@pytest.fixture(scope="module")
def pair(base: Path, toys: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Lineage]]:
    """Two arms, direct and over an intermediate task."""
    top = tmp_path_factory.mktemp("pair")
    recipe = write_recipe(top / "toy.toml", base, "pawsx", INTERMEDIATE, steps=10, every=5)
    return top / "out", train(recipe, f"{toys / 'pawsx'},qqp={toys / 'qqp'}", top / "out")


def test_three_phases_carry_the_encoder_over_and_draw_the_head_anew(pair: tuple[Path, dict[str, Lineage]]) -> None:
    from transformers import AutoModel

    out, made = pair
    middle = out / "qqp" / "seed-1" / "intermediate"
    shared = build(
        str(middle), {"pawsx": HeadSpec("AutoModelForSequenceClassification", ("different", "paraphrase"))}, 1
    )
    assert encoder_fingerprint(shared.encoder) == encoder_fingerprint(AutoModel.from_pretrained(middle))
    assert encoder_fingerprint(shared.encoder) == lineage.read(middle).encoder_sha256
    before = weights(middle)["classifier.weight"]
    head = dict(shared.named_parameters())["heads.task_pawsx.classifier.weight"]
    assert head.shape == before.shape
    assert not torch.allclose(head, before)
    assert [phase.phase for phase in made["qqp"].phases] == ["intermediate", "target"]
    assert made["qqp"].steps == 20
    assert made["direct"].steps == 10


def test_lineage_says_what_two_checkpoints_share(pair: tuple[Path, dict[str, Lineage]]) -> None:
    out, made = pair
    read = {name: lineage.read(out / name / "seed-1" / "target") for name in made}
    assert read == made
    direct, qqp = read["direct"], read["qqp"]
    assert lineage.comparable(direct, qqp) is None
    assert direct.base_sha256 == qqp.base_sha256
    assert direct.encoder_sha256 != qqp.encoder_sha256
    task = direct.phases[0].tasks[0]
    assert (task.task, task.train_rows, task.dev_rows, task.where) == ("pawsx", 96, 48, ["pawsx/train-en.tsv"])
    assert {"torch", "transformers", "robustx"} <= set(direct.versions)


def test_checkpoints_that_do_not_belong_together_are_told_why(pair: tuple[Path, dict[str, Lineage]]) -> None:
    from dataclasses import replace

    _, made = pair
    direct, qqp = made["direct"], made["qqp"]
    assert lineage.comparable(direct, direct) == "the same arm: direct"
    for change, why in [
        ({"seed": 2}, "not the same seed: 1 and 2"),
        ({"base_sha256": "x"}, "not the same base"),
        ({"target": "xnli"}, "not the same target: pawsx and xnli"),
        ({"tokenizer_sha256": "x"}, "not the same tokenizer"),
        ({"low_rank": {"rank": 4}}, "not the same low_rank"),
    ]:
        assert str(lineage.comparable(direct, replace(qqp, **change))).startswith(why)
    phase = qqp.phases[1]
    other_rows = replace(phase, tasks=[replace(phase.tasks[0], train_sha256="x")])
    assert str(lineage.comparable(direct, replace(qqp, phases=[other_rows]))).startswith("other rows of pawsx")
    other_rate = replace(phase, settings={**phase.settings, "learning_rate": 1.0})
    assert "learning_rate" in str(lineage.comparable(direct, replace(qqp, phases=[other_rate])))


def test_damaged_lineage_is_one_error(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="there is no such file; expected what `robustx train` writes"):
        lineage.read(tmp_path)
    for damage, why in [
        ('{"schema": 1, "phases": 3}', "is damaged"),
        ("[]", "is damaged"),
        ('{"schema": 9}', "is of schema 9"),
    ]:
        (tmp_path / "lineage.json").write_text(damage)
        with pytest.raises(CheckpointError, match=why):
            lineage.read(tmp_path)


def test_what_is_done_is_passed_over_and_further_seeds_and_arms_change_nothing(
    base: Path, toys: Path, tmp_path: Path
) -> None:
    recipe = write_recipe(tmp_path / "toy.toml", base, "pawsx", steps=4, every=4)
    train(recipe, toys / "pawsx", tmp_path / "out")
    folder = tmp_path / "out" / "direct" / "seed-1" / "target"
    before = (folder / "model.safetensors").stat().st_mtime_ns
    recipe.write_text(recipe.read_text().replace("seeds = [1]", "seeds = [1, 2]") + '\n[[arms]]\nid = "more"\n')
    said: list[str] = []
    train(recipe, toys / "pawsx", tmp_path / "out", said=said)
    assert "direct seed 1 target: done before" in said
    assert (folder / "model.safetensors").stat().st_mtime_ns == before
    assert (tmp_path / "out" / "more" / "seed-2" / "target" / "model.safetensors").is_file()
    recipe.write_text(recipe.read_text().replace("learning_rate = 5e-3", "learning_rate = 1e-3"))
    with pytest.raises(RunError, match="was trained by another recipe, arm or seed"):
        train(recipe, toys / "pawsx", tmp_path / "out")


def weights(folder: Path) -> dict[str, torch.Tensor]:
    from safetensors.torch import load_file

    return load_file(folder / "model.safetensors")


COMMAND = "from robustx.cli.main import run; run()"


def command(recipe: Path, data: Path, out: Path, *more: str) -> list[str]:
    return [sys.executable, "-c", COMMAND, "train", str(recipe), "--data", str(data), "--out", str(out), *more]


def test_a_killed_run_ends_as_one_that_was_not(base: Path, toys: Path, tmp_path: Path) -> None:
    """Killed outright after its second checkpoint, and taken up again: the same scores and the same weights."""
    recipe = write_recipe(tmp_path / "toy.toml", base, "pawsx", steps=120, every=10)
    data = toys / "pawsx"
    (whole,) = train(recipe, data, tmp_path / "whole").values()
    cut = tmp_path / "cut"
    with subprocess.Popen(command(recipe, data, cut, "--quiet"), stdout=subprocess.DEVNULL) as process:
        work = cut / "direct" / "seed-1" / ".target"
        until = time.monotonic() + 120
        while len(list(work.glob("checkpoint-*/complete"))) < 2 and process.poll() is None and time.monotonic() < until:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL, "it was done before it could be killed"
    # a checkpoint that was being written is no checkpoint
    torn = work / "checkpoint-9999"
    torn.mkdir()
    (torn / "model.safetensors").write_bytes(b"torn")
    said: list[str] = []
    (again,) = train(recipe, data, cut, said=said).values()
    assert any("going on from" in line for line in said)
    assert again.phases[0].scores == whole.phases[0].scores
    assert (again.phases[0].best_step, again.phases[0].best_score) == (
        whole.phases[0].best_step,
        whole.phases[0].best_score,
    )
    one, two = (weights(folder / "direct" / "seed-1" / "target") for folder in (tmp_path / "whole", cut))
    assert one.keys() == two.keys()
    assert all(torch.equal(one[name], two[name]) for name in one)


def test_training_stops_early_on_english_development_rows(base: Path, toys: Path, tmp_path: Path) -> None:
    recipe = write_recipe(tmp_path / "toy.toml", base, "panx", steps=2000, every=10)
    recipe.write_text(recipe.read_text().replace("patience = 100", "patience = 2"))
    (made,) = train(recipe, toys / "panx", tmp_path / "out").values()
    phase = made.phases[0]
    assert phase.steps == phase.best_step + 20 < phase.planned == 2000
    assert phase.scores["panx"] == pytest.approx(phase.best_score), "the best checkpoint is the one that is kept"


def test_several_tasks_share_an_encoder_in_proportion(base: Path, toys: Path, tmp_path: Path) -> None:
    tasks = ["qqp", "squad-1.1", "hellaswag", "ccg"]
    data = ",".join(f"{name}={toys / name}" for name in tasks)
    arms = f'[[arms]]\nid = "many"\nintermediate = {json.dumps(tasks)}\n'
    (made,) = train(
        write_recipe(tmp_path / "toy.toml", base, None, arms, steps=120, every=60), data, tmp_path / "out"
    ).values()
    phase = made.phases[0]
    assert {task.task: task.steps for task in phase.tasks} == dict.fromkeys(tasks, 30), "96 rows each"
    assert min(phase.scores.values()) > 0.6
    from transformers import AutoModel

    folder = tmp_path / "out" / "many" / "seed-1" / "intermediate"
    encoder = AutoModel.from_pretrained(folder)
    assert encoder_fingerprint(encoder) == made.encoder_sha256


def test_masked_language_modelling_goes_beside_the_task(base: Path, toys: Path, tmp_path: Path) -> None:
    (tmp_path / "text").mkdir()
    for code in ("hi", "ru"):
        (tmp_path / "text" / f"{code}.txt").write_text("w1 w2 w3 w4 w5 w6\nw7 w8 w9 w10\n" * 20)
    arms = '[[arms]]\nid = "mlm"\nintermediate = ["qqp"]\nmlm = { languages = ["hi", "ru"], share = 0.5 }\n'
    recipe = write_recipe(tmp_path / "toy.toml", base, None, arms, steps=30, every=30)
    (made,) = train(recipe, f"{toys / 'qqp'},mlm={tmp_path / 'text'}", tmp_path / "out").values()
    steps = {task.task: task.steps for task in made.phases[0].tasks}
    assert steps == {"qqp": 30, "mlm": 30}
    assert made.phases[0].more["mlm"]["languages"] == ["hi", "ru"]
    assert made.phases[0].scores.keys() == {"qqp"}


def test_low_rank_training_makes_a_plain_checkpoint_too(base: Path, toys: Path, tmp_path: Path) -> None:
    from transformers import AutoModelForTokenClassification

    recipe = write_recipe(tmp_path / "toy.toml", base, "panx", steps=60)
    recipe.write_text(
        recipe.read_text().replace("[settings]", "[low_rank]\nrank = 8\nalpha = 16\n\n[settings]\nfrozen = 0")
    )
    (made,) = train(recipe, toys / "panx", tmp_path / "out").values()
    assert made.phases[0].best_score > 0.6
    folder = tmp_path / "out" / "direct" / "seed-1" / "target"
    _, report = AutoModelForTokenClassification.from_pretrained(folder, output_loading_info=True)
    assert not report["missing_keys"] and not report["unexpected_keys"]
    changed = {
        name
        for name, value in weights(folder).items()
        if not name.startswith("classifier") and not torch.equal(value, weights(base)[name.removeprefix("bert.")])
    }
    assert changed == {
        f"bert.encoder.layer.0.{part}.weight"
        for part in (
            "attention.self.query",
            "attention.self.key",
            "attention.self.value",
            "attention.output.dense",
            "intermediate.dense",
            "output.dense",
        )
    }
    assert made.low_rank == {"rank": 8, "alpha": 16, "dropout": 0.0}
    # which is how the demo checkpoints are kept: the base and a difference of that rank are the checkpoint
    trained = weights(folder)
    before = {name: value for part, value in weights(base).items() if (name := f"bert.{part}") in trained}
    kept = low_rank.difference(before, trained, 8)
    assert {name.removesuffix(".a") for name in kept if name.endswith(".a")} == {
        name.removesuffix(".weight") for name in changed
    }
    for name, value in low_rank.merge(before, kept).items():
        torch.testing.assert_close(value, trained[name], atol=2e-4, rtol=1e-3)


def test_frozen_layers_do_not_change_and_checkpointing_changes_nothing(base: Path, toys: Path, tmp_path: Path) -> None:
    recipe = write_recipe(tmp_path / "toy.toml", base, "panx", steps=5, every=5)
    recipe.write_text(recipe.read_text().replace("[settings]", "[settings]\nfrozen = 1\ngradient_checkpointing = true"))
    (one,) = train(recipe, toys / "panx", tmp_path / "one").values()
    assert one.encoder_sha256 == one.base_sha256, "one layer there is, and it was frozen"
    recipe.write_text(recipe.read_text().replace("frozen = 1", "frozen = 2"))
    with pytest.raises(UsageError, match="frozen = 2: the encoder has 1 layers to freeze"):
        train(recipe, toys / "panx", tmp_path / "two")


def test_dropout_is_the_bases_unless_the_recipe_says_another(base: Path, toys: Path, tmp_path: Path) -> None:
    made, said = [], []
    for i, line in enumerate(("", "dropout = 0.0", "dropout = 0.5")):
        recipe = write_recipe(tmp_path / f"{i}.toml", base, "panx", steps=3, every=3)
        recipe.write_text(recipe.read_text().replace("[settings]", f"[settings]\n{line}"))
        (one,) = train(recipe, toys / "panx", tmp_path / f"out-{i}").values()
        made.append(weights(tmp_path / f"out-{i}" / "direct" / "seed-1" / "target"))
        said.append(one.phases[0].settings["dropout"])
    assert said == [None, 0.0, 0.5]
    name = next(name for name in made[0] if name.endswith("layer.0.output.dense.weight"))
    assert all(not torch.equal(a[name], b[name]) for a, b in itertools.combinations(made, 2))


def test_gradient_checkpointing_trains_to_the_same_weights(base: Path, toys: Path, tmp_path: Path) -> None:
    recipe = write_recipe(tmp_path / "toy.toml", base, "panx", steps=3, every=3)
    (one,) = train(recipe, toys / "panx", tmp_path / "one").values()
    recipe.write_text(recipe.read_text().replace("[settings]", "[settings]\ngradient_checkpointing = true"))
    (two,) = train(recipe, toys / "panx", tmp_path / "two").values()
    a, b = (weights(tmp_path / name / "direct" / "seed-1" / "target") for name in ("one", "two"))
    assert all(torch.allclose(a[name], b[name], atol=1e-6) for name in a)
    assert one.phases[0].settings != two.phases[0].settings


@pytest.mark.parametrize("method", ["smoothing", "adversarial"])
def test_robust_training_learns_and_is_another_arm(method: str, base: Path, toys: Path, tmp_path: Path) -> None:
    arms = f'[[arms]]\nid = "direct"\n\n[[arms]]\nid = "robust"\nrobust = {{ method = "{method}", radius = 0.3 }}\n'
    made = train(
        write_recipe(tmp_path / "toy.toml", base, "panx", arms, steps=30, every=30), toys / "panx", tmp_path / "out"
    )
    assert made["robust"].phases[0].best_score > 0.6
    assert made["robust"].encoder_sha256 != made["direct"].encoder_sha256
    assert made["robust"].phases[0].more == {"robust": {"method": method, "radius": 0.3}}
    assert lineage.comparable(made["direct"], made["robust"]) is None


SAMPLES = """
[[arms]]
id = "anli"
intermediate = ["anli"]

[[arms]]
id = "sample"
intermediate = ["nli"]
rows_as = "anli"

[[arms]]
id = "longer"
steps_as = "anli"
"""


def test_a_sample_is_as_large_as_the_arm_it_is_measured_by_and_steps_can_be_matched(base: Path, tmp_path: Path) -> None:
    for name in ("anli-plus", "xnli"):
        make_task(tmp_path / "data", name, 60, 30)
    recipe = write_recipe(tmp_path / "toy.toml", base, "xnli", SAMPLES, every=2)
    recipe.write_text(recipe.read_text().replace("max_steps = 40", "epochs = 1.0"))
    made = train(recipe, tmp_path / "data", tmp_path / "out")
    rows = {name: one.phases[0].tasks[0].train_rows for name, one in made.items()}
    assert rows["sample"] == rows["anli"] == 18
    assert made["longer"].steps == made["anli"].steps
    assert "MultiNLI, which is XNLI's own training set" in made["sample"].notes[0]
    assert made["anli"].notes == []
    found = load_recipe(str(recipe))
    draws = [
        gather(found, found.arm("sample"), "intermediate", seed, Library(str(tmp_path / "data"))) for seed in (1, 1, 2)
    ]
    first, again, other = (one.tasks["nli"].train.sha256 for one in draws)
    assert first == again != other


def test_translated_rows_go_beside_the_english_ones(base: Path, toys: Path, tmp_path: Path) -> None:
    """In the layout of ``robustx translate``: rows that its gates did not keep, and other splits, are left out."""
    for code, text in (("hi", "नमस्ते"), ("ru", "привет")):
        row = {"uid": "1", "context": text, "hypothesis": text, "label": "c", "verdict": "kept"}
        for name in ("R1/train", "R2/train", "R1/test"):
            path = tmp_path / "translated" / code / f"{name}.jsonl"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(row) + "\n" + json.dumps(row | {"verdict": "rejected"}) + "\n", encoding="utf-8")
    arms = [
        '[[arms]]\nid = "a"\nintermediate = ["TASK"]\ntranslated = ["hi", "ru"]\n'.replace("TASK", task)
        for task in ("anli", "anli-r2")
    ]
    for arm, languages in zip(arms, (["hi", "hi", "ru", "ru"], ["hi", "ru"]), strict=True):
        recipe = load_recipe(str(write_recipe(tmp_path / "t.toml", base, None, arm)))
        library = Library(f"{toys / 'anli'},translated={tmp_path / 'translated'}")
        (read,) = gather(recipe, recipe.arm("a"), "intermediate", 1, library).tasks.values()
        foreign = [one for one in read.train.examples if one.language != "en"]
        assert [one.language for one in foreign] == languages
        assert {one.label for one in foreign} == {"contradiction"}
        assert read.train.skipped.count == len(languages)
    shutil.rmtree(tmp_path / "translated" / "ru" / "R2")
    with pytest.raises(DataError, match="has no training rows of anli-r2 in ru; expected ru/train.jsonl"):
        gather(recipe, recipe.arm("a"), "intermediate", 1, library)


def test_two_processes_train_with_nothing_to_change(base: Path, toys: Path, tmp_path: Path) -> None:
    """``accelerate launch`` on two processes: half the batch each, one set of files, one voice."""
    recipe = write_recipe(tmp_path / "toy.toml", base, "panx", steps=10, every=5)
    # the launcher's name for several processes on one machine, with GPUs or without
    launch = [sys.executable, "-m", "accelerate.commands.launch", "--multi_gpu", "--num_processes", "2"]
    launch += ["--num_machines", "1", "--mixed_precision", "no", "--dynamo_backend", "no", "-m", "robustx"]
    ended = subprocess.run(
        [*launch, "train", str(recipe), "--data", str(toys / "panx"), "--out", str(tmp_path / "two"), "--json"],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    (made,) = json.loads(ended.stdout)
    assert made["phases"][0]["processes"] == 2
    assert made["phases"][0]["steps"] == 10
    assert made["phases"][0]["best_score"] > 0.5
    assert (tmp_path / "two" / "direct" / "seed-1" / "target" / "model.safetensors").is_file()


def test_a_full_disk_in_mid_training_is_one_error_and_loses_nothing(base: Path, toys: Path, tmp_path: Path) -> None:
    """The system's own limit on the size of a file stands for a disk that is full."""
    recipe = write_recipe(tmp_path / "toy.toml", base, "panx", steps=20, every=5)
    data, out = toys / "panx", tmp_path / "out"
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    model_bytes = (base / "model.safetensors").stat().st_size
    work = out / "direct" / "seed-1" / ".target"
    said: list[str] = []

    def fill(line: str) -> None:
        said.append(line)
        if "step 10/20 dev" in line:
            resource.setrlimit(resource.RLIMIT_FSIZE, (model_bytes // 2, limits[1]))

    try:
        with pytest.raises(
            RobustxError, match=r"checkpoint-10: the checkpoint cannot be written: .*all before it is kept"
        ):
            list(grid(recipe, data, out).run(fill))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert [path.name for path in work.glob("checkpoint-*")] == ["checkpoint-5"]
    (made,) = train(recipe, data, out, said=said).values()
    assert any("going on from" in line and "checkpoint-5" in line for line in said)
    (whole,) = train(recipe, data, tmp_path / "whole").values()
    assert made.phases[0].scores == whole.phases[0].scores


def test_a_base_whose_tokenizer_is_anothers_is_one_error(base: Path, toys: Path, tmp_path: Path) -> None:
    other = shutil.copytree(base, tmp_path / "other")
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(base)
    tokenizer.add_tokens([f"new{i}" for i in range(9)])
    tokenizer.save_pretrained(other)
    recipe = write_recipe(tmp_path / "toy.toml", other, "panx", steps=2)
    with pytest.raises(
        CheckpointError, match="its tokenizer makes 67 tokens and its model knows 58: they do not belong together"
    ):
        train(recipe, toys / "panx", tmp_path / "out")
    recipe = write_recipe(tmp_path / "gone.toml", tmp_path / "gone", "panx", steps=2)
    with pytest.raises(CheckpointError, match="gone: there is no such folder"):
        train(recipe, toys / "panx", tmp_path / "out")


def test_an_intermediate_checkpoint_of_another_tokenizer_is_one_error(
    pair: tuple[Path, dict[str, Lineage]], toys: Path, tmp_path: Path
) -> None:
    out = shutil.copytree(pair[0], tmp_path / "out")
    shutil.rmtree(out / "qqp" / "seed-1" / "target")
    path = out / "qqp" / "seed-1" / "intermediate" / "lineage.json"
    path.write_text(path.read_text().replace(pair[1]["qqp"].tokenizer_sha256, "0" * 64))
    data = f"{toys / 'pawsx'},qqp={toys / 'qqp'}"
    with pytest.raises(CheckpointError, match="was trained with another tokenizer"):
        train(pair[0].parent / "toy.toml", data, out, arms=["qqp"])


def test_nothing_is_begun_where_data_is_missing(base: Path, toys: Path, tmp_path: Path) -> None:
    arms = '[[arms]]\nid = "direct"\n\n[[arms]]\nid = "ccg"\nintermediate = ["ccg"]\n'
    recipe = write_recipe(tmp_path / "toy.toml", base, "panx", arms)
    with pytest.raises(RobustxError, match="has no train rows of ccg"):
        train(recipe, toys / "panx", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_recipes_are_checked_by_name(base: Path, tmp_path: Path) -> None:
    path = tmp_path / "toy.toml"
    for target, arms, why in [
        ("xnly", '[[arms]]\nid = "a"\n', 'no training task "xnly". Did you mean "xnli"'),
        ("tatoeba", '[[arms]]\nid = "a"\n', "tatoeba has no English training data"),
        (None, '[[arms]]\nid = "a"\n', r"arms\[0\] \(a\): has neither intermediate tasks nor a target"),
        ("xnli", '[[arms]]\nid = "a"\nintermediate = ["mnlu"]\n', r'arms\[0\] \(a\): there is no training task "mnlu"'),
        ("xnli", '[[arms]]\nid = "a"\nrows_as = "b"\nintermediate = ["nli"]\n', 'no arm "b"'),
        ("xnli", '[[arms]]\nid = "a"\nmixin = "uniform"\n', "unknown key"),
        ("xnli", '[[arms]]\nid = "a"\n\n[[arms]]\nid = "a"\n', "an id is there twice"),
    ]:
        write_recipe(path, base, target, arms)
        with pytest.raises(CardError, match=why):
            load_recipe(str(path))
    path.write_text(path.read_text().replace("base =", 'preset = "jiantt"\nbase ='))
    with pytest.raises(CardError, match='no preset "jiantt". Did you mean "jiant"'):
        load_recipe(str(path))


def test_an_unknown_recipe_is_named_with_those_there_are() -> None:
    with pytest.raises(UsageError, match=r'no recipe "nli-arm"\. Did you mean "nli-arms"\? Recipes: .*xstilts'):
        load_recipe("nli-arm")


def test_a_dry_run_counts_what_the_run_does(base: Path, toys: Path, tmp_path: Path) -> None:
    from robustx.stilts.estimate import estimate

    recipe = write_recipe(tmp_path / "toy.toml", base, "pawsx", INTERMEDIATE, every=3)
    recipe.write_text(recipe.read_text().replace("max_steps = 40", "epochs = 1.0"))
    made = grid(recipe, f"{toys / 'pawsx'},qqp={toys / 'qqp'}", tmp_path / "out")
    would = estimate(made)
    assert not (tmp_path / "out").exists()
    assert [(one.arm, one.phase, one.steps) for one in would.phases] == [
        ("direct", "target", 6),
        ("qqp", "intermediate", 6),
        ("qqp", "target", 6),
    ]
    done = {unit.arm.id: one for unit, one in made.run()}
    assert done["direct"].steps == 6
    first = would.phases[0]
    parameters = sum(value.numel() for value in weights(tmp_path / "out" / "direct" / "seed-1" / "target").values())
    assert (first.parameters, first.trained) == (parameters, parameters)
    assert 16 * parameters < first.memory_bytes < 16 * parameters + 50_000_000
    assert first.seconds > 0
    assert estimate(made).seconds == 0
    assert any("2 arms x 1 seeds" in line for line in would.lines())


def test_an_encoder_is_what_retrieval_needs(base: Path, toys: Path, tmp_path: Path) -> None:
    """Tatoeba and BUCC 2018 have no training data: they take the encoder that the intermediate phase made."""
    from transformers import AutoModel, AutoTokenizer

    recipe = write_recipe(
        tmp_path / "toy.toml", base, None, '[[arms]]\nid = "snli"\nintermediate = ["snli"]\n', steps=4, every=4
    )
    train(recipe, toys / "snli", tmp_path / "out")
    folder = tmp_path / "out" / "snli" / "seed-1" / "intermediate"
    encoder, tokenizer = AutoModel.from_pretrained(folder).eval(), AutoTokenizer.from_pretrained(folder)
    texts = [f"w{i} w{i + 1} w{i + 2}" for i in range(0, 36, 3)]
    with torch.inference_mode():
        sides = [
            encoder(
                **tokenizer([text + more for text in texts], return_tensors="pt", padding=True)
            ).last_hidden_state.mean(1)
            for more in ("", " the")
        ]
    nearest = torch.nn.functional.cosine_similarity(sides[0][:, None], sides[1][None], dim=-1).argmax(1)
    assert (nearest == torch.arange(len(texts))).float().mean() > 0.8


def test_environment_of_processes_is_read_not_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    from robustx.stilts.phase import is_main

    monkeypatch.delenv("RANK", raising=False)
    assert is_main()
    monkeypatch.setenv("RANK", "1")
    assert not is_main()
