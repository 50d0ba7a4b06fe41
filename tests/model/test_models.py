"""The checkpoints of a run: which tasks each can do, and what is left out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tiny import make_checkpoint

from robustx.errors import CheckpointError, UsageError
from robustx.model.checkpoint import Settings, load
from robustx.model.heads.registry import lacks
from robustx.model.models import load_models, named
from robustx.tasks.registry import task

Folder = Callable[[str], Path]
CPU = Settings(device="cpu")
XNLI = task("xnli")


@pytest.mark.parametrize(
    ("auto", "architecture", "head"),
    [
        ("TokenClassification", "BertForTokenClassification", "tagging"),
        ("QuestionAnswering", "BertForQuestionAnswering", "answering"),
        ("", "BertModel", "retrieval"),
        ("MaskedLM", "BertForMaskedLM", "retrieval"),
    ],
)
def test_a_checkpoint_says_which_head_it_has_and_does_no_other_task(
    tmp_path: Path, auto: str, architecture: str, head: str
) -> None:
    folder = make_checkpoint(tmp_path / "other", "bert", auto=auto)
    loaded = load(str(folder), CPU)
    assert (loaded.head, loaded.architecture) == (head, architecture)
    assert f"is a {architecture}; xnli needs a sequence classifier" in str(lacks(loaded, XNLI))
    with pytest.raises(CheckpointError, match=f"is a {architecture}; xnli needs"):
        load_models(str(folder), CPU, [XNLI])


def test_one_checkpoint_serves_every_task_it_can_do(checkpoint: Folder) -> None:
    models = load_models(str(checkpoint("bert")), CPU, [XNLI])
    assert list(models.of) == ["xnli"]
    assert models.left_out == {}
    assert models.signature == models.of["xnli"].signature


class TestACheckpointNamedForATask:
    def test_is_the_task_s_own(self, checkpoint: Folder) -> None:
        models = load_models(f"xnli={checkpoint('bert')}", CPU, [XNLI])
        assert models.of["xnli"].name == str(checkpoint("bert"))

    def test_must_be_of_a_task_that_there_is(self) -> None:
        with pytest.raises(UsageError, match='no task "xlni". Did you mean "xnli"'):
            named("xlni=somewhere")

    def test_must_be_the_only_one(self) -> None:
        with pytest.raises(UsageError, match="names a task twice"):
            named("xnli=a,xnli=b")

    def test_a_folder_with_an_equals_sign_is_a_folder(self, tmp_path: Path) -> None:
        folder = tmp_path / "lr=3e-5"
        folder.mkdir()
        assert named(str(folder)) == {}
        assert named("runs/lr=3e-5") == {}
