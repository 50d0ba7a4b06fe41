"""Neural engines end to end, with tiny checkpoints of each family that have learnt three sentences in two languages."""

from __future__ import annotations

import importlib.util
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tiny_seq2seq import TAUGHT, make, marian

from robustx.errors import CheckpointError, MissingExtraError, UsageError
from robustx.translate.engine import EngineError
from robustx.translate.engines import engine as engine_of
from robustx.translate.guard import translated
from robustx.translate.neural import Decoding, Neural

FAMILIES = ("nllb", "m2m100", "madlad", "opus-mt")
GREEDY = Decoding(beams=1, device="cpu")
has_ctranslate2 = importlib.util.find_spec("ctranslate2") is not None

pytestmark = pytest.mark.filterwarnings("ignore:Recommended. pip install sacremoses")


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    made: dict[str, Path] = {}

    def folder(family: str) -> Path:
        if family not in made:
            made[family] = make(tmp_path_factory.mktemp(family) / family, family)
        return made[family]

    return folder


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_is_told_which_language_to_speak(taught: Callable[[str], Path], family: str) -> None:
    engine = engine_of(f"{family}:{taught(family)}", GREEDY)
    for target in ("hi", "ar"):
        engine.check("en", target)
        made = translated(engine, list(TAUGHT), "en", target)
        assert [one.text for one in made] == [others[target] for others in TAUGHT.values()]
        assert all(one.problem is None for one in made)


def test_a_beam_finds_the_same_and_batches_are_padded_without_harm(taught: Callable[[str], Path]) -> None:
    beam = Neural("m2m100", str(taught("m2m100")), Decoding(beams=3, device="cpu"))
    together = translated(beam, list(TAUGHT), "en", "hi")
    assert together == [translated(beam, [text], "en", "hi")[0] for text in TAUGHT]
    assert [one.text for one in together] == [others["hi"] for others in TAUGHT.values()]


@pytest.mark.parametrize(
    ("family", "language", "said"),
    [
        ("m2m100", "te", "m2m100 was not trained on te; it has af am ar"),
        ("madlad", "ka", "vocabulary has no <2ka>"),
        ("opus-mt", "ka", "does not translate into ka; it has >>ara<< >>hin<<"),
    ],
)
def test_a_language_that_is_lacking_is_an_error_before_the_model_loads(
    taught: Callable[[str], Path], family: str, language: str, said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        Neural(family, str(taught(family)), GREEDY).check("en", language)


def test_a_model_of_one_pair_is_held_to_its_pair(tmp_path: Path) -> None:
    marian(tmp_path, ())
    engine = Neural("opus-mt", str(tmp_path), GREEDY)
    engine.check("en", "hi")
    with pytest.raises(UsageError, match="target_lang is hin, not ar"):
        engine.check("en", "ar")


def test_what_has_no_end_in_time_is_marked(taught: Callable[[str], Path]) -> None:
    hurried = Neural("m2m100", str(taught("m2m100")), Decoding(beams=1, device="cpu", seconds=1e-9))
    (made,) = hurried.translate(["The mill burned down."], "en", "hi")
    assert "no end within" in str(made.problem)


def test_an_input_that_the_model_cannot_take_is_a_failure_and_is_seen_beforehand(taught: Callable[[str], Path]) -> None:
    engine = Neural("nllb", str(taught("nllb")), GREEDY)
    assert engine.fits("The mill burned down.")
    long = "The mill burned down. " * 40
    assert not engine.fits(long)


def test_the_identity_changes_with_weights_and_decoding(taught: Callable[[str], Path], tmp_path: Path) -> None:
    first = taught("m2m100")
    identity = Neural("m2m100", str(first), GREEDY).identity("en", "hi")
    assert identity == Neural("m2m100", str(first), GREEDY).identity("en", "hi")
    assert identity != Neural("m2m100", str(first), Decoding(beams=2, device="cpu")).identity("en", "hi")
    other = shutil.copytree(first, tmp_path / "other")
    config = json.loads((other / "config.json").read_text())
    (other / "config.json").write_text(json.dumps(config | {"scale_embedding": False}))
    assert Neural("m2m100", str(other), GREEDY).identity("en", "hi")["version"] != identity["version"]


def test_bad_checkpoints_are_errors_that_say_what_is_wrong(taught: Callable[[str], Path], tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="there is no such folder"):
        Neural("nllb", str(tmp_path / "gone"), GREEDY)
    (tmp_path / "empty").mkdir()
    with pytest.raises(CheckpointError, match="has no config.json"):
        Neural("nllb", str(tmp_path / "empty"), GREEDY)
    bare = shutil.copytree(taught("m2m100"), tmp_path / "bare")
    (bare / "model.safetensors").rename(bare / "pytorch_model.bin")
    with pytest.raises(CheckpointError, match="opens no pickle"):
        Neural("m2m100", str(bare), GREEDY).translate(["one"], "en", "hi")


@pytest.mark.parametrize(
    ("specification", "said"),
    [
        ("nlb:MODEL", 'Did you mean "nllb"'),
        ("nllb", "expected apertium, nllb:MODEL"),
        ("ctranslate2:gpt:FOLDER", "expected apertium"),
        ("apertium:urd-hin", "expected apertium"),
    ],
)
def test_an_engine_that_is_none_is_an_error_that_lists_them(specification: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        engine_of(specification, GREEDY)


@pytest.mark.parametrize(("setting", "said"), [({"dtype": "int4"}, "--dtype int4"), ({"beams": 0}, "--beams 0")])
def test_bad_settings_are_errors(setting: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        Decoding(**setting)  # type: ignore[arg-type]


@pytest.mark.skipif(has_ctranslate2, reason="ctranslate2 is installed")
def test_without_ctranslate2_the_error_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(MissingExtraError, match=r"pip install 'robustx\[ctranslate2\]'"):
        engine_of(f"ctranslate2:nllb:{tmp_path}", GREEDY)


@pytest.mark.skipif(not has_ctranslate2, reason="the extra ctranslate2 is not installed")
@pytest.mark.parametrize("family", ("nllb", "madlad", "opus-mt"))
def test_ctranslate2_says_what_transformers_says(taught: Callable[[str], Path], tmp_path: Path, family: str) -> None:
    from ctranslate2.converters import TransformersConverter

    source = taught(family)
    beside = [path.name for path in source.iterdir() if path.suffix in (".json", ".model", ".spm")]
    copied = [name for name in beside if name not in ("config.json", "generation_config.json")]
    TransformersConverter(str(source), copy_files=copied).convert(str(tmp_path / "converted"))
    engine = engine_of(f"ctranslate2:{family}:{tmp_path / 'converted'}", GREEDY)
    engine.check("en", "ar")
    assert translated(engine, list(TAUGHT), "en", "ar") == translated(
        Neural(family, str(source), GREEDY), list(TAUGHT), "en", "ar"
    )


@pytest.mark.skipif(not has_ctranslate2, reason="the extra ctranslate2 is not installed")
def test_a_folder_that_is_no_ctranslate2_model_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"has no model\.bin"):
        engine_of(f"ctranslate2:nllb:{tmp_path}", GREEDY)


def test_out_of_memory_is_a_failure_of_the_batch(
    taught: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    engine = Neural("m2m100", str(taught("m2m100")), GREEDY)
    monkeypatch.setattr(type(engine._loaded()), "generate", lambda *_, **__: torch.empty(2**60))
    with pytest.raises(EngineError, match="RuntimeError"):
        engine.translate(["one"], "en", "hi")


def test_bfloat16_is_another_identity_that_still_speaks(taught: Callable[[str], Path]) -> None:
    half = Neural("m2m100", str(taught("m2m100")), Decoding(beams=1, dtype="bf16", device="cpu"))
    whole = Neural("m2m100", str(taught("m2m100")), GREEDY)
    assert half.identity("en", "hi") != whole.identity("en", "hi")
    assert str(half._loaded().dtype) == "torch.bfloat16"
    assert translated(half, list(TAUGHT), "en", "ar") == translated(whole, list(TAUGHT), "en", "ar")
