"""Whether question answering is scored as the published scripts score it: fixed predictions on a folder, by both.

    python benchmarks/answering_metric.py FOLDER

FOLDER has SQuAD's form in files of XQuAD, MLQA or TyDiQA, in any layout. The published rules are those of
tests/tasks/published_rules.py, written step by step from evaluate-v1.1.py and mlqa_evaluation_v1.py. A prediction is one
of the gold answers, whole, cut, widened or changed in case and punctuation, or words from elsewhere in the context.
XTREME's TyDiQA comes without its answers: there, and it is said, spans drawn from its contexts stand for them.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.append(str(Path(__file__).parent.parent / "tests" / "tasks"))

import published_rules as published

from robustx.tasks.answering import Answering
from robustx.tasks.answers import Answer, as_gold, from_gold
from robustx.tasks.base import SkipLog
from robustx.tasks.registry import task

NORMAL = {"xquad": published.squad_normal, "mlqa": published.mlqa_normal, "tydiqa": published.squad_normal}
SHARE_OF_WORDS = 8
"""A drawn answer has at most so many words."""

Asked = tuple[str, str]
"""Context and gold."""


def spans(path: Path, chance: random.Random) -> Iterator[Asked]:
    """The contexts of a file whose answers are blank, each with a span of words drawn from it."""
    for article in json.loads(path.read_text("utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            words = paragraph["context"].split()
            for _ in paragraph["qas"] if words else ():
                begin = chance.randrange(len(words))
                text = " ".join(words[begin : begin + chance.randint(1, SHARE_OF_WORDS)])
                yield paragraph["context"], as_gold([Answer(text, 0)])


def questions(one: Answering, language: str, folder: Path, chance: random.Random) -> tuple[list[Asked], bool]:
    """The questions of a language, and whether their answers had to be drawn."""
    if language in one.available(folder):
        return [(row.fields["context"], row.gold) for row in one.read(folder, language, SkipLog())], False
    paths = list(one._files(folder, language))
    return [asked for path in paths[:1] for asked in spans(path, chance)], True


def prediction(asked: Asked, chance: random.Random) -> str:
    """An answer that is right, nearly right or wrong."""
    context, gold = asked
    text = chance.choice(from_gold(gold)).text
    words = text.split() or [text]
    elsewhere = context.split()
    at = chance.randrange(len(elsewhere))
    return chance.choice(
        [
            text,
            f" {text.upper()}. ",
            f"the «{text}»!",
            text[: max(1, len(text) // 2)],
            " ".join(words[:-1]),
            f"{text} {elsewhere[at]}",
            " ".join(elsewhere[at : at + 5]),
            "",
        ]
    )


def row(one: Answering, language: str, folder: Path) -> str | None:
    """The figures of one language, or nothing if the folder has none of it."""
    chance = random.Random(f"{one.name}-{language}")
    found, drawn = questions(one, language, folder, chance)
    if not found:
        return None
    given = [prediction(asked, chance) for asked in found]
    golds = [[answer.text for answer in from_gold(gold)] for _, gold in found]
    exact, f1 = published.scores(NORMAL[one.name], golds, given, language)
    made = [one.statistic(gold, text, language) for (_, gold), text in zip(found, given, strict=True)]
    ours = 100 * sum(statistic.numerator for statistic in made) / sum(statistic.denominator for statistic in made)
    apart = abs(ours - (exact + f1) / 2)
    return f"{one.name:8}{language:4}{len(found):7,}{ours:10.4f}{apart:12.1e}{'  answers drawn' * drawn}"


def main() -> None:
    """A line a task and language."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    print("task  language  questions  score  apart (points)")
    for name in NORMAL:
        one = task(name)
        assert isinstance(one, Answering)
        for language in one.published:
            if line := row(one, language, folder):
                print(line, flush=True)


if __name__ == "__main__":
    main()
