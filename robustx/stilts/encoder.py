"""One encoder under the heads of several tasks: built on a base, trained whole or low-rank, saved as plain checkpoints."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from robustx.errors import CheckpointError, UsageError
from robustx.model import demo, demo_base
from robustx.stilts.recipe import LowRank

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

DEMO_BASE = "demo:base"
"""The encoder of the demo checkpoints, as a base to train on."""


@dataclass(frozen=True)
class Base:
    """An encoder to train on, not loaded: where it lies, its tokenizer, and what both are told apart by."""

    name: str
    where: str
    tokenizer: PreTrainedTokenizerBase
    tokenizer_sha256: str


@dataclass(frozen=True)
class HeadSpec:
    """What a task's head must be: the class of model that has it, and its labels."""

    auto: str
    labels: tuple[str, ...]


def open_base(name: str) -> Base:
    """The base that a recipe names: ``demo:base``, a folder, or a hub id.

    Raises:
        CheckpointError: it is none, or its tokenizer does not belong to it.
    """
    from transformers import AutoConfig, AutoTokenizer

    if name == DEMO_BASE:
        where = str(demo_base.build(demo.cache_folder() / "demo" / "base"))
    elif name.startswith((".", "/")) and not Path(name).is_dir():
        raise CheckpointError(f"{name}: there is no such folder")
    else:
        where = name
    try:
        tokenizer = AutoTokenizer.from_pretrained(where)
        config = AutoConfig.from_pretrained(where)
    except Exception as error:  # transformers raises many kinds
        raise CheckpointError(f"{name}: cannot be loaded as a base: {_first_line(error)}") from error
    known = getattr(config, "vocab_size", None)
    if isinstance(known, int) and len(tokenizer) > known:
        raise CheckpointError(
            f"{name}: its tokenizer makes {len(tokenizer):,} tokens and its model knows {known:,}: they do not belong together"
        )
    return Base(name, where, tokenizer, tokenizer_fingerprint(tokenizer))


class SharedEncoder(nn.Module):
    """An encoder and the heads of all tasks of a phase; a batch says whose it is.

    Every head is that of the library's own model class, which also computes the loss; the models share one encoder.
    """

    _keys_to_ignore_on_save = None  # the Trainer asks every model for it

    def __init__(self, models: Mapping[str, PreTrainedModel]) -> None:
        super().__init__()
        first = next(iter(models.values()))
        self.encoder: Any = first.base_model
        self.heads = nn.ModuleDict()
        self._models = dict(models)
        self._takes = {name: set(inspect.signature(model.forward).parameters) for name, model in models.items()}
        for name, model in models.items():
            setattr(model, model.base_model_prefix, self.encoder)
            model.tie_weights()
            own = {part: child for part, child in model.named_children() if child is not self.encoder}
            self.heads[_key(name)] = nn.ModuleDict(own)

    @property
    def config(self) -> Any:
        """The config of the first task's model."""
        return next(iter(self._models.values())).config

    def forward(self, task: str, **inputs: Any) -> Any:
        """The output of the task's model; inputs that it does not take are left out."""
        return self._models[task](**{name: value for name, value in inputs.items() if name in self._takes[task]})

    def train(self, mode: bool = True) -> SharedEncoder:
        """Also the models, which are no submodules: their parts are."""
        super().train(mode)
        for model in self._models.values():
            model.training = mode
        return self

    def state_dict(self, *args: Any, **kwargs: Any) -> dict[str, Any]:  # type: ignore[override]
        """What training changes, each tensor once: the rest is the base's, and is there when the state is loaded again."""
        changed = {name for name, parameter in self.named_parameters() if parameter.requires_grad}
        return {name: value for name, value in super().state_dict(*args, **kwargs).items() if name in changed}

    def model(self, task: str) -> PreTrainedModel:
        """The model of one task, with the shared encoder in it."""
        return self._models[task]

    def embeddings(self) -> nn.Module:
        """The encoder's word embeddings."""
        found: nn.Module = self.encoder.get_input_embeddings()
        return found


def build(where: str, heads: Mapping[str, HeadSpec], seed: int) -> SharedEncoder:
    """The encoder that lies there under fresh heads, drawn by the seed; a language model's head is the base's own if it has one.

    Raises:
        CheckpointError: the weights cannot be loaded, or the architecture has no such head.
    """
    torch.manual_seed(seed)
    models: dict[str, PreTrainedModel] = {}
    encoder = _encoder(where)
    for name, spec in heads.items():
        model = _headed(where, spec)
        # a head that needs no pooler goes on top of an encoder that has one, if another head needs it
        lacks, more = model.base_model.load_state_dict(encoder.state_dict(), strict=False)
        if lacks:
            raise CheckpointError(
                f"{where}: its weights lack {len(lacks)} of the encoder's tensors ({', '.join(lacks[:3])})"
            )
        models[name] = model if not more or len(heads) == 1 else _over(model, encoder)
    return SharedEncoder(dict(sorted(models.items(), key=lambda item: not _has_pooler(item[1]))))


def _encoder(where: str) -> Any:
    from transformers import AutoModel
    from transformers.utils import logging

    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return AutoModel.from_pretrained(
            where, use_safetensors=True, dtype=torch.float32, attn_implementation=_attention()
        )
    except Exception as error:  # transformers raises many kinds
        raise CheckpointError(f"{where}: cannot be loaded as an encoder: {_first_line(error)}") from error


def _headed(where: str, spec: HeadSpec) -> Any:
    import transformers

    more: dict[str, Any] = {}
    if spec.labels:
        more = {"id2label": dict(enumerate(spec.labels)), "label2id": {label: i for i, label in enumerate(spec.labels)}}
    config = transformers.AutoConfig.from_pretrained(where, **more)
    # a regression or multi-label head would be chosen by what an earlier head left in the config
    config.problem_type = "single_label_classification" if spec.auto.endswith("SequenceClassification") else None
    auto = getattr(transformers, spec.auto)
    try:
        if spec.auto.endswith("MaskedLM"):
            return auto.from_pretrained(where, config=config, dtype=torch.float32, attn_implementation=_attention())
        return auto.from_config(config, attn_implementation=_attention()).float()
    except ValueError as error:
        raise CheckpointError(
            f"{where}: {config.model_type} has no head for this task: {_first_line(error)}"
        ) from error


def _attention() -> str | None:
    # on a processor the fused kernel's backward pass takes several times as long as the plain products
    return None if torch.cuda.is_available() else "eager"


def _over(model: Any, encoder: Any) -> Any:
    setattr(model, model.base_model_prefix, encoder)
    return model


def _has_pooler(model: Any) -> bool:
    return getattr(model.base_model, "pooler", None) is not None


def freeze(shared: SharedEncoder, layers: int) -> None:
    """Stop training the embeddings (``layers`` 0 or more) and so many layers from below (-1: nothing is frozen).

    Raises:
        UsageError: the encoder has fewer layers, or keeps them where this does not know.
    """
    if layers < 0:
        return
    embeddings = getattr(shared.encoder, "embeddings", shared.embeddings())
    embeddings.requires_grad_(False)
    stack = getattr(getattr(shared.encoder, "encoder", None), "layer", None)
    if layers and (stack is None or len(stack) < layers):
        raise UsageError(
            f"frozen = {layers}: the encoder has {len(stack) if stack is not None else 'no'} layers to freeze"
        )
    for layer in list(stack or [])[:layers]:
        layer.requires_grad_(False)


def drop_out(shared: SharedEncoder, share: float) -> None:
    """Set every dropout layer of the encoder and the heads, those beside low-rank products apart."""
    for name, module in shared.named_modules():
        if isinstance(module, nn.Dropout) and "lora_dropout" not in name:
            module.p = share


def make_low_rank(shared: SharedEncoder, settings: LowRank, frozen: int) -> None:
    """Freeze the encoder but for a trained product of low rank beside every linear layer above the frozen ones."""
    from peft import LoraConfig, inject_adapter_in_model

    shared.encoder.requires_grad_(False)
    names = [
        name
        for name, module in shared.encoder.named_modules()
        if isinstance(module, nn.Linear) and not _below(name, frozen) and not name.startswith("pooler")
    ]
    config = LoraConfig(r=settings.rank, lora_alpha=settings.alpha, lora_dropout=settings.dropout, target_modules=names)
    inject_adapter_in_model(config, shared.encoder)
    if getattr(shared.encoder, "pooler", None) is not None:
        shared.encoder.pooler.requires_grad_(True)


def _below(name: str, frozen: int) -> bool:
    parts = name.split(".")
    return "layer" in parts and int(parts[parts.index("layer") + 1]) < frozen


def merge(shared: SharedEncoder) -> None:
    """Add the low-rank products to the weights and take them out again: what is left is a plain encoder."""
    layers = [(name, module) for name, module in shared.encoder.named_modules() if hasattr(module, "lora_A")]
    for name, layer in layers:
        layer.merge()
        parent = shared.encoder.get_submodule(name.rpartition(".")[0])
        setattr(parent, name.rpartition(".")[2], layer.get_base_layer())
    for holder in (shared.encoder, *shared._models.values()):
        if hasattr(holder, "peft_config"):
            del holder.peft_config


def tokenizer_fingerprint(tokenizer: PreTrainedTokenizerBase) -> str:
    """SHA-256 of what decides what the tokenizer makes of a text."""
    backend = getattr(tokenizer, "backend_tokenizer", None)
    state = backend.to_str() if backend is not None else repr(sorted(tokenizer.get_vocab().items()))
    return hashlib.sha256(state.encode("utf-8", "surrogatepass")).hexdigest()


def encoder_fingerprint(encoder: nn.Module) -> str:
    """SHA-256 of an encoder's weights, whatever head they were saved with; a pooler is counted with the head."""
    digest = hashlib.sha256()
    for name, tensor in sorted(_weights(encoder)):
        digest.update(name.encode())
        digest.update(tensor.detach().float().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()


def _weights(encoder: nn.Module) -> Iterator[tuple[str, torch.Tensor]]:
    return ((name, tensor) for name, tensor in encoder.state_dict().items() if not name.startswith("pooler"))


def parameters(shared: SharedEncoder) -> tuple[int, int]:
    """How many parameters there are, and how many of them are trained."""
    every: Sequence[nn.Parameter] = list(shared.parameters())
    return sum(p.numel() for p in every), sum(p.numel() for p in every if p.requires_grad)


def _key(task: str) -> str:
    return "task_" + task.replace(".", "_").replace("-", "_")


def _first_line(error: BaseException) -> str:
    return f"{type(error).__name__}: {(str(error).strip().splitlines() or [''])[0][:300]}"
