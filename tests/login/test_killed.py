"""Killed at any moment of a login, a refresh or a fetch: the next process works, and logs in once at most."""

import random
import time
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess

import pytest
from forks import PROCESSES
from victim import fetch

from iracing_sync.simulator import Simulator, SyntheticWorld

BEGIN = datetime(2025, 5, 14, 9, tzinfo=UTC)


@pytest.mark.parametrize("kills", [15, pytest.param(50, marks=[pytest.mark.proof, pytest.mark.endurance])])
def test_after_each_kill_the_next_process_works_with_one_login_more_at_most(tmp_path, kills) -> None:
    dice = random.Random(2008)  # noqa: S311 - moments, not secrets
    moment = [BEGIN]
    slow = {"endpoint": "oauth2/token", "kind": "slow:0.03"}
    with Simulator(SyntheticWorld(), clock=lambda: moment[0], at=BEGIN) as simulator:
        simulator.faults.set([slow])

        def begun() -> BaseProcess:
            order = (simulator.environment(), tmp_path, moment[0].timestamp())
            process = PROCESSES.Process(target=fetch, args=order)
            process.start()
            return process

        seconds = min(took(begun()) for _ in range(3))  # undisturbed: a busy machine must not outlast the victims
        killed = logins = 0
        for number in range(kills):
            moment[0] += timedelta(minutes=11)  # the token has ended
            if number % 5 == 0:
                (tmp_path / "token.json").unlink()  # so that a login is due
            before = simulator.calls
            victim = begun()
            time.sleep(dice.uniform(0, seconds))
            victim.kill()
            victim.join()
            killed += victim.exitcode == -9
            after = begun()
            after.join()

            due = int(number % 5 == 0)
            extra = simulator.calls["logins"] - before["logins"] - due
            assert after.exitcode == 0
            assert extra <= 1
            logins += extra

    print(f"{killed} killed within {seconds:.2f} s, {logins} extra logins")
    assert killed > kills / 2


def took(process: BaseProcess) -> float:
    """Wait for a process and return how long that took."""
    begun = time.monotonic()
    process.join()
    assert process.exitcode == 0
    return time.monotonic() - begun
