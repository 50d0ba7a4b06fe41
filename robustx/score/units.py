"""The source examples that are resampled: what languages share, and what stands for it where they share nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def units(languages: Mapping[str, Iterable[str]]) -> tuple[tuple[str, ...], dict[str, dict[str, int]]]:
    """The units of a task's clean cells, and for each language the unit of every uid.

    Parallel data share uids, and each uid is a unit: drawing it draws the example in every language. Where no two languages
    share one, the i-th uids of all languages, sorted, are one unit: clusters of independent examples, which a clustered
    bootstrap handles as well as any, and the arrays are as long as the longest language and not as all of them together.
    """
    given = {code: tuple(uids) for code, uids in languages.items()}
    every = dict.fromkeys(uid for uids in given.values() for uid in uids)
    if len(given) < 2 or len(every) < sum(map(len, given.values())):
        index = {uid: i for i, uid in enumerate(every)}
        return tuple(every), dict.fromkeys(given, index)
    ranked = {code: sorted(given[code]) for code in sorted(given)}
    longest = max(map(len, ranked.values()))
    names = tuple(" ".join(uids[i] for uids in ranked.values() if i < len(uids)) for i in range(longest))
    return names, {code: {uid: i for i, uid in enumerate(ranked[code])} for code in given}
