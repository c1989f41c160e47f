# SPDX-License-Identifier: Apache-2.0
"""What every training run shares: its end by the clock, its falling rate, its checkpoint."""
import datetime
import math
import os

import torch


def deadline(clock):
    """Seconds of today's HH:MM."""
    hour, minute = map(int, clock.split(":"))
    return datetime.datetime.now().replace(hour=hour, minute=minute, second=0).timestamp()


def fall(done, warmed):
    """Part of the rate: a cosine from 1 to 2 % as done goes from 0 to 1, once warmed reaches 1."""
    return (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done))) * min(1.0, warmed)


def load(path):
    """A checkpoint, on the CPU: what takes it over moves it where it belongs."""
    return torch.load(path, map_location="cpu", weights_only=False)


def save(state, path):
    """Never leaves half a file."""
    torch.save(state, path + ".new")
    os.replace(path + ".new", path)
