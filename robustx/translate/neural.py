"""NLLB-200, M2M100, MADLAD-400 and OPUS-MT through ``transformers``: beam search with the target's language forced."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from robustx.errors import CheckpointError, UsageError
from robustx.text.display import visible
from robustx.translate.engine import EngineError, Outcome
from robustx.translate.families import Told, told

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

DTYPES = ("fp32", "bf16", "fp16")
_DEFAULT_TOKENS = 512


@dataclass(frozen=True)
class Decoding:
    """How a neural engine translates.

    Attributes:
        batch: sentences a forward pass.
        beams: width of the beam.
        dtype: fp32, bf16 or fp16.
        device: a torch device, or ``auto``.
        seconds: how long one batch may take; what has no end by then is marked.
    """

    batch: int = 32
    beams: int = 4
    dtype: str = "fp32"
    device: str = "auto"
    seconds: float = 600.0

    def __post_init__(self) -> None:
        if self.dtype not in DTYPES:
            raise UsageError(f"--dtype {self.dtype}: expected one of {', '.join(DTYPES)}")
        if self.beams < 1:
            raise UsageError(f"--beams {self.beams}: expected at least 1")


class Neural:
    """A sequence-to-sequence checkpoint of a family; weights are read from safetensors when they are first needed.

    Raises:
        CheckpointError: the tokenizer cannot be loaded.
    """

    unit = "sentence"

    def __init__(self, family: str, reference: str, decoding: Decoding) -> None:
        self.name = visible(f"{family}:{reference}")
        self.batch = decoding.batch
        self._family, self._reference, self._decoding = family, reference, decoding
        self._tokenizer = load_tokenizer(reference)
        self._model: PreTrainedModel | None = None
        self._longest = min(int(self._tokenizer.model_max_length or _DEFAULT_TOKENS), _DEFAULT_TOKENS)

    def check(self, source: str, target: str) -> None:
        """See ``Engine``."""
        self._told(source, target)

    def identity(self, source: str, target: str) -> Mapping[str, str]:
        """The checkpoint's fingerprint, the decoding and the libraries."""
        import torch
        import transformers

        how = self._decoding
        return {
            "engine": self.name,
            "version": fingerprint(self._reference)[:16],
            "dtype": how.dtype,
            "beams": str(how.beams),
            "batch": str(how.batch),
            "transformers": transformers.__version__,
            "torch": str(torch.__version__),
        }

    def fits(self, text: str) -> bool:
        """Whether the checkpoint's longest input takes it."""
        room = self._longest - 8
        return len(text.encode()) <= room or len(self._tokenizer(text)["input_ids"]) <= room

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[Outcome]:
        """See ``Engine``."""
        import torch

        how, said, model = self._decoding, self._told(source, target), self._loaded()
        inputs = self._tokenizer([said.prefix + text for text in texts], return_tensors="pt", padding=True)
        width = int(inputs["input_ids"].shape[1])
        first: Any = None if said.first is None else self._tokenizer.convert_tokens_to_ids(said.first)
        room = min(self._longest, 3 * width + 16)
        try:
            with torch.inference_mode():
                made = model.generate(  # type: ignore[operator]
                    **{name: value.to(model.device) for name, value in inputs.items() if name != "token_type_ids"},
                    forced_bos_token_id=first,
                    num_beams=how.beams,
                    do_sample=False,
                    max_length=None,
                    max_new_tokens=room,
                    max_time=how.seconds,
                )
        except (RuntimeError, IndexError) as error:  # out of memory, a position beyond the last, a device that is gone
            raise EngineError(f"{self.name}: {type(error).__name__}: {str(error).splitlines()[0][:200]}") from error
        return [self._outcome(row, first, room) for row in made.tolist()]

    def _outcome(self, row: list[int], first: int | None, room: int) -> Outcome:
        # some tokenizers do not count the language that a target begins with among what is skipped
        spoken = row[2:] if row[1:2] == [first] else row[1:]
        text = self._tokenizer.decode(spoken, skip_special_tokens=True)
        ended = self._tokenizer.eos_token_id in spoken
        limit = f"no end within {room} tokens or {self._decoding.seconds:g} seconds"
        return Outcome(text if isinstance(text, str) else "", None if ended else limit)

    def _told(self, source: str, target: str) -> Told:
        said = told(self._family, self._tokenizer, source, target)
        if said.source is not None:
            self._tokenizer.src_lang = said.source
        return said

    def _loaded(self) -> PreTrainedModel:
        if self._model is None:
            self._model = load_model(self._reference, self._decoding)
            positions = getattr(self._model.config, "max_position_embeddings", None)
            if isinstance(positions, int) and positions > 0:
                self._longest = min(self._longest, positions)
        return self._model


def load_tokenizer(reference: str) -> PreTrainedTokenizerBase:
    """A checkpoint's tokenizer, without running code that it carries.

    Raises:
        CheckpointError: there is none, or it cannot be loaded.
    """
    from transformers import AutoTokenizer
    from transformers.utils import logging

    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    folder = Path(reference)
    if folder.suffix != "" or reference.startswith((".", "/")):
        if not folder.is_dir():
            raise CheckpointError(f"{reference}: there is no such folder; expected a checkpoint of a translation model")
        if not (folder / "config.json").is_file():
            raise CheckpointError(f"{reference}: is no checkpoint: it has no config.json")
    try:
        made: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(reference, trust_remote_code=False)
    except Exception as error:  # transformers raises many kinds
        raise CheckpointError(f"{reference}: its tokenizer cannot be loaded: {_said(error)}") from error
    return made


def load_model(reference: str, decoding: Decoding) -> PreTrainedModel:
    """A checkpoint's weights, from safetensors, on their device.

    Raises:
        CheckpointError: it has none, or another head.
    """
    import torch
    from transformers import AutoModelForSeq2SeqLM

    dtype = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}[decoding.dtype]
    try:
        model: PreTrainedModel = AutoModelForSeq2SeqLM.from_pretrained(
            reference, use_safetensors=True, trust_remote_code=False, dtype=dtype
        )
    except Exception as error:  # transformers raises many kinds, from OSError to SafetensorError
        raise CheckpointError(
            f"{reference}: cannot be loaded as a translation model: {_said(error)}. Expected safetensors (robustx "
            "opens no pickle); save an older checkpoint again with save_pretrained(..., safe_serialization=True)"
        ) from error
    device = decoding.device if decoding.device != "auto" else "cuda" if torch.cuda.is_available() else "cpu"
    try:
        model.to(device)  # type: ignore[arg-type]
    except (RuntimeError, AssertionError) as error:
        raise UsageError(f"--device {decoding.device}: cannot be used here: {_said(error)}") from error
    model.train(False)
    return model


def fingerprint(reference: str) -> str:
    """SHA-256 over a folder's weights, config and tokenizer files; of a hub id, its revision as it was fetched."""
    folder = Path(reference)
    if not folder.is_dir():
        from transformers import AutoConfig

        config: Any = AutoConfig.from_pretrained(reference, trust_remote_code=False)
        return str(getattr(config, "_commit_hash", None) or "unknown")
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.iterdir() if path.suffix in _FILES):
        digest.update(path.name.encode())
        with path.open("rb") as opened:
            digest.update(hashlib.file_digest(opened, "sha256").digest())
    return digest.hexdigest()


_FILES = (".safetensors", ".json", ".model", ".spm", ".bin", ".txt")


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {(str(error).strip().splitlines() or [''])[0][:300]}"
