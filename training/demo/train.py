"""Trains ``demo:direct`` and ``demo:anli`` on two CPU cores and writes each as a low-rank difference.

    python training/demo/train.py direct --data DATA --out delta/direct
    python training/demo/train.py anli   --data DATA --out delta/anli

Both arms see the same English pairs in the same batches for the same steps; ``anli`` sees ANLI's development rounds
before (encoder kept, head drawn anew, as STILTs do). The embeddings and the lowest ``FROZEN`` layers are never trained,
so what they make of a text is computed once and kept on disk: that is what makes two cores enough.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
import transformers
from corpus import Pair, anli_rounds, english_nli, fingerprint, xnli
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F
from transformers import AutoTokenizer, BertForSequenceClassification

from robustx.model.demo_base import BASE_NAME, build

FROZEN = 4
RANK = 16
BATCH_TOKENS = 2048
MAX_LENGTH = 160
PHASES = {"anli": {"epochs": 4, "rate": 6e-4}, "english": {"epochs": 2, "rate": 6e-4}}
WARM_UP = 0.06
SEED = 20


class LowRank(nn.Module):
    """A frozen linear layer and a trained product of rank ``RANK`` (Hu et al. 2021, arXiv:2106.09685; alpha = rank)."""

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        self.register_buffer("weight", linear.weight.data.bfloat16())
        self.register_buffer("bias", linear.bias.data.bfloat16())
        bound = linear.in_features**-0.5
        self.a = nn.Parameter(torch.empty(RANK, linear.in_features).uniform_(-bound, bound))
        self.b = nn.Parameter(torch.zeros(linear.out_features, RANK))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        low = F.linear(F.linear(x, self.a.bfloat16()), self.b.bfloat16())
        return F.linear(x, self.weight, self.bias) + low


class Student(nn.Module):
    """The layers above ``FROZEN`` with low-rank differences, and a head in fp32."""

    def __init__(self, base: Path) -> None:
        super().__init__()
        model = BertForSequenceClassification.from_pretrained(
            base, num_labels=3, dtype=torch.float32, attn_implementation="eager"
        )
        model.bfloat16().eval().requires_grad_(False)
        self.embeddings = model.bert.embeddings
        self.lower = model.bert.encoder.layer[:FROZEN]
        self.upper = model.bert.encoder.layer[FROZEN:]
        for module in list(self.upper.modules()):
            for name, child in list(module.named_children()):
                if isinstance(child, nn.Linear):
                    setattr(module, name, LowRank(child))
        hidden = model.config.hidden_size
        self.pooler = nn.Linear(hidden, hidden)
        self.classifier = nn.Linear(hidden, 3)
        self.new_head()

    def new_head(self) -> None:
        """A head that begins by passing the first token's state on, which shortens the plateau at ln 3."""
        nn.init.eye_(self.pooler.weight)
        nn.init.zeros_(self.pooler.bias)
        nn.init.normal_(self.classifier.weight, std=0.05)
        nn.init.zeros_(self.classifier.bias)

    @torch.no_grad()
    def below(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        state = self.embeddings(input_ids=ids)
        for layer in self.lower:
            state = _first(layer(state, mask))
        return state

    def forward(self, state: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        for layer in self.upper:
            state = _first(layer(state, mask))
        return self.classifier(torch.tanh(self.pooler(state[:, 0].float())))

    def difference(self) -> dict[str, torch.Tensor]:
        tensors = {}
        for i, layer in enumerate(self.upper, start=FROZEN):
            for name, module in layer.named_modules():
                if isinstance(module, LowRank):
                    tensors[f"bert.encoder.layer.{i}.{name}.a"] = module.a
                    tensors[f"bert.encoder.layer.{i}.{name}.b"] = module.b
        for name in ("weight", "bias"):
            tensors[f"bert.pooler.dense.{name}"] = getattr(self.pooler, name)
            tensors[f"classifier.{name}"] = getattr(self.classifier, name)
        return {name: tensor.detach().half().contiguous() for name, tensor in tensors.items()}


def _first(output: torch.Tensor | tuple[torch.Tensor, ...]) -> torch.Tensor:
    return output[0] if isinstance(output, tuple) else output


class States:
    """What the frozen layers make of every pair, on disk; batches of it by length and token budget."""

    def __init__(self, name: str, pairs: list[Pair], student: Student, tokenizer: object, scratch: Path) -> None:
        encoded = tokenizer(  # type: ignore[operator]
            [p.premise for p in pairs], [p.hypothesis for p in pairs], truncation="longest_first", max_length=MAX_LENGTH
        )["input_ids"]
        self.lengths = np.array([len(ids) for ids in encoded])
        self.starts = np.concatenate([[0], np.cumsum(self.lengths)])
        self.labels = torch.tensor([p.label for p in pairs])
        hidden = student.classifier.in_features
        path = scratch / f"{name}-{fingerprint(pairs)[:12]}.bf16"
        shape = (int(self.starts[-1]), hidden)
        if not path.exists():
            self._fill(path.with_suffix(".part"), shape, encoded, student)
            path.with_suffix(".part").rename(path)
        self.states = np.memmap(path, dtype=np.int16, mode="r", shape=shape)

    def _fill(self, path: Path, shape: tuple[int, int], encoded: list[list[int]], student: Student) -> None:
        states = np.memmap(path, dtype=np.int16, mode="w+", shape=shape)
        order = np.argsort(self.lengths, kind="stable")
        for rows in np.array_split(order, max(1, int(self.lengths.sum()) // 4096)):
            width = int(self.lengths[rows].max())
            ids = torch.full((len(rows), width), 1)
            for row, i in enumerate(rows):
                ids[row, : self.lengths[i]] = torch.tensor(encoded[i])
            made = student.below(ids, _mask(self.lengths[rows], width)).view(torch.int16).numpy()
            for row, i in enumerate(rows):
                states[self.starts[i] : self.starts[i + 1]] = made[row, : self.lengths[i]]
        states.flush()

    def batches(self, epochs: int, seed: int) -> list[np.ndarray]:
        """Rows of every batch: shuffled, like lengths together, at most ``BATCH_TOKENS`` with padding."""
        rng = np.random.default_rng(seed)
        made: list[np.ndarray] = []
        for _ in range(epochs):
            shuffled = rng.permutation(len(self.lengths))
            epoch: list[np.ndarray] = []
            for pool in np.array_split(shuffled, max(1, len(shuffled) // 4000)):
                epoch += self._cut(pool[np.argsort(self.lengths[pool], kind="stable")])
            made += [epoch[i] for i in rng.permutation(len(epoch))]
        return made

    def _cut(self, rows: np.ndarray) -> Iterator[np.ndarray]:
        begin = 0
        for end in range(1, len(rows) + 1):
            full = end == len(rows) or (end + 1 - begin) * self.lengths[rows[end]] > BATCH_TOKENS
            if full:
                yield rows[begin:end]
                begin = end

    def load(self, rows: np.ndarray) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        width = int(self.lengths[rows].max())
        block = np.zeros((len(rows), width, self.states.shape[1]), dtype=np.int16)
        for row, i in enumerate(rows):
            block[row, : self.lengths[i]] = self.states[self.starts[i] : self.starts[i + 1]]
        return torch.from_numpy(block).view(torch.bfloat16), _mask(self.lengths[rows], width), self.labels[rows]


def _mask(lengths: np.ndarray, width: int) -> torch.Tensor:
    keep = torch.arange(width)[None, :] < torch.from_numpy(lengths)[:, None]
    return torch.where(keep, 0.0, torch.finfo(torch.bfloat16).min)[:, None, None, :].bfloat16()


def train(student: Student, states: States, phase: str, log: list[dict[str, float]]) -> None:
    settings = PHASES[phase]
    batches = states.batches(int(settings["epochs"]), SEED)
    parameters = [p for p in student.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(parameters, lr=settings["rate"], weight_decay=0.01, fused=True)
    warm = max(1, int(WARM_UP * len(batches)))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda s: min((s + 1) / warm, (len(batches) - s) / max(1, len(batches) - warm))
    )
    began, seen, running = time.time(), 0, 0.0
    for step, rows in enumerate(batches, start=1):
        state, mask, labels = states.load(rows)
        loss = F.cross_entropy(student(state, mask), labels)
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        schedule.step()
        optimiser.zero_grad(set_to_none=True)
        seen += len(rows)
        running += loss.item()
        if step % 100 == 0 or step == len(batches):
            rate = seen / (time.time() - began)
            log.append({"step": step, "pairs": seen, "loss": running / (step % 100 or 100)})
            print(f"{phase} {step}/{len(batches)} pairs {seen} loss {log[-1]['loss']:.3f} {rate:.1f}/s", flush=True)
            running = 0.0


@torch.inference_mode()
def accuracy(student: Student, states: States) -> float:
    """Share right, in bf16: to watch training by; the card's figures come from ``robustx attack`` in fp32."""
    order = np.argsort(states.lengths, kind="stable")
    right = 0
    for rows in np.array_split(order, max(1, len(order) // 48)):
        state, mask, labels = states.load(rows)
        right += int((student(state, mask).argmax(-1) == labels).sum())
    return right / len(order)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("arm", choices=("direct", "anli"))
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--scratch", type=Path, default=Path("/tmp/robustx-demo"))
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(SEED)
    arguments.scratch.mkdir(parents=True, exist_ok=True)
    arguments.out.mkdir(parents=True, exist_ok=True)
    base = build(arguments.scratch / "base")
    tokenizer = AutoTokenizer.from_pretrained(base)
    student = Student(base)
    corpora = {"anli": anli_rounds(arguments.data), "english": english_nli(arguments.data)}
    watched = States("watch", xnli(arguments.data, "en", "dev"), student, tokenizer, arguments.scratch)
    recipe: dict[str, object] = {
        "base": BASE_NAME,
        "frozen_layers": FROZEN,
        "rank": RANK,
        "batch_tokens": BATCH_TOKENS,
        "max_length": MAX_LENGTH,
        "seed": SEED,
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "phases": [],
    }
    for phase in ("anli", "english") if arguments.arm == "anli" else ("english",):
        states = States(phase, corpora[phase], student, tokenizer, arguments.scratch)
        torch.manual_seed(SEED)
        student.new_head()
        log: list[dict[str, float]] = []
        train(student, states, phase, log)
        watched_accuracy = accuracy(student, watched)
        print(f"after {phase}: XNLI dev en {watched_accuracy:.4f}", flush=True)
        recipe["phases"].append(  # type: ignore[attr-defined]
            {
                "data": phase,
                "pairs": len(corpora[phase]),
                "sha256": fingerprint(corpora[phase]),
                **PHASES[phase],
                "xnli_dev_en_bf16": watched_accuracy,
                "log": log,
            }
        )
        save_file(student.difference(), arguments.out / "difference.safetensors", metadata={"rank": str(RANK)})
        (arguments.out / "recipe.json").write_text(json.dumps(recipe, indent=1))


if __name__ == "__main__":
    main()
