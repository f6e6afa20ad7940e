"""The examples in the docstrings are true."""

import doctest
from importlib import import_module
from pkgutil import walk_packages

import iracing_sync


def test_the_examples_in_the_docstrings_are_true() -> None:
    modules = [import_module(found.name) for found in walk_packages(iracing_sync.__path__, "iracing_sync.")]
    tried = {module.__name__: doctest.testmod(module) for module in modules}

    assert [name for name, one in tried.items() if one.failed] == []
    assert sum(one.attempted for one in tried.values()) > 3
