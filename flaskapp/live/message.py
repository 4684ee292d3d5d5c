"""What one process tells the others, and its bytes; nothing else.

One line of JSON, then the frames as they go to browsers: nobody encodes them a second time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flaskapp.live.batch import Frame


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to tell.

    ``changes`` with ``after``: all that was committed after that id, up to the last frame.
    ``progress`` with ``turn``: the place of its transaction among all.
    ``resync`` with ``reason`` and ``head``.
    ``report``: what a process knows of services and viewers.
    ``look``: something was not told, read the table.
    """

    kind: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    frames: Sequence[Frame] = ()


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message, who sent it, and which of the sender's messages it is: they are numbered upwards."""

    sender: str
    number: int
    message: Message


def encode(envelope: Envelope) -> bytes:
    """Write a message."""
    message = envelope.message
    head = {
        "sender": envelope.sender,
        "number": envelope.number,
        "kind": message.kind,
        "fields": message.fields,
        "frames": [
            (frame.n, frame.progress_of, frame.request_id, frame.requester_id, len(frame.data))
            for frame in message.frames
        ],
    }
    return b"\n".join([json.dumps(head).encode("ascii"), b"".join(frame.data for frame in message.frames)])


def decode(data: bytes) -> Envelope:
    """Read a message; ValueError or KeyError if it is none of ours."""
    line, _, body = data.partition(b"\n")
    head = json.loads(line)
    frames, start = [], 0
    for n, progress_of, request_id, requester_id, size in head["frames"]:
        frames.append(Frame(body[start : start + size], n, progress_of, request_id, requester_id))
        start += size
    return Envelope(head["sender"], head["number"], Message(head["kind"], head["fields"], frames))
