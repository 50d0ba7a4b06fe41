"""Robust training in the embedding space: randomised smoothing, or one adversarial step (Huang et al. 2021, arXiv:2104.08645).

The paper draws its balls around the input embeddings, so that words of other languages, which lie near their English
translations but not on them, are met in training. Here the radius is a share of the mean length of a word embedding.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import nn

from robustx.stilts.encoder import SharedEncoder
from robustx.stilts.recipe import Robust


class Neighbourhood:
    """Moves the word embeddings of a batch to another place in a ball."""

    def __init__(self, shared: SharedEncoder, settings: Robust) -> None:
        self._shared = shared
        self._adversarial = settings.method == "adversarial"
        weight: torch.Tensor = shared.embeddings().weight  # type: ignore[assignment]
        self._radius = settings.radius * float(weight.detach().float().norm(dim=-1).mean())
        self._width = weight.shape[-1]
        self._shift: torch.Tensor | None = None
        self._seen: torch.Tensor | None = None
        shared.embeddings().register_forward_hook(self._moved)

    def loss(self, model: Any, inputs: Mapping[str, Any]) -> torch.Tensor:
        """The loss of a batch at another place in the ball: the worst by one step of gradient, or a random one."""
        self._shift = self._worst(inputs) if self._adversarial else self._random(inputs)
        try:
            found: torch.Tensor = model(**inputs).loss
        finally:
            self._shift = None
        return found

    def _moved(self, module: nn.Module, given: Any, output: torch.Tensor) -> torch.Tensor:
        moved = output if self._shift is None else output + self._shift.to(output.dtype).reshape(output.shape)
        if self._seen is not None:
            moved = moved.detach().requires_grad_(True)
            self._seen = moved
        return moved

    def _random(self, inputs: Mapping[str, Any]) -> torch.Tensor:
        """Of every embedding, a random direction and a random length up to the radius."""
        ids = inputs["input_ids"]
        noise = torch.randn(*ids.shape, self._width, device=ids.device)
        moved: torch.Tensor = (
            noise / noise.norm(dim=-1, keepdim=True) * self._radius * torch.rand(*ids.shape, 1, device=ids.device)
        )
        return moved

    def _worst(self, inputs: Mapping[str, Any]) -> torch.Tensor:
        """One step of the length of the radius along the gradient of each embedding (Goodfellow et al. 2015, in the l2 norm)."""
        self._seen = torch.empty(0)
        try:
            loss = self._shared(**inputs).loss.mean()
            (gradient,) = torch.autograd.grad(loss, self._seen)
        finally:
            self._seen = None
        moved: torch.Tensor = (gradient / gradient.norm(dim=-1, keepdim=True).clamp_min(1e-12) * self._radius).detach()
        return moved
