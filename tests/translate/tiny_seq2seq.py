"""Tiny translation checkpoints of each family, with vocabularies of their own kind, taught three sentences in two languages."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

TAUGHT = {
    "The mill burned down.": {"hi": "चक्की जल गई।", "ar": "احترقت الطاحونة."},
    "The river was moved.": {"hi": "नदी मोड़ी गई।", "ar": "نُقل النهر."},
    "She saw no ship.": {"hi": "उसने जहाज़ नहीं देखा।", "ar": "لم تر سفينة."},
}
TEXTS = [text for source, others in TAUGHT.items() for text in (source, *others.values())]
_SIZE = 180


def sentencepiece_model(**more: Any) -> bytes:
    """A SentencePiece model of a few sentences."""
    import sentencepiece

    written = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(TEXTS * 20),
        model_writer=written,
        vocab_size=_SIZE,
        hard_vocab_limit=False,
        num_threads=1,
        minloglevel=2,
        **more,
    )
    return written.getvalue()


_SMALL = {
    "d_model": 32,
    "encoder_layers": 1,
    "decoder_layers": 1,
    "encoder_attention_heads": 2,
    "decoder_attention_heads": 2,
    "encoder_ffn_dim": 32,
    "decoder_ffn_dim": 32,
    "init_std": 0.1,
    "dropout": 0.0,
    "encoder_layerdrop": 0.0,
    "decoder_layerdrop": 0.0,
    "attention_dropout": 0.0,
    "activation_dropout": 0.0,
}


def m2m100(folder: Path) -> None:
    """M2M100: a SentencePiece file, a vocabulary, and languages as ``__hi__``."""
    import transformers

    (folder / "sentencepiece.bpe.model").write_bytes(sentencepiece_model())
    (folder / "vocab.json").write_text(json.dumps(_vocabulary(["<s>", "<pad>", "</s>", "<unk>"])), encoding="utf-8")
    tokenizer = transformers.M2M100Tokenizer(
        str(folder / "vocab.json"), str(folder / "sentencepiece.bpe.model"), model_max_length=64
    )
    tokenizer.save_pretrained(folder)
    languages = 100 + 8  # stand behind the vocabulary; a real one has eight unused entries too
    _save(
        folder, transformers.M2M100Config(vocab_size=len(tokenizer) + languages, max_position_embeddings=64, **_SMALL)
    )


def nllb(folder: Path) -> None:
    """NLLB-200: a fast tokenizer, languages as FLORES-200 names them."""
    import transformers
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    made = Tokenizer(models.BPE(unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.Metaspace()
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    made.train_from_iterator(
        TEXTS * 20, trainers.BpeTrainer(vocab_size=_SIZE, special_tokens=special, show_progress=False)
    )
    if transformers.__version__ < "5":
        made.decoder = decoders.Metaspace()
        made.save(str(folder / "tokenizer.json"))
        tokenizer = transformers.NllbTokenizerFast(tokenizer_file=str(folder / "tokenizer.json"), model_max_length=64)
    else:
        state = json.loads(made.to_str())["model"]
        merges = [tuple(merge) for merge in state["merges"]]
        tokenizer = transformers.NllbTokenizer(vocab=state["vocab"], merges=merges, model_max_length=64)
    tokenizer.save_pretrained(folder)
    _save(folder, transformers.M2M100Config(vocab_size=len(tokenizer), max_position_embeddings=64, **_SMALL))


def marian(folder: Path, languages: tuple[str, ...] = (">>hin<<", ">>ara<<")) -> None:
    """OPUS-MT: two SentencePiece files, one vocabulary; with several targets, languages as ``>>hin<<`` in it."""
    import transformers

    for name in ("source.spm", "target.spm"):
        (folder / name).write_bytes(sentencepiece_model())
    vocabulary = _vocabulary(["</s>", "<unk>", *languages])
    vocabulary["<pad>"] = len(vocabulary)
    (folder / "vocab.json").write_text(json.dumps(vocabulary), encoding="utf-8")
    tokenizer = transformers.MarianTokenizer(
        str(folder / "source.spm"),
        str(folder / "target.spm"),
        str(folder / "vocab.json"),
        source_lang="eng",
        target_lang="hin" if not languages else "mul",
        model_max_length=64,
    )
    tokenizer.save_pretrained(folder)
    pad = vocabulary["<pad>"]
    config = transformers.MarianConfig(
        vocab_size=len(vocabulary),
        max_position_embeddings=64,
        pad_token_id=pad,
        eos_token_id=0,
        decoder_start_token_id=pad,
        forced_eos_token_id=None,
        **_SMALL,
    )
    _save(folder, config)


def madlad(folder: Path) -> None:
    """MADLAD-400: T5 with languages as ``<2hi>``."""
    import transformers

    (folder / "spiece.model").write_bytes(
        sentencepiece_model(user_defined_symbols=["<2hi>", "<2ar>"], pad_id=1, eos_id=2, unk_id=0, bos_id=-1)
    )
    (folder / "config.json").write_text('{"model_type": "t5"}')
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "T5Tokenizer", "model_max_length": 64, "extra_ids": 0})
    )
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    tokenizer.save_pretrained(folder)
    small = {
        "d_model": 32,
        "d_kv": 16,
        "d_ff": 32,
        "dropout_rate": 0.0,
        "num_layers": 2,
        "num_decoder_layers": 2,
        "num_heads": 2,
    }
    ids = {"pad_token_id": 1, "eos_token_id": 2, "decoder_start_token_id": 1}
    _save(folder, transformers.T5Config(vocab_size=len(tokenizer), **small, **ids))


FAMILIES = {"nllb": nllb, "m2m100": m2m100, "madlad": madlad, "opus-mt": marian}


def make(folder: Path, family: str) -> Path:
    """Write a checkpoint of a family that has learnt what ``TAUGHT`` says."""
    folder.mkdir(parents=True, exist_ok=True)
    FAMILIES[family](folder)
    _teach(folder, family)
    return folder


def _teach(folder: Path, family: str) -> None:
    import torch
    import transformers

    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    model = transformers.AutoModelForSeq2SeqLM.from_pretrained(folder).train()
    start, pad = model.config.decoder_start_token_id, tokenizer.pad_token_id
    pairs = [pair for target in ("hi", "ar") for pair in _pairs(tokenizer, family, target)]
    inputs, labels = (_padded([pair[side] for pair in pairs], pad) for side in (0, 1))
    before = torch.cat([torch.full((len(pairs), 1), start), labels[:, :-1]], dim=1)
    labels = labels.masked_fill(labels == pad, -100)
    if family in ("nllb", "m2m100"):
        labels[:, 0] = -100  # the language is given, not guessed
    optimiser = torch.optim.Adam(model.parameters(), lr=0.005 if family == "madlad" else 0.01)
    for _ in range(500):
        loss = model(
            input_ids=inputs, attention_mask=(inputs != pad).long(), decoder_input_ids=before, labels=labels
        ).loss
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        if loss.item() < 0.03:
            break
    else:
        raise AssertionError(f"{family} did not learn three sentences: loss {loss.item()}")
    model.save_pretrained(folder)


def _pairs(tokenizer: Any, family: str, target: str) -> list[tuple[list[int], list[int]]]:
    """Token ids as the papers have it: NLLB and M2M100 begin the target with its language, MADLAD and OPUS-MT the source."""
    sources, targets = list(TAUGHT), [others[target] for others in TAUGHT.values()]
    if family == "nllb":
        tokenizer.src_lang, tokenizer.tgt_lang = "eng_Latn", {"hi": "hin_Deva", "ar": "arb_Arab"}[target]
    elif family == "m2m100":
        tokenizer.src_lang, tokenizer.tgt_lang = "en", target
    else:
        token = f"<2{target}>" if family == "madlad" else {"hi": ">>hin<<", "ar": ">>ara<<"}[target]
        sources = [f"{token} {text}" for text in sources]
    made = tokenizer(sources, text_target=targets)
    return list(zip(made["input_ids"], made["labels"], strict=True))


def _padded(rows: list[list[int]], pad: int) -> Any:
    import torch

    width = max(map(len, rows))
    return torch.tensor([row + [pad] * (width - len(row)) for row in rows])


def _vocabulary(special: list[str]) -> dict[str, int]:
    import sentencepiece

    model = sentencepiece.SentencePieceProcessor(model_proto=sentencepiece_model())
    pieces = [model.id_to_piece(i) for i in range(model.get_piece_size())]
    return {piece: i for i, piece in enumerate(dict.fromkeys([*special, *pieces]))}


def _save(folder: Path, config: Any) -> None:
    import torch
    import transformers

    torch.manual_seed(3)
    transformers.AutoModelForSeq2SeqLM.from_config(config).save_pretrained(folder)
