"""The inspecting process: a length and a file come in, a length and an answer go out.

What stands in front of each part is its length in bytes, four bytes, big-endian; in front of the
file's length one byte more, 1 for a PDF to be written anew. The answer is a JSON object and then
what was written anew, as it will be kept.
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
_HEAD = struct.Struct(">?I")


def main() -> None:
    """Answer until nobody asks for a minute, or whoever asked is gone."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    asked, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    while True:
        waiting, _, _ = select.select([asked], [], [], IDLE_SECONDS)
        head = asked.read(_HEAD.size) if waiting else b""
        if len(head) < _HEAD.size:
            return
        is_plain, length = _HEAD.unpack(head)
        answer, kept = _answer(asked.read(length), is_plain=is_plain)
        _write(answers, json.dumps(answer).encode())
        _write(answers, kept)
        answers.flush()


def _answer(content: bytes, *, is_plain: bool) -> tuple[dict[str, Any], bytes]:
    try:
        return inspected(content, is_plain=is_plain)
    except FileRefused as refusal:
        return {"refused": refusal.code, "params": refusal.params}, b""
    except MemoryError:
        return {"refused": TooMuchWork.code, "params": {}}, b""


def _write(answers: BinaryIO, part: bytes) -> None:
    answers.write(struct.pack(">I", len(part)))
    answers.write(part)


if __name__ == "__main__":
    main()
