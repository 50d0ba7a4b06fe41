"""What a shell completes: cards, languages and demo checkpoints, without anything heavy."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from robustx.cards import card_paths
from robustx.model.demo import NAMES
from robustx.text.languages import languages


def completed(line: str) -> list[str]:
    """What bash is told for a line whose last word is begun."""
    words = line.split(" ")
    asked = {"_ROBUSTX_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
    command = [sys.executable, "-c", "from robustx.cli.main import app; app(prog_name='robustx')"]
    made = subprocess.run(command, env=os.environ | asked, capture_output=True, text=True, timeout=60, check=False)
    assert made.stderr == ""
    return made.stdout.split()


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("robustx perturb key", [name for name in card_paths("attacks") if name.startswith("key")]),
        ("robustx attacks show ", list(card_paths("attacks"))),
        ("robustx attack --suite ", list(card_paths("suites"))),
        ("robustx suite build qu", ["quick"]),
        ("robustx train ", list(card_paths("recipes"))),
        ("robustx attack --model demo", list(NAMES)),
        ("robustx perturb delete --language h", [code for code in languages() if code.startswith("h")]),
        ("robustx attack --language hi,ar,u", [f"hi,ar,{code}" for code in languages() if code.startswith("u")]),
        ("robustx suite build nothing-so-called", []),
    ],
)
def test_names_are_completed(line: str, wanted: list[str]) -> None:
    assert sorted(completed(line)) == sorted(wanted)


def test_a_user_s_own_cards_are_completed(tmp_path: Path) -> None:
    (tmp_path / "attacks").mkdir()
    (tmp_path / "attacks" / "keys-of-mine.toml").write_text("")
    assert "keys-of-mine" in completed(f"robustx perturb --cards {tmp_path} key")
    assert completed(f"robustx perturb --cards {tmp_path}/gone keyb") == ["keyboard"]


def test_completing_is_quick_and_imports_nothing_heavy() -> None:
    """Processor time, for the machine may be busy; the best of three."""
    spent = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        completed("robustx perturb key")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(spent) < 0.6
    script = (
        "import sys, types; from robustx.cli import options\n"
        "asked = types.SimpleNamespace(params={})\n"
        "names = [*options.attack_names(asked, 'k'), *options.suite_names(asked, 'q')]\n"
        "names += [*options.language_lists('hi,a'), *options.model_names('d')]\n"
        "assert {'keyboard', 'quick', 'hi,ar', 'demo:anli'} <= set(names)\n"
        "assert not {'torch', 'transformers', 'pyarrow', 'scipy', 'numpy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
