"""The findings of a gate as JUnit XML, which continuous integration shows: a suite a family, a case a finding."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from xml.etree import ElementTree

from robustx import files
from robustx.report.gate import family, row, warnings_of
from robustx.score.finding import Finding, Gate, describe, holds
from robustx.text.display import visible


def junit(gate: Gate) -> bytes:
    """The report, UTF-8. Characters that XML does not allow, and unseen ones, are shown by name."""
    root = ElementTree.Element("testsuites", {"name": "robustx check", **_counts(gate, gate.findings)})
    for name, members in groupby(gate.findings, family):
        findings = list(members)
        suite = ElementTree.SubElement(root, "testsuite", {"name": name, "time": "0", **_counts(gate, findings)})
        properties = ElementTree.SubElement(suite, "properties")
        for key, value in _facts(gate).items():
            ElementTree.SubElement(properties, "property", name=key, value=visible(value))
        for finding in findings:
            suite.append(_case(gate, finding))
    notes = ElementTree.SubElement(root[0], "system-out") if len(root) else root
    notes.text = "\n".join([visible(gate.verdict), *warnings_of(gate)])
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def write_junit(path: Path, gate: Gate) -> None:
    """Write the report whole."""
    with files.whole_file(path) as scratch:
        scratch.write_bytes(junit(gate))


def _counts(gate: Gate, findings: list[Finding] | tuple[Finding, ...]) -> dict[str, str]:
    failed = sum(not holds(one, gate.mode) for one in findings)
    skipped = sum(one.outcome == "not judged" and holds(one, gate.mode) for one in findings)
    return {"tests": str(len(findings)), "failures": str(failed), "errors": "0", "skipped": str(skipped)}


def _facts(gate: Gate) -> dict[str, str]:
    return {
        "mode": gate.mode,
        "tolerance": f"{gate.tolerance:g}",
        "alpha": f"{gate.alpha:g}",
        "baseline": gate.baseline.signature,
        "candidate": gate.candidate.signature,
    }


def _case(gate: Gate, finding: Finding) -> ElementTree.Element:
    place = visible(f"robustx.{finding.task}.{finding.measure}.{finding.by}")
    case = ElementTree.Element("testcase", classname=place, name=visible(finding.about), time="0")
    if not holds(finding, gate.mode):
        failure = ElementTree.SubElement(case, "failure", type=gate.mode, message=visible(describe(finding)))
        failure.text = _figures(gate, finding)
    elif finding.outcome == "not judged":
        ElementTree.SubElement(case, "skipped", message="too few examples reached both models")
    else:
        ElementTree.SubElement(case, "system-out").text = _figures(gate, finding)
    return case


def _figures(gate: Gate, finding: Finding) -> str:
    _, baseline, candidate, change, p, adjusted, sees, _ = row(gate, finding)
    after = f", {adjusted} after Holm" if adjusted else ""
    return f"baseline {baseline}; candidate {candidate}; difference {change}; {p}{after}; sees {sees}"
