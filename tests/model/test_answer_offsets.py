"""A reader that marks the first and the last token of the answer is read as answering with just that text, in every script.

The model is real and has no layer: each token's embedding alone says whether an answer begins or ends there, and the test
sets these. Whatever goes wrong between characters and tokens, windows and offsets shows as a wrong answer.
"""

from __future__ import annotations

import pytest
import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
from transformers import BertConfig, BertForQuestionAnswering, PreTrainedTokenizerFast

from robustx.model.checkpoint import Checkpoint, Settings, load
from robustx.model.heads.base import Asked
from robustx.model.heads.registry import head_of
from robustx.perturb.attacks import load_attack
from robustx.perturb.edits import apply
from robustx.perturb.measure import NOTHING
from robustx.perturb.protection import protected_spans
from robustx.perturb.sample import Place, sample
from robustx.suite.cells import CellRow
from robustx.tasks.answers import Answer, from_gold, moved
from robustx.tasks.base import Example, SkipLog
from robustx.tasks.data import MINI
from robustx.tasks.registry import task
from robustx.text.analysis import Text

XQUAD = task("xquad")
LANGUAGES = XQUAD.available(MINI)


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    """The reader: a Unigram tokenizer of the mini data's ten languages and 64 positions, so that every context is windowed."""
    folder = tmp_path_factory.mktemp("marker")
    made = Tokenizer(models.Unigram())
    made.normalizer = normalizers.NFKC()
    made.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Metaspace(), pre_tokenizers.Punctuation()])
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    trainer = trainers.UnigramTrainer(vocab_size=9000, special_tokens=special, unk_token="<unk>", show_progress=False)
    texts = (text for code in LANGUAGES for row in XQUAD.read(MINI, code, SkipLog()) for text in row.fields.values())
    made.train_from_iterator(texts, trainer)
    made.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), trim_offsets=False)
    names = {"bos": "<s>", "cls": "<s>", "eos": "</s>", "sep": "</s>", "pad": "<pad>", "unk": "<unk>"}
    tokens = {f"{name}_token": token for name, token in names.items()}
    PreTrainedTokenizerFast(tokenizer_object=made, model_max_length=64, **tokens).save_pretrained(folder)
    shape = {"hidden_size": 4, "num_attention_heads": 1, "intermediate_size": 4, "num_hidden_layers": 0}
    BertForQuestionAnswering(
        BertConfig(vocab_size=made.get_vocab_size(), max_position_embeddings=64, pad_token_id=1, num_labels=2, **shape)
    ).save_pretrained(folder)
    return load(str(folder), Settings(device="cpu"))


def marks(checkpoint: Checkpoint, first: int, last: int) -> None:
    """Make the model give a high start logit to one token, and a high end logit to one."""
    model = checkpoint.model
    with torch.no_grad():
        for name in ("word", "position", "token_type"):
            getattr(model.bert.embeddings, f"{name}_embeddings").weight.zero_()
        model.bert.embeddings.word_embeddings.weight[first, 0] = 1
        model.bert.embeddings.word_embeddings.weight[last, 1] = 1
        model.qa_outputs.weight.zero_()
        model.qa_outputs.weight[0, 0] = model.qa_outputs.weight[1, 1] = 1
        model.qa_outputs.bias.zero_()


def answered(checkpoint: Checkpoint, question: str, context: str, answer: Answer) -> str | None:
    """What the reader answers once it marks the answer's tokens; None where they stand elsewhere too, or say more."""
    made = checkpoint.tokenizer(context, add_special_tokens=False, return_offsets_mapping=True)
    ids, offsets = made["input_ids"], made["offset_mapping"]
    start, end = answer.span
    inside = [i for i, (low, high) in enumerate(offsets) if low < end and high > start and context[low:high].strip()]
    first, last = inside[0], inside[-1]
    exact = context[offsets[first][0] : offsets[last][1]].strip() == answer.text
    if not exact or ids.count(ids[first]) > 1 or ids.count(ids[last]) > 1 or last - first >= 30:
        return None
    marks(checkpoint, ids[first], ids[last])
    row = CellRow("1", "", (question, context), (), NOTHING)
    head = head_of(XQUAD)
    encoded = head.encode(checkpoint, XQUAD, [row])
    return head.decide(checkpoint, Asked(XQUAD, [row], [0]), encoded)[0].prediction


def perturbed(row: Example, attack: str) -> tuple[str, Answer]:
    context = row.fields["context"]
    spans = protected_spans(context, row.language, ()) + XQUAD.protected(row, "context")
    how = Place(7, row.uid, "context"), [0.4 if load_attack(attack).card.unit == "words" else 9.0], 1
    (edits,) = sample(load_attack(attack), Text(context, row.language, spans), *how)[0]
    return apply(context, edits), moved(from_gold(row.gold), edits)[0]


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_marked_answer_is_given_clean_and_with_its_context_perturbed(checkpoint: Checkpoint, code: str) -> None:
    judged = 0
    for row in XQUAD.read(MINI, code, SkipLog()):
        clean = row.fields["context"], from_gold(row.gold)[0]
        for context, answer in (clean, perturbed(row, "delete"), perturbed(row, "invisible")):
            given = answered(checkpoint, row.fields["question"], context, answer)
            assert given in (None, answer.text), (row.uid, context)
            judged += given is not None
    assert judged >= 15


AWKWARD = [
    ("ﬁnal ﬀoﬃce ㌔ ½ の鐘は銅の鐘", "銅"),
    ("e\u0301te\u0301 e\u0301te\u0301 \U0001f600\U0001f600 jasmine", "jasmine"),
    ("１９８７年 ＡＢＣ \u200b\u200b\u2060 jasmine", "jasmine"),
    ("قَالَ ﷺ jasmine", "jasmine"),
    ("\ufeff\u3000\u3000\t jasmine  \n", "jasmine"),
]
"""Contexts whose normal form is longer or shorter than they are, with an answer behind what changes length."""


@pytest.mark.parametrize(("context", "answer"), AWKWARD)
def test_offsets_are_of_the_context_as_it_stands_not_of_its_normal_form(
    checkpoint: Checkpoint, context: str, answer: str
) -> None:
    assert answered(checkpoint, "Which?", context, Answer(answer, context.index(answer))) == answer
