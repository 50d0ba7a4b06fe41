"""Sets of NLI on the hub: by name, by a card of one's own, or by OWNER/NAME. Data sets as the hub keeps them lie on this disk."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from robustx.errors import CardError, DataError, UsageError
from robustx.tasks.base import Example, SkipLog
from robustx.tasks.data import task_data
from robustx.tasks.holdout import Holdout
from robustx.tasks.nli_labels import NLI_LABELS
from robustx.tasks.nli_sets import nli_sets
from robustx.tasks.registry import task
from robustx.text.languages import languages

NLI = task("nli")
OCNLI_ORDER = ("neutral", "entailment", "contradiction")


def parquet(path: Path, columns: dict[str, Sequence[Any]], classes: Sequence[str] = ()) -> None:
    """A file in the hub's format: the names of classes are in the schema's metadata."""
    table = pa.table({name: list(cells) for name, cells in columns.items()})
    kinds: dict[str, Any] = {name: {"dtype": str(table.schema.field(name).type), "_type": "Value"} for name in columns}
    if classes:
        kinds["label"] = {"names": list(classes), "_type": "ClassLabel"}
    path.parent.mkdir(parents=True, exist_ok=True)
    metadata = {"huggingface": json.dumps({"info": {"features": kinds}})}
    pq.write_table(table.replace_schema_metadata(metadata), path)


def page(folder: Path, configs: dict[str, dict[str, str]]) -> None:
    """The data set's page, which says what configs there are and which files are a split."""
    lines = ["---", "configs:"]
    for config, splits in configs.items():
        lines += [f"- config_name: {config}", "  data_files:"]
        lines += [line for name, path in splits.items() for line in (f"  - split: {name}", f'    path: "{path}"')]
    (folder / "README.md").write_text("\n".join([*lines, "---", ""]))


def card(folder: Path, text: str) -> str:
    (folder / "mine.toml").write_text(f'about = "a test"\nlicence = "CC0-1.0"\nsource = "a test"\n{text}')
    return f"hub:{folder / 'mine.toml'}"


def read(spec: str, language: str) -> tuple[list[Example], SkipLog]:
    skipped = SkipLog()
    return list(task_data(f"nli={spec}", NLI).examples(language, skipped)), skipped


@pytest.mark.parametrize("name", nli_sets())
def test_every_named_set_is_offered_in_its_languages_and_not_asked_before_it_is_read(name: str) -> None:
    source = task_data(f"nli=hub:{name}", NLI)
    assert (source.root, source.label) == (None, f"hub:{name}")
    assert source.available(list(languages())) == [code for code in languages() if code in nli_sets()[name].languages]
    assert source.task.name == "nli"
    assert NLI.published == (), "the task in the registry is left alone"


@pytest.mark.parametrize("name", sorted(set(nli_sets()) - {"farstail"}))
def test_a_set_that_cannot_be_reached_is_one_error_that_names_it(name: str) -> None:
    one = nli_sets()[name]
    with pytest.raises(DataError, match=rf"{one.hub} .*cannot be read from the hub.*--data FOLDER"):
        read(f"hub:{name}", one.languages[0])


def test_a_set_as_clue_has_ocnli_is_read_by_the_names_of_its_classes(tmp_path: Path) -> None:
    columns = {
        "sentence1": ["下雪", "下雨", "晴"],
        "sentence2": ["冷", "湿", "暗"],
        "label": [1, 0, -1],
        "idx": [0, 1, 2],
    }
    parquet(tmp_path / "ocnli" / "validation-00000-of-00001.parquet", columns, OCNLI_ORDER)
    page(tmp_path, {"afqmc": {"test": "ocnli/*"}, "ocnli": {"validation": "ocnli/validation-*"}})
    spec = card(tmp_path, f'hub = "{tmp_path}"\nconfig = "ocnli"\nsplit = "validation"\nlanguages = ["zh"]')
    found, skipped = read(spec, "zh")
    assert [(one.uid, one.fields["premise"], one.gold) for one in found] == [
        ("0", "下雪", "entailment"),
        ("1", "下雨", "neutral"),
    ]
    assert [(row.row, row.reason.split(";")[0]) for row in skipped.first] == [(3, 'the label "-1"')]
    assert task_data(f"nli={spec}", NLI).label == "hub:mine"


def test_a_set_in_the_hubs_own_parquet_copy_has_a_folder_a_language(tmp_path: Path) -> None:
    for code, text in (("hi", "बर्फ़"), ("as", "তুষাৰ")):
        columns = {"premise": [text], "hypothesis": [text], "label": [2]}
        parquet(tmp_path / code / "test" / "0000.parquet", columns, NLI_LABELS)
        parquet(tmp_path / code / "train" / "0000.parquet", columns | {"label": [0]}, NLI_LABELS)
    spec = card(
        tmp_path, f'hub = "{tmp_path}"\nfiles = "{{language}}/test/*.parquet"\nsplit = "test"\nlanguages = ["hi", "as"]'
    )
    (assamese,), _ = read(spec, "as")
    assert (assamese.fields["premise"], assamese.gold, assamese.language) == ("তুষাৰ", "contradiction", "as")
    assert task_data(f"nli={spec}:hi", NLI).available(["as", "hi"]) == ["hi"]


def test_a_config_may_be_called_otherwise_than_the_language_is(tmp_path: Path) -> None:
    parquet(
        tmp_path / "aym.parquet", {"language": ["aym"], "premise": ["Uta"], "hypothesis": ["Uta"], "label": ["neutral"]}
    )
    page(tmp_path, {"aym": {"test": "aym.parquet"}})
    spec = card(
        tmp_path,
        f'hub = "{tmp_path}"\nconfig = "{{language}}"\nsplit = "test"\nlanguages = ["ay"]\ncodes = {{ay = "aym"}}',
    )
    assert [one.language for one in read(spec, "ay")[0]] == ["ay"]
    assert nli_sets()["americasnli"].codes == {"ay": "aym"}


# datasets 4 leaves the file that pandas 2 has read to the garbage collector
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
def test_a_tab_separated_file_is_read_where_its_authors_keep_it(tmp_path: Path) -> None:
    path = tmp_path / "Test-word.csv"
    path.write_text("premise\thypothesis\tlabel\nبرف\tسرد\tn\nباران\tتر\te\n", encoding="utf-8")
    spec = card(tmp_path, f'hub = "csv"\nfiles = "{path}"\nseparator = "\\t"\nsplit = "test"\nlanguages = ["fa"]')
    assert [one.gold for one in read(spec, "fa")[0]] == ["neutral", "entailment"]


@pytest.mark.parametrize(
    ("order", "gold"), [((), "neutral"), (("entailment", "contradiction", "neutral"), "contradiction")]
)
def test_numbers_without_names_mean_what_the_card_says(tmp_path: Path, order: tuple[str, ...], gold: str) -> None:
    parquet(tmp_path / "test.parquet", {"premise": ["a"], "hypothesis": ["b"], "label": [1]})
    spec = card(tmp_path, f'hub = "{tmp_path}"\nsplit = "test"\nlanguages = ["en"]\nlabels = {json.dumps(order)}')
    assert [one.gold for one in read(spec, "en")[0]] == [gold]


class TestTrainingRows:
    """multilingual-NLI-26lang has a split a language and source, all of them training rows."""

    @pytest.fixture
    def spec(self, tmp_path: Path) -> str:
        premises = [f"Premise {i // 2}." for i in range(60)]
        for code in ("hi", "ar"):
            columns = {
                "premise_original": premises,
                "hypothesis_original": [f"Hypothesis {i}." for i in range(60)],
                "label": [i % 3 for i in range(60)],
                "premise": [f"{one} {code}" for one in premises],
                "hypothesis": [code] * 60,
            }
            parquet(tmp_path / "data" / f"{code}_anli-00000-of-00001.parquet", columns)
        page(tmp_path, {"default": {f"{code}_anli": f"data/{code}_anli-*" for code in ("hi", "ar")}})
        return card(
            tmp_path,
            f'hub = "{tmp_path}"\nsplit = "{{language}}_anli"\nlanguages = ["hi", "ar"]\ntraining = true',
        )

    def test_are_refused_without_a_rule(self, spec: str) -> None:
        with pytest.raises(DataError, match=r"these are training rows.*hub:SET:holdout\.toml"):
            read(spec, "hi")

    def test_are_read_by_the_rule_and_the_same_in_every_language(self, spec: str, tmp_path: Path) -> None:
        (tmp_path / "rule.toml").write_text("share = 0.3\n")
        hindi, _ = read(f"{spec}:{tmp_path / 'rule.toml'}", "hi")
        arabic, _ = read(f"{spec}:{tmp_path / 'rule.toml'}", "ar")
        assert 0 < len(hindi) < 60
        assert [one.uid for one in hindi] == [one.uid for one in arabic]
        rule = Holdout(0.3, "")
        assert all(rule.holds(one.fields["premise"].removesuffix(" hi")) for one in hindi)

    def test_a_rule_that_is_not_there_is_an_error(self, spec: str, tmp_path: Path) -> None:
        with pytest.raises(DataError, match=r"none\.toml: cannot be read.*share = 0\.1"):
            read(f"{spec}:{tmp_path / 'none.toml'}", "hi")


class TestWithoutACard:
    """Any other data set with columns for premise, hypothesis and label: OWNER/NAME, here a folder of that name."""

    @pytest.fixture(autouse=True)
    def here(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.chdir(tmp_path)
        return tmp_path / "owner" / "pairs"

    def test_configs_that_are_called_as_languages_are(self, here: Path) -> None:
        for code in ("hi", "th"):
            parquet(here / code / "dev.parquet", {"premise": [code], "hypothesis": ["b"], "label": ["n"]})
        page(
            here,
            {code: {"validation": f"{code}/dev.parquet"} for code in ("hi", "th")}
            | {"all": {"validation": "*/dev.parquet"}},
        )
        source = task_data("hub:owner/pairs", NLI)
        assert source.available(["en", "hi", "th"]) == ["hi", "th"]
        assert [one.fields["premise"] for one in source.examples("th", SkipLog())] == ["th"]
        assert source.label == "hub:pairs"

    def test_one_language_is_said(self, here: Path) -> None:
        parquet(here / "test.parquet", {"sentence1": ["눈"], "sentence2": ["춥다"], "gold_label": ["e"]})
        assert [one.gold for one in read("hub:owner/pairs:ko", "ko")[0]] == ["entailment"]
        with pytest.raises(UsageError, match="its language cannot be told.*hub:owner/pairs:ko"):
            read("hub:owner/pairs", "ko")

    def test_the_test_set_comes_first_and_a_training_set_alone_needs_a_rule(self, here: Path) -> None:
        row = {"premise": ["a"], "hypothesis": ["b"], "label": ["n"]}
        parquet(here / "train.parquet", row)
        with pytest.raises(DataError, match="these are training rows"):
            read("hub:owner/pairs:en", "en")
        parquet(here / "test.parquet", row | {"label": ["c"]})
        assert [one.gold for one in read("hub:owner/pairs:en", "en")[0]] == ["contradiction"]

    def test_rows_that_are_said_to_be_in_another_language_are_left_out(self, here: Path) -> None:
        columns = {"premise": ["a", "b"], "hypothesis": ["c", "d"], "label": ["n", "n"], "language": ["hi", "ko"]}
        parquet(here / "test.parquet", columns)
        assert [one.fields["premise"] for one in read("hub:owner/pairs:ko", "ko")[0]] == ["b"]

    def test_rows_of_another_kind_are_an_error(self, here: Path) -> None:
        parquet(here / "test.parquet", {"question": ["?"]})
        with pytest.raises(DataError, match="expected a column premise.*it has question"):
            read("hub:owner/pairs:en", "en")


@pytest.mark.parametrize(
    ("spec", "error", "said"),
    [
        ("hub:ocnlii", UsageError, r'no such set\. Did you mean "ocnli"\? Sets: ocnli'),
        ("hub:", UsageError, "there is no such set"),
        ("hub:/absolute", UsageError, "there is no such set"),
        ("hub:ocnli:ko", UsageError, "ocnli is in zh"),
        ("hub:ocnli:xx", UsageError, 'there is no language "xx"'),
        ("hub:ocnli:zh:zh", UsageError, "at most one language"),
        ("hub:none.toml", CardError, "none.toml: cannot be read"),
        ("hub:no-one/no-such-data", DataError, "no-one/no-such-data cannot be read from the hub"),
    ],
)
def test_what_names_no_set_is_an_error(spec: str, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        task_data(f"nli={spec}", NLI)


def test_a_card_in_an_unknown_language_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CardError, match="languages.*expected languages that robustx knows, not xx"):
        task_data(card(tmp_path, 'hub = "x/y"\nsplit = "test"\nlanguages = ["xx"]'), NLI)


def test_the_hub_alone_names_no_set_of_nli() -> None:
    with pytest.raises(DataError, match="nli is any set of NLI rows; name one: hub:ocnli"):
        read("hub", "zh")


def test_a_task_of_one_data_set_takes_no_name() -> None:
    with pytest.raises(UsageError, match="xnli is one data set on the hub; expected --data xnli=hub"):
        task_data("xnli=hub:ocnli", task("xnli"))
