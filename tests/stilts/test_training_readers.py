"""Every task is read as its release publishes it, from files and as the hub's rows; what is wrong is counted and named."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from toys import TOYS, make_task

from robustx.errors import DataError, UsageError
from robustx.stilts.examples import Pair, Passage, Question, Tagged
from robustx.stilts.read import ROWS, Library, Named, labels_of
from robustx.stilts.readers.text import passages
from robustx.stilts.sources import source, sources, trainable
from robustx.tasks.answers import Answer
from robustx.tasks.base import SkipLog

NINE = ["anli-plus", "mnli", "qqp", "squad-1.1", "squad-2.0", "hellaswag", "ccg", "cosmos-qa", "commonsense-qa"]
TARGETS = ["xnli", "pawsx", "udpos", "panx", "xquad", "mlqa", "tydiqa", "bucc2018", "tatoeba"]


def put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def lines(*rows: object) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def train(root: Path, name: str) -> list[Any]:
    return Library(str(root)).train(name).examples


def test_the_papers_nine_tasks_and_xtremes_nine_targets_are_known() -> None:
    assert set(NINE) <= set(sources())
    assert {name for name, one in sources().items() if one.target} == set(TARGETS)


@pytest.mark.parametrize("name", ["bucc2018", "tatoeba"])
def test_a_target_without_training_data_says_what_to_do(name: str) -> None:
    with pytest.raises(UsageError, match=f"{name} has no English training data: leave target out"):
        trainable(name)


def test_an_unknown_task_names_the_nearest() -> None:
    with pytest.raises(UsageError, match='no training task "mnly". Did you mean "mnli"'):
        source("mnly")


@pytest.mark.parametrize("name", sorted(TOYS))
def test_a_release_in_its_folder_is_found_and_read_whole(tmp_path: Path, name: str) -> None:
    library = Library(str(make_task(tmp_path, name, 72, 36)))
    for split, count in (("train", 72), ("dev", 36)):
        read = getattr(library, split)(name)
        assert len(read.examples) == count
        assert len({example.uid for example in read.examples}) == count


def test_multinli_as_released(tmp_path: Path) -> None:
    row = {
        "annotator_labels": ["neutral"],
        "genre": "government",
        "gold_label": "neutral",
        "pairID": "31193n",
        "promptID": "31193",
    }
    text = lines(row | {"sentence1": "Conceptually cream skimming.", "sentence2": "Product and geography."})
    put(tmp_path / "multinli_1.0_train.jsonl", text)
    assert train(tmp_path, "mnli") == [
        Pair("mnli-multinli_1.0_train.jsonl-1", "Conceptually cream skimming.", "Product and geography.", "neutral")
    ]


def test_snli_as_released_passes_over_pairs_without_gold(tmp_path: Path) -> None:
    rows = [
        {
            "gold_label": "neutral",
            "sentence1": "A person on a horse.",
            "sentence2": "A person is training.",
            "pairID": "1",
        },
        {"gold_label": "-", "sentence1": "A woman.", "sentence2": "A man."},
    ]
    (tmp_path / "snli_1.0_train.jsonl.gz").write_bytes(gzip.compress(lines(*rows).encode()))
    read = Library(str(tmp_path)).train("snli")
    assert [(one.first, one.label) for one in read.examples] == [("A person on a horse.", "neutral")]
    assert [(one.row, one.reason) for one in read.skipped.first] == [(2, "no gold label")]


def test_anli_as_released_is_three_rounds_on_one_head(tmp_path: Path) -> None:
    for number, label in ((1, "e"), (2, "n"), (3, "c")):
        row = {
            "uid": f"{number}",
            "context": "Ernest Jones is a jeweller.",
            "hypothesis": "It sells gold.",
            "label": label,
            "reason": "",
        }
        put(tmp_path / "anli_v1.0" / f"R{number}" / "train.jsonl", lines(row))
    assert [one.label for one in train(tmp_path, "anli")] == ["entailment", "neutral", "contradiction"]


def test_anlis_development_rounds_as_analysed_are_read_from_csv(tmp_path: Path) -> None:
    put(
        tmp_path / "anli" / "ANLI_analysis_r1_dev.csv",
        'context,statement,reason,gold_label\n"He said ""no"", twice.",He spoke.,because,e\n',
    )
    (read,) = Library(str(tmp_path)).dev("anli-r1").examples
    assert (read.first, read.second, read.label) == ('He said "no", twice.', "He spoke.", "entailment")


def test_qqp_as_glue_releases_it(tmp_path: Path) -> None:
    header = "id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate\n"
    put(
        tmp_path / "QQP" / "train.tsv",
        header + "133273\t213221\t213222\tHow is life?\tWhat is life like?\t1\n5\t6\t7\tWho?\tWhere?\t0\n",
    )
    assert [one.label for one in train(tmp_path, "qqp")] == ["duplicate", "not_duplicate"]


def test_pawsx_as_released_and_as_xtreme_keeps_it(tmp_path: Path) -> None:
    put(
        tmp_path / "one" / "x-final" / "en" / "translated_train.tsv",
        "id\tsentence1\tsentence2\tlabel\n1\tIn Paris he met her.\tHe met her in Paris.\t1\n",
    )
    put(tmp_path / "two" / "pawsx" / "train-en.tsv", "In Paris he met her.\tHe met her in Paris.\t1\n")
    one, two = train(tmp_path / "one", "pawsx"), train(tmp_path / "two", "pawsx")
    assert (one[0].first, one[0].second, one[0].label) == (two[0].first, two[0].second, two[0].label)
    assert one[0].label == "paraphrase"


def test_xnli_trains_on_multinli_and_stops_on_its_own_english_dev(tmp_path: Path) -> None:
    put(tmp_path / "multinli_1.0_train.jsonl", lines({"gold_label": "neutral", "sentence1": "A.", "sentence2": "B."}))
    put(tmp_path / "xnli" / "dev-en.tsv", "C.\tD.\tcontradictory\n")
    library = Library(str(tmp_path))
    assert library.train("xnli").where == ("multinli_1.0_train.jsonl",)
    assert [one.label for one in library.dev("xnli").examples] == ["contradiction"]


SQUAD = {
    "version": "1.1",
    "data": [
        {
            "title": "Notre_Dame",
            "paragraphs": [
                {
                    "context": "Atop the dome is a golden statue.",
                    "qas": [
                        {
                            "id": "a",
                            "question": "What is atop?",
                            "answers": [{"answer_start": 17, "text": "a golden statue"}],
                        },
                        {"id": "b", "question": "Where?", "answers": [{"answer_start": 9, "text": "the dome"}]},
                        {"id": "c", "question": "Who?", "answers": [{"answer_start": 0, "text": "the Virgin"}]},
                    ],
                }
            ],
        }
    ],
}


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("squad-1.1", "train-v1.1.json"),
        ("xquad", "train-v1.1.json"),
        ("mlqa", "train-v1.1.json"),
        ("tydiqa", "tydiqa.goldp.en.train.json"),
    ],
)
def test_squads_json_and_answers_that_are_off_or_not_there(tmp_path: Path, name: str, file: str) -> None:
    put(tmp_path / file, json.dumps(SQUAD))
    read = Library(str(tmp_path)).train(name)
    context = "Atop the dome is a golden statue."
    assert read.examples == [
        Question("a", "What is atop?", context, (Answer("a golden statue", 17),)),
        Question("b", "Where?", context, (Answer("the dome", 5),)),
    ]
    assert [(one.row, one.reason) for one in read.skipped.first] == [(3, "an answer that is not in its context")]


def test_squad_2_has_questions_without_an_answer(tmp_path: Path) -> None:
    question = {"id": "x", "question": "Who?", "answers": [], "is_impossible": True, "plausible_answers": []}
    put(
        tmp_path / "train-v2.0.json",
        json.dumps({"version": "v2.0", "data": [{"paragraphs": [{"context": "Nobody.", "qas": [question]}]}]}),
    )
    assert train(tmp_path, "squad-2.0") == [Question("x", "Who?", "Nobody.", ())]


def test_hellaswag_as_released(tmp_path: Path) -> None:
    row = {
        "ind": 4,
        "activity_label": "Removing ice",
        "ctx_a": "A man",
        "ctx_b": "then",
        "ctx": "A man sits. he",
        "endings": ["eats.", "sleeps.", "reads.", "sings."],
        "label": 3,
    }
    put(tmp_path / "hellaswag_train.jsonl", lines(row))
    (read,) = train(tmp_path, "hellaswag")
    assert (read.prompt, read.endings[read.label]) == ("A man sits. he", "sings.")


def test_cosmos_qa_as_released(tmp_path: Path) -> None:
    text = 'id,context,question,answer0,answer1,answer2,answer3,label\n3Q,"It is, well, a story.",Why?,None of the above.,B.,C.,D.,2\n'
    put(tmp_path / "cosmos_qa" / "train.csv", text)
    (read,) = train(tmp_path, "cosmos-qa")
    assert (read.prompt, read.endings, read.label) == (
        "It is, well, a story. Why?",
        ("None of the above.", "B.", "C.", "D."),
        2,
    )


def test_commonsense_qa_as_released(tmp_path: Path) -> None:
    choices = [
        {"label": label, "text": text}
        for label, text in zip("ABCDE", ("ignore", "enforce", "yell", "walk", "avoid"), strict=True)
    ]
    row = {
        "answerKey": "B",
        "id": "07",
        "question": {"question_concept": "punishing", "choices": choices, "stem": "What did they do?"},
    }
    put(tmp_path / "train_rand_split.jsonl", lines(row))
    (read,) = train(tmp_path, "commonsense-qa")
    assert (read.prompt, read.endings[read.label]) == ("What did they do?", "enforce")


@pytest.mark.parametrize(
    "text",
    [
        "Pierre Vinken joins .\tN/N N (S[dcl]\\NP)/NP .\n",
        "Pierre|NNP|N/N Vinken|NNP|N joins|VBZ|(S[dcl]\\NP)/NP .|.|.\n",
        "Pierre\tN/N\nVinken\tN\njoins\t(S[dcl]\\NP)/NP\n.\t.\n\n",
    ],
    ids=["jiant", "stagged", "columns"],
)
def test_ccg_supertags_in_their_formats(tmp_path: Path, text: str) -> None:
    put(tmp_path / "ccg" / "ccg.train", text)
    (read,) = train(tmp_path, "ccg")
    assert (read.tokens, read.tags) == (("Pierre", "Vinken", "joins", "."), ("N/N", "N", "(S[dcl]\\NP)/NP", "."))
    assert labels_of(source("ccg"), [read]) == ("(S[dcl]\\NP)/NP", ".", "N", "N/N")


def test_panx_and_udpos_as_xtreme_keeps_them(tmp_path: Path) -> None:
    put(tmp_path / "panx" / "train-en.tsv", "R.H.\tB-ORG\nSaunders\tI-ORG\n\nhe\tO\n\n\nbroken\n\nin\tO\nOslo\tB-LOC")
    put(tmp_path / "udpos" / "train-en.tsv", "From\tADP\nhere\tADV\n\n")
    assert [one.tags for one in train(tmp_path, "panx")] == [("B-ORG", "I-ORG"), ("O",), ("O", "B-LOC")]
    assert train(tmp_path, "udpos") == [Tagged("udpos-train-en.tsv-1", ("From", "here"), ("ADP", "ADV"))]


def test_conllu_is_read_without_ranges_and_empty_nodes(tmp_path: Path) -> None:
    rest = "\t_" * 6
    body = f"# text = vámonos\n1-2\tvámonos\t_\t_{rest}\n1\tvamos\tir\tVERB{rest}\n2\tnos\tnosotros\tPRON{rest}\n2.1\tx\tx\tNOUN{rest}\n\n"
    put(tmp_path / "train-en.tsv", body)
    assert [(one.tokens, one.tags) for one in train(tmp_path, "udpos")] == [(("vamos", "nos"), ("VERB", "PRON"))]


HUB: dict[str, tuple[dict[str, Any], Callable[[Any], Any], Any]] = {
    "mnli": ({"premise": "A.", "hypothesis": "B.", "label": 2}, lambda one: one.label, "contradiction"),
    "snli": ({"premise": "A.", "hypothesis": "B.", "label": 0}, lambda one: one.label, "entailment"),
    "anli-r1": (
        {"uid": "u", "premise": "A.", "hypothesis": "B.", "label": 1, "reason": ""},
        lambda one: one.label,
        "neutral",
    ),
    "qqp": ({"question1": "A?", "question2": "B?", "label": 1, "idx": 0}, lambda one: one.label, "duplicate"),
    "pawsx": ({"id": 1, "sentence1": "A.", "sentence2": "B.", "label": 0}, lambda one: one.label, "different"),
    "squad-1.1": (
        {
            "id": "q",
            "title": "t",
            "context": "Atop it.",
            "question": "Where?",
            "answers": {"text": ["Atop"], "answer_start": [0]},
        },
        lambda one: one.answers,
        (Answer("Atop", 0),),
    ),
    "squad-2.0": (
        {
            "id": "q",
            "title": "t",
            "context": "Atop it.",
            "question": "Who?",
            "answers": {"text": [], "answer_start": []},
        },
        lambda one: one.answers,
        (),
    ),
    "tydiqa": (
        {
            "id": "english-1",
            "title": "t",
            "context": "Atop it.",
            "question": "Where?",
            "answers": {"text": ["Atop"], "answer_start": [0]},
        },
        lambda one: one.answers,
        (Answer("Atop", 0),),
    ),
    "hellaswag": ({"ind": 1, "ctx": "A man", "endings": ["a", "b", "c", "d"], "label": "2"}, lambda one: one.label, 2),
    "cosmos-qa": (
        {
            "id": "1",
            "context": "A.",
            "question": "B?",
            "answer0": "a",
            "answer1": "b",
            "answer2": "c",
            "answer3": "d",
            "label": 1,
        },
        lambda one: (one.prompt, one.label),
        ("A. B?", 1),
    ),
    "commonsense-qa": (
        {
            "id": "1",
            "question": "What?",
            "question_concept": "c",
            "choices": {"label": ["A", "B"], "text": ["a", "b"]},
            "answerKey": "B",
        },
        lambda one: (one.prompt, one.endings, one.label),
        ("What?", ("a", "b"), 1),
    ),
    "panx": (
        {"tokens": ["In", "Oslo"], "ner_tags": [0, 5], "langs": ["en", "en"]},
        lambda one: one.tags,
        ("O", "B-LOC"),
    ),
    "udpos": ({"tokens": ["In", "Oslo"], "pos_tags": [1, 11]}, lambda one: one.tags, ("ADP", "PROPN")),
}


@pytest.mark.parametrize("name", sorted(HUB))
def test_the_hubs_rows_mean_the_same(name: str) -> None:
    row, look, expected = HUB[name]
    skipped = SkipLog()
    (read,) = ROWS[source(name).kind]([(1, row)], Path("hub"), source(name), skipped)
    assert look(read) == expected
    assert skipped.count == 0
    assert source(name).hub is not None


def test_tydiqas_hub_rows_of_other_languages_are_left_out() -> None:
    row = HUB["tydiqa"][0] | {"id": "korean-1"}
    assert list(ROWS["question"]([(1, row)], Path("hub"), source("tydiqa"), SkipLog())) == []


def test_the_hub_is_read_through_datasets(hub: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real library reads a real data set that lies on this disk."""
    there = source("mnli").model_copy(
        update={"hub": source("mnli").hub.model_copy(update={"id": str(hub), "config": "hi", "train": "test"})}
    )  # type: ignore[union-attr]
    monkeypatch.setitem(sources(), "mnli", there)
    read = Library("hub").train("mnli")
    assert [one.label for one in read.examples] == ["entailment", "neutral", "contradiction"]
    assert {one.reason for one in read.skipped.first} == {"no gold label", "an empty text"}


def test_ccg_is_not_on_the_hub() -> None:
    with pytest.raises(DataError, match="the hub has no train rows of it .*give a folder"):
        Library("hub").train("ccg")


BAD = {
    "mnli": (
        "multinli_1.0_train.jsonl",
        lines({"gold_label": "neutral", "sentence1": "A.", "sentence2": "B."})
        + 'null\n{"x": 1\n'
        + lines({"gold_label": "neutral", "sentence1": "", "sentence2": "B."}),
        ["no JSON object", "no JSON object", "an empty text"],
    ),
    "panx": (
        "train-en.tsv",
        "a\tO\n\nb\tB-MISC\n\n" + "c\tO\n\n" * 30,
        ['the label "B-MISC"; expected one of O, B-PER, I-PER, B-ORG, I-ORG, B-LOC, I-LOC'],
    ),
    "ccg": ("ccg.train", "a b\tN N\nc d\tN\n", ["2 tokens and 1 tags"]),
    "hellaswag": (
        "hellaswag_train.jsonl",
        lines(
            {"ctx": "A", "endings": ["b", "c"], "label": 0},
            {"ctx": "A", "endings": ["b", "c"], "label": 2},
            {"ctx": "A"},
        ),
        ["2 endings and the label 2", "no item of HellaSwag: KeyError('label')"],
    ),
}


@pytest.mark.parametrize("name", sorted(BAD))
def test_bad_rows_are_counted_and_named(tmp_path: Path, name: str) -> None:
    file, text, reasons = BAD[name]
    put(tmp_path / file, text)
    read = Library(str(tmp_path)).train(name)
    assert [one.reason for one in read.skipped.first] == reasons
    assert read.skipped.count == len(reasons)


def test_a_file_of_another_task_is_one_error(tmp_path: Path) -> None:
    put(tmp_path / "train-en.tsv", "a\tB-MISC\n\nb\tB-MISC\n\nc\tO\n\n")
    with pytest.raises(
        DataError, match=r'2 rows have labels that panx does not know; train-en.tsv row 1: the label "B-MISC"'
    ):
        Library(str(tmp_path)).train("panx")
    put(tmp_path / "pawsx" / "train-en.tsv", "a\tO\nb\tO\n")
    with pytest.raises(DataError, match="row 1: expected a header with sentence1, sentence2, label"):
        Library(str(tmp_path)).train("pawsx")


def test_a_class_that_never_occurs_is_one_error(tmp_path: Path) -> None:
    put(tmp_path / "pawsx" / "train-en.tsv", "a\tb\t1\nc\td\t1\n")
    with pytest.raises(DataError, match="none of 2 training rows is different; expected all of different, paraphrase"):
        labels_of(source("pawsx"), train(tmp_path, "pawsx"))


def test_what_is_not_there_is_said_with_what_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="has no train rows of panx .*expected one of train-en.tsv"):
        Library(str(tmp_path)).train("panx")
    with pytest.raises(UsageError, match="there is no such folder"):
        Library(str(tmp_path / "gone")).train("panx")
    with pytest.raises(UsageError, match="names no place for panx; expected hub, FOLDER or panx=FOLDER"):
        Library("mnli=hub").train("panx")


def test_files_that_a_recipe_names_come_first_and_rows_can_be_held_out(tmp_path: Path) -> None:
    root = make_task(tmp_path, "panx", 50, 10)
    library = Library(str(root), {"panx": Named(train=("panx/*-en.tsv",), held_out=20)})
    held, left = library.dev("panx"), library.train("panx")
    assert (len(held.examples), len(left.examples)) == (20, 40)
    assert not {one.uid for one in held.examples} & {one.uid for one in left.examples}
    again = Library(str(root), {"panx": Named(train=("panx/*-en.tsv",), held_out=20, limit=7)})
    assert again.dev("panx").sha256 == held.sha256
    assert {one.uid for one in again.train("panx").examples} < {one.uid for one in left.examples}
    with pytest.raises(DataError, match="lie below --data; expected a relative path"):
        Library(str(root), {"panx": Named(train=(str(root / "other.tsv"),))}).train("panx")
    with pytest.raises(DataError, match="there is no such file, which the recipe names for panx"):
        Library(str(root), {"panx": Named(train=("other.tsv",))}).train("panx")


def test_running_text_is_read_by_language(tmp_path: Path) -> None:
    put(tmp_path / "hi.txt", "एक वाक्य\n\nदूसरा वाक्य\n")
    assert passages(tmp_path, "hi", 1) == [Passage("mlm-hi-1", "एक वाक्य", "hi")]
    with pytest.raises(DataError, match="expected one passage of ru a line"):
        passages(tmp_path, "ru", 1)
