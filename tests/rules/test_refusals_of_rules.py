"""Every code that a rule refuses with has its sentence."""

from __future__ import annotations

import re
from pathlib import Path

import meetings.rules
from meetings.rules.refusals import REFUSALS


def test_every_refusal_has_a_sentence() -> None:
    folder = Path(str(meetings.rules.__file__)).parent
    source = "\n".join(file.read_text("utf-8") for file in folder.glob("*.py"))
    codes = set(re.findall(r'Refused\(\s*"([a-z-]+)"', source))
    assert {"quorum-short", "rule-invalid", "not-now"} <= codes
    assert codes <= REFUSALS.keys()
