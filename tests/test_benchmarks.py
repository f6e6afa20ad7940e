"""The benchmarks, which run outside of the tests, name nothing of ours that is gone."""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

BENCHMARKS = sorted((Path(__file__).parents[1] / "benchmarks").glob("*.py"))


def imported_names(source: str) -> Iterator[tuple[str, str]]:
    """Yield each module of ours that is imported from, and what of it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("iracing_sync"):
            yield from ((str(node.module), name.name) for name in node.names)


@pytest.mark.parametrize("path", BENCHMARKS, ids=lambda path: path.stem)
def test_a_benchmark_imports_what_is_there(path: Path) -> None:
    gone = [
        (module, name) for module, name in imported_names(path.read_text()) if not hasattr(import_module(module), name)
    ]

    assert gone == []
