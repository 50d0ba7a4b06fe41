"""Whether source and target lie close to each other as sentence embeddings (Artetxe and Schwenk 2019, 1811.01136)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from robustx.translate.gates.pair import Figures, Pair

Embed = Callable[[Sequence[str]], npt.NDArray[np.float32]]
"""Texts to their embeddings, [texts, dimensions], each of length 1."""

_BATCH = 32
_MAX_LENGTH = 128


def measure(pairs: Sequence[Pair], embed: Embed) -> list[Figures]:
    """``agreement``: the cosine of the two embeddings. Each distinct text is embedded once."""
    texts = list(dict.fromkeys(text for pair in pairs for text in (pair.source, pair.target)))
    vectors = embed(texts) if texts else np.zeros((0, 1), np.float32)
    at = {text: row for row, text in enumerate(texts)}
    return [{"agreement": float(vectors[at[pair.source]] @ vectors[at[pair.target]])} for pair in pairs]


def demo_embedder(device: str = "cpu") -> Embed:
    """The demo base, multilingual-e5-small (Wang et al. 2024, arXiv:2402.05672), mean pooled, as an embedder.

    Raises:
        MissingExtraError: the packages that it is built from are not installed.
    """
    import torch
    from transformers import AutoModel, AutoTokenizer
    from transformers.utils import logging

    from robustx.model import demo, demo_base

    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    folder = demo_base.build(demo.cache_folder() / "demo" / "base")
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModel.from_pretrained(folder, dtype=torch.float32, add_pooling_layer=False).to(device).eval()

    def embed(texts: Sequence[str]) -> npt.NDArray[np.float32]:
        # e5 was trained with this word before texts that are compared with one another
        ids = tokenizer([f"query: {text}" for text in texts], truncation=True, max_length=_MAX_LENGTH)["input_ids"]
        made = np.zeros((len(texts), model.config.hidden_size), np.float32)
        order = sorted(range(len(texts)), key=lambda row: len(ids[row]))
        for begin in range(0, len(order), _BATCH):
            rows = order[begin : begin + _BATCH]
            batch = tokenizer.pad({"input_ids": [ids[row] for row in rows]}, return_tensors="pt").to(device)
            with torch.inference_mode():
                states = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).last_hidden_state
            mask = batch["attention_mask"][..., None].float()
            pooled = (states * mask).sum(dim=1) / mask.sum(dim=1)
            made[rows] = torch.nn.functional.normalize(pooled, dim=1).cpu().numpy()
        return made

    return embed
