"""Watches a Rivulet server: prints J_total while the model learns.

Written from PROTOCOL.md alone, with Debian's python3-websockets (10.4) and the standard library.
"""

import argparse
import array
import asyncio
import base64
import hashlib
import json
import random
import struct
import sys
import time
import zlib

import websockets

HEADER = struct.Struct("<4sBBHII8sQQQdII")
KEYFRAME, Q8, XOR = 1, 2, 3


# What a server may make a client do is bounded: bytes of a message, seconds of silence before the
# connection counts as lost, and seconds after which a connection or a subscription counts as a good one.
MESSAGE_BYTES_MAX = 1 << 26
SILENCE_MIN, SILENCE_MAX = 1, 600
STABLE_SECONDS, CALM_SECONDS = 1.5, 60


class ProtocolError(Exception):
    """The server sent what this protocol does not have."""


def field(message, name, kind):
    """A field of a message, which must be of this kind: int is a whole number from 0."""
    value = message.get(name) if isinstance(message, dict) else None
    is_right = isinstance(value, kind) and not isinstance(value, bool)
    if isinstance(value, int):
        # Python reads whole numbers of any length.
        is_right = is_right and abs(value) < 1 << 63 and (value >= 0 or kind is not int)
    if not is_right:
        raise ProtocolError(f"{name} is missing or malformed")
    return value


class FrameLost(Exception):
    """A frame that builds on one that did not come: a new subscription is needed."""


class Weights:
    """The parameters of a model, put together from keyframes and differences."""

    def __init__(self, model, epoch):
        offsets = [field(tensor, "offset", int) for tensor in field(model, "tensors", list)]
        self.count = field(model, "params", int)
        self.ends = offsets[1:] + [self.count] if offsets else []
        if offsets != sorted(offsets) or any(end > self.count for end in self.ends):
            raise ProtocolError("the tensors do not add up to the parameters")
        self._lengths = [end - offset for offset, end in zip(offsets, self.ends)]
        self.tag = hashlib.sha256(epoch.encode()).digest()[:8]
        self.values = array.array("f")
        self.seq = 0
        self.step = 0

    def lengths(self):
        return self._lengths

    def take(self, frame):
        """Takes a binary message; returns its sid, or raises what is wrong with it."""
        if len(frame) < HEADER.size:
            raise ValueError("a frame is shorter than its header")
        magic, kind, _, _, sid, size, tag, seq, prev, step, _, count, crc = HEADER.unpack_from(frame)
        payload = frame[HEADER.size:]
        if magic != b"RVL1" or len(payload) != size or zlib.crc32(payload) != crc:
            raise ValueError("not a frame of rivulet.v1, or a damaged one")
        if prev != self.seq or tag != self.tag or count != self.count:
            raise FrameLost(f"expected the frame after {self.seq}, got the one after {prev}")
        if kind == KEYFRAME and len(payload) == 4 * self.count:
            self.values = from_bytes("f", payload)
        elif len(self.values) != self.count:
            raise FrameLost("a difference came before a keyframe")
        elif kind == Q8:
            self._apply_q8(payload)
        elif kind == XOR:
            self._apply_xor(payload)
        else:
            raise ValueError(f"a frame of kind {kind} with {len(payload)} bytes")
        self.seq, self.step = seq, step
        return sid

    def _apply_q8(self, payload):
        lengths = self.lengths()
        start = (len(lengths) + 1) // 2 * 8
        if len(payload) != start + sum(lengths):
            raise ValueError("the difference is not as long as the model")
        scales = struct.unpack_from(f"<{len(lengths)}f", payload)
        steps = from_bytes("b", payload[start:])
        start = 0
        for scale, length in zip(scales, lengths):
            for at in range(start, start + length):
                # Python's floats are float64; storing into the array rounds to float32.
                self.values[at] += steps[at] * scale
            start += length

    def _apply_xor(self, payload):
        words = array.array("I", self.values.tobytes())
        n = len(words)
        planes = bytearray()
        position = 0
        while position < len(payload) and len(planes) <= 4 * n:
            if payload[position] == 0 and position + 1 < len(payload):
                planes.extend(bytes(payload[position + 1] + 1))
                position += 2
            else:
                planes.append(payload[position])
                position += 1
        if len(planes) != 4 * n:
            raise ValueError("the difference is not as long as the model")
        for i in range(n):
            words[i] ^= planes[i] << 24 | planes[n + i] << 16 | planes[2 * n + i] << 8 | planes[3 * n + i]
        self.values = array.array("f", words.tobytes())


def parsed(text):
    """A message from its text."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ProtocolError("a message is not JSON") from error


def printable(text):
    """A text of a server without what would steer a terminal."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)


def from_bytes(code, payload):
    """An array of numbers from little-endian bytes, on a machine of either kind."""
    values = array.array(code)
    values.frombytes(payload)
    if sys.byteorder == "big":
        values.byteswap()
    return values


class Closed(Exception):
    """The server said not to come back."""


class Watcher:
    """One connection to a server. Give it functions that are called with what comes."""

    def __init__(self, url, token=None, model=None, encoding="q8", max_hz=10):
        self.url = url.replace("http", "ws", 1) if url.startswith("http") else url
        self.token = token
        self.model = model
        self.encoding = encoding
        self.max_hz = max_hz
        self.on_cost = lambda message: None
        self.on_weights = lambda weights: None
        self.on_protocol_error = lambda reason: None
        self.weights = None
        self._topics = {}
        self._seq = {}
        self._next_id = 0
        self._live_at = None
        self._again_count = 0
        self._again_at = 0

    async def run(self):
        """Watches for ever, coming back when the connection is lost; raises Closed when told not to."""
        attempt = 0
        while True:
            try:
                async with websockets.connect(
                    self.url, subprotocols=self._subprotocols(), compression=None, max_size=MESSAGE_BYTES_MAX
                ) as socket:
                    self._live_at = None
                    await self._greet(socket)
                    self._live_at = time.monotonic()
                    await self._listen(socket)
            except websockets.ConnectionClosed as closed:
                if closed.code == 1009 or 4400 <= closed.code <= 4999:
                    raise Closed(f"{closed.code} {printable(closed.reason)}") from closed
            except ProtocolError as error:
                self.on_protocol_error(str(error))
            except (OSError, asyncio.TimeoutError, websockets.InvalidHandshake):
                pass
            # A connection that is accepted and cut at once leads to nothing either.
            if self._live_at is not None and time.monotonic() - self._live_at >= STABLE_SECONDS:
                attempt = 0
            self._live_at = None
            await asyncio.sleep(random.random() * min(30, 0.5 * 2 ** min(attempt, 10)))
            attempt += 1

    def _subprotocols(self):
        names = ["rivulet.v1"]
        if self.token is not None:
            encoded = base64.urlsafe_b64encode(self.token.encode()).decode().rstrip("=")
            names.append("rivulet.bearer." + encoded)
        return names

    async def _greet(self, socket):
        hello = {"t": "hello", "v": 1, "client": {"name": "rivulet-python"}, "caps": ["bin", "q8", "xor"]}
        if self.model is not None:
            hello["model"] = self.model
        await socket.send(json.dumps(hello))
        self._silence = 15
        welcome = parsed(await asyncio.wait_for(socket.recv(), self._silence))
        silence = 2.5 * field(welcome, "hb", (int, float)) / 1000
        self._silence = min(SILENCE_MAX, max(SILENCE_MIN, silence))
        self._topics, self._seq = {}, {}
        self.weights = Weights(field(welcome, "model", dict), field(welcome, "epoch", str))
        await self._subscribe(socket, "cost")
        await self._subscribe(socket, "weights")

    async def _subscribe(self, socket, topic):
        self._next_id += 1
        self._topics[self._next_id] = topic
        message = {"t": "sub", "id": self._next_id, "topic": topic, "maxHz": self.max_hz}
        if topic == "weights":
            message["enc"] = self.encoding
        await socket.send(json.dumps(message))

    async def _listen(self, socket):
        while True:
            try:
                data = await asyncio.wait_for(socket.recv(), self._silence)
            except asyncio.TimeoutError:
                return
            if isinstance(data, bytes):
                await self._frame(socket, data)
            else:
                await self._message(socket, parsed(data))

    async def _frame(self, socket, data):
        try:
            sid = self.weights.take(data)
        except (FrameLost, ValueError):
            if len(data) >= HEADER.size:
                await self._again(socket, "weights", struct.unpack_from("<I", data, 8)[0])
            return
        self.on_weights(self.weights)
        await self._acknowledge(socket, sid, self.weights.seq)

    async def _message(self, socket, message):
        kind = field(message, "t", str)
        if kind == "ok" and "seq" in message:
            topic = self._topics.pop(field(message, "id", int), None)
            if topic is not None:
                self._seq[field(message, "sid", int)] = 0
        elif kind == "model":
            # The numbers of the frames go on; their meaning is another.
            seq = self.weights.seq
            self.weights = Weights(field(message, "model", dict), field(message, "epoch", str))
            self.weights.seq = seq
        elif kind == "cost" and field(message, "sid", int) in self._seq:
            sid, seq = message["sid"], field(message, "seq", int)
            for name in ("step", "n"):
                field(message, name, int)
            field(message, "sum", (int, float))
            if field(message, "prev", int) != self._seq[sid]:
                await self._again(socket, "cost", sid)
                return
            self._seq[sid] = seq
            self.on_cost(message)
            await self._acknowledge(socket, sid, seq)

    async def _acknowledge(self, socket, sid, seq):
        await socket.send(json.dumps({"t": "ack", "sid": sid, "seq": seq}))

    async def _again(self, socket, topic, sid):
        if self._seq.pop(sid, None) is None:
            return
        now = time.monotonic()
        if now - self._again_at > CALM_SECONDS:
            self._again_count = 0
        self._again_at = now
        # The first time at once: a frame was lost. What never fits is asked for ever later.
        if self._again_count > 0:
            await asyncio.sleep(min(30, 0.5 * 2 ** min(self._again_count, 10)))
        self._again_count += 1
        self._next_id += 1
        await socket.send(json.dumps({"t": "unsub", "id": self._next_id, "sid": sid}))
        if topic == "weights":
            self.weights.seq = 0
            self.weights.values = array.array("f")
        await self._subscribe(socket, topic)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url", nargs="?", default="ws://127.0.0.1:8080/")
    parser.add_argument("--token")
    parser.add_argument("--model")
    parser.add_argument("--enc", choices=["f32", "q8", "xor"], default="q8")
    parser.add_argument("--frames", type=int, default=0, help="stop after so many; 0: never")
    parser.add_argument("--json", action="store_true", help="a JSON object a line, bits in hexadecimal")
    options = parser.parse_args()
    watcher = Watcher(options.url, options.token, options.model, options.enc)
    finished = asyncio.Event()
    seen = {"cost": 0, "weights": 0}

    def count(topic):
        seen[topic] += 1
        if options.frames and min(seen.values()) >= options.frames:
            finished.set()

    def show_cost(message):
        mean = message["sum"] / message["n"] if message["n"] else float("nan")
        if options.json:
            line = {"step": message["step"], "n": message["n"], "sum": message["sum"], "total": mean}
            print(json.dumps(line), flush=True)
        else:
            print(f"step {message['step']:>10}  J_total {mean:.6f}", flush=True)
        count("cost")

    def show_weights(weights):
        if options.json:
            line = {"seq": weights.seq, "step": weights.step, "bits": weights.values.tobytes().hex()}
            print(json.dumps(line), flush=True)
        count("weights")

    watcher.on_cost = show_cost
    watcher.on_weights = show_weights
    watcher.on_protocol_error = lambda reason: print(f"protocol error: {reason}", file=sys.stderr)

    async def watch():
        running = asyncio.ensure_future(watcher.run())
        waiting = asyncio.ensure_future(finished.wait())
        await asyncio.wait([running, waiting], return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if running.done():
            running.result()
        running.cancel()

    try:
        asyncio.run(watch())
    except Closed as closed:
        sys.exit(f"the server closed the connection: {closed}")
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
