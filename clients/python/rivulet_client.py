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
import zlib

import websockets

HEADER = struct.Struct("<4sBBHII8sQQQdII")
KEYFRAME, Q8, XOR = 1, 2, 3


class FrameLost(Exception):
    """A frame that builds on one that did not come: a new subscription is needed."""


class Weights:
    """The parameters of a model, put together from keyframes and differences."""

    def __init__(self, model, epoch):
        self.tensors = model["tensors"]
        self.count = model["params"]
        self.tag = hashlib.sha256(epoch.encode()).digest()[:8]
        self.values = array.array("f")
        self.seq = 0
        self.step = 0

    def lengths(self):
        ends = [tensor["offset"] for tensor in self.tensors[1:]] + [self.count]
        return [end - tensor["offset"] for tensor, end in zip(self.tensors, ends)]

    def take(self, frame):
        """Takes a binary message; returns its sid, or raises what is wrong with it."""
        magic, kind, _, _, sid, size, tag, seq, prev, step, _, count, crc = HEADER.unpack_from(frame)
        payload = frame[HEADER.size:]
        if magic != b"RVL1" or len(payload) != size or zlib.crc32(payload) != crc:
            raise ValueError("not a frame of rivulet.v1, or a damaged one")
        if prev != self.seq or tag != self.tag or count != self.count:
            raise FrameLost(f"expected the frame after {self.seq}, got the one after {prev}")
        if kind == KEYFRAME:
            self.values = from_bytes("f", payload)
        elif kind == Q8:
            self._apply_q8(payload)
        elif kind == XOR:
            self._apply_xor(payload)
        else:
            raise ValueError(f"a frame of the unknown kind {kind}")
        self.seq, self.step = seq, step
        return sid

    def _apply_q8(self, payload):
        lengths = self.lengths()
        start = (len(lengths) + 1) // 2 * 8
        scales = struct.unpack_from(f"<{len(lengths)}f", payload)
        steps = from_bytes("b", payload[start:])
        start = 0
        for scale, length in zip(scales, lengths):
            for at in range(start, start + length):
                # Python's floats are float64; storing into the array rounds to float32.
                self.values[at] += steps[at] * scale
            start += length

    def _apply_xor(self, payload):
        planes = bytearray()
        position = 0
        while position < len(payload):
            if payload[position] == 0:
                planes.extend(bytes(payload[position + 1] + 1))
                position += 2
            else:
                planes.append(payload[position])
                position += 1
        words = array.array("I", self.values.tobytes())
        n = len(words)
        for i in range(n):
            words[i] ^= planes[i] << 24 | planes[n + i] << 16 | planes[2 * n + i] << 8 | planes[3 * n + i]
        self.values = array.array("f", words.tobytes())


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
        self.weights = None
        self._topics = {}
        self._seq = {}
        self._next_id = 0

    async def run(self):
        """Watches for ever, coming back when the connection is lost; raises Closed when told not to."""
        attempt = 0
        while True:
            try:
                async with websockets.connect(
                    self.url, subprotocols=self._subprotocols(), compression=None, max_size=None
                ) as socket:
                    await self._greet(socket)
                    attempt = 0
                    await self._listen(socket)
            except websockets.ConnectionClosed as closed:
                if closed.code == 1009 or 4400 <= closed.code <= 4999:
                    raise Closed(f"{closed.code} {closed.reason}") from closed
            except OSError:
                pass
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
        welcome = json.loads(await asyncio.wait_for(socket.recv(), self._silence))
        self._silence = 2.5 * welcome["hb"] / 1000
        self._topics, self._seq = {}, {}
        self.weights = Weights(welcome["model"], welcome["epoch"])
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
                await self._message(socket, json.loads(data))

    async def _frame(self, socket, data):
        try:
            sid = self.weights.take(data)
        except (FrameLost, ValueError):
            await self._again(socket, "weights", struct.unpack_from("<I", data, 8)[0])
            return
        self.on_weights(self.weights)
        await self._acknowledge(socket, sid, self.weights.seq)

    async def _message(self, socket, message):
        kind = message["t"]
        if kind == "ok" and "seq" in message:
            self._seq[message["sid"]] = 0
        elif kind == "model":
            # The numbers of the frames go on; their meaning is another.
            seq = self.weights.seq
            self.weights = Weights(message["model"], message["epoch"])
            self.weights.seq = seq
        elif kind == "cost" and message["sid"] in self._seq:
            sid = message["sid"]
            if message["prev"] != self._seq[sid]:
                await self._again(socket, "cost", sid)
                return
            self._seq[sid] = message["seq"]
            self.on_cost(message)
            await self._acknowledge(socket, sid, message["seq"])

    async def _acknowledge(self, socket, sid, seq):
        await socket.send(json.dumps({"t": "ack", "sid": sid, "seq": seq}))

    async def _again(self, socket, topic, sid):
        if self._seq.pop(sid, None) is None:
            return
        self._next_id += 1
        await socket.send(json.dumps({"t": "unsub", "id": self._next_id, "sid": sid}))
        if topic == "weights":
            self.weights.seq = 0
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
