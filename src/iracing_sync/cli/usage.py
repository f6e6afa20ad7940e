"""What is wrong about the words of a command line, in ours: typer's speak of parameters and types."""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

import typer
from pydantic import ValidationError

from iracing_sync.errors import SettingsError
from iracing_sync.validation_words import innermost, words_for


def in_our_words(error: typer.TyperException) -> SettingsError:
    """Return what is wrong, and how to ask for what is right."""
    context, param = getattr(error, "ctx", None), getattr(error, "param", None)
    ours = SettingsError(value_at_fault(error, param) if param else words_at_fault(error))
    if context:
        ours.next = f"{context.command_path} --help"
    return ours


def value_at_fault(error: typer.TyperException, param: Any) -> str:
    """Say which value of an option is none that it takes."""
    name = param.opts[-1] if param.param_type_name == "option" else param.display_name_raw
    if isinstance(error.__cause__, ValidationError):
        fault = innermost(error.__cause__.errors()[0])
        choices = param.type_descriptor.choices
        expected = f"expected {one_of([str(one.value) for one in choices])}" if choices else words_for(fault)
        return f"{name} {fault['input']}: {expected}"
    return f"{name}: {tidy(error.message)}" if error.message else f"{name} is missing"


def words_at_fault(error: typer.TyperException) -> str:
    """Say which words are none of ours, and the nearest of those that are."""
    if near := getattr(error, "possibilities", None):
        return f"{tidy(error.message)}: did you mean {near_first(error, near)}?"
    if error.message.startswith("Got unexpected extra argument"):
        return f"unexpected: {error.message.rpartition('(')[2].rstrip(')')}"
    return tidy(error.message)


def near_first(error: typer.TyperException, near: Sequence[str]) -> str:
    """Return the option that is nearest to what was typed."""
    typed = str(getattr(error, "option_name", ""))
    return (get_close_matches(typed, near, n=1, cutoff=0) or near)[0]


def one_of(words: Sequence[str]) -> str:
    """Write what there is to choose from.

    >>> one_of(["high", "medium", "low"])
    'high, medium or low'
    """
    return " or ".join([*([", ".join(words[:-1])] if words[1:] else []), words[-1]])


def tidy(message: str) -> str:
    """Write a message of typer's as one of ours: names bare, no full stop, small at the beginning."""
    bare = re.sub(r"'([^']*)'", r"\1", message).rstrip(".")
    return bare[:1].lower() + bare[1:]
