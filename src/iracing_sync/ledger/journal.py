"""The calls of one command, a line on disk for each as it is made: none is lost when a run is killed or rolled back."""

import logging
import os
from dataclasses import fields
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import UUID, uuid4

import orjson

from iracing_sync.folders import DATA_DIR, claim_folder, make_subfolder
from iracing_sync.ledger.call import Call
from iracing_sync.private_files import take_lock

log = logging.getLogger(__name__)


class CallJournal:
    """The calls of one command, on disk as soon as they are told of: in `folder`, that of our data.

    `run_id` is that of the run in which they are made, null outside of one; `made_elsewhere` is how many calls others
    make for it, and write down themselves.
    """

    def __init__(self, folder: Path) -> None:
        self.calls: list[Call] = []
        self.made_elsewhere = 0
        self.run_id: UUID | None = None
        self.path = folder / "ledger" / f"{uuid4().hex}.jsonl"
        self._descriptor = self._open()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __call__(self, call: Call) -> None:
        """Take down a call; from any thread, in one write."""
        self.calls.append(call)
        values = {column.name: getattr(call, column.name) for column in fields(call)}
        line = orjson.dumps(values | {"params": dict(call.params), "run_id": self.run_id}) + b"\n"
        try:
            if self._descriptor is not None:
                os.write(self._descriptor, line)
        except OSError as error:
            log.warning("a line of the ledger is lost, %s cannot be written: %s", self.path, error.strerror)

    @property
    def is_open(self) -> bool:
        """Tell whether calls are kept on disk."""
        return self._descriptor is not None

    def empty(self) -> None:
        """Drop the lines that are in the database now."""
        if self._descriptor is not None:
            os.ftruncate(self._descriptor, 0)
            os.lseek(self._descriptor, 0, os.SEEK_SET)

    def close(self) -> None:
        """Let go of the file; one without a line is removed."""
        if self._descriptor is None:
            return
        if os.fstat(self._descriptor).st_size == 0:
            self.path.unlink(missing_ok=True)
        os.close(self._descriptor)
        self._descriptor = None

    def _open(self) -> int | None:
        try:
            claim_folder(self.path.parents[1], DATA_DIR)
            make_subfolder(self.path.parent, DATA_DIR)
            return take_lock(self.path, wait=False)
        except OSError as error:
            log.warning("the ledger of calls cannot wait in %s: %s", self.path.parent, error.strerror)
            return None
