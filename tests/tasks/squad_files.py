"""Files of SQuAD's form to test with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

CONTEXT = "कावेरी नदी 1924 में बने बाँध से होकर बहती है। बाँध 1924 से खड़ा है।"
QUESTION = "बाँध कब बना?"


def entry(name: str = "q1", question: Any = QUESTION, answers: Any = None) -> dict[str, Any]:
    """One question, by default with one good answer in ``CONTEXT``."""
    good = [{"text": "1924", "answer_start": CONTEXT.index("1924")}]
    return {"id": name, "question": question, "answers": good if answers is None else answers}


def write_squad(path: Path, *entries: Any, context: Any = CONTEXT) -> Path:
    """A file with one context and these questions."""
    return write_json(path, {"version": "1.1", "data": [{"paragraphs": [{"context": context, "qas": list(entries)}]}]})


def write_json(path: Path, value: Any) -> Path:
    """Any file of JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return path
