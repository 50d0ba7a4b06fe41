"""Imports go one way, nothing heavy is imported before it is used, and ``--help`` is quick."""

from __future__ import annotations

import ast
import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest

import robustx

PACKAGE = Path(robustx.__file__).parent
# from the ground up; a module may import from its own layer and from those before it
LAYERS = [
    "errors",
    "files",
    "cards",
    "text",
    "perturb",
    "tasks",
    "suite",
    "model",
    "translate",
    "search",
    "engines",
    "run",
    "arms",
    "api",
    "bridges",
    "cli",
    "__main__",
]
# of text, reports may import how it is shown and what a script is called
ASIDE = {
    "score": {"errors", "files", "score"},
    "report": {"errors", "files", "text", "score", "report"},
    "stilts": {*LAYERS[: LAYERS.index("model") + 1], "stilts"},
}
MODULES = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))


def layer(module: Path) -> str:
    return module.parts[0].removesuffix(".py")


def imported(source: str) -> set[str]:
    """The robustx layers that a module imports, lazily or not; what is imported for types only counts too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        found |= {name.split(".")[1] for name in names if name.startswith("robustx.") and name.count(".")}
    return found


def allowed(name: str) -> set[str]:
    if name in ASIDE:
        return ASIDE[name]
    below = set(LAYERS[: LAYERS.index(name) + 1])
    # api puts runs, scores and reports together, commands and other tools' plugins show reports, and what a data set's
    # card quotes is made inert as in reports
    above = {name: {"score", "report"} for name in ("api", "bridges", "cli")} | {"translate": {"report"}}
    above["cli"] = above["cli"] | {"stilts"}
    above["arms"] = {"stilts"}
    return below | above.get(name, set())


@pytest.mark.parametrize("module", [path for path in MODULES if path != Path("__init__.py")], ids=str)
def test_a_module_imports_only_from_its_own_layer_and_those_below(module: Path) -> None:
    known = {*LAYERS, *ASIDE}
    name = layer(module)
    if name not in known:
        pytest.skip(f"{name} has no place in the order of layers; give it one in this test when DESIGN does")
    assert imported((PACKAGE / module).read_text(encoding="utf-8")) <= allowed(name)


@pytest.mark.parametrize("module", [path for path in MODULES if layer(path) == "report"], ids=str)
def test_a_report_takes_of_text_how_it_is_shown_and_analyses_none(module: Path) -> None:
    source = (PACKAGE / module).read_text(encoding="utf-8")
    shown = {f"robustx.text.{name}" for name in ("display", "languages", "scripts")}
    assert set(re.findall(r"robustx\.text\b(?:\.\w+)?|from robustx import text", source)) <= shown


def test_the_check_of_imports_sees_them() -> None:
    assert imported("from robustx.model import demo\nimport robustx.run\nfrom robustx import files\n") == {
        "model",
        "run",
        "files",
    }
    assert imported("def f():\n    from robustx.cli.main import app\n") == {"cli"}
    assert "model" not in allowed("suite")
    assert "suite" not in allowed("score")


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=120).stdout


LIGHT = [
    path
    for path in MODULES
    if layer(path) in ("text", "perturb", "tasks", "suite", "score", "report", "errors", "files", "cards")
]


def test_texts_suites_and_scores_never_import_a_model_library() -> None:
    names = [".".join(("robustx", *path.with_suffix("").parts)).removesuffix(".__init__") for path in LIGHT]
    assert len(names) > 25
    code = f"""
import importlib, sys
for name in {names!r}:
    importlib.import_module(name)
print([name for name in ("torch", "transformers", "datasets", "tokenizers", "sklearn", "pandas") if name in sys.modules])
"""
    assert run(code).strip() == "[]"


def test_reading_perturbing_and_building_a_suite_import_no_model_library_either(tmp_path: Path) -> None:
    """Nor do they on the way, where an import may stand inside a function."""
    code = f"""
import sys
from pathlib import Path
from robustx.suite.build import build, plan
from robustx.suite.card import load_suite
from robustx.suite.manifest import verify
from robustx.tasks.data import task_data
from robustx.tasks.registry import task
build(plan(load_suite("quick"), [task_data("mini", task("xnli"), 2)]), Path({str(tmp_path)!r}) / "suite")
verify(Path({str(tmp_path)!r}) / "suite")
print([name for name in ("torch", "transformers", "datasets") if name in sys.modules])
"""
    assert run(code).strip() == "[]"


def test_importing_robustx_imports_nothing_heavy() -> None:
    code = """
import sys
before = set(sys.modules)
import robustx
dir(robustx)
new = {name.split(".")[0] for name in set(sys.modules) - before} - set(sys.stdlib_module_names)
print(sorted(new))
"""
    assert run(code).strip() == "['robustx']"


def test_the_pytest_plugin_imports_nothing_heavy() -> None:
    """Every pytest where robustx is installed loads it."""
    code = """
import sys
import pytest
before = set(sys.modules)
import robustx.bridges.pytest_plugin
print(sorted(set(sys.modules) - before))
"""
    assert run(code).strip() == "['robustx', 'robustx.bridges', 'robustx.bridges.pytest_plugin']"


def test_help_is_quick() -> None:
    """Under 0.3 s of processor time, best of three: what makes it slow is an import that should wait."""
    spent = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [sys.executable, "-c", "from robustx.cli.main import run; run()", "--help"]
        made = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        assert "attack" in made.stdout
    assert min(spent) < 0.3


def test_the_public_names_are_these() -> None:
    """A name here is a promise: taking one away, or adding one, is a decision."""
    assert robustx.__all__ == [
        "Comparison",
        "Edit",
        "Perturbed",
        "RobustxError",
        "Run",
        "Settings",
        "attack",
        "compare",
        "load_attack",
        "load_suite",
        "perturb",
        "scores",
    ]
    for name in robustx.__all__:
        assert getattr(robustx, name).__name__ == name
    assert dir(robustx) == robustx.__all__
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        robustx.nothing  # noqa: B018


def test_type_checkers_see_the_same_public_names() -> None:
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
    typed = {alias.asname: statement.module for statement in block.body for alias in statement.names}  # type: ignore[attr-defined]
    assert typed == robustx._HOMES
