"""What a test reads of `run --json`."""

import json
import subprocess
from typing import Any


def done(completed: subprocess.CompletedProcess[str], exit_code: int = 0) -> dict[str, Any]:
    assert completed.returncode == exit_code, completed.stderr
    result: dict[str, Any] = json.loads(completed.stdout)
    assert result["exit_code"] == exit_code
    return result


def written(result: dict[str, Any]) -> int:
    return sum(counts[what] for counts in result["tables"].values() for what in ("inserted", "updated", "removed"))
