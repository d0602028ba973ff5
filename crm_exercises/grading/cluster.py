"""The runner on many machines: the same jobs, run by the workers of a Dask scheduler.

A worker gets a notebook and its files as bytes and gives back, as bytes, what came out of the box on its machine. Salt, expected answers and
marking stay with the caller. Every worker thread has one warm process, which serves all callers and ends when no job has come for a while.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import threading
import time
import uuid
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from .. import data
from ..core.errors import CrmError, UsageError
from . import runner
from .box import BoxError, Limits
from .runner import Job, Ran, Settings

CONNECT = 20
"""Seconds to wait for the scheduler, and as many for its first worker."""
COUNT_AGAIN = 5.0
"""Seconds after which the workers are counted again: some may have come."""
IDLE = 60.0
"""Seconds after which a worker ends a warm process that nobody uses."""


def run(
    jobs: Iterable[Job], settings: Settings | None = None, *, address: str, workers: int | None = None
) -> Iterator[Ran]:
    """Run ``jobs`` on the cluster at ``address`` and yield each when it has ended, in whatever order; see :func:`runner.run`.

    Jobs are pulled one by one as others end. A job whose worker has ended is run by another; each is yielded once.

    Parameters
    ----------
    address
        Of a Dask scheduler, e.g. ``tcp://host:8786``.
    workers
        How many jobs are on their way at a time; twice the cluster's threads if not given.

    Raises
    ------
    UsageError
        If the library is missing, the cluster cannot be reached or gets lost, or a worker has another version of the course.
    BoxError
        If a worker cannot lock notebooks in.
    """
    told = asdict(settings or Settings())
    order = json.dumps(
        {"course": _course(), "idle": IDLE, "settings": told}, sort_keys=True, default=os.fspath
    ).encode()
    yield from _Run(iter(jobs), address, workers, order).results()


class _Run:
    """The caller's side of one run."""

    def __init__(self, jobs: Iterator[Job], address: str, workers: int | None, order: bytes) -> None:
        self.jobs, self.address, self.workers, self.order = jobs, address, workers, order
        self.under_way: dict[str, tuple[Any, Job]] = {}
        self.counted = -COUNT_AGAIN
        self.most = 0

    def results(self) -> Iterator[Ran]:
        client = self._connected()
        try:
            yield from self._results(client)
        finally:
            self.under_way.clear()
            client.close()

    def _connected(self) -> Any:
        try:
            import distributed
        except ImportError as error:
            raise UsageError("cluster.missing") from error
        try:
            client = distributed.Client(self.address, timeout=CONNECT, set_as_default=False)
        except (OSError, ValueError) as error:
            raise UsageError("cluster.unreachable", address=self.address, error=error) from error
        try:
            client.wait_for_workers(1, timeout=CONNECT)
        except TimeoutError as error:
            client.close()
            raise UsageError("cluster.no_workers", address=self.address, seconds=CONNECT) from error
        return client

    def _results(self, client: Any) -> Iterator[Ran]:
        import distributed

        done = distributed.as_completed(loop=client.loop)
        while True:
            while len(self.under_way) < self._most(client) and (job := next(self.jobs, None)) is not None:
                future = client.submit(_work, self.order, _packed(job), key=f"crm-{uuid.uuid4().hex}", pure=False)
                self.under_way[future.key] = future, job
                done.add(future)
            if not self.under_way:
                return
            future = next(done)
            _, job = self.under_way.pop(future.key)
            yield self._ran(future, job)

    def _most(self, client: Any) -> int:
        if self.workers:
            return self.workers
        if time.monotonic() - self.counted > COUNT_AGAIN:
            self.counted = time.monotonic()
            with contextlib.suppress(OSError):
                self.most = 2 * sum(client.nthreads().values())
        return max(self.most, 1)

    def _ran(self, future: Any, job: Job) -> Ran:
        """Return what became of a job."""
        import distributed

        if future.cancelled():
            raise UsageError("cluster.lost", address=self.address)
        try:
            answer = json.loads(zlib.decompress(future.result()))
        except distributed.KilledWorker:  # the scheduler has tried it on several
            return Ran(job.key, b"", "killed", "every worker that ran it ended", meta=job.meta)
        except Exception as error:
            raise UsageError("cluster.failed", error=f"{type(error).__name__}: {error}"[:500]) from error
        if "refused" in answer:
            kind = BoxError if answer["box"] else UsageError
            raise kind(answer["refused"], **answer["params"])
        errors = {int(index): text for index, text in answer.pop("errors").items()}
        return Ran(job.key, base64.b64decode(answer.pop("answers")), errors=errors, meta=job.meta, **answer)


def _packed(job: Job) -> bytes:
    """Return a job as bytes, without its name and without what the caller wants back with it."""
    files = {name: base64.b64encode(content).decode() for name, content in job.files.items()}
    return zlib.compress(json.dumps({"notebook": job.notebook, "files": files}).encode())


def _course() -> str:
    """Return what must be the same here and there, or a notebook would see other data than its mark is made from."""
    return f"{version('crm-exercises')}, data {hashlib.sha256((data.DATASETS / 'datapackage.json').read_bytes()).hexdigest()[:12]}"


# ---- on a worker


class _Bench:
    """A runner that waits for its next job: one warm process, one notebook at a time."""

    def __init__(self, order: dict[str, Any]) -> None:
        if order["course"] != _course():
            raise UsageError("cluster.differs", worker=os.uname().nodename, there=_course(), here=order["course"])
        told = order["settings"]
        self.settings = Settings(**told | {"limits": Limits(**told["limits"]), "read": tuple(map(Path, told["read"]))})
        self.idle: float = order["idle"]
        self.lock = threading.Lock()
        self.results: Any = None
        self.job: Job | None = None
        self.timer = threading.Timer(self.idle, self.close)

    def do(self, job: Job) -> Ran:
        with self.lock:
            self.timer.cancel()
            self.job = job
            self.results = self.results or runner.run(self._jobs(), self.settings, workers=1)
            try:
                ran: Ran = next(self.results)
            except BaseException:
                self.results = None
                raise
            self.timer = threading.Timer(self.idle, self.close)
            self.timer.daemon = True
            self.timer.start()
        if ran.key != job.key:
            raise RuntimeError("a result of another job")
        return ran

    def _jobs(self) -> Iterator[Job]:
        while self.job:
            yield self.job

    def close(self) -> None:
        """End the warm process; the next job starts another."""
        with self.lock:
            if self.results:
                self.results.close()
            self.results = None


_benches: dict[tuple[int, bytes], _Bench] = {}
"""By thread and order: a worker has as many of a kind as it may run jobs at a time."""


def _work(order: bytes, job: bytes) -> bytes:
    """Run one job on this worker."""
    packed = json.loads(zlib.decompress(job))
    files = {name: base64.b64decode(content) for name, content in packed["files"].items()}
    mine = threading.get_ident(), order
    try:
        if mine not in _benches:
            _benches[mine] = _Bench(json.loads(order))
        ran = _benches[mine].do(Job(uuid.uuid4().hex, packed["notebook"], files))
    except CrmError as error:
        return _answer(
            {
                "refused": error.key,
                "params": {name: str(value) for name, value in error.params.items()},
                "box": isinstance(error, BoxError),
            }
        )
    kept = {name: value for name, value in vars(ran).items() if name not in {"key", "meta"}}
    return _answer(kept | {"answers": base64.b64encode(ran.answers).decode()})


def _answer(answer: dict[str, Any]) -> bytes:
    return zlib.compress(json.dumps(answer).encode())
