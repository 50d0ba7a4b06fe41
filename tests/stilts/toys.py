"""A tiny encoder, and toy versions of every training task in the format that its release has; a few rows teach each of them."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path

WORDS = [f"w{i}" for i in range(40)]
CUES = ["yes", "no", "maybe", "good", "bad", "gold", "Anna", "Acme", "Oslo", "run", "blue", "dog", "the"]
TAGS = {"Anna": "B-PER", "Acme": "B-ORG", "Oslo": "B-LOC"}
POS = {"run": "VERB", "blue": "ADJ", "dog": "NOUN", "the": "DET"}
NLI = {"yes": "entailment", "maybe": "neutral", "no": "contradiction"}


def make_base(folder: Path, seed: int = 3) -> Path:
    """An encoder of one layer and 32 dimensions with a tokenizer of whole words."""
    import torch
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    vocabulary = {word: i for i, word in enumerate([*special, *WORDS, *CUES])}
    made = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    made.normalizer = normalizers.NFC()
    made.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    made.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    names = dict(zip(("pad", "unk", "cls", "sep", "mask"), special, strict=True))
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=made, model_max_length=64, **{f"{name}_token": token for name, token in names.items()}
    )
    tokenizer.save_pretrained(folder)
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
        pad_token_id=0,
        hidden_dropout_prob=0.05,
        initializer_range=0.2,
    )
    BertModel(config).save_pretrained(folder)
    return folder


def _text(rng: random.Random, count: int = 6) -> list[str]:
    return [rng.choice(WORDS) for _ in range(count)]


def _with(rng: random.Random, cue: str, count: int = 5) -> str:
    words = _text(rng, count)
    words.insert(rng.randrange(len(words) + 1), cue)
    return " ".join(words)


def _jsonl(path: Path, rows: Sequence[object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def _tsv(path: Path, rows: Sequence[Sequence[object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join("\t".join(map(str, row)) + "\n" for row in rows), encoding="utf-8")


def _nli(count: int, rng: random.Random) -> list[tuple[str, str, str]]:
    cues = [list(NLI)[i % 3] for i in range(count)]
    return [(" ".join(_text(rng)), _with(rng, cue), NLI[cue]) for cue in cues]


def _mnli(root: Path, split: str, count: int, rng: random.Random) -> None:
    name = {"train": "multinli_1.0_train", "dev": "multinli_1.0_dev_matched"}[split]
    rows = [{"gold_label": c, "sentence1": a, "sentence2": b, "genre": "toy"} for a, b, c in _nli(count, rng)]
    _jsonl(root / "mnli" / f"{name}.jsonl", rows)


def _snli(root: Path, split: str, count: int, rng: random.Random) -> None:
    rows = [
        {"gold_label": c, "sentence1": a, "sentence2": b, "pairID": str(i)}
        for i, (a, b, c) in enumerate(_nli(count, rng))
    ]
    _jsonl(
        root / "snli" / f"snli_1.0_{split}.jsonl", [*rows, {"gold_label": "-", "sentence1": "w1", "sentence2": "w2"}]
    )


def _anli(root: Path, split: str, count: int, rng: random.Random) -> None:
    for number in (1, 2, 3):
        rows = [
            {"uid": f"{i}", "context": a, "hypothesis": b, "label": c[0]}
            for i, (a, b, c) in enumerate(_nli(count // 3, rng))
        ]
        _jsonl(root / "anli_v1.0" / f"R{number}" / f"{split}.jsonl", rows)


def _anli_plus(root: Path, split: str, count: int, rng: random.Random) -> None:
    for make in (_mnli, _snli, _anli):
        make(root, split, count // 3, rng)


def _xnli(root: Path, split: str, count: int, rng: random.Random) -> None:
    if split == "train":
        _mnli(root, split, count, rng)
    else:
        _tsv(root / "xnli" / "dev-en.tsv", _nli(count, rng))


def _qqp(root: Path, split: str, count: int, rng: random.Random) -> None:
    rows: list[list[object]] = [["id", "qid1", "qid2", "question1", "question2", "is_duplicate"]]
    rows += [[i, i, i, " ".join(_text(rng)), _with(rng, ["bad", "good"][i % 2]), i % 2] for i in range(count)]
    _tsv(root / "QQP" / f"{split}.tsv", rows)


def _pawsx(root: Path, split: str, count: int, rng: random.Random) -> None:
    rows = [[" ".join(_text(rng)), _with(rng, ["bad", "good"][i % 2]), i % 2] for i in range(count)]
    _tsv(root / "pawsx" / f"{split}-en.tsv", rows)


def _questions(count: int, rng: random.Random, unanswerable: bool = False, prefix: str = "") -> dict[str, object]:
    paragraphs = []
    for i in range(count):
        none = unanswerable and i % 3 == 0
        context = " ".join(_text(rng, 8)) if none else _with(rng, "gold", 8)
        answers = [] if none else [{"text": "gold", "answer_start": context.index("gold")}]
        question: dict[str, object] = {"id": f"{prefix}{i}", "question": " ".join(_text(rng, 3)), "answers": answers}
        paragraphs.append({"context": context, "qas": [question | ({"is_impossible": none} if unanswerable else {})]})
    return {"version": "toy", "data": [{"title": "toy", "paragraphs": paragraphs}]}


def _squad(version: str) -> Callable[[Path, str, int, random.Random], None]:
    def make(root: Path, split: str, count: int, rng: random.Random) -> None:
        (root / "squad").mkdir(parents=True, exist_ok=True)
        value = _questions(count, rng, version == "2.0", split)
        (root / "squad" / f"{split}-v{version}.json").write_text(json.dumps(value))

    return make


def _tydiqa(root: Path, split: str, count: int, rng: random.Random) -> None:
    (root / "tydiqa").mkdir(parents=True, exist_ok=True)
    value = _questions(count, rng, prefix=f"english-{split}")
    (root / "tydiqa" / f"tydiqa.goldp.en.{split}.json").write_text(json.dumps(value))


def _endings(i: int, rng: random.Random, count: int = 4) -> list[str]:
    return [_with(rng, "good" if k == i % count else "bad", 3) for k in range(count)]


def _hellaswag(root: Path, split: str, count: int, rng: random.Random) -> None:
    name = {"train": "train", "dev": "val"}[split]
    rows = [
        {
            "ind": i,
            "activity_label": "toy",
            "ctx_a": "",
            "ctx_b": "",
            "ctx": " ".join(_text(rng)),
            "endings": _endings(i, rng),
            "label": i % 4,
        }
        for i in range(count)
    ]
    _jsonl(root / "hellaswag" / f"hellaswag_{name}.jsonl", rows)


def _cosmos(root: Path, split: str, count: int, rng: random.Random) -> None:
    path = root / "cosmos_qa" / f"{ {'train': 'train', 'dev': 'valid'}[split] }.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(["id", "context", "question", "answer0", "answer1", "answer2", "answer3", "label"])
        for i in range(count):
            writer.writerow([i, " ".join(_text(rng)), " ".join(_text(rng, 3)), *_endings(i, rng), i % 4])


def _commonsense(root: Path, split: str, count: int, rng: random.Random) -> None:
    rows = [
        {
            "id": f"{i}",
            "answerKey": "ABCDE"[i % 5],
            "question": {
                "stem": " ".join(_text(rng)),
                "question_concept": "toy",
                "choices": [{"label": "ABCDE"[k], "text": text} for k, text in enumerate(_endings(i, rng, 5))],
            },
        }
        for i in range(count)
    ]
    _jsonl(root / "commonsense_qa" / f"{split}_rand_split.jsonl", rows)


def _tagged(count: int, rng: random.Random, tags: dict[str, str], rest: str) -> list[list[tuple[str, str]]]:
    made = []
    for _ in range(count):
        words = [rng.choice([*tags, *WORDS[: len(tags)]]) for _ in range(6)]
        made.append([(word, tags.get(word, rest)) for word in words])
    return made


def _conll(path: Path, sentences: list[list[tuple[str, str]]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n\n".join("\n".join("\t".join(pair) for pair in one) for one in sentences) + "\n\n")


def _panx(root: Path, split: str, count: int, rng: random.Random) -> None:
    _conll(root / "panx" / f"{split}-en.tsv", _tagged(count, rng, TAGS, "O"))


def _udpos(root: Path, split: str, count: int, rng: random.Random) -> None:
    _conll(root / "udpos" / f"{split}-en.tsv", _tagged(count, rng, POS, "X"))


def _ccg(root: Path, split: str, count: int, rng: random.Random) -> None:
    sentences = _tagged(count, rng, {"dog": "N", "the": "NP[nb]/N", "run": "S[dcl]\\NP"}, "N/N")
    lines = ["\t".join((" ".join(w for w, _ in one), " ".join(t for _, t in one))) for one in sentences]
    (root / "ccg").mkdir(parents=True, exist_ok=True)
    (root / "ccg" / f"ccg.{split}").write_text("\n".join(lines) + "\n")


TOYS: dict[str, Callable[[Path, str, int, random.Random], None]] = {
    "anli-plus": _anli_plus,
    "mnli": _mnli,
    "qqp": _qqp,
    "squad-1.1": _squad("1.1"),
    "squad-2.0": _squad("2.0"),
    "hellaswag": _hellaswag,
    "ccg": _ccg,
    "cosmos-qa": _cosmos,
    "commonsense-qa": _commonsense,
    "xnli": _xnli,
    "pawsx": _pawsx,
    "udpos": _udpos,
    "panx": _panx,
    "xquad": _squad("1.1"),
    "mlqa": _squad("1.1"),
    "tydiqa": _tydiqa,
    "anli": _anli,
    "snli": _snli,
}
"""Every task that has training data, with what writes a split of it."""


def make_task(root: Path, name: str, train: int = 96, dev: int = 48) -> Path:
    """A toy data folder of one task."""
    rng = random.Random(name)
    for split, count in (("train", train), ("dev", dev)):
        TOYS[name](root, split, count, rng)
    return root


RECIPE = """id = "toy"
version = 1
summary = "A toy"
base = "BASE"
seeds = [1]
TARGET

[settings]
learning_rate = 5e-3
warmup = 0.1
max_steps = STEPS
eval_every = EVERY
batch_size = 16
device_batch = 16
max_length = 48
stride = 8
eval_rows = 48
patience = 100

ARMS
"""


def write_recipe(
    path: Path,
    base: Path,
    target: str | None,
    arms: str = '[[arms]]\nid = "direct"\n',
    steps: int = 40,
    every: int = 20,
) -> Path:
    """A recipe that is done in a second or two."""
    named = f'target = "{target}"' if target else ""
    text = RECIPE.replace("BASE", str(base)).replace("TARGET", named).replace("STEPS", str(steps))
    path.write_text(text.replace("EVERY", str(every)).replace("ARMS", arms), encoding="utf-8")
    return path
