"""CTranslate2 (the extra ``ctranslate2``): the same families several times as fast, from a converted checkpoint.

``ct2-transformers-converter --model MODEL --output_dir FOLDER --copy_files ...`` makes one; its tokenizer files lie beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from robustx.errors import CheckpointError, MissingExtraError
from robustx.text.display import visible
from robustx.translate.engine import EngineError, Outcome
from robustx.translate.families import Told, told
from robustx.translate.neural import Decoding, fingerprint, load_tokenizer

_COMPUTE = {"fp32": "float32", "bf16": "bfloat16", "fp16": "float16"}


class CTranslate2:
    """A converted checkpoint of a family.

    Raises:
        MissingExtraError: CTranslate2 is not installed.
        CheckpointError: the folder is no converted checkpoint with its tokenizer.
    """

    unit = "sentence"

    def __init__(self, family: str, folder: Path, decoding: Decoding) -> None:
        try:
            import ctranslate2
        except ImportError as error:
            raise MissingExtraError("--engine ctranslate2", "ctranslate2", "ctranslate2") from error
        if not (folder / "model.bin").is_file():
            raise CheckpointError(
                f"{folder}: is no CTranslate2 model: it has no model.bin; make one with ct2-transformers-converter"
            )
        self.name = visible(f"ctranslate2:{family}:{folder.name}")
        self.batch = decoding.batch
        self._family, self._folder, self._decoding = family, folder, decoding
        self._tokenizer = load_tokenizer(str(folder))
        self._library: Any = ctranslate2
        self._longest = min(int(self._tokenizer.model_max_length or 512), 512)

    def check(self, source: str, target: str) -> None:
        """See ``Engine``."""
        told(self._family, self._tokenizer, source, target)

    def identity(self, source: str, target: str) -> Mapping[str, str]:
        """The model's fingerprint, the decoding and the library."""
        how = self._decoding
        return {
            "engine": self.name,
            "version": fingerprint(str(self._folder))[:16],
            "dtype": how.dtype,
            "beams": str(how.beams),
            "batch": str(how.batch),
            "ctranslate2": str(self._library.__version__),
        }

    def fits(self, text: str) -> bool:
        """Whether the longest input takes it."""
        room = self._longest - 8
        return len(text.encode()) <= room or len(self._tokenizer(text)["input_ids"]) <= room

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[Outcome]:
        """See ``Engine``."""
        said = told(self._family, self._tokenizer, source, target)
        if said.source is not None:
            self._tokenizer.src_lang = said.source
        pieces = [self._pieces(said.prefix + text) for text in texts]
        room = 3 * max(map(len, pieces)) + 16
        try:
            made = self._translator.translate_batch(
                pieces,
                target_prefix=None if said.first is None else [[said.first]] * len(pieces),
                beam_size=self._decoding.beams,
                max_decoding_length=room,
                max_input_length=0,
                return_end_token=True,
            )
        except (RuntimeError, ValueError) as error:
            raise EngineError(f"{self.name}: {type(error).__name__}: {str(error)[:200]}") from error
        return [self._outcome(one.hypotheses[0], said, room) for one in made]

    def _pieces(self, text: str) -> list[str]:
        found = self._tokenizer.convert_ids_to_tokens(self._tokenizer(text)["input_ids"])
        return [str(piece) for piece in found]

    def _outcome(self, pieces: list[str], said: Told, room: int) -> Outcome:
        end = str(self._tokenizer.eos_token)
        kept = [piece for piece in pieces if piece not in (end, said.first)]
        text = self._tokenizer.decode(self._tokenizer.convert_tokens_to_ids(kept), skip_special_tokens=True)
        problem = None if pieces[-1:] == [end] else f"no end within {room} tokens"
        return Outcome(text if isinstance(text, str) else "", problem)

    @cached_property
    def _translator(self) -> Any:
        how = self._decoding
        device = "cpu" if how.device == "auto" and not self._library.get_cuda_device_count() else how.device
        try:
            return self._library.Translator(
                str(self._folder), device="cuda" if device == "auto" else device, compute_type=_COMPUTE[how.dtype]
            )
        except (RuntimeError, ValueError) as error:
            raise CheckpointError(f"{self._folder}: cannot be loaded by CTranslate2: {error}") from error
