"""How often does the table of role weights agree with people, and how was it learnt?

python -m tests.benchmarks.roles --data FOLDER             # validation only
python -m tests.benchmarks.roles --data FOLDER --test      # and test: once, at the end
python -m tests.benchmarks.roles --data FOLDER --learn     # writes kit/suggest/role_weights.csv
"""

from __future__ import annotations

import argparse
import re
import zipfile
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from kit.suggest.role import NONE, ROLES, Line, features

CLASSES = (*ROLES, NONE)
_NAMES = {
    "Main": "main-event",
    "Main_Consequence": "consequence",
    "Cause_Specific": "previous-event",
    "Cause_General": "current-context",
    "Distant_Historical": "historical-event",
    "Distant_Anecdotal": "anecdotal-event",
    "Distant_Evaluation": "evaluation",
    "Distant_Expectations_Consequences": "expectation",
}
_LINE = re.compile(r"(S\d+|H) (.*)")


class Story(NamedTuple):
    """One labelled article."""

    title: str
    lines: list[Line]
    roles: list[str]


def read(path: Path) -> list[Story]:
    """Return the labelled articles of a zip file of NewsDiscourse."""
    stories = []
    with zipfile.ZipFile(path) as file:
        for name in sorted(file.namelist()):
            if name.startswith("__MACOSX") or not name.endswith(".txt"):
                continue
            text = file.read(name).decode("utf-8", "replace")
            labels = file.read(name.removesuffix(".txt") + ".ann").decode("utf-8", "replace")
            stories.append(_story(text, labels))
    return stories


def _story(text: str, labels: str) -> Story:
    role_of: dict[str, str] = {}
    for line in labels.splitlines():
        cells = line.split("\t")
        if line.startswith("T") and len(cells) == 3:
            kind = cells[1].split()[0]
            if kind != "Speech":
                role_of[cells[2].strip()] = _NAMES.get(kind, NONE)
    title, lines, roles, opens = "", [], [], True
    for line in text.splitlines():
        match = _LINE.match(line)
        if not match:
            opens = opens or not line.strip()
        elif match[1] == "H":
            title = match[2]
        else:
            lines.append(Line(match[2].strip(), opens))
            roles.append(role_of.get(match[1], NONE))
            opens = False
    return Story(title, lines, roles)
