"""Processes of their own that need not import everything anew: forked from one that has done so."""

import multiprocessing
from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path

from command_line import Completed, call

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(
    ["iracing_sync.cli.verify", "iracing_sync.app.client", "iracing_sync.fetch.source", "iracing_sync.ledger.journal"]
)


def call_apart(arguments: tuple[str, ...], environment: Mapping[str, str], folder: Path) -> Completed:
    """Call the command line in a process of its own, so that several threads may do so at once."""
    ours, theirs = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=send_outcome, args=(theirs, arguments, dict(environment), folder))
    process.start()
    theirs.close()
    with ours:
        assert ours.poll(120), arguments
        completed: Completed = ours.recv()
    process.join()
    return completed


def send_outcome(to: Connection, arguments: tuple[str, ...], environment: dict[str, str], folder: Path) -> None:
    """Call the command line here, and tell the other process what came of it."""
    to.send(call(arguments, environment, folder))
