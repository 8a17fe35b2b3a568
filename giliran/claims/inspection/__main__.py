"""The inspecting process: a length and a file come in, a length and an answer go out.

What stands in front of each part is its length in bytes, four bytes, big-endian. The answer is a
JSON object and then, for a photo, the photo as it will be kept.
"""

from __future__ import annotations

import json
import os
import resource
import select
import struct
import sys
from typing import Any, BinaryIO

from giliran.claims.inspection.inspecting import inspected
from giliran.claims.inspection.refusals import FileRefused, TooMuchWork

MEMORY = 1 << 30  # bytes; 40 megapixels of colour and a copy are a quarter of that
IDLE_SECONDS = 60


def main() -> None:
    """Answer until nobody asks for a minute, or whoever asked is gone."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    asked, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    while True:
        waiting, _, _ = select.select([asked], [], [], IDLE_SECONDS)
        length = asked.read(4) if waiting else b""
        if len(length) < 4:  # noqa: PLR2004
            return
        answer, photo = _answer(asked.read(struct.unpack(">I", length)[0]))
        _write(answers, json.dumps(answer).encode())
        _write(answers, photo)
        answers.flush()


def _answer(content: bytes) -> tuple[dict[str, Any], bytes]:
    try:
        return inspected(content)
    except FileRefused as refusal:
        return {"refused": refusal.code, "params": refusal.params}, b""
    except MemoryError:
        return {"refused": TooMuchWork.code, "params": {}}, b""


def _write(answers: BinaryIO, part: bytes) -> None:
    answers.write(struct.pack(">I", len(part)))
    answers.write(part)


if __name__ == "__main__":
    main()
