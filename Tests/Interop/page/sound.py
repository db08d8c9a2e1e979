"""Audio of the mock: a voice that hums, an ear that knows loud from quiet, and a microphone's wav."""

import array
import asyncio
import fractions
import math
import time
import wave

import av
from aiortc import MediaStreamTrack

RATE = 48_000
FRAME = RATE // 50


class Hum(MediaStreamTrack):
    """An audio track that plays what is queued, 20 ms at a time, and silence otherwise."""

    kind = "audio"

    def __init__(self):
        super().__init__()
        self.queue = []
        self._began = None
        self._sent = 0

    def clear(self):
        """Drops what has not been played."""
        self.queue.clear()

    async def recv(self):
        self._began = self._began or time.monotonic()
        delay = self._began + self._sent / RATE - time.monotonic()
        if delay > 0:
            await asyncio.sleep(delay)
        samples = self.queue.pop(0) if self.queue else bytes(2 * FRAME)
        frame = av.AudioFrame(format="s16", layout="mono", samples=FRAME)
        frame.planes[0].update(samples)
        frame.sample_rate = RATE
        frame.time_base = fractions.Fraction(1, RATE)
        frame.pts = self._sent
        self._sent += FRAME
        return frame


def hum(seconds, pitch=180.0):
    """Frames of something like a voice: a few harmonics, swelling four times a second."""
    frames = []
    for start in range(0, int(seconds * RATE), FRAME):
        frames.append(array.array("h", (voiced(index / RATE, pitch) for index in range(start, start + FRAME))).tobytes())
    return frames


def voiced(at, pitch):
    swell = 0.35 + 0.65 * math.sin(math.pi * 4 * at) ** 2
    glide = pitch * (1 + 0.06 * math.sin(2 * math.pi * 0.7 * at))
    tone = sum(math.sin(2 * math.pi * glide * n * at) / n for n in (1, 2, 3, 5))
    return int(6500 * swell * tone)


class Ear:
    """Voice activity by loudness: `hear` returns "started", "stopped" or None for each frame."""

    def __init__(self, threshold=0.01, onset=3, release=30):
        self.threshold, self.onset, self.release = threshold, onset, release
        self.is_speech = False
        self._run = 0
        self.level = 0.0

    def hear(self, frame):
        samples = array.array("h", bytes(frame.planes[0])[: frame.samples * len(frame.layout.channels) * 2])
        energy = sum(sample * sample for sample in samples[::8]) / max(1, len(samples[::8]))
        self.level = math.sqrt(energy) / 32768
        is_loud = self.level > self.threshold
        self._run = self._run + 1 if is_loud != self.is_speech else 0
        if self._run < (self.release if self.is_speech else self.onset):
            return None
        self.is_speech, self._run = not self.is_speech, 0
        return "started" if self.is_speech else "stopped"


def write_microphone(path, pattern):
    """A wav for the browser's fake microphone: (seconds, is_speech) pairs, one after the other."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        for seconds, is_speech in pattern:
            pieces = hum(seconds, 130.0) if is_speech else [bytes(2 * FRAME)] * int(seconds * 50)
            file.writeframes(b"".join(pieces))
