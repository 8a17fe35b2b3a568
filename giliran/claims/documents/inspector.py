"""Who asks the inspecting process: one at a time, with patience that ends."""

from __future__ import annotations

import atexit
import json
import os
import selectors
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from giliran.claims.documents.refusals import InspectionBusy
from giliran.claims.inspection.refusals import BY_CODE, TooMuchWork

_PROGRAM = "giliran.claims.inspection"
_HERE = Path(__file__).resolve().parents[3]
_PATIENCE = 30.0  # seconds for one file; an honest one takes about one
_WAIT_FOR_OTHERS = 60.0  # seconds
_LARGEST_ANSWER = 96 << 20  # bytes; a photo of 16 megapixels that can't be compressed is 48


class _Lost(Exception):
    """The process is gone: it idled too long, or the file broke it."""


class Inspector:
    """Starts the inspecting process when it is needed, and ends it when it takes too long.

    What a file does to it happens neither to this process nor in sight of its secrets.
    """

    def __init__(self, *, patience: float = _PATIENCE) -> None:
        self._patience = patience
        self._process: subprocess.Popen[bytes] | None = None
        self._begun_by = 0
        self._lock = threading.Lock()

    def inspect(self, content: bytes, *, is_plain: bool = False) -> tuple[Mapping[str, Any], bytes]:
        """Return what was seen and what to keep, as ``inspecting.inspected`` does.

        Raises a ``FileRefused``; ``InspectionBusy`` when others stand before this one for a minute.
        """
        if not self._lock.acquire(timeout=_WAIT_FOR_OTHERS):
            raise InspectionBusy
        try:
            answer, kept = self._answer(content, is_plain=is_plain)
        finally:
            self._lock.release()
        if "refused" in answer:
            raise BY_CODE[answer["refused"]](**answer["params"])
        return answer, kept

    def stop(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is None or self._begun_by != os.getpid():
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()

    def _answer(self, content: bytes, *, is_plain: bool) -> tuple[dict[str, Any], bytes]:
        was_running = self._is_running()
        try:
            return self._ask(content, is_plain=is_plain)
        except _Lost:
            self.stop()
            if not was_running:
                raise TooMuchWork from None
        try:  # it had idled for its minute: a new one tells whether it was the file
            return self._ask(content, is_plain=is_plain)
        except _Lost:
            self.stop()
            raise TooMuchWork from None

    def _is_running(self) -> bool:
        if self._begun_by != os.getpid():  # after a fork the process belongs to the parent
            self._process = None
        return self._process is not None and self._process.poll() is None

    def _ask(self, content: bytes, *, is_plain: bool) -> tuple[dict[str, Any], bytes]:
        if not self._is_running():
            self.stop()
            self._process, self._begun_by = _begun(), os.getpid()
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise _Lost
        try:
            process.stdin.write(struct.pack(">?I", is_plain, len(content)))
            process.stdin.write(content)
            process.stdin.flush()
        except OSError:
            raise _Lost from None
        until = time.monotonic() + self._patience
        answer = _part(process.stdout, until)
        return json.loads(answer), _part(process.stdout, until)


def _begun() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", _PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # Nothing of ours: no secret, no address of the database. One thread of arithmetic.
        env={"PYTHONPATH": str(_HERE), "PYTHONUTF8": "1", "OPENBLAS_NUM_THREADS": "1"},
        bufsize=0,
    )


def _part(pipe: IO[bytes], until: float) -> bytes:
    (length,) = struct.unpack(">I", _exactly(pipe, 4, until))
    if length > _LARGEST_ANSWER:
        raise _Lost
    return _exactly(pipe, length, until)


def _exactly(pipe: IO[bytes], count: int, until: float) -> bytes:
    parts, missing = [], count
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while missing:
            if not selector.select(max(0.0, until - time.monotonic())):
                raise _Lost  # too slow
            part = os.read(pipe.fileno(), min(missing, 1 << 20))
            if not part:
                raise _Lost
            parts.append(part)
            missing -= len(part)
    return b"".join(parts)


_inspector = Inspector()
inspect = _inspector.inspect
atexit.register(_inspector.stop)
