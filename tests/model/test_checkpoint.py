"""Checkpoints: what can be used, and one clear error for what cannot, before any weight is loaded where that is possible."""

from __future__ import annotations

import json
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tiny import FAMILIES, make_checkpoint

from robustx.errors import CheckpointError, UsageError
from robustx.model.checkpoint import Settings, check_reference, load

Folder = Callable[[str], Path]
CPU = Settings(device="cpu")


@pytest.fixture
def bert(checkpoint: Folder, tmp_path: Path) -> Path:
    """A BERT checkpoint that a test may damage."""
    return Path(shutil.copytree(checkpoint("bert"), tmp_path / "bert"))


@pytest.mark.parametrize("family", FAMILIES)
def test_a_checkpoint_of_every_family_loads(checkpoint: Folder, family: str) -> None:
    loaded = load(str(checkpoint(family)), CPU)
    assert loaded.order(("entailment", "neutral", "contradiction")) == [0, 1, 2]
    assert not loaded.model.training
    assert loaded.signature == (
        f"model:{family}@{loaded.fingerprint[:8]}|tok:{loaded.tokenizer_fingerprint[:8]}|fp32|len:{loaded.max_length}"
    )


class TestWhatIsRefusedWithoutLoading:
    def test_a_missing_folder(self, tmp_path: Path) -> None:
        with pytest.raises(CheckpointError, match="there is no such folder"):
            check_reference(str(tmp_path / "nothing"), CPU)

    def test_a_folder_that_is_no_checkpoint(self, tmp_path: Path) -> None:
        with pytest.raises(CheckpointError, match=r"has no config\.json"):
            check_reference(str(tmp_path), CPU)

    @pytest.mark.parametrize("text", ["", "{", "[]", "3", '"bert"', "\ud800".encode("utf-16", "surrogatepass")])
    def test_a_config_that_is_damaged(self, bert: Path, text: str | bytes) -> None:
        (bert / "config.json").write_bytes(text.encode() if isinstance(text, str) else text)
        with pytest.raises(CheckpointError, match=r"config\.json: is"):
            check_reference(str(bert), CPU)

    def test_a_checkpoint_without_a_tokenizer(self, bert: Path) -> None:
        for path in [*bert.glob("tokenizer*"), *bert.glob("special_tokens*"), *bert.glob("vocab*")]:
            path.unlink()
        with pytest.raises(CheckpointError, match="has no tokenizer"):
            check_reference(str(bert), CPU)

    def test_a_tokenizer_that_lost_its_vocabulary(self, bert: Path) -> None:
        """transformers 5 would make one without a vocabulary, and every text would be [UNK]."""
        (bert / "tokenizer.json").unlink()
        (bert / "tokenizer_config.json").write_text('{"tokenizer_class": "BertTokenizer"}')
        with pytest.raises(CheckpointError, match="has no tokenizer"):
            check_reference(str(bert), CPU)

    @pytest.mark.parametrize("keep", [0, 4, 100, -1])
    def test_weights_that_are_cut_short(self, bert: Path, keep: int) -> None:
        weights = bert / "model.safetensors"
        weights.write_bytes(weights.read_bytes()[:keep])
        with pytest.raises(CheckpointError, match=r"model\.safetensors: is damaged"):
            check_reference(str(bert), CPU)

    def test_weights_with_a_garbled_header(self, bert: Path) -> None:
        weights = bert / "model.safetensors"
        data = bytearray(weights.read_bytes())
        data[8:40] = b"\xff" * 32
        weights.write_bytes(data)
        with pytest.raises(CheckpointError, match=r"model\.safetensors: is damaged"):
            check_reference(str(bert), CPU)

    def test_weights_in_a_pickle_which_is_never_opened(self, bert: Path, tmp_path: Path) -> None:
        opened = tmp_path / "opened"

        class Trap:
            def __reduce__(self) -> tuple[object, tuple[str]]:
                return Path.touch, (Path(opened),)  # type: ignore[return-value]

        (bert / "model.safetensors").unlink()
        (bert / "pytorch_model.bin").write_bytes(pickle.dumps(Trap()))
        with pytest.raises(CheckpointError, match=r"as a pickle \(pytorch_model\.bin\)"):
            load(str(bert), CPU)
        assert not opened.exists()

    def test_a_folder_without_weights(self, bert: Path) -> None:
        (bert / "model.safetensors").unlink()
        with pytest.raises(CheckpointError, match="has no weights"):
            check_reference(str(bert), CPU)

    def test_an_unknown_demo_with_the_nearest_name(self) -> None:
        with pytest.raises(UsageError, match=r'no model "demo:anil".*Did you mean "demo:anli"'):
            check_reference("demo:anil", CPU)

    @pytest.mark.parametrize(
        "settings", [Settings(dtype="fp64"), Settings(device="nowhere"), Settings(device="cuda:99")]
    )
    def test_a_dtype_or_device_that_cannot_be_used(self, bert: Path, settings: Settings) -> None:
        with pytest.raises(UsageError, match="--d"):
            check_reference(str(bert), settings)


class TestWhatIsRefusedWhenLoading:
    def test_an_encoder_whose_config_does_not_say_so(self, tmp_path: Path) -> None:
        folder = make_checkpoint(tmp_path / "base", "bert", auto="")
        config = json.loads((folder / "config.json").read_text())
        del config["architectures"]
        (folder / "config.json").write_text(json.dumps(config))
        with pytest.raises(CheckpointError, match=r"lack 2 tensors .*classifier"):
            load(str(folder), CPU)

    def test_a_head_of_another_size_than_its_config_says(self, bert: Path) -> None:
        config = json.loads((bert / "config.json").read_text())
        config["id2label"] = {"0": "yes", "1": "no"}
        config["label2id"] = {"yes": 0, "no": 1}
        (bert / "config.json").write_text(json.dumps(config))
        with pytest.raises(CheckpointError, match="cannot be loaded"):
            load(str(bert), CPU)

    def test_a_hub_id_that_is_not_in_the_cache_when_offline(self) -> None:
        with pytest.raises(CheckpointError, match="no-one/no-such-model: cannot be loaded") as caught:
            load("no-one/no-such-model", CPU)
        assert "\n" not in str(caught.value)

    def test_code_that_a_checkpoint_carries_is_not_run(self, bert: Path, tmp_path: Path) -> None:
        ran = tmp_path / "ran"
        (bert / "evil.py").write_text(f"from pathlib import Path\nPath({str(ran)!r}).touch()\n")
        config = json.loads((bert / "config.json").read_text())
        config |= {
            "model_type": "evil",
            "auto_map": {"AutoConfig": "evil.Evil", "AutoModelForSequenceClassification": "evil.Evil"},
        }
        (bert / "config.json").write_text(json.dumps(config))
        with pytest.raises(CheckpointError):
            load(str(bert), CPU)
        assert not ran.exists()

    @pytest.mark.parametrize("length", [0, 7, 129, 10_000])
    def test_a_maximum_length_that_the_model_cannot_take(self, bert: Path, length: int) -> None:
        with pytest.raises(UsageError, match=f"--max-length {length}: this checkpoint takes 8 to 128 tokens"):
            load(str(bert), Settings(device="cpu", max_length=length))


class TestFingerprints:
    def test_a_copy_has_the_same(self, checkpoint: Folder, bert: Path) -> None:
        first, second = load(str(checkpoint("bert")), CPU), load(str(bert), CPU)
        assert (first.fingerprint, first.tokenizer_fingerprint) == (second.fingerprint, second.tokenizer_fingerprint)

    def test_one_weight_changes_the_model_s_and_not_the_tokenizer_s(self, checkpoint: Folder, bert: Path) -> None:
        weights = bert / "model.safetensors"
        data = bytearray(weights.read_bytes())
        data[-1] ^= 1
        weights.write_bytes(data)
        first, second = load(str(checkpoint("bert")), CPU), load(str(bert), CPU)
        assert first.fingerprint != second.fingerprint
        assert first.tokenizer_fingerprint == second.tokenizer_fingerprint

    def test_a_normaliser_changes_the_tokenizer_s(self, checkpoint: Folder, bert: Path) -> None:
        state = json.loads((bert / "tokenizer.json").read_text())
        state["normalizer"] = {"type": "NFD"}
        (bert / "tokenizer.json").write_text(json.dumps(state))
        first, second = load(str(checkpoint("bert")), CPU), load(str(bert), CPU)
        assert first.fingerprint == second.fingerprint
        assert first.tokenizer_fingerprint != second.tokenizer_fingerprint

    def test_a_fast_and_a_slow_tokenizer_differ(self, checkpoint: Folder) -> None:
        fast, slow = load(str(checkpoint("bert")), CPU), load(str(checkpoint("bert-slow")), CPU)
        if slow.tokenizer.is_fast:
            pytest.skip("transformers 4 makes a fast tokenizer of every BERT's")
        assert fast.tokenizer.is_fast
        assert not slow.tokenizer.is_fast
        assert fast.tokenizer_fingerprint != slow.tokenizer_fingerprint


@pytest.mark.parametrize(("family", "most"), [("bert", 128), ("xlm-roberta", 126)])
def test_the_maximum_length_is_what_the_positions_allow(
    checkpoint: Folder, tmp_path: Path, family: str, most: int
) -> None:
    """RoBERTa numbers positions from 2, so 128 of them take 126 tokens."""
    folder = shutil.copytree(checkpoint(family), tmp_path / family)
    path = folder / "tokenizer_config.json"
    config = json.loads(path.read_text())
    del config["model_max_length"]
    path.write_text(json.dumps(config))
    assert load(str(folder), CPU).max_length == most
