"""Queries a second and success rate of robustx's search and of TextAttack's, on the same work.

    python3 start.py guests doctor   # sets up .venv-guests
    .venv-guests/bin/python benchmarks/against_textattack.py --model demo:anli --data FOLDER --examples 5 --queries 30

Same checkpoint, same examples (those it has right), same edits (one attack of robustx, in TextAttack as
``RobustxTransformation``), at most as many edits and as many queries an example. TextAttack searches by ``GreedySearch``,
the one of its greedy searches that takes transformations of whole texts, and runs twice: with the model wrapper that it has
for Hugging Face models, as its users run it, and with ``RobustxModel``, so that its search alone makes the difference.

A query is a text that counts towards the limit: perturbed texts until an example falls. TextAttack counts the unperturbed
text too and is allowed one more for it, which is not counted here. robustx reduces a flip after the fall, which is outside
the limit; the texts of that are not counted, their time is. Wall clock: the machine should have nothing else to do.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice
from typing import Any, NamedTuple

from robustx.model.checkpoint import Checkpoint, Settings, load
from robustx.perturb.attacks import Attack, load_attack
from robustx.perturb.measure import NOTHING
from robustx.search.hunt import Stage, hunt
from robustx.search.lockstep import Remembering, search
from robustx.search.objective import objective_of
from robustx.search.space import Space
from robustx.search.strategies.registry import STRATEGIES
from robustx.search.victim import CheckpointVictim
from robustx.suite.build import analysed
from robustx.suite.cells import CellRow
from robustx.tasks.base import Example, SkipLog
from robustx.tasks.data import task_data
from robustx.tasks.registry import task

LANGUAGES = ["hi", "ar", "th", "zh", "ru", "en"]
XNLI = task("xnli")


class Outcome(NamedTuple):
    """What one tool came to: queries asked, examples felled of those attacked, seconds."""

    queries: int = 0
    felled: int = 0
    attacked: int = 0
    seconds: float = 0.0

    def plus(self, other: Outcome) -> Outcome:
        """Both together."""
        return Outcome(*(one + more for one, more in zip(self, other, strict=True)))

    def line(self, name: str) -> str:
        """A row of the table."""
        rate = self.queries / self.seconds
        return f"  {name:34}{self.queries:8,}{rate:11.1f}{self.felled:6}/{self.attacked}"


def right(checkpoint: Checkpoint, data: str, language: str, count: int) -> list[Example]:
    """The first examples of a language that the checkpoint has right."""
    victim, objective = CheckpointVictim(checkpoint, XNLI), objective_of(XNLI, language)
    examples = list(islice(task_data(data, XNLI).examples(language, SkipLog()), 4 * count))
    rows = [row_of(example) for example in examples]
    pairs = zip(examples, rows, victim.answers(rows), strict=True)
    return [example for example, row, clean in pairs if not objective.wrong(row, clean, clean)][:count]


def row_of(example: Example) -> CellRow:
    """An example as the model is given it."""
    return CellRow(example.uid, example.gold, tuple(example.fields.values()), (), NOTHING)


def ours(checkpoint: Checkpoint, attack: Attack, examples: Sequence[Example], queries: int, budget: int) -> Outcome:
    """robustx's greedy search over all examples at once."""
    began = time.perf_counter()
    language = examples[0].language
    victim, objective = Remembering(CheckpointVictim(checkpoint, XNLI)), objective_of(XNLI, language)
    rows = [row_of(example) for example in examples]
    of = {example.uid: example for example in examples}

    def space(example: Example, name: str) -> Space:
        texts = analysed(XNLI, example, XNLI.attackable, None)
        return Space(attack, example.fields, texts, partial(XNLI.carries, example))

    def start(row: CellRow, clean: Any) -> Any:
        stages = [Stage(attack.id, STRATEGIES["greedy"], queries)]
        return hunt(row, stages, partial(space, of[row.uid]), budget, [budget], 0)

    found = search(rows, victim.answers(rows), start, victim, objective)
    felled = sum(bool(one.felled_by) for one in found)
    return Outcome(sum(one.queries for one in found), felled, len(rows), time.perf_counter() - began)


def theirs(victim: Any, attack: Attack, examples: Sequence[Example], queries: int, budget: int) -> Outcome:
    """TextAttack's greedy search, example by example."""
    import textattack

    from robustx.bridges.textattack import RobustxTransformation, edits_made

    class Budget(textattack.constraints.Constraint):  # type: ignore[misc]
        def _check_constraint(self, transformed_text: Any, reference_text: Any) -> bool:
            return edits_made(transformed_text) <= budget

    began = time.perf_counter()
    goal = textattack.goal_functions.UntargetedClassification(victim, query_budget=queries + 1)
    transformation = RobustxTransformation(attack, examples[0].language, XNLI)
    whole = textattack.Attack(
        goal, [Budget(compare_against_original=True)], transformation, textattack.search_methods.GreedySearch()
    )
    results = [whole.attack(OrderedDict(one.fields), XNLI.labels.index(one.gold)) for one in examples]
    felled = sum(isinstance(one, textattack.attack_results.SuccessfulAttackResult) for one in results)
    asked = sum(one.num_queries - 1 for one in results)
    return Outcome(asked, felled, len(results), time.perf_counter() - began)


def wrapped(checkpoint: Checkpoint) -> Any:
    """TextAttack's own wrapper, its scores in the order of the task's labels."""
    from textattack.models.wrappers import HuggingFaceModelWrapper

    order = checkpoint.order(XNLI.labels)

    class Ordered(HuggingFaceModelWrapper):  # type: ignore[misc]
        def __call__(self, texts: Any) -> Any:
            return super().__call__([tuple(text) for text in texts])[:, order].float()

    return Ordered(checkpoint.model, checkpoint.tokenizer)


def main() -> None:
    """Print a table a language, and one of all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="demo:anli")
    parser.add_argument("--data", default="mini")
    parser.add_argument("--attack", default="delete")
    parser.add_argument("--examples", type=int, default=5)
    parser.add_argument("--queries", type=int, default=30)
    parser.add_argument("--budget", type=int, default=5, help="edits at most")
    parser.add_argument("--dtype", default="fp32")
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    from robustx.bridges.textattack import RobustxModel

    checkpoint, attack = load(given.model, Settings("cpu", given.dtype)), load_attack(given.attack)
    tools: dict[str, Callable[[list[Example]], Outcome]] = {
        "TextAttack": lambda some: theirs(wrapped(checkpoint), attack, some, given.queries, given.budget),
        "TextAttack with RobustxModel": lambda some: theirs(
            RobustxModel(checkpoint, XNLI), attack, some, given.queries, given.budget
        ),
        "robustx": lambda some: ours(checkpoint, attack, some, given.queries, given.budget),
    }
    total = dict.fromkeys(tools, Outcome())
    print(
        f"{given.model}, {given.dtype}, {given.attack}, at most {given.budget} edits and {given.queries} queries an example"
    )
    print(f"  {'':34}{'queries':>8}{'queries/s':>11}{'felled':>9}")
    for language in LANGUAGES:
        examples = right(checkpoint, given.data, language, given.examples)
        print(language)
        for name, tool in tools.items():
            outcome = tool(examples)
            total[name] = total[name].plus(outcome)
            print(outcome.line(name), flush=True)
    print("all")
    for name, outcome in total.items():
        print(outcome.line(name))
    rates = {name: outcome.queries / outcome.seconds for name, outcome in total.items()}
    for name in list(tools)[:2]:
        print(f"robustx asks {rates['robustx'] / rates[name]:.1f} times as many queries a second as {name}")


if __name__ == "__main__":
    main()
