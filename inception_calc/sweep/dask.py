"""Stretches of a space as tasks of Dask distributed: a cluster on this machine, or one that exists.

Tasks are asked for in the order of the space, a few for each thread ahead of the first that is still awaited, and
their answers are joined in that order: the number of workers, and who is first, changes nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from inception_calc import __version__
from inception_calc.problems import InputError, MissingExtra, Problem, Undecided
from inception_calc.sweep.findings import Found
from inception_calc.sweep.setup import Setup
from inception_calc.sweep.space import Box

AHEAD = 4
"""Tasks for each thread that are asked for before they are needed."""
LEAST_AHEAD = 8
PATIENCE = "5s"
"""For a scheduler that may not be there."""
WAIT = 5.0
"""Seconds for the first worker of a cluster that exists."""
SCHEMES = ("tcp://", "tls://", "ws://", "wss://", "ucx://")
DASK = "dask"


class DaskExecutor:
    """Goes through stretches on a cluster; `address` of none starts one here with so many `workers`."""

    def __init__(self, address: str = "", workers: int | None = None) -> None:
        self.address = address
        self.workers = workers

    def __call__(self, setup: Setup, tasks: Iterator[Box], counting: bool) -> Iterator[tuple[Box, Found]]:
        """Each stretch and what it holds, in order."""
        from inception_calc.sweep.remote import packed, run_task

        with self._client() as client:
            _check_workers(client)
            data = client.submit(_same, packed(setup), pure=False)  # made again where its worker is lost
            waiting: deque[tuple[Box, Any]] = deque()
            for task in tasks:
                waiting.append((task, client.submit(run_task, data, tuple(task), counting, pure=False)))
                if len(waiting) >= max(LEAST_AHEAD, AHEAD * _threads(client)):
                    yield _awaited(*waiting.popleft())
            while waiting:
                yield _awaited(*waiting.popleft())

    @contextmanager
    def _client(self) -> Iterator[Any]:
        distributed = require_distributed()
        from dask import config

        with ExitStack() as stack:
            stack.enter_context(config.set({"distributed.comm.timeouts.connect": PATIENCE}))
            target: Any = self.address
            if not target:
                target = stack.enter_context(
                    distributed.LocalCluster(
                        n_workers=self.workers, threads_per_worker=1, dashboard_address=None, silence_logs=50
                    )
                )
            try:
                client = distributed.Client(target, timeout=PATIENCE, set_as_default=False)
            except (OSError, TimeoutError, ValueError) as error:
                why = str(error).partition("\n")[0][:200] or type(error).__name__
                what = f"there is no scheduler at {self.address}: {why}"
                fix = "start one: dask scheduler; or leave the address out: --executor dask"
                raise Undecided(Problem("no-scheduler", what, None, fix)) from None
            yield stack.enter_context(client)


def _same(data: bytes) -> bytes:
    return data


def _threads(client: Any) -> int:
    return sum(client.nthreads().values())


def _awaited(task: Box, future: Any) -> tuple[Box, Found]:
    """A task's answer; raises what it raised, in words where a worker cannot run it."""
    try:
        found: Found = future.result()
    except (ModuleNotFoundError, ImportError) as error:
        raise _lacks(str(error)) from None
    except Exception as error:
        if type(error).__name__ in ("KilledWorker", "CancelledError", "FutureCancelledError"):
            what = f"the workers were lost again and again at one task: {str(error).partition(chr(10))[0][:200]}"
            raise Undecided(
                Problem("workers-lost", what, None, "look into the workers' logs; --resume goes on")
            ) from None
        raise
    return task, found


def _check_workers(client: Any) -> None:
    """Raises `Undecided` where there is no worker, and `MissingExtra` where one lacks the package."""
    try:
        client.wait_for_workers(1, timeout=WAIT)
    except TimeoutError:
        what = f"the scheduler has no worker after {WAIT:.0f} seconds"
        raise Undecided(Problem("no-workers", what, None, "start some: dask worker ADDRESS")) from None
    found: dict[str, str] = client.run(_version_there())
    lacking = {worker: said for worker, said in found.items() if said != __version__}
    for worker, said in lacking.items():
        raise _lacks(f"{worker}: {said}")


def _version_there() -> Callable[[], str]:
    """What says which version a worker has. It is sent as it stands, for the worker may not know this module."""
    import cloudpickle

    def version() -> str:
        try:
            import numpy  # noqa: F401

            import inception_calc
        except ImportError as error:
            return str(error)
        return str(inception_calc.__version__)

    version.__module__ = "__main__"
    data = cloudpickle.dumps(version)
    found: Callable[[], str] = cloudpickle.loads(data)
    return found


def _lacks(said: str) -> MissingExtra:
    what = f"a worker cannot run the sweep with inception-calc {__version__}: {said}"
    fix = f"there: pip install 'inception-calc[sweep]=={__version__}'"
    return MissingExtra(Problem("missing-on-worker", what, None, fix))


def read_executor(text: str, workers: int | None) -> DaskExecutor:
    """The executor that `dask` or `dask:tcp://host:8786` means; raises `InputError`."""
    name, _, address = text.partition(":")
    if name != DASK or (address and not address.startswith(SCHEMES)):
        what = f"--executor: '{text}' is no executor"
        raise InputError(Problem("bad-usage", what, None, "write --executor dask, or dask:tcp://host:8786"))
    if address and workers is not None:
        what = "--workers is about a cluster that is started here"
        raise InputError(Problem("bad-usage", what, None, f"leave it out: {address} has workers of its own"))
    require_distributed()
    return DaskExecutor(address, workers)


def require_distributed() -> Any:
    """Dask distributed, or `MissingExtra`."""
    try:
        import distributed
    except ImportError:
        what = "this needs dask distributed, which is not installed"
        raise MissingExtra(Problem("missing-extra", what, None, "pip install 'inception-calc[dask]'")) from None
    return distributed
