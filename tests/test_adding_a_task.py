"""Adding a task is one class and one line of the registry: sentences that are questions or not, from data to scores."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tiny import CARD, make_checkpoint

from robustx import api
from robustx.model.checkpoint import Settings
from robustx.tasks.base import Example, Head, SkipLog, Statistic, Task, field_problem
from robustx.tasks.registry import TASKS

SENTENCES = {
    "en": ["Where is the station this morning?", "The station is near the market.", "Who bought the apples there?"] * 5,
    "hi": ["स्टेशन कहाँ है और कितनी दूर है?", "स्टेशन बाज़ार के पास है।", "सेब किसने और कहाँ खरीदे?"] * 5,
}


class IsQuestion(Task):
    """Whether a sentence asks something: ``questions/<language>.txt``, a sentence a line."""

    name = "questions"
    head: Head = "classification"
    fields: tuple[str, ...] = ("sentence",)
    attackable: tuple[str, ...] = ("sentence",)
    labels: tuple[str, ...] = ("statement", "question")
    chance = 0.5

    def available(self, root: Path) -> list[str]:
        return [code for code in ("en", "hi") if (root / "questions" / f"{code}.txt").is_file()]

    def read(self, root: Path, language: str, skipped: SkipLog) -> Iterator[Example]:
        path = root / "questions" / f"{language}.txt"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            problem = field_problem([line])
            if problem:
                skipped.add(path, number, problem)
                continue
            gold = "question" if line.endswith("?") else "statement"
            yield Example(f"questions-{number}", language, {"sentence": line}, gold)

    def read_hub(self, language: str, skipped: SkipLog) -> Iterator[Example]:
        raise NotImplementedError

    def statistic(self, gold: str, predicted: str, language: str) -> Statistic:
        return Statistic(float(gold == predicted), 1.0)


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TASKS, "questions", IsQuestion())


@pytest.mark.usefixtures("registered")
def test_a_new_task_runs_from_data_to_scores_and_report(
    tmp_path: Path, checkpoint: Callable[[str], Path], small_data: Path
) -> None:
    (tmp_path / "data" / "questions").mkdir(parents=True)
    for code, lines in SENTENCES.items():
        (tmp_path / "data" / "questions" / f"{code}.txt").write_text("\n".join([*lines, " "]), encoding="utf-8")
    card = tmp_path / "both.toml"
    card.write_text(CARD.replace('tasks = ["xnli"]', 'tasks = ["xnli", "questions"]'), encoding="utf-8")
    model = make_checkpoint(tmp_path / "model", "bert", labels=("statement", "question"))
    run = api.attack(
        f"xnli={checkpoint('bert')},questions={model}",
        str(card),
        f"xnli={small_data},questions={tmp_path / 'data'}",
        out=tmp_path / "run",
        settings=Settings(device="cpu"),
    )
    scores = json.loads((run.folder / "scores.json").read_text())
    made = scores["tasks"]["questions"]
    assert made["examples"] == 15
    assert made["languages"]["hi"]["attacks"].keys() == {"delete", "invisible"}
    assert made["languages"]["hi"]["audit"]["judged"] > 0
    assert set(scores["average"]["tasks"]) == {"xnli", "questions"}
    assert run.facts["suite"]["skipped"] == 2
    page = (run.folder / "report.html").read_text(encoding="utf-8")
    assert "Accuracy by language and script · " in page


@pytest.mark.usefixtures("registered")
def test_a_checkpoint_without_its_labels_leaves_it_out_and_says_why(
    tmp_path: Path, checkpoint: Callable[[str], Path], small_data: Path
) -> None:
    data = tmp_path / "data"
    (data / "questions").mkdir(parents=True)
    (data / "questions" / "en.txt").write_text("Is it?\nIt is.\n")
    card = tmp_path / "both.toml"
    card.write_text(CARD.replace('tasks = ["xnli"]', 'tasks = ["xnli", "questions"]'), encoding="utf-8")
    run = api.attack(
        str(checkpoint("bert")),
        str(card),
        f"xnli={small_data},questions={data}",
        out=tmp_path / "run",
        settings=Settings(device="cpu"),
    )
    assert list(run.facts["tasks"]) == ["xnli"]
    assert "its head has 3 outputs; the task has 2: statement, question" in run.facts["left_out"]["questions"]
