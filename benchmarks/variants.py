"""Variants built per second, and the share of damaged texts, against nlpaug's character augmenters: one run, one core.

    pip install 'robustx[bench]'
    python benchmarks/variants.py

Both get the same sentences (the mini premises and hypotheses in hi th ar zh ru en; processor time, so a busy machine
matters little) and make the same number of variants with four character operators each, at the same three shares of
words (nlpaug's aug_word_p) and three draws. A variant is *damaged* when it has what no typing slip makes: a combining
mark without its base, a space that came or went, or a letter of a script that the sentence does not use.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import nlpaug.augmenter.char as nac

from robustx.perturb.attacks import load_attack
from robustx.perturb.edits import apply
from robustx.perturb.protection import always_protected
from robustx.perturb.sample import Place, sample
from robustx.tasks.base import SkipLog
from robustx.tasks.data import MINI
from robustx.tasks.registry import task
from robustx.text.analysis import Text
from robustx.text.scripts import scripts_in

LANGUAGES = ("hi", "th", "ar", "zh", "ru", "en")
DRAWS = 3
SHARES = (0.05, 0.1, 0.2)
ATTACKS = ("transpose", "delete", "insert", "keyboard")
ACTIONS = ("swap", "delete", "insert", "substitute")


def sentences(language: str) -> list[str]:
    """The distinct premises and hypotheses of a language."""
    rows = task("xnli").read(MINI, language, SkipLog())
    return list(dict.fromkeys(text for row in rows for text in row.fields.values()))


def with_robustx(texts: list[str], language: str) -> list[tuple[str, str]]:
    """Every sentence under four attacks, three draws and three severities; a sentence is analysed once."""
    attacks = [load_attack(name) for name in ATTACKS]
    made = []
    for i, source in enumerate(texts):
        text = Text(source, language, always_protected(source))
        for attack in attacks:
            for draw in sample(attack, text, Place(7, str(i), "text"), SHARES, DRAWS):
                made += [(source, apply(source, edits)) for edits in draw]
    return made


def with_nlpaug(texts: list[str], language: str) -> list[tuple[str, str]]:
    """The same with RandomCharAug's four actions and three shares of words."""
    del language
    augmenters = [nac.RandomCharAug(action=action, aug_word_p=share) for action in ACTIONS for share in SHARES]
    made = []
    for source in texts:
        for augmenter in augmenters:
            for _ in range(DRAWS):
                result = augmenter.augment(source)
                made.append((source, result[0] if isinstance(result, list) and result else source))
    return made


def damaged(source: str, variant: str, language: str) -> bool:
    """Whether a variant has what no typing slip makes."""
    before, after = Text(source, language), Text(variant, language)
    orphans = sum(_orphan(cluster) for cluster in after.clusters) > sum(_orphan(cluster) for cluster in before.clusters)
    spaces = sum(map(str.isspace, variant)) != sum(map(str.isspace, source))
    return orphans or spaces or bool(set(scripts_in(variant)) - set(scripts_in(source)))


def _orphan(cluster: str) -> bool:
    import unicodedata

    # a mark that follows a space forms one cluster with it, and one that follows nothing begins a cluster
    return unicodedata.category(cluster[0])[0] == "M" or (len(cluster) > 1 and cluster[0].isspace())


def timed(
    make: Callable[[list[str], str], list[tuple[str, str]]], texts: list[str], language: str
) -> tuple[float, float]:
    """Variants a second (best of three) and the share of damaged ones."""
    make(texts[:5], language)
    best = float("inf")
    for _ in range(3):
        began = time.process_time()
        made = make(texts, language)
        best = min(best, time.process_time() - began)
    return len(made) / best, sum(damaged(*pair, language) for pair in made) / len(made)


def main() -> None:
    """Print a row a language, and the ratio over all of them."""
    print(f"{'':4}{'robustx/s':>12}{'nlpaug/s':>12}{'ratio':>8}{'damaged: robustx':>20}{'nlpaug':>10}")
    made = spent = spent_by_peer = 0.0
    for language in LANGUAGES:
        texts = sentences(language)
        ours, our_damage = timed(with_robustx, texts, language)
        theirs, their_damage = timed(with_nlpaug, texts, language)
        made, spent, spent_by_peer = made + len(texts), spent + len(texts) / ours, spent_by_peer + len(texts) / theirs
        print(f"{language:4}{ours:12,.0f}{theirs:12,.0f}{ours / theirs:8.1f}{our_damage:20.1%}{their_damage:10.1%}")
    print(f"{'all':4}{made / spent:12,.0f}{made / spent_by_peer:12,.0f}{spent_by_peer / spent:8.1f}")


if __name__ == "__main__":
    main()
