"""The data set's card: YAML that ``datasets`` reads, and prose that a person does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from robustx import files
from robustx.report.escape import markdown

CARD = "README.md"
_LICENCE = "cc-by-nc-4.0"
_TITLES = {"anli": "ANLI, translated", "xnli": "XNLI, translated by machine"}
_SOURCES = {
    "anli": "ANLI (Nie et al. 2020, *Adversarial NLI*, arXiv:1910.14599), <https://github.com/facebookresearch/anli>",
    "xnli": "XNLI (Conneau et al. 2018, arXiv:1809.05053), <https://github.com/facebookresearch/XNLI>",
}
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


def write_card(out: Path, manifest: dict[str, Any]) -> None:
    """Write ``README.md`` from a manifest."""
    with files.whole_file(out / CARD) as scratch:
        lines = ["---", *_front(manifest), "---", "", *_prose(manifest)]
        scratch.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _front(manifest: dict[str, Any]) -> Iterator[str]:
    languages = manifest["languages"]
    rows = sum(counts["rows"] for one in languages.values() for counts in one["files"].values())
    yield f"pretty_name: {_TITLES[manifest['set']]}"
    yield f"license: {_LICENCE}"
    yield from ("task_categories:", "- text-classification", "task_ids:", "- natural-language-inference")
    yield from ("language:", *(f"- {code}" for code in languages))
    yield from ("language_creators:", "- machine-generated", "source_datasets:", f"- extended|{manifest['set']}")
    yield from ("size_categories:", f"- {next((name for most, name in _SIZES if rows < most), 'n>1M')}")
    yield "configs:"
    for config, splits in _configs(manifest).items():
        yield f"- config_name: {config}"
        yield "  data_files:"
        for split, path in splits.items():
            yield from (f"  - split: {split}", f"    path: {path}")


def _configs(manifest: dict[str, Any]) -> dict[str, dict[str, str]]:
    """``hi-r1`` with its splits, or ``hi`` where a set has no rounds."""
    made: dict[str, dict[str, str]] = {}
    for code, one in manifest["languages"].items():
        for name in one["files"]:
            part, _, split = name.rpartition("/")
            made.setdefault(f"{code}-{part.lower()}" if part else code, {})[split] = f"{code}/{name}.jsonl"
    return made


def _prose(manifest: dict[str, Any]) -> Iterator[str]:
    yield f"# {_TITLES[manifest['set']]}"
    yield ""
    yield f"Made by `robustx translate` from {_SOURCES[manifest['set']]}. The source is licensed CC BY-NC 4.0, and so is this."
    yield "Every row of the source is here with the same `uid` and label; labels were given to the originals, not to the"
    yield "translations. `verdict` says how far a translation can be trusted (`kept`, `doubtful`, `rejected`), `reasons` why,"
    yield "and `figures` what was measured."
    yield ""
    yield "| language | file | rows | kept | doubtful | rejected |"
    yield "|---|---|---:|---:|---:|---:|"
    for code, one in manifest["languages"].items():
        for name, counts in one["files"].items():
            cells = (counts[key] for key in ("rows", "kept", "doubtful", "rejected"))
            yield f"| {code} | {name} | {' | '.join(map(str, cells))} |"
    yield ""
    yield "## How it was made"
    yield ""
    for code, one in manifest["languages"].items():
        engine = ", ".join(f"{key} {markdown(str(value))}" for key, value in one["engine"].items())
        fields = " and ".join(one["fields"])
        yield f"- **{code}** from {one['source_language']}, {fields}: {engine}; gates: {markdown(', '.join(one['gates']))}"
        if why := one.get("reasons"):
            yield f"  - rows by reason: {', '.join(f'{markdown(reason)} {rows}' for reason, rows in why.items())}"
    yield ""
    yield from _thresholds(manifest)


def _thresholds(manifest: dict[str, Any]) -> Iterator[str]:
    yield "## Thresholds"
    yield ""
    yield f"Version {manifest['thresholds']['version']} of the gates' thresholds; {markdown(manifest['thresholds']['source'])}."
    yield ""
    yield "| figure | reason | bad | doubtful | rejected |"
    yield "|---|---|---|---:|---:|"
    for figure, bounds in manifest["thresholds"]["bounds"].items():
        for bound in bounds:
            limits = " | ".join("" if bound[key] is None else f"{bound[key]:g}" for key in ("doubtful", "rejected"))
            yield f"| {figure} | {markdown(bound['reason'])} | {bound['bad']} | {limits} |"
