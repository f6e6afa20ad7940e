"""The examples in the docstrings are true."""

import doctest
from importlib import import_module
from pkgutil import walk_packages

import iracing_sync

DJANGO = "iracing_sync.contrib.django."
"""What only a project of Django's can import; tests/contrib/django has its examples."""


def test_the_examples_in_the_docstrings_are_true() -> None:
    names = [found.name for found in walk_packages(iracing_sync.__path__, "iracing_sync.")]
    modules = [import_module(name) for name in names if not name.startswith(DJANGO)]
    tried = {module.__name__: doctest.testmod(module) for module in modules}

    assert [name for name, one in tried.items() if one.failed] == []
    assert sum(one.attempted for one in tried.values()) > 3
