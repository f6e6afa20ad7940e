"""The examples in the docstrings are true; the admin, which this project has not installed, has none."""

import doctest
from importlib import import_module
from pkgutil import walk_packages

import iracing_sync.contrib.django as application


def test_the_examples_in_the_docstrings_are_true(project: None) -> None:
    names = [found.name for found in walk_packages(application.__path__, f"{application.__name__}.")]
    tried = {name: doctest.testmod(import_module(name)) for name in names if not name.endswith(".admin")}

    assert [name for name, one in tried.items() if one.failed] == []
    assert sum(one.attempted for one in tried.values()) >= 1
