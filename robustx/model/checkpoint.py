"""A checkpoint: a Hugging Face folder or hub id with its tokenizer, head, label map and fingerprint.

Weights are read from safetensors only, and no code that a checkpoint carries is run unless the user says so by name.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from robustx import files
from robustx.errors import CheckpointError, UsageError
from robustx.model import demo
from robustx.model.labels import label_order
from robustx.perturb.defences import defence
from robustx.tasks.base import Head

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

DTYPES = ("fp32", "bf16", "fp16")
_AUTO = {
    "classification": "SequenceClassification",
    "tagging": "TokenClassification",
    "answering": "QuestionAnswering",
}
"""What transformers calls a model with each head; any other is an encoder, which retrieval is done with."""

_DEFAULT_MAX_LENGTH = {"classification": 256, "tagging": 256, "answering": 384, "retrieval": 256}


@dataclass(frozen=True)
class Settings:
    """How a checkpoint is run.

    Attributes:
        device: a torch device, or ``auto``.
        dtype: fp32, bf16 or fp16; figures of different dtypes are not the same figures.
        max_length: longest input in tokens; longer ones are cut and counted.
        labels: the head's outputs in order, where the config does not say.
        trust_remote_code: run code that the checkpoint carries.
        layer: whose output retrieval compares, counted from 1; see ``robustx.model.heads.retrieval``.
        defence: what stands before the model (``robustx.perturb.defences``), as ``strip-invisible,nfkc``.
    """

    device: str = "auto"
    dtype: str = "fp32"
    max_length: int | None = None
    labels: str | None = None
    trust_remote_code: bool = False
    layer: int | None = None
    defence: str | None = None

    @property
    def asked(self) -> str:
        """What a signature says of layer and defence where they were asked for: ``|layer:9|defence:nfkc``."""
        layer = "" if self.layer is None else f"|layer:{self.layer}"
        return f"{layer}|defence:{self.defence}" if self.defence else layer


@dataclass
class Checkpoint:
    """A loaded model with its tokenizer.

    Attributes:
        head: which kind of task it was fine-tuned for; ``retrieval`` is any encoder without a head.
        architecture: what its config calls it.
        outputs: what its config calls the outputs of the head.
    """

    name: str
    head: Head
    architecture: str
    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    outputs: dict[int, str]
    max_length: int
    device: torch.device
    dtype: str
    fingerprint: str
    tokenizer_fingerprint: str
    settings: Settings

    def order(self, labels: tuple[str, ...]) -> list[int]:
        """For each task label, the head's output that means it."""
        return label_order(self.outputs, labels, self.settings.labels, self.name)

    @property
    def signature(self) -> str:
        """``model:demo:anli@4be1…|tok:…|fp32|len:128``, and what was asked for besides, such as ``|defence:nfkc``."""
        short = Path(self.name).name if Path(self.name).is_dir() else self.name
        model = f"model:{short}@{self.fingerprint[:8]}|tok:{self.tokenizer_fingerprint[:8]}"
        return f"{model}|{self.dtype}|len:{self.max_length}{self.settings.asked}"


def check_reference(reference: str, settings: Settings) -> Path | None:
    """Everything that can be said of a checkpoint without loading it; its folder, or None for a hub id.

    Raises:
        CheckpointError, UsageError: it cannot be used as it is.
    """
    if settings.dtype not in DTYPES:
        raise UsageError(f"--dtype {settings.dtype}: expected one of {', '.join(DTYPES)}")
    if settings.device != "auto":
        _device(settings.device)
    if settings.defence:
        defence(settings.defence)
    if demo.is_demo(reference):
        return demo.materialise(reference)
    folder = Path(reference)
    if not folder.is_dir():
        if folder.suffix or reference.startswith((".", "/")) or reference.count("/") > 1:
            raise CheckpointError(f"{reference}: there is no such folder")
        return None
    if not (folder / "config.json").is_file():
        raise CheckpointError(
            f"{folder}: is no checkpoint: it has no config.json; expected a Hugging Face model folder"
        )
    named_head(folder)
    _check_weights(folder)
    if not any((folder / name).is_file() for name in _TOKENIZER_FILES) and not _needs_no_files(folder):
        raise CheckpointError(f"{folder}: has no tokenizer; expected one of {', '.join(_TOKENIZER_FILES)}")
    return folder


_TOKENIZER_FILES = (
    "tokenizer.json",
    "sentencepiece.bpe.model",
    "spiece.model",
    "spm.model",
    "vocab.txt",
    "vocab.json",
    "tokenizer.model",
)
_NO_VOCABULARY = ("ByT5Tokenizer", "CanineTokenizer", "PerceiverTokenizer")


def load(reference: str, settings: Settings | None = None) -> Checkpoint:
    """Load a checkpoint for inference.

    Raises:
        CheckpointError: it is no checkpoint, lacks a tokenizer or is damaged.
    """
    settings = settings or Settings()
    folder = check_reference(reference, settings)
    import torch
    import transformers
    from transformers import AutoConfig, AutoTokenizer
    from transformers.utils import logging

    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    device = _device(settings.device)
    dtype = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}[settings.dtype]
    where = str(folder or reference)
    common: dict[str, Any] = {"trust_remote_code": settings.trust_remote_code}
    try:
        head, architecture = _head(AutoConfig.from_pretrained(where, **common).architectures)
        auto = getattr(transformers, f"AutoModelFor{_AUTO[head]}" if head in _AUTO else "AutoModel")
        tokenizer = AutoTokenizer.from_pretrained(where, **common)
        model, report = auto.from_pretrained(
            where, use_safetensors=True, dtype=dtype, output_loading_info=True, **common
        )
    except Exception as error:  # transformers raises many kinds, from OSError to SafetensorError and KeyError
        raise CheckpointError(f"{reference}: cannot be loaded: {type(error).__name__}: {_first_line(error)}") from error
    # an encoder's pooler is a head of its own, which nothing here reads
    spare = ("position_ids", "pooler.") if head == "retrieval" else ("position_ids",)
    missing = sorted(key for key in report["missing_keys"] if not any(part in key for part in spare))
    if missing:
        raise CheckpointError(
            f"{reference}: its weights lack {len(missing)} tensors that the head or encoder needs "
            f"({', '.join(missing[:3])}); expected a checkpoint fine-tuned for its task"
        )
    model = model.to(device).eval()
    outputs = {int(i): str(name) for i, name in model.config.id2label.items()}
    return Checkpoint(
        name=reference,
        head=head,
        architecture=architecture,
        model=model,
        tokenizer=tokenizer,
        outputs=outputs,
        max_length=_max_length(settings.max_length, tokenizer, model.config, _DEFAULT_MAX_LENGTH[head]),
        device=device,
        dtype=settings.dtype,
        fingerprint=_state_fingerprint(model, settings.dtype) if folder is None else _folder_fingerprint(folder),
        tokenizer_fingerprint=_tokenizer_fingerprint(tokenizer),
        settings=settings,
    )


class Named(NamedTuple):
    """The head that a config names, and what it calls it."""

    head: Head
    architecture: str


def named_head(folder: Path) -> Named:
    """What the config of a checkpoint's folder says of its head.

    Raises:
        CheckpointError: the config is damaged.
    """
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise CheckpointError(f"{folder / 'config.json'}: is damaged: {error}") from error
    if not isinstance(config, dict):
        raise CheckpointError(f"{folder / 'config.json'}: is no model's config; expected a JSON object")
    return _head(config.get("architectures"))


def _head(architectures: object) -> Named:
    """A config that names nothing is taken for a classifier's, and held to it."""
    first = architectures[0] if isinstance(architectures, list) and architectures else "ForSequenceClassification"
    for head, auto in _AUTO.items():
        if auto in str(first):
            return Named(cast(Head, head), str(first))
    return Named("retrieval", str(first))


def _check_weights(folder: Path) -> None:
    from safetensors import SafetensorError, safe_open

    weights = sorted(folder.glob("*.safetensors"))
    if not weights:
        pickled = [path.name for path in folder.glob("*.bin")] + [path.name for path in folder.glob("*.pt")]
        if pickled:
            raise CheckpointError(
                f"{folder}: holds its weights as a pickle ({pickled[0]}), which robustx does not open; save it again with "
                "save_pretrained(..., safe_serialization=True)"
            )
        raise CheckpointError(f"{folder}: has no weights; expected model.safetensors")
    for path in weights:
        try:
            with safe_open(path, framework="numpy") as opened:
                opened.keys()
        except (SafetensorError, OSError, ValueError) as error:
            raise CheckpointError(f"{path}: is damaged: {error}; copy or download it again") from error


def _needs_no_files(folder: Path) -> bool:
    """Byte and character tokenizers (ByT5, CANINE) have no vocabulary file, only a config.

    Of any other class, transformers 5 makes a tokenizer without a vocabulary, to which every text is unknown.
    """
    path = folder / "tokenizer_config.json"
    config = files.read_json(path, CheckpointError, "a tokenizer's config") if path.is_file() else None
    return isinstance(config, dict) and config.get("tokenizer_class") in _NO_VOCABULARY


def _device(name: str) -> torch.device:
    import torch

    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError) as error:
        raise UsageError(f"--device {name}: cannot be used here: {_first_line(error)}") from error
    return device


def _max_length(asked: int | None, tokenizer: PreTrainedTokenizerBase, config: Any, usual: int) -> int:
    limits = [int(getattr(tokenizer, "model_max_length", 10**9) or 10**9)]
    positions = getattr(config, "max_position_embeddings", None)
    if isinstance(positions, int) and positions > 0:
        # RoBERTa-like models number positions from the padding id + 1
        offset = 2 if config.model_type in ("roberta", "xlm-roberta", "camembert", "xlm-roberta-xl") else 0
        limits.append(positions - offset)
    longest = min(limits)
    if asked is None:
        return min(usual, longest)
    if asked < 8 or asked > longest:
        raise UsageError(f"--max-length {asked}: this checkpoint takes 8 to {longest} tokens")
    return asked


def _folder_fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted([*folder.glob("*.safetensors"), folder / "config.json"]):
        digest.update(path.name.encode())
        with path.open("rb") as opened:
            digest.update(hashlib.file_digest(opened, "sha256").digest())
    return digest.hexdigest()


def _state_fingerprint(model: torch.nn.Module, dtype: str) -> str:
    digest = hashlib.sha256(dtype.encode())
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().float().cpu().numpy().tobytes())
    return digest.hexdigest()


def _tokenizer_fingerprint(tokenizer: PreTrainedTokenizerBase) -> str:
    """What the tokenizer makes of texts depends on its class (fast or slow) and its serialised state."""
    backend = getattr(tokenizer, "backend_tokenizer", None)
    state = backend.to_str() if backend is not None else json.dumps(sorted(tokenizer.get_vocab().items()))
    kind = f"{type(tokenizer).__name__}:{bool(getattr(tokenizer, 'is_fast', False))}"
    return hashlib.sha256(f"{kind}\n{state}".encode()).hexdigest()


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [""])[0][:300]
