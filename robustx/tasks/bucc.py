"""BUCC 2018 (Zweigenbaum et al. 2018): mining the few translations out of two large collections of sentences; F1.

Folder, or ``bucc2018/`` below it: ``<language>-en.<split>.<language>`` and ``.en`` (id, sentence), and ``.gold`` (id, id). Of the
splits, the first that has its gold: test (XTREME's name) or training (BUCC's), then dev or sample. XTREME's download script
removes the gold of its test split, so that its folder gives dev. The hub has the gold pairs alone, which is another task.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, NoReturn

from robustx.errors import DataError
from robustx.tasks.base import Example, SkipLog, Statistic, field_problem
from robustx.tasks.lines import lines
from robustx.tasks.retrieval import RetrievalTask
from robustx.text.languages import languages

_SPLITS = ("test", "training", "dev", "sample")


class Bucc2018(RetrievalTask):
    """The task."""

    name = "bucc2018"
    metric = "F1"
    search = "mined"

    def available(self, root: Path) -> list[str]:
        """Languages with all three files, of those robustx knows."""
        return [code for code in languages() if _files(root, code) is not None]

    def split(self, root: Path, language: str) -> str:
        """XTREME's test set is BUCC's training set, and its dev set is BUCC's sample."""
        found = _files(root, language)
        return "dev" if found and found.source.name.split(".")[1] in ("dev", "sample") else "test"

    def read(self, root: Path, language: str, skipped: SkipLog) -> Iterator[Example]:
        """A row for each sentence of the language, and one for each English sentence that is nobody's translation.

        The second stand among the first in proportion, so that the first rows are a smaller task of the same kind.

        Raises:
            DataError: there are no such files, or one of them is not what it should be.
        """
        found = _files(root, language)
        if found is None:
            raise DataError(
                f"{root}: has no BUCC 2018 for {language} with gold; expected {language}-en.test.{language}, "
                f"{language}-en.test.en and {language}-en.test.gold, or the same of dev"
            )
        sources, targets = _sentences(found.source, skipped), _sentences(found.target, skipped)
        gold = _gold(found, sources, targets, skipped)
        pairing = _paired(gold, list(targets), f"{self.name}-{language}")
        for side, name in _interleaved(list(sources), pairing.alone):
            if side == "target":
                yield Example(pairing.uid[name], language, {"source": "", "target": targets[name]}, "")
            else:
                beside = targets.get(pairing.beside.get(name, ""), "")
                wanted = " ".join(pairing.uid[target] for target in gold.get(name, ()))
                uid = f"{self.name}-{language}/{name}"
                yield Example(uid, language, {"source": sources[name], "target": beside}, wanted)

    def read_hub(self, language: str, skipped: SkipLog) -> NoReturn:
        """Nothing: the hub's copies lack the sentences that have no translation.

        Raises:
            DataError: always.
        """
        raise DataError(
            "the hub's copies of BUCC 2018 hold the gold pairs alone, without the sentences that nobody translated; "
            "give a folder: --data bucc2018=FOLDER"
        )

    def statistic(self, gold: str, predicted: str, language: str) -> Statistic:
        """Twice the pairs found, of the pairs given and the pairs there are: the ratio of the sums is F1."""
        wanted = gold.split()
        return Statistic(2.0 * (predicted in wanted), float(bool(predicted)) + len(wanted))


class _Files(NamedTuple):
    source: Path
    target: Path
    gold: Path


class _Pairing(NamedTuple):
    """Which English sentence stands beside which sentence of the language, and in which row each of them is.

    Attributes:
        beside: for ids of the language, the English id.
        alone: English ids that stand beside none.
        uid: for English ids, the uid of the row.
    """

    beside: dict[str, str]
    alone: list[str]
    uid: dict[str, str]


def _files(root: Path, language: str) -> _Files | None:
    folder = root / "bucc2018" if (root / "bucc2018").is_dir() else root
    for split in _SPLITS:
        found = _Files(*(folder / f"{language}-en.{split}.{end}" for end in (language, "en", "gold")))
        if all(path.is_file() for path in found):
            return found
    return None


def _columns(path: Path, meaning: str, skipped: SkipLog) -> Iterator[tuple[int, str, str]]:
    for number, line in lines(path, skipped):
        columns = line.split("\t")
        if len(columns) == 2:
            yield number, columns[0].strip(), columns[1]
            continue
        problem = f"expected 2 tab-separated columns ({meaning}), found {len(columns)}"
        if number == 1:
            raise DataError(f"{path}: row 1: {problem}")
        skipped.add(path, number, problem)


def _sentences(path: Path, skipped: SkipLog) -> dict[str, str]:
    """Sentences by id, in order."""
    found: dict[str, str] = {}
    for number, name, text in _columns(path, "id, sentence", skipped):
        problem = field_problem((text,))
        if not name or len(name.split()) > 1:
            problem = f'the id "{name[:40]}"; expected one word'
        elif name in found:
            problem = f"the id {name[:40]} stands twice; the first is kept"
        if problem is None:
            found[name] = text
        else:
            skipped.add(path, number, problem)
    return found


def _gold(
    found: _Files, sources: dict[str, str], targets: dict[str, str], skipped: SkipLog
) -> dict[str, dict[str, None]]:
    """For ids of the language, the English ids of their translations, in order."""
    made: dict[str, dict[str, None]] = {}
    for number, source, target in _columns(found.gold, "id, id", skipped):
        name = target.strip()
        if source not in sources:
            skipped.add(found.gold, number, f"the id {source[:40]}, which is not in {found.source.name}")
        elif name not in targets:
            skipped.add(found.gold, number, f"the id {name[:40]}, which is not in {found.target.name}")
        elif name in made.get(source, ()):
            skipped.add(found.gold, number, f"the pair {source[:40]}, {name[:40]} stands twice")
        else:
            made.setdefault(source, {})[name] = None
    return made


def _paired(gold: dict[str, dict[str, None]], targets: list[str], prefix: str) -> _Pairing:
    """A row has room for one translation: a second one, or one that another row holds, is named by its own row."""
    beside: dict[str, str] = {}
    uid: dict[str, str] = {}
    for source, names in gold.items():
        free = next((name for name in names if name not in uid), None)
        if free is not None:
            beside[source], uid[free] = free, f"{prefix}/{source}"
    alone = [name for name in targets if name not in uid]
    return _Pairing(beside, alone, uid | {name: f"{prefix}/en/{name}" for name in alone})


def _interleaved(sources: list[str], alone: list[str]) -> Iterator[tuple[str, str]]:
    """Both lists in their own order, the second spread evenly over the first."""
    placed = [(i / len(sources), "source", name) for i, name in enumerate(sources)]
    placed += [(i / len(alone), "target", name) for i, name in enumerate(alone)]
    return ((side, name) for _, side, name in sorted(placed, key=lambda one: one[:2]))
