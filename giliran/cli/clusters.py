"""Where replications are played: on this machine's cores, or over a cluster that runs already."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

import click

Task = TypeVar("Task")
Found = TypeVar("Found")
_PARTS_A_CORE = 8
_PARTS_ON_A_CLUSTER = 64


class Spread(Protocol):
    """Play every task somewhere; the results come in the order of the tasks."""

    def __call__(
        self, play: Callable[[Task], Found], tasks: Sequence[Task], /
    ) -> Iterable[Found]: ...


def parts(replications: int, *, on: str | None, cores: int) -> list[tuple[int, int]]:
    """Cut replications into (first, how many), so that everybody who plays has some."""
    wanted = _PARTS_ON_A_CLUSTER if on else _PARTS_A_CORE * cores
    step = max(1, -(-replications // wanted))
    return [(first, min(step, replications - first)) for first in range(0, replications, step)]


@contextmanager
def spread(on: str | None, *, cores: int, holds_the_lock: bool = False) -> Iterator[Spread]:
    """Open the place named by `--on` (None: this machine) and close it afterwards.

    Where a play holds Python's lock, this machine's cores are used by processes of their own.
    Raises click.ClickException with what to do, if the place can't be used.
    """
    if on is None:
        with _this_machine(cores, holds_the_lock=holds_the_lock) as here:
            yield here
        return
    where = urlsplit(on if "://" in on else f"{on}://")
    if where.scheme == "dask" and where.netloc:
        with _dask(where.netloc) as there:
            yield there
    elif where.scheme == "ray":
        with _ray(on if where.netloc else None) as there:
            yield there
    else:
        raise click.UsageError(
            f"Nothing can be played on {on!r}. Say dask://HOST:PORT, ray://HOST:PORT, or ray for "
            "a Ray of this machine; without --on this machine's cores play."
        )


@contextmanager
def _this_machine(cores: int, *, holds_the_lock: bool) -> Iterator[Spread]:
    if cores == 1:
        yield map
    elif holds_the_lock:
        # Started afresh: a copy of a process with threads may stand still for ever.
        fresh = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(cores, mp_context=fresh) as pool:
            yield pool.map
    else:
        with ThreadPoolExecutor(cores) as pool:
            yield pool.map


@contextmanager
def _dask(address: str) -> Iterator[Spread]:
    distributed = _library("distributed", "Dask", "dask[distributed]")
    try:
        client = distributed.Client(f"tcp://{address}", timeout="10s", set_as_default=False)
    except (OSError, ValueError) as reason:
        raise click.ClickException(
            f"No Dask scheduler answers at {address}. Is the address that of the scheduler "
            "(usually port 8786), and may this machine reach it?"
        ) from reason

    def there(play: Callable[[Task], Found], tasks: Sequence[Task]) -> Iterator[Found]:
        # Each task is played, even one that looks like another's.
        futures = client.map(play, tasks, pure=False)
        return (future.result() for future in futures)

    with client:
        yield there


@contextmanager
def _ray(address: str | None) -> Iterator[Spread]:
    ray = _library("ray", "Ray", "ray[client]")
    try:
        ray.init(address, log_to_driver=False)
    except (ConnectionError, ValueError) as reason:
        raise click.ClickException(f"No Ray answers at {address}: {reason}") from reason

    def there(play: Callable[[Task], Found], tasks: Sequence[Task]) -> Iterator[Found]:
        remote = ray.remote(play)
        return map(ray.get, [remote.remote(task) for task in tasks])

    try:
        yield there
    finally:
        ray.shutdown()


def _library(module: str, name: str, package: str) -> Any:
    try:
        return import_module(module)
    except ModuleNotFoundError as reason:
        if reason.name != module:
            raise
        raise click.ClickException(
            f"{name} isn't installed beside giliran. Install it here and on every machine of the "
            f"cluster, together with giliran itself:  pip install '{package}'"
        ) from reason
