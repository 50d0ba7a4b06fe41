"""The command that repeats a run, from what its ``run.json`` says."""

from __future__ import annotations

import shlex
from typing import Any

from robustx.text.display import visible

_USUAL_LENGTH = 256


def attack_command(facts: dict[str, Any]) -> str:
    """``robustx attack ...``, quoted for a shell; a data folder's path is not kept in a run and stands as a word."""
    suite, settings = facts["suite"], facts["settings"]
    languages = dict.fromkeys(cell["language"] for cell in facts["cells"])
    words = [("--model", facts["model"]["name"]), ("--suite", suite["id"]), ("--data", _data(suite["data"]))]
    words += [("--language", ",".join(languages))]
    words += [("--limit", suite["limit"])] if suite.get("limit") else []
    words += [("--labels", settings["labels"])] if settings.get("labels") else []
    words += [("--dtype", settings["dtype"])] if settings.get("dtype", "fp32") != "fp32" else []
    if settings.get("max_length", _USUAL_LENGTH) != _USUAL_LENGTH:
        words += [("--max-length", settings["max_length"])]
    words += [("--defence", settings["defence"])] if settings.get("defence") else []
    words += [("--layer", settings["layer"])] if settings.get("layer") is not None else []
    words += _search(facts.get("search"))
    parts = [f"{option} {shlex.quote(visible(str(value)))}" for option, value in words]
    remote = ["--trust-remote-code"] if settings.get("trust_remote_code") else []
    return " \\\n    ".join(["robustx attack", *parts, *remote])


def _search(search: Any) -> list[tuple[str, Any]]:
    if not isinstance(search, dict):
        return []
    asked = {"--search": search.get("strategy"), "--budget": search.get("budget"), "--queries": search.get("queries")}
    return [(option, value) for option, value in asked.items() if value is not None]


def _data(sources: dict[str, str]) -> str:
    plain = {task: label.split("@")[0] for task, label in sources.items()}
    if set(plain.values()) in ({"mini"}, {"hub"}):
        return next(iter(plain.values()))
    return ",".join(f"{task}={'FOLDER' if label == 'folder' else label}" for task, label in plain.items())
