"""Both languages are complete, and what set-up needs is told in one place."""

from __future__ import annotations

import subprocess
import sys

from tests.house.source import ROOT


def test_every_text_is_translated_with_the_same_facts() -> None:
    done = subprocess.run(
        [sys.executable, ".ci/messages.py", "--check"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
