"""A pytest plugin: ``pytest --robustx-model ckpt --robustx-suite nonlatin --robustx-baseline runs/base``.

With a baseline, every question of the gate (a language, group or attack) is a test item; without one there is only the
fixture ``robustx_run`` for assertions of one's own. The checkpoint is attacked once a session, when the first test needs it.

Without ``--robustx-model`` nothing is done and nothing heavy is imported. PYTEST_DONT_REWRITE
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from robustx.api import Job
    from robustx.run import Run
    from robustx.score.finding import Finding, Gate
    from robustx.score.questions import Name


@dataclass(frozen=True)
class Attacked:
    """What ``robustx_run`` gives: the run, and its scores as they stand in ``scores.json``."""

    run: Run
    scores: dict[str, Any]


class Session:
    """The one attack of a test session, and the gate it is judged by."""

    def __init__(self, job: Job, baseline: Path | None, tolerance: float) -> None:
        self._job = job
        self._baseline = baseline
        self._tolerance = tolerance
        self._attacked: Attacked | None = None
        self._gate: Gate | None = None
        self._error: Exception | None = None

    @property
    def gate(self) -> Gate | None:
        """The gate's findings, if it has been judged."""
        return self._gate

    def attacked(self) -> Attacked:
        """The run, made when it is first asked for; an error is kept, so that it costs one attempt only."""
        from robustx import api, files
        from robustx.errors import RobustxError, RunError

        if self._error is not None:
            raise self._error
        if self._attacked is None:
            try:
                run = api.carry_out(self._job)
                scores = files.read_json(run.folder / "scores.json", RunError, "scores")
            except RobustxError as error:
                self._error = error
                raise
            self._attacked = Attacked(run, scores)
        return self._attacked

    def finding(self, name: Name) -> Finding:
        """The gate's answer to one question.

        Raises:
            RunError: the baseline is not of the same texts.
        """
        from robustx import api
        from robustx.errors import RobustxError, RunError

        run = self.attacked().run
        if self._gate is None:
            try:
                self._gate = api.check(run, str(self._baseline), tolerance=self._tolerance)
            except RobustxError as error:
                self._error = error
                raise
        for finding in self._gate.findings:
            if (finding.task, finding.measure, finding.by, finding.metric, finding.about) == (*name.family, name.about):
                return finding
        raise RunError(f"{self._baseline}: run.json names {name.about}, and its cells do not have it")


_SESSION = pytest.StashKey[Session]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options, each ``--robustx-...``."""
    group = parser.getgroup("robustx", "robustness of a checkpoint (robustx)")
    group.addoption("--robustx-model", metavar="M", help="checkpoint to attack: a folder, a hub id, or demo:anli")
    group.addoption("--robustx-suite", metavar="S", default="nonlatin", help="a suite's name, a card, or a built suite")
    group.addoption("--robustx-data", metavar="D", default="mini", help="mini, hub, FOLDER or xnli=FOLDER")
    group.addoption("--robustx-limit", metavar="N", type=int, help="at most this many rows a language")
    group.addoption("--robustx-baseline", metavar="RUN", help="a run of the same texts that it must not be worse than")
    group.addoption("--robustx-tolerance", metavar="X", type=float, default=0.01, help="fall that does not matter")
    group.addoption("--robustx-out", metavar="RUN", help="keep the run in this folder (a temporary one otherwise)")


def pytest_configure(config: pytest.Config) -> None:
    """Check the options, so that a wrong one ends the session before anything is begun."""
    if config.getoption("--robustx-model") is None:
        if config.getoption("--robustx-baseline") is not None:
            raise pytest.UsageError("--robustx-baseline needs --robustx-model: the checkpoint to judge")
        return
    if config.getoption("numprocesses", None) or hasattr(config, "workerinput"):
        raise pytest.UsageError("--robustx-model and -n: the checkpoint is attacked once, in one process; leave -n out")
    config.stash[_SESSION] = _session(config)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """One item a question of the gate, after all other items."""
    baseline = config.getoption("--robustx-baseline")
    if baseline is None or _SESSION not in config.stash:
        return
    node = Questions.from_parent(session, name="robustx", nodeid="robustx")
    node.baseline = Path(baseline)
    items.extend(node.collect())


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """The gate's verdict and what it could not see."""
    made = config.stash.get(_SESSION, None)
    if made is None or made.gate is None:
        return
    from robustx.report.gate import warnings_of
    from robustx.text.display import visible

    terminalreporter.section("robustx")
    for line in (visible(made.gate.verdict), *(f"! {line}" for line in warnings_of(made.gate))):
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def robustx_run(request: pytest.FixtureRequest) -> Attacked:
    """The run of the checkpoint that ``--robustx-model`` names: ``.run`` and ``.scores``. Skips where none is named."""
    made = request.config.stash.get(_SESSION, None)
    if made is None:
        pytest.skip("needs --robustx-model")
    return made.attacked()


class Questions(pytest.Collector):
    """The questions that a comparison with the baseline asks."""

    baseline: Path

    def collect(self) -> Iterator[pytest.Item]:
        """One item a question, known from the baseline's ``run.json`` before any model is run."""
        from robustx.errors import RobustxError
        from robustx.run import read_run
        from robustx.score.questions import names_of_run
        from robustx.text.display import visible

        try:
            names = names_of_run(read_run(self.baseline).facts)
        except RobustxError as error:
            raise pytest.UsageError(f"--robustx-baseline: {error}") from error
        except (KeyError, TypeError) as error:
            raise pytest.UsageError(f"--robustx-baseline {self.baseline}: run.json is not that of a run") from error
        for name in names:
            title = visible(f"{name.family.task}-{name.family.measure}-{name.family.by}[{name.about}]")
            item = QuestionItem.from_parent(self, name=title)
            item.question = name
            yield item


class QuestionItem(pytest.Item):
    """Has this figure fallen by more than the tolerance?"""

    question: Name

    def runtest(self) -> None:
        """Fail where a fall beyond the tolerance is supported."""
        from robustx.score.finding import describe
        from robustx.text.display import visible

        finding = self.config.stash[_SESSION].finding(self.question)
        if finding.outcome == "not judged":
            pytest.skip("too few examples reached both models")
        if finding.outcome == "failed":
            pytest.fail(visible(describe(finding)), pytrace=False)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """An error that robustx raises on purpose is its message."""
        from robustx.errors import RobustxError

        if isinstance(excinfo.value, RobustxError):
            return f"robustx: {excinfo.value}"
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Where the item is: nowhere in a file."""
        return self.path, None, f"robustx: {self.name}"


def _session(config: pytest.Config) -> Session:
    """The attack that the options describe, checked and not begun."""
    import tempfile

    from robustx import api
    from robustx.errors import RobustxError

    option = config.getoption
    kept = option("--robustx-out")
    if kept is None:
        scratch = tempfile.TemporaryDirectory(prefix="robustx-pytest-")
        config.add_cleanup(scratch.cleanup)
        kept = str(Path(scratch.name, "run"))
    try:
        job = api.prepare(
            option("--robustx-model"),
            option("--robustx-suite"),
            option("--robustx-data"),
            limit=option("--robustx-limit"),
            out=kept,
        )
    except RobustxError as error:
        raise pytest.UsageError(f"robustx: {error}") from error
    baseline = option("--robustx-baseline")
    return Session(job, None if baseline is None else Path(baseline), option("--robustx-tolerance"))
