"""How much of what people misspell robustx can write, and how its mix of errors compares with theirs.

    python benchmarks/human_errors.py DATA          # DATA holds ruspellru/ and sighan15/

Russian: RUSpellRU (Sorokin et al. 2016), misspelt sentences of blogs and their corrections, aligned by word. Chinese:
SIGHAN 2015 (Tseng et al. 2015), essays of learners, aligned by character. An error that is one edit away from the
correction (Damerau 1964) is *covered* if some attack, applied to the correct word, offers the very word that the person
wrote. To propose everything would cover everything, so beside it stands the share of all possible edits that are offered.

Words are compared without case. Words joined or split are counted, and judged by no attack here; hyphens are not counted.
The tables were written from what is known of each language. The even lines of RUSpellRU and the training part of SIGHAN
were looked at to see what was missing, the odd lines and the test part were not; but the first version of the Russian
table marks-confused had been checked against all of RUSpellRU.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import NamedTuple

from robustx.perturb.attacks import Attack, all_attacks
from robustx.perturb.edits import apply
from robustx.text.analysis import Text
from robustx.text.words import word_spans

TYPING = ("keyboard", "transpose", "delete", "duplicate", "insert")
SPELLING = ("marks-confused", "marks-dropped", "unstressed-vowels", "lookalike", "homophone", "homophone-near")
OPERATIONS = ("substitution", "insertion", "deletion", "transposition")
RUSSIAN = "абвгдежзийклмнопрстуфхцчшщъыьэюяё"


class Misspelling(NamedTuple):
    """A correct word and what was written for it."""

    right: str
    wrong: str


def operation(right: str, wrong: str) -> str | None:
    """Which single edit makes one word of the other; None if none does."""
    if len(right) == len(wrong):
        differing = [i for i, (a, b) in enumerate(zip(right, wrong, strict=True)) if a != b]
        if len(differing) == 1:
            return "substitution"
        swapped = len(differing) == 2 and differing[1] == differing[0] + 1
        return (
            "transposition" if swapped and right[differing[0]] == wrong[differing[1]] and _same(right, wrong) else None
        )
    if abs(len(right) - len(wrong)) != 1:
        return None
    short, long = sorted((right, wrong), key=len)
    if not any(long[:i] + long[i + 1 :] == short for i in range(len(long))):
        return None
    return "deletion" if short == wrong else "insertion"


def _same(right: str, wrong: str) -> bool:
    return sorted(right) == sorted(wrong)


def russian(folder: Path, parity: int) -> tuple[list[Misspelling], int]:
    """Misspelt words of the lines of one parity, and how many times words were joined or split."""
    lines = [
        (folder / name).read_text(encoding="utf-8").lower().splitlines() for name in ("sources.txt", "corrections.txt")
    ]
    found, spaces = [], 0
    for number, (source, correction) in enumerate(zip(*lines, strict=True), start=1):
        if number % 2 != parity:
            continue
        wrong, right = ([line[s:e] for s, e in word_spans(line)] for line in (source, correction))
        for tag, i, j, k, m in SequenceMatcher(None, right, wrong, autojunk=False).get_opcodes():
            if tag != "replace":
                continue
            if "".join(right[i:j]) == "".join(wrong[k:m]):
                spaces += 1
            elif j - i == m - k:
                found += [Misspelling(*pair) for pair in zip(right[i:j], wrong[k:m], strict=True) if pair[0] != pair[1]]
    return found, spaces


def chinese(path: Path) -> tuple[list[tuple[str, int, str]], int]:
    """(correct sentence, place, character written) of every lone wrong character, and how many stand side by side."""
    found, side_by_side = [], 0
    for line in path.read_text(encoding="utf-8").splitlines():
        wrong, right = line.split("\t")
        if len(wrong) != len(right):
            continue
        places = [i for i in range(len(right)) if right[i] != wrong[i]]
        lone = [i for i in places if i - 1 not in places and i + 1 not in places]
        found += [(right, i, wrong[i]) for i in lone]
        side_by_side += len(places) - len(lone)
    return found, side_by_side


def offered(attack: Attack, word: str, language: str) -> Counter[str]:
    """What an attack makes of a word, each with its chance if a site is drawn and then an edit."""
    text, operator = Text(word, language), attack.operator(language)
    made: Counter[str] = Counter()
    by_site = [
        found
        for i in range(len(text.spans))
        for site in operator.sites(text, i)
        if (found := operator.edits(text, site))
    ]
    for edits in by_site:
        for edit in edits:
            made[apply(word, [edit])] += 1 / len(edits) / len(by_site)  # type: ignore[assignment]
    return made


def possible(word: str, alphabet: str) -> Iterator[str]:
    """Every word one edit away, with letters of an alphabet."""
    for i in range(len(word) + 1):
        yield from (word[:i] + letter + word[i:] for letter in alphabet)
        if i < len(word):
            yield word[:i] + word[i + 1 :]
            yield from (word[:i] + letter + word[i + 1 :] for letter in alphabet if letter != word[i])
        if i + 1 < len(word) and word[i] != word[i + 1]:
            yield word[:i] + word[i + 1] + word[i] + word[i + 2 :]


def report_russian(found: list[Misspelling], spaces: int, attacks: Sequence[Attack]) -> None:
    """A row an operation: share of the errors, share covered, share of all possible edits offered, share in robustx's mix."""
    kinds = [(error, kind) for error in found if (kind := operation(*error))]
    total, covered, spelt, every, proposed, mix = (Counter[str]() for _ in range(6))
    for (right, wrong), kind in kinds:
        made = {attack.id: offered(attack, right, "ru") for attack in attacks}
        total[kind] += 1
        covered[kind] += any(wrong in variants for variants in made.values())
        spelt[kind] += any(wrong in variants for name, variants in made.items() if name in SPELLING)
        union = set().union(*made.values())
        near = set(possible(right, RUSSIAN))
        every.update(Counter(str(operation(right, word)) for word in near))
        proposed.update(Counter(str(operation(right, word)) for word in near & union))
        able = [variants for variants in made.values() if variants]
        for variants in able:
            for word, chance in variants.items():
                mix[operation(right, word) or "several"] += chance / len(able)  # type: ignore[assignment]
    print(f"{len(found)} misspelt words, {len(kinds)} of them one edit away; words joined or split {spaces} times")
    print(f"{'':14}{'errors':>8}{'share':>8}{'covered':>9}{'by spelling':>13}{'of all edits':>14}{'robustx mix':>13}")
    for kind in (*OPERATIONS, "several"):
        share = f"{total[kind]:8}{total[kind] / len(kinds):8.3f}"
        reach = (
            f"{covered[kind] / total[kind]:9.3f}{spelt[kind] / total[kind]:13.3f}{proposed[kind] / every[kind]:14.3f}"
            if total[kind]
            else " " * 36
        )
        print(f"{kind:14}{share}{reach}{mix[kind] / len(kinds):13.3f}")
    print(
        f"{'all':14}{len(kinds):8}{1:8.3f}{covered.total() / len(kinds):9.3f}{spelt.total() / len(kinds):13.3f}", end=""
    )
    print(f"{proposed.total() / every.total():14.3f}")
    apart = sum(abs(total[kind] - mix[kind]) for kind in (*OPERATIONS, "several")) / 2 / len(kinds)
    print(f"people's mix and robustx's are {apart:.3f} apart (total variation; 0 is the same, 1 nothing in common)")


def report_chinese(found: list[tuple[str, int, str]], side_by_side: int, attacks: Sequence[Attack]) -> None:
    """A row an attack: share of the errors that it offers, share that no attack before it does, characters it offers."""
    seen: Counter[str] = Counter()
    first: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    for sentence, place, wrong in found:
        text = Text(sentence, "zh")
        word = next((i for i, (start, end) in enumerate(text.spans) if start <= place < end), None)
        hits = []
        for attack in attacks:
            operator = attack.operator("zh")
            edits = operator.edits(text, place) if word is not None and place in operator.sites(text, word) else ()
            made = {edit.replacement for edit in edits if (edit.start, edit.end) == (place, place + 1)}
            sizes[attack.id] += len(made)
            if wrong in made:
                hits.append(attack.id)
        seen.update(hits)
        first[hits[0] if hits else "none"] += 1
    print(f"{len(found)} lone wrong characters (all are substitutions), {side_by_side} side by side")
    print(f"{'':16}{'offers':>8}{'alone':>8}{'characters':>12}")
    for attack in attacks:
        row = f"{seen[attack.id] / len(found):8.3f}{first[attack.id] / len(found):8.3f}{sizes[attack.id] / len(found):12.1f}"
        print(f"{attack.id:16}{row}")
    print(f"{'all':16}{1 - first['none'] / len(found):8.3f}{'':8}{sizes.total() / len(found):12.1f}")


def main() -> None:
    """Print a table a data set and part."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    data = parser.parse_args().data
    attacks = {attack.id: attack for attack in all_attacks()}
    listed = [attacks[name] for name in (*TYPING, *SPELLING) if name in attacks]
    for part, parity in (("even lines, looked at", 0), ("odd lines, not looked at", 1)):
        print(f"\nRUSpellRU, {part}")
        report_russian(*russian(data / "ruspellru", parity), [a for a in listed if a.applies_to("ru")])
    substituting = [
        attacks[name] for name in ("homophone", "homophone-near", "marks-confused", "lookalike", "keyboard")
    ]
    for part in ("train", "test"):
        print(f"\nSIGHAN15, {part}")
        report_chinese(*chinese(data / "sighan15" / f"{part}.tsv"), substituting)


if __name__ == "__main__":
    main()
