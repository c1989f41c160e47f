# SPDX-License-Identifier: Apache-2.0
"""Philox4x32-10 normals, bit for bit those of engine/base/random.c.

Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
"""
import numpy as np

_LOW = np.uint64(0xFFFFFFFF)


def philox(counter, key):
    """Four uint32 words for each counter: counter [n, 4], key (low, high) -> [n, 4]."""
    c = [np.ascontiguousarray(counter[:, i], dtype=np.uint64) for i in range(4)]
    k0, k1 = int(key[0]), int(key[1])
    for _ in range(10):
        p0 = np.uint64(0xD2511F53) * c[0]
        p1 = np.uint64(0xCD9E8D57) * c[2]
        c = [(p1 >> np.uint64(32)) ^ c[1] ^ np.uint64(k0), p1 & _LOW,
             (p0 >> np.uint64(32)) ^ c[3] ^ np.uint64(k1), p0 & _LOW]
        k0 = (k0 + 0x9E3779B9) & 0xFFFFFFFF
        k1 = (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return np.stack(c, axis=1).astype(np.uint32)


def normals(seed, stream, n):
    """n float32 numbers N(0, 1); stream 0 is the sampler's start noise, i the noise of step i."""
    blocks = np.arange((n + 3) // 4, dtype=np.uint64)
    counter = np.zeros((len(blocks), 4), dtype=np.uint64)
    counter[:, 0] = blocks & _LOW
    counter[:, 1] = blocks >> np.uint64(32)
    counter[:, 2] = stream
    u = (philox(counter, (seed & 0xFFFFFFFF, seed >> 32)).astype(np.float64) + 0.5) / 2.0**32
    radius = np.sqrt(-2 * np.log(u[:, 0::2]))
    angle = 2 * np.pi * u[:, 1::2]
    pairs = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=2)
    return pairs.reshape(-1)[:n].astype(np.float32)
