"""Small things to test with: data, a suite's card, and checkpoints of every family with random weights.

Checkpoints are built in the test session out of nothing but the text of the mini data: real architectures and real
tokenizers, a few thousand weights. Nothing is fetched.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

LABELS = ("entailment", "neutral", "contradiction")
ROWS = {
    "en": [
        ("The cat sat on the old mat near the door.", "An animal was sitting down.", "entailment"),
        ("Nobody came to the station that morning.", "The station was full of people.", "contradiction"),
        ("She bought seven apples at the market.", "The apples were quite expensive.", "neutral"),
        ("The bridge was built before the great war.", "The bridge is older than the war.", "entailment"),
        ("He reads a newspaper every single evening.", "He never reads anything at all.", "contradiction"),
        ("The children are playing in the garden.", "It is a sunny afternoon today.", "neutral"),
    ],
    "hi": [
        ("बिल्ली दरवाज़े के पास पुरानी चटाई पर बैठी थी।", "एक जानवर बैठा हुआ था।", "entailment"),
        ("उस सुबह स्टेशन पर कोई नहीं आया।", "स्टेशन लोगों से भरा हुआ था।", "contradiction"),
        ("उसने बाज़ार में सात सेब खरीदे।", "सेब काफी महँगे थे।", "neutral"),
        ("पुल बड़े युद्ध से पहले बनाया गया था।", "पुल युद्ध से पुराना है।", "entailment"),
        ("वह हर शाम अखबार पढ़ता है।", "वह कभी कुछ नहीं पढ़ता।", "contradiction"),
        ("बच्चे बगीचे में खेल रहे हैं।", "आज धूप वाली दोपहर है।", "neutral"),
    ],
}
"""Six pairs in two languages, parallel by row."""

CARD = """id = "tiny"
version = 1
summary = "Two attacks, two languages"
seed = 3
tasks = ["xnli"]
languages = ["hi", "en"]

[[attacks]]
id = "delete"
severities = [0.1, 0.4]
draws = 2

[[attacks]]
id = "invisible"
severities = [2]
"""


def write_rows(folder: Path, language: str, rows: list[tuple[str, str, str]]) -> Path:
    """Write one language of XNLI in XTREME's layout."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"test-{language}.tsv"
    path.write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")
    return path


def corpus() -> list[str]:
    """Text to train the tokenizers on."""
    from robustx.tasks.data import MINI

    return [
        field
        for code in ("en", "hi")
        for line in (MINI / "xnli" / f"test-{code}.tsv").read_text(encoding="utf-8").splitlines()
        for field in line.split("\t")[:2]
    ]


def unigram(template: bool = True, lower: bool = False) -> Any:
    """A Unigram tokenizer as XLM-R has it: NFKC, metaspace, and pairs as ``<s> a </s></s> b </s>``."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

    made = Tokenizer(models.Unigram())
    made.normalizer = normalizers.Sequence([normalizers.NFKC(), *([normalizers.Lowercase()] if lower else [])])
    made.pre_tokenizer = pre_tokenizers.Metaspace()
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    trainer = trainers.UnigramTrainer(vocab_size=300, special_tokens=special, unk_token="<unk>", show_progress=False)
    made.train_from_iterator(corpus(), trainer)
    if template:
        made.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), trim_offsets=False)
    return made


def wordpiece() -> Any:
    """A WordPiece tokenizer as multilingual BERT has it: control and format characters are dropped."""
    from tokenizers import BertWordPieceTokenizer, processors

    made = BertWordPieceTokenizer(lowercase=False, strip_accents=False)
    made.train_from_iterator(corpus(), vocab_size=400, min_frequency=2, show_progress=False)
    ends = [(token, made.token_to_id(token)) for token in ("[SEP]", "[CLS]")]
    made.post_processor = processors.BertProcessing(*ends)
    return made


def byte_level() -> Any:
    """A byte-level BPE tokenizer as ModernBERT has it."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=350,
        special_tokens=["[CLS]", "[SEP]", "[PAD]", "[UNK]", "[MASK]"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    made.train_from_iterator(corpus(), trainer)
    made.post_processor = processors.BertProcessing(("[SEP]", 1), ("[CLS]", 0))
    return made


def sentencepiece_model(size: int = 320) -> bytes:
    """A SentencePiece model, as the slow tokenizers of XLM-R, DeBERTa-v2 and mT5 keep it."""
    import sentencepiece

    written = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(corpus()),
        model_writer=written,
        vocab_size=size,
        hard_vocab_limit=False,
        num_threads=1,
        minloglevel=2,
    )
    return written.getvalue()


_ROBERTA_TOKENS = {
    "bos_token": "<s>",
    "cls_token": "<s>",
    "eos_token": "</s>",
    "sep_token": "</s>",
    "pad_token": "<pad>",
    "unk_token": "<unk>",
    "mask_token": "<mask>",
}
_BERT_TOKENS = {
    "cls_token": "[CLS]",
    "sep_token": "[SEP]",
    "pad_token": "[PAD]",
    "unk_token": "[UNK]",
    "mask_token": "[MASK]",
}


def _fast(folder: Path, made: Any, tokens: dict[str, str], **more: Any) -> Any:
    from transformers import PreTrainedTokenizerFast

    tokenizer = PreTrainedTokenizerFast(tokenizer_object=getattr(made, "_tokenizer", made), **tokens, **more)
    tokenizer.save_pretrained(folder)
    return tokenizer


def _config(folder: Path, tokenizer_class: str, **more: Any) -> Any:
    """Load a tokenizer from its own vocabulary file, as an old checkpoint has it."""
    from transformers import AutoTokenizer

    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": tokenizer_class, **more}))
    return AutoTokenizer.from_pretrained(folder)


_SMALL = {
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 32,
    "hidden_dropout_prob": 0.1,
    "initializer_range": 0.5,
}


def xlm_roberta(folder: Path) -> Any:
    """XLM-R with a fast Unigram tokenizer."""
    from transformers import XLMRobertaConfig

    tokenizer = _fast(folder, unigram(), _ROBERTA_TOKENS, model_max_length=126)
    return XLMRobertaConfig(vocab_size=len(tokenizer), max_position_embeddings=128, pad_token_id=1, **_SMALL)


def xlm_roberta_sentencepiece(folder: Path) -> Any:
    """XLM-R with nothing but its SentencePiece file."""
    from transformers import XLMRobertaConfig

    (folder / "sentencepiece.bpe.model").write_bytes(sentencepiece_model())
    (folder / "config.json").write_text('{"model_type": "xlm-roberta"}')
    tokenizer = _config(folder, "XLMRobertaTokenizer")
    return XLMRobertaConfig(vocab_size=len(tokenizer), max_position_embeddings=128, pad_token_id=1, **_SMALL)


def bert(folder: Path) -> Any:
    """BERT with a fast WordPiece tokenizer."""
    from transformers import BertConfig

    tokenizer = _fast(folder, wordpiece(), _BERT_TOKENS, model_max_length=128)
    return BertConfig(vocab_size=len(tokenizer), max_position_embeddings=128, **_SMALL)


def bert_slow(folder: Path) -> Any:
    """BERT with a tokenizer in Python."""
    import transformers

    slow = getattr(transformers, "BertTokenizerLegacy", transformers.BertTokenizer)
    vocabulary = wordpiece().get_vocab()
    (folder / "vocab.txt").write_text(
        "\n".join(sorted(vocabulary, key=vocabulary.__getitem__)) + "\n", encoding="utf-8"
    )
    slow(str(folder / "vocab.txt"), do_lower_case=False, model_max_length=128).save_pretrained(folder)
    return transformers.BertConfig(vocab_size=len(vocabulary), max_position_embeddings=128, **_SMALL)


def deberta(folder: Path) -> Any:
    """DeBERTa-v2, whose attention knows relative positions only."""
    from tokenizers import processors
    from transformers import DebertaV2Config

    made = unigram(template=False)
    made.post_processor = processors.BertProcessing(("</s>", 2), ("<s>", 0))
    tokenizer = _fast(folder, made, _ROBERTA_TOKENS, model_max_length=128)
    more = {
        "relative_attention": True,
        "position_buckets": 16,
        "pos_att_type": ["p2c", "c2p"],
        "norm_rel_ebd": "layer_norm",
    }
    return DebertaV2Config(vocab_size=len(tokenizer), max_position_embeddings=128, pad_token_id=1, **more, **_SMALL)


def modernbert(folder: Path) -> Any:
    """ModernBERT with byte-level BPE."""
    from transformers import ModernBertConfig

    tokenizer = _fast(folder, byte_level(), _BERT_TOKENS, model_max_length=512)
    small = {name: value for name, value in _SMALL.items() if name != "hidden_dropout_prob"}
    ids = {"pad_token_id": 2, "cls_token_id": 0, "sep_token_id": 1, "bos_token_id": 0, "eos_token_id": 1}
    return ModernBertConfig(vocab_size=len(tokenizer), max_position_embeddings=512, **ids, **small)


def canine(folder: Path) -> Any:
    """CANINE, which reads code points and has no vocabulary file."""
    from transformers import CanineConfig, CanineTokenizer

    CanineTokenizer(model_max_length=256).save_pretrained(folder)
    return CanineConfig(max_position_embeddings=256, num_hash_buckets=256, local_transformer_stride=128, **_SMALL)


_T5 = {"d_model": 16, "d_kv": 8, "d_ff": 32, "num_layers": 2, "num_decoder_layers": 1, "num_heads": 2}


def mt5(folder: Path) -> Any:
    """MT5 (encoder, decoder and classification head) with a Unigram tokenizer."""
    from tokenizers import processors
    from transformers import MT5Config

    made = unigram(template=False)
    made.post_processor = processors.TemplateProcessing("$A </s>", "$A </s> $B </s>", [("</s>", 2)])
    tokens = {name: _ROBERTA_TOKENS[name] for name in ("eos_token", "pad_token", "unk_token")}
    tokenizer = _fast(folder, made, tokens, model_max_length=128)
    return MT5Config(vocab_size=len(tokenizer), pad_token_id=1, eos_token_id=2, decoder_start_token_id=1, **_T5)


def byt5(folder: Path) -> Any:
    """ByT5, which reads bytes and has no vocabulary file."""
    from transformers import ByT5Tokenizer, T5Config

    ByT5Tokenizer(extra_ids=0, model_max_length=512).save_pretrained(folder)
    return T5Config(vocab_size=259, pad_token_id=0, eos_token_id=1, decoder_start_token_id=0, **_T5)


FAMILIES: dict[str, Callable[[Path], Any]] = {
    "xlm-roberta": xlm_roberta,
    "xlm-roberta-sentencepiece": xlm_roberta_sentencepiece,
    "bert": bert,
    "bert-slow": bert_slow,
    "deberta-v2": deberta,
    "modernbert": modernbert,
    "canine": canine,
    "mt5": mt5,
    "byt5": byt5,
}


def make_checkpoint(
    folder: Path, family: str, labels: tuple[str, ...] = LABELS, auto: str = "SequenceClassification"
) -> Path:
    """Write a checkpoint with random weights. Two calls need not learn the same vocabulary: copy a folder to have it twice."""
    import torch
    import transformers

    folder.mkdir(parents=True, exist_ok=True)
    config = FAMILIES[family](folder)
    config.id2label = dict(enumerate(labels))
    config.label2id = {label: i for i, label in enumerate(labels)}
    torch.manual_seed(5)
    model = getattr(transformers, f"AutoModel{'For' * bool(auto)}{auto}").from_config(config)
    model.save_pretrained(folder)
    return folder
