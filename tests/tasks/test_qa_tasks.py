"""XQuAD, MLQA and TyDiQA-GoldP: where their files are found, what an example holds, and their metrics to the digit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from published_rules import PUNCTUATION, mlqa_normal, scores, squad_normal
from squad_files import CONTEXT, QUESTION, entry, write_squad

from robustx.errors import DataError
from robustx.tasks import mlqa, tydiqa, xquad
from robustx.tasks.answers import Answer, as_gold
from robustx.tasks.base import Example, SkipLog, Task
from robustx.tasks.data import NoSourceError, task_data
from robustx.tasks.registry import task

XQUAD, MLQA, TYDIQA = (task(name) for name in ("xquad", "mlqa", "tydiqa"))
ALL = pytest.mark.parametrize("qa", [XQUAD, MLQA, TYDIQA], ids=lambda one: one.name)


class TestFiles:
    @pytest.mark.parametrize(
        ("qa", "name"),
        [
            (XQUAD, "xquad.hi.json"),
            (XQUAD, "xquad/xquad.hi.json"),
            (MLQA, "test-context-hi-question-hi.json"),
            (MLQA, "mlqa/dev-context-hi-question-hi.json"),
            (MLQA, "mlqa/MLQA_V1/test/test-context-hi-question-hi.json"),
            (MLQA, "MLQA_V1/dev/dev-context-hi-question-hi.json"),
            (TYDIQA, "tydiqa.goldp.te.dev.json"),
            (TYDIQA, "tydiqa/tydiqa-goldp-v1.1-dev/tydiqa.goldp.te.dev.json"),
            (TYDIQA, "tydiqa/tydiqa-goldp-v1.1-dev/tydiqa.te.dev.json"),
            (TYDIQA, "tydiqa-goldp-v1.1-dev/tydiqa-goldp-dev-telugu.json"),
            (TYDIQA, "tydiqa-goldp-v1.0-dev/tydiqa-goldp-dev-telugu.json"),
        ],
    )
    def test_a_language_is_found_by_the_names_its_file_was_published_under(
        self, tmp_path: Path, qa: Task, name: str
    ) -> None:
        write_squad(tmp_path / name, entry())
        code = "te" if qa is TYDIQA else "hi"
        assert qa.available(tmp_path) == [code]
        assert [example.uid for example in qa.read(tmp_path, code, SkipLog())] == [f"{qa.name}-q1"]

    def test_mlqa_reads_the_test_set_where_there_is_one(self, tmp_path: Path) -> None:
        write_squad(tmp_path / "dev-context-hi-question-hi.json", entry("dev"))
        write_squad(tmp_path / "MLQA_V1/test/test-context-hi-question-hi.json", entry("test"))
        assert [example.uid for example in MLQA.read(tmp_path, "hi", SkipLog())] == ["mlqa-test"]

    def test_a_file_whose_answers_were_taken_out_is_not_read_where_there_is_another(self, tmp_path: Path) -> None:
        blank = [{"text": "", "answer_start": 0}]
        write_squad(tmp_path / "test-context-hi-question-hi.json", entry("test", answers=blank))
        assert MLQA.available(tmp_path) == []
        with pytest.raises(
            NoSourceError, match="with what its own scripts take out of test files: labels, tags, answers"
        ):
            task_data(str(tmp_path), MLQA)
        skipped = SkipLog()
        assert list(MLQA.read(tmp_path, "hi", skipped)) == []
        assert skipped.first[0].reason.startswith("an empty answer; XTREME's scripts take the answers out")
        write_squad(tmp_path / "dev-context-hi-question-hi.json", entry("dev"))
        assert [example.uid for example in MLQA.read(tmp_path, "hi", SkipLog())] == ["mlqa-dev"]

    def test_the_label_of_the_data_says_that_it_is_the_dev_set(self, tmp_path: Path) -> None:
        write_squad(tmp_path / "a" / "dev-context-hi-question-hi.json", entry())
        write_squad(tmp_path / "b" / "test-context-hi-question-hi.json", entry())
        write_squad(tmp_path / "c" / "tydiqa.te.dev.json", entry())
        sources = (task_data(str(tmp_path / name), one) for name, one in (("a", MLQA), ("b", MLQA), ("c", TYDIQA)))
        assert [source.label for source in sources] == ["folder:dev", "folder", "folder"]

    def test_mlqa_has_no_languages_that_it_has_no_rules_for(self, tmp_path: Path) -> None:
        write_squad(tmp_path / "test-context-ru-question-ru.json", entry())
        assert MLQA.available(tmp_path) == []
        with pytest.raises(DataError, match="mlqa has no rules for ru; its languages are en es hi vi de ar zh"):
            MLQA.read(tmp_path, "ru", SkipLog())

    @ALL
    def test_a_language_without_a_file_is_refused_with_the_names_it_may_have(self, tmp_path: Path, qa: Task) -> None:
        with pytest.raises(DataError, match=rf"has no {qa.name} file for ar; expected .*ar.*\.json"):
            list(qa.read(tmp_path, "ar", SkipLog()))

    def test_the_same_question_has_one_uid_in_every_language(self, tmp_path: Path) -> None:
        for code in ("hi", "ru"):
            write_squad(tmp_path / f"xquad.{code}.json", entry("5733"))
        uids = {example.uid for code in ("hi", "ru") for example in XQUAD.read(tmp_path, code, SkipLog())}
        assert uids == {"xquad-5733"}


class TestAnExample:
    GOLD = as_gold([Answer("1924", CONTEXT.rindex("1924")), Answer("बाँध", CONTEXT.index("बाँध"))])
    EXAMPLE = Example("xquad-1", "hi", {"question": QUESTION, "context": CONTEXT}, GOLD)

    @ALL
    def test_its_fields_are_the_question_and_the_context_and_its_gold_the_answers(
        self, tmp_path: Path, qa: Task
    ) -> None:
        names = {"xquad": "xquad.hi.json", "mlqa": "dev-context-hi-question-hi.json", "tydiqa": "tydiqa.hi.dev.json"}
        write_squad(tmp_path / names[qa.name], entry())
        (example,) = qa.read(tmp_path, "hi", SkipLog())
        assert example.fields == {"question": QUESTION, "context": CONTEXT}
        assert tuple(example.fields) == qa.fields
        assert example.gold == '[{"text": "1924", "start": 11}]'

    def test_its_answers_are_protected_in_the_context_and_nothing_is_in_the_question(self) -> None:
        spans = XQUAD.protected(self.EXAMPLE, "context")
        assert [CONTEXT[start:end] for start, end in spans] == ["1924", "बाँध"]
        assert spans[0][0] == CONTEXT.rindex("1924")
        assert XQUAD.protected(self.EXAMPLE, "question") == []

    def test_a_context_that_has_lost_an_answer_does_not_carry_the_gold(self) -> None:
        assert XQUAD.carries(self.EXAMPLE, {"question": "?", "context": CONTEXT + "!"})
        assert not XQUAD.carries(self.EXAMPLE, {"question": QUESTION, "context": CONTEXT.replace("बाँध", "बांध")})


PIECES = [
    *("the", "The", "an", "a", "theatre", "un", "Las", "el", "của", "những", "Der", "des", "ال", "والكتاب", "الكتاب"),
    *(
        "كتاب",
        "中国",
        "北京2008年",
        "鿋",
        "नदी",
        "नदी।",
        "कावेरी",
        "Москва",
        "ΑΘΉΝΑ",
        "İstanbul",
        "1924",
        "3.5",
        "co-op",
        "e\u0301",
    ),
    *(
        " ",
        " ",
        "  ",
        "\u00a0",
        "\u3000",
        "\n",
        "\x1c",
        "。",
        "،",
        "?",
        "—",
        "$",
        "+",
        "'s",
        "«",
        "»",
        "_",
        "\u200c",
        "\u0964",
    ),
]
ANSWERS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), max_size=7).map("".join)
QUESTIONS = st.lists(st.tuples(st.lists(ANSWERS, min_size=1, max_size=3), ANSWERS), min_size=1, max_size=6)


def sums(qa: Any, metric: Any, golds: list[list[str]], given: list[str], language: str) -> float:
    """A metric over questions as a ratio of sums, in percent."""
    made = [
        metric(as_gold(Answer(text, 0) for text in answers), answer, language)
        for answers, answer in zip(golds, given, strict=True)
    ]
    return 100 * sum(one.numerator for one in made) / sum(one.denominator for one in made)


class TestTheMetric:
    @pytest.mark.parametrize("code", ["en", "es", "hi", "vi", "de", "ar", "zh"])
    @settings(max_examples=50)
    @given(QUESTIONS)
    def test_mlqa_s_is_that_of_its_published_script(self, code: str, questions: list[Any]) -> None:
        self.agree(MLQA, mlqa_normal, questions, code)

    @pytest.mark.parametrize("qa", [XQUAD, TYDIQA], ids=["xquad", "tydiqa"])
    @settings(max_examples=50)
    @given(QUESTIONS, st.sampled_from(["ar", "hi", "zh", "ru"]))
    def test_the_others_are_squad_s_in_every_language(self, qa: Task, questions: list[Any], code: str) -> None:
        self.agree(qa, squad_normal, questions, code)

    def agree(self, qa: Task, normal: Any, questions: list[Any], code: str) -> None:
        golds, given = [answers for answers, _ in questions], [answer for _, answer in questions]
        exact, overlap = scores(normal, golds, given, code)
        assert sums(qa, qa.beside["EM"], golds, given, code) == pytest.approx(exact, abs=1e-9)
        assert sums(qa, qa.beside["F1"], golds, given, code) == pytest.approx(overlap, abs=1e-9)
        assert sums(qa, qa.statistic, golds, given, code) == pytest.approx((exact + overlap) / 2, abs=1e-9)

    @pytest.mark.parametrize(
        ("qa", "code", "gold", "given", "exact", "overlap"),
        [
            (XQUAD, "en", "the Cauvery", "Cauvery.", 1, 1),
            (XQUAD, "en", "the Cauvery", "the great Cauvery", 0, 2 / 3),
            (XQUAD, "zh", "北京", "北京。", 0, 0),
            (MLQA, "zh", "北京", "北京。", 1, 1),
            (MLQA, "zh", "北京市", "北京", 0, 0.8),
            (MLQA, "ar", "الكتاب", "كتاب", 1, 1),
            (XQUAD, "ar", "الكتاب", "كتاب", 0, 0),
            (MLQA, "de", "der Rhein", "Rhein", 1, 1),
            (XQUAD, "de", "der Rhein", "Rhein", 0, 2 / 3),
            (XQUAD, "en", "the", "", 1, 0),
        ],
    )
    def test_by_example(self, qa: Task, code: str, gold: str, given: str, exact: float, overlap: float) -> None:
        answers = as_gold([Answer(gold, 0)])
        assert qa.beside["EM"](answers, given, code).numerator == exact
        assert qa.beside["F1"](answers, given, code).numerator == pytest.approx(overlap)
        assert qa.statistic(answers, given, code) == (pytest.approx((exact + overlap) / 2), 1.0)

    def test_punctuation_is_that_of_the_whole_of_unicode(self) -> None:
        every = "".join(sorted(PUNCTUATION))
        assert mlqa.mlqa_tokens(f"a{every}b", "hi") == ["ab"]


def qa_hub(folder: Path, config: str, split: str, rows: list[dict[str, Any]]) -> Path:
    """A data set of questions as the hub keeps it, on this disk."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    (folder / "data").mkdir(parents=True)
    pq.write_table(pa.Table.from_pylist(rows), folder / "data" / "rows.parquet")
    (folder / "README.md").write_text(
        f"---\nconfigs:\n- config_name: {config}\n  data_files:\n  - split: {split}\n    path: data/rows.parquet\n---\n"
    )
    return folder


class TestFromTheHub:
    @pytest.mark.parametrize(
        ("qa", "module", "config", "split"),
        [(XQUAD, xquad, "xquad.hi", "validation"), (MLQA, mlqa, "MLQA.hi.hi", "test")],
        ids=["xquad", "mlqa"],
    )
    def test_rows_are_read_like_files_and_bad_ones_are_named(
        self, qa: Task, module: Any, config: str, split: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        good = {"text": ["1924"], "answer_start": [CONTEXT.index("1924")]}
        none: dict[str, list[Any]] = {"text": [], "answer_start": []}
        rows = [("a", good), ("a", good), ("b", none), ("c", good)]
        made = [{"id": name, "question": QUESTION, "context": CONTEXT, "answers": kept} for name, kept in rows]
        monkeypatch.setattr(module, "HUB_ID", str(qa_hub(tmp_path / "qa", config, split, made)))
        skipped = SkipLog()
        examples = list(qa.read_hub("hi", skipped))
        assert [example.uid for example in examples] == [f"{qa.name}-a", f"{qa.name}-c"]
        assert examples[0].gold == '[{"text": "1924", "start": 11}]'
        assert [(one.row, one.reason) for one in skipped.first] == [
            (2, 'the id "a" for the second time'),
            (3, "a question without an answer"),
        ]

    def test_tydiqa_takes_a_language_s_questions_out_of_the_one_split(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        good = {"text": ["1924"], "answer_start": [CONTEXT.index("1924")]}
        made = [
            {"id": name, "question": QUESTION, "context": CONTEXT, "answers": good}
            for name in ("bengali-1", "telugu-1", "bengali-2")
        ]
        monkeypatch.setattr(tydiqa, "HUB_ID", str(qa_hub(tmp_path / "qa", "secondary_task", "validation", made)))
        assert [example.uid for example in TYDIQA.read_hub("bn", SkipLog())] == ["tydiqa-bengali-1", "tydiqa-bengali-2"]
