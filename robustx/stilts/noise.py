"""Training rows made worse on purpose: robustx's own attacks on English text, and code-mixing with the user's word lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import regex

from robustx.errors import DataError, UsageError
from robustx.perturb.attacks import Attack, all_attacks, load_attack
from robustx.perturb.edits import apply
from robustx.perturb.keyed import key_of, numbers
from robustx.perturb.protection import protected_spans, reserved_words
from robustx.perturb.sample import Place, sample
from robustx.stilts.examples import Choice, Pair, Question, Tagged
from robustx.stilts.read import Library, Split
from robustx.stilts.readers.rows import text_of
from robustx.stilts.recipe import Arm, CodeMix, Noise
from robustx.text.analysis import Text

ENGLISH = "en"

_WORD = regex.compile(r"\p{L}[\p{L}\p{M}'’-]*")

Change = Callable[[str, str, str], str]
"""(uid, field, text) to the text as it is trained on."""


def augmented(train: Split, arm: Arm, seed: int, library: Library) -> Split:
    """The rows with what the arm does to their text; rows it does not choose stay as they are.

    Questions keep their contexts, where the answers stand, and tags keep their tokens apart.

    Raises:
        UsageError: an attack is none, or is none of English.
        DataError: a word list cannot be read.
    """
    examples = train.examples
    if arm.noise:
        examples = _changed(examples, "noise", arm.noise.share, seed, attacker(arm.noise, seed))
    if arm.code_mixed:
        examples = _changed(examples, "mix", arm.code_mixed.share, seed, mixer(arm.code_mixed, seed, library))
    return replace(train, examples=examples)


def attacker(noise: Noise, seed: int) -> Change:
    """Attacks a text with one of the attacks, drawn by its key.

    Raises:
        UsageError: there is no such attack, or it does not apply to English.
    """
    attacks = noise_attacks(noise)

    def change(uid: str, field: str, text: str) -> str:
        attack = attacks[next(numbers(key_of("robustx-noise-attack", seed, uid), 0)) % len(attacks)]
        spans = protected_spans(text, ENGLISH, ("negation",))
        analysed = Text(text, ENGLISH, spans, None, reserved_words(ENGLISH, ("negation",)))
        severity = noise.severity or attack.card.ladder[len(attack.card.ladder) // 2]
        edits = sample(attack, analysed, Place(seed, uid, field), [severity], 1)[0][0]
        return apply(text, edits) if edits else text

    return change


def noise_attacks(noise: Noise) -> list[Attack]:
    """The attacks that are trained on, in the order of their ids."""
    chosen = [load_attack(name) for name in noise.attacks] or [one for one in all_attacks() if one.applies_to(ENGLISH)]
    for name in noise.leave_out:
        load_attack(name)
    for attack in chosen:
        if not attack.applies_to(ENGLISH):
            raise UsageError(f"noise: attack {attack.id} does not apply to English, the language that is trained on")
    left = sorted((one for one in chosen if one.id not in noise.leave_out), key=lambda one: one.id)
    if not left:
        raise UsageError("noise: leave_out leaves no attack to train on")
    return left


def mixer(mix: CodeMix, seed: int, library: Library) -> Change:
    """Puts words of other languages in place of English ones, of a few languages a row.

    Raises:
        UsageError: ``--data`` has no folder for the word lists.
        DataError: a word list is not there, or has no pair of words.
    """
    root = library.root("dictionaries")
    if root is None:
        raise UsageError("code_mixed: word lists lie in a folder: --data dictionaries=FOLDER")
    lists = [dictionary(root / name) for name in mix.dictionaries]

    def change(uid: str, field: str, text: str) -> str:
        chance = numbers(key_of("robustx-mix-languages", seed, uid), 0)
        chosen = [lists[next(chance) % len(lists)] for _ in range(min(mix.languages, len(lists)))]
        draws = numbers(key_of("robustx-mix-words", seed, uid, field), 0)

        def other(found: Any) -> str:
            words = [word for one in chosen for word in one.get(found[0].lower(), ())]
            first, second = next(draws), next(draws)
            return words[second % len(words)] if words and first / 2**64 < mix.words else found[0]

        return str(_WORD.sub(other, text))

    return change


def dictionary(path: Path) -> Mapping[str, Sequence[str]]:
    """Words of another language by English word in lower case, from a file of one pair a line (MUSE's form).

    Raises:
        DataError: it cannot be read, or has no pair.
    """
    made: dict[str, list[str]] = {}
    for line in text_of(path).split("\n"):
        parts = line.split("\t") if "\t" in line else line.split()
        if len(parts) >= 2 and not line.startswith("#") and parts[0].strip() and parts[1].strip():
            made.setdefault(parts[0].strip().lower(), []).append(parts[1].strip())
    if not made:
        raise DataError(f"{path}: has no pair of words; expected an English word and its translation a line")
    return made


def _changed(examples: Sequence[Any], name: str, share: float, seed: int, change: Change) -> list[Any]:
    made = []
    for example in examples:
        chosen = next(numbers(key_of(f"robustx-{name}", seed, example.uid), 0)) / 2**64 < share
        made.append(_one(example, change) if chosen and example.language == ENGLISH else example)
    return made


def _one(example: Any, change: Change) -> Any:
    uid = example.uid
    if isinstance(example, Pair):
        first, second = change(uid, "first", example.first), change(uid, "second", example.second)
        return replace(example, first=first, second=second)
    if isinstance(example, Question):
        return replace(example, question=change(uid, "question", example.question))
    if isinstance(example, Choice):
        endings = tuple(change(uid, f"ending {i}", ending) for i, ending in enumerate(example.endings))
        return replace(example, prompt=change(uid, "prompt", example.prompt), endings=endings)
    if isinstance(example, Tagged):
        tokens = change(uid, "tokens", " ".join(example.tokens)).split(" ")
        whole = len(tokens) == len(example.tokens) and all(token.strip() for token in tokens)
        return replace(example, tokens=tuple(tokens)) if whole else example
    return example
