"""What GitHub runs is what README names, with the Pythons that pyproject.toml promises."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml

import run
from kit.__main__ import main

ROOT = Path(run.__file__).resolve().parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
README = (ROOT / "README.md").read_text(encoding="utf-8")
WORKFLOW = (ROOT / ".github" / "workflows" / "check.yml").read_text(encoding="utf-8")
JOBS = yaml.safe_load(WORKFLOW)["jobs"]
COMMANDS = [step["run"] for job in JOBS.values() for step in job["steps"] if "run" in step]


def named(pattern: str) -> set[str]:
    """What stands in the workflow's commands where a pattern has its group."""
    return {match[1] for command in COMMANDS for match in re.finditer(pattern, command)}


def test_each_command_exists_and_readme_names_its_options():
    for command in named(r"python run\.py (\w+)"):
        assert re.search(rf"^  {command} ", run.HELP, re.MULTILINE)
    for command in named(r"python -m kit (\w+)"):
        with pytest.raises(SystemExit) as ended:
            main([command, "--help"])
        assert ended.value.code == 0
    options = named(r"(?:run\.py test|-m pytest) (--\w+(?: \w+)?)$")
    assert options == {"--quick", "--only notebooks"}
    assert all(f"`{option}`" in README for option in options)


def test_what_is_installed_is_an_extra_of_the_project():
    extras = named(r"--extra (\w+)") | named(r"\[(\w+)\]")
    assert extras == {"lab", "test"} <= PROJECT["optional-dependencies"].keys()
    with_conda = next(step["with"] for step in JOBS["conda"]["steps"] if "with" in step)
    assert (ROOT / with_conda["environment-file"]).is_file()


def test_the_pythons_are_the_oldest_and_the_newest_that_are_promised():
    promised = [
        line.rpartition(" ")[2]
        for line in PROJECT["classifiers"]
        if re.fullmatch(r"Programming Language :: Python :: 3\.\d+", line)
    ]
    assert PROJECT["requires-python"] == f">={promised[0]}"
    assert JOBS["quick"]["strategy"]["matrix"]["python"] == [promised[0], promised[-1]]
    chosen = re.findall(r'python-version: "([\d.]+)"', WORKFLOW)
    assert chosen == [promised[0], promised[-1]]  # the lowest versions, the notebooks
