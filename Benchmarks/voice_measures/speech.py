"""Speech to say to her: cut from recordings, or made by her own voice; and how well it was understood."""

import pathlib
import re
import subprocess
import sys
import tempfile
import wave

import numpy as np

from caller import RATE

#: Said by Piper.
SENTENCES = ["What is the capital of Italy?", "Tell me something about the sea.", "How do birds find their way home?",
             "What should I cook this evening?", "Why is the sky blue in the morning?", "Please count from one to five."]


def read_wav(path):
    """Mono at the line's rate, -1 to 1."""
    with wave.open(str(path), "rb") as file:
        rate, channels = file.getframerate(), file.getnchannels()
        if file.getsampwidth() != 2:
            sys.exit(f"{path}: 16-bit samples are needed")
        samples = np.frombuffer(file.readframes(file.getnframes()), np.int16).astype(np.float32)
    samples = samples.reshape(-1, channels).mean(axis=1) / 32768
    steps = np.arange(0, len(samples) - 1, rate / RATE)
    return np.interp(steps, np.arange(len(samples)), samples).astype(np.float32)


def utterances(samples, pause=0.45, shortest=0.6, longest=6.0):
    """Stretches between pauses, without the silence around them."""
    size = RATE // 50
    loud = [bool(np.sqrt(np.mean(samples[i:i + size] ** 2)) > 0.012) for i in range(0, len(samples), size)]
    pieces, start, end, quiet = [], None, 0, 0
    for index, is_loud in enumerate(loud + [False] * (int(pause * 50) + 1)):
        if is_loud:
            start, quiet, end = (index if start is None else start), 0, index + 1
        elif start is not None:
            quiet += 1
            if quiet * 0.02 >= pause:
                pieces.append(samples[start * size:end * size])
                start = None
    return [piece for piece in pieces if shortest <= len(piece) / RATE <= longest]


def spoken(binary, text):
    """The text in her own voice, without silence around it."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "said.wav"
        subprocess.run([binary, "say", text, "-o", path], check=True, capture_output=True)
        pieces = utterances(read_wav(path), pause=5, shortest=0.1, longest=60)
    return pieces[0]


def recordings(models):
    """The recordings of people that came with the recogniser, whole."""
    return [read_wav(path) for path in sorted((models / "moonshine-tiny-en").glob("*.wav"))]


def words(text):
    return re.findall(r"[a-z0-9']+", text.lower())


def word_errors(expected, heard):
    """Words put in, left out or changed (edit distance), and how many there should be."""
    expected, heard = words(expected), words(heard)
    row = list(range(len(heard) + 1))
    for i, word in enumerate(expected, 1):
        previous, row[0] = row[0], i
        for j, other in enumerate(heard, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (word != other))
    return row[-1], len(expected)
