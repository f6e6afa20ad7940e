"""The examples in the docstrings are true."""

import doctest
from importlib import import_module
from pkgutil import walk_packages

import iracing_sync

ELSEWHERE = ("iracing_sync.contrib.django.", "iracing_sync.contrib.celery.own_app")
"""What only a project of Django's can import (tests/contrib/django has its examples), or a worker with a broker."""


def test_the_examples_in_the_docstrings_are_true() -> None:
    names = [found.name for found in walk_packages(iracing_sync.__path__, "iracing_sync.")]
    modules = [import_module(name) for name in names if not name.startswith(ELSEWHERE)]
    tried = {module.__name__: doctest.testmod(module) for module in modules}

    assert [name for name, one in tried.items() if one.failed] == []
    assert sum(one.attempted for one in tried.values()) > 3
