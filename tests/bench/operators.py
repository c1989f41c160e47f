# SPDX-License-Identifier: Apache-2.0
"""operators.py BUILD-DIR [--repeats N]

The network's operators at the sizes of `small`: the engine beside eager PyTorch, both
on one thread, in milliseconds of processor time, which a busy machine changes less.
"""
import argparse
import os
import subprocess
import time

import torch
import torch.nn.functional as F

VOLUME = (1, 6, 64, 64, 64)


def conv(n_in, n_out, side, kernel=3, stride=1):
    x, b = torch.rand(1, n_in, side, side, side), torch.rand(n_out)
    w = torch.rand(n_out, n_in, kernel, kernel, kernel)
    return lambda: F.conv3d(x, w, b, stride, kernel // 2)


def enlarged(x, size):
    return F.interpolate(x, size=(size,) * 3, mode="trilinear", align_corners=True)


def upsample(channels, side, size):
    x = torch.rand(1, channels, side, side, side)
    return lambda: enlarged(x, size)


def maps():
    return [torch.rand(1, 32, side, side, side) for side in (4, 8, 16, 32)]


def sample_points():
    points, of = torch.rand(1, 1, 1, 262144, 3), maps()
    border = dict(align_corners=True, padding_mode="border")
    return lambda: sum(F.grid_sample(m, points, **border) for m in of)


def sample_grid():
    of = maps()
    return lambda: sum(enlarged(m, 64) for m in of)


def linear(rows, n_in, n_out, after=lambda y: y):
    x, w, b = torch.rand(rows, n_in), torch.rand(n_out, n_in), torch.rand(n_out)
    return lambda: after(F.linear(x, w, b))


def pooled(v):
    return F.avg_pool3d(v, 3, 1, 1, count_include_pad=False)


def variance():
    v = torch.rand(VOLUME)
    return lambda: (pooled(v * v) - pooled(v) ** 2).clamp_min(0)


def fuse(n):
    volumes, variances = torch.rand(n, *VOLUME), torch.rand(n, *VOLUME)

    def run():
        w = 1 / (variances + 1e-3)
        f = (w * volumes).sum(0) / w.sum(0)
        return f / f.sum(1, keepdim=True)
    return run


def softmax(prior):
    x, p = torch.rand(VOLUME), torch.rand(VOLUME)
    return lambda: torch.softmax(x + torch.log(p + 1e-3) if prior else x, 1)


def patchify():
    x = torch.rand(6, 8, 8, 8, 8, 16, 4)
    return lambda: x.permute(1, 3, 5, 0, 2, 4, 6).reshape(1024, 1536)


def unpatchify():
    x = torch.rand(8, 8, 16, 8, 8, 4, 6)
    return lambda: x.permute(6, 0, 3, 1, 4, 2, 5).reshape(6, 64, 64, 64)


def attention():
    q, k, v = (torch.rand(1024, 2, 48).transpose(0, 1) for _ in range(3))

    def run():
        weights = torch.softmax(q @ k.transpose(1, 2) / 48 ** 0.5, -1)
        return (weights @ v).transpose(0, 1).reshape(1024, 96)
    return run


def group_norm():
    x, w, b = torch.rand(1, 16, 32768), torch.rand(16), torch.rand(16)
    return lambda: F.leaky_relu(F.group_norm(x, 8, w, b), 0.01)


def transpose():
    x = torch.rand(262144, 6)
    return lambda: x.t().contiguous()


def layer_norm():
    x, w, b = torch.rand(1024, 96), torch.rand(96), torch.rand(96)
    return lambda: F.layer_norm(x, (96,), w, b)


def shifted():
    gate, points = torch.rand(3), torch.rand(262144, 3)
    return linear(262144, 16, 3, lambda y: points + gate * torch.tanh(y))


CASES = {
    "conv3d 64 32 4": conv(64, 32, 4), "conv3d 32 32 4": conv(32, 32, 4),
    "conv3d 32 24 8": conv(32, 24, 8), "conv3d 24 24 8": conv(24, 24, 8),
    "conv3d 24 16 16": conv(24, 16, 16), "conv3d 16 16 16": conv(16, 16, 16),
    "conv3d 16 8 32": conv(16, 8, 32), "conv3d 8 8 32": conv(8, 8, 32),
    "conv3d 6 16 64 stride 2": conv(6, 16, 64, stride=2),
    "conv3d 8 32 32 of one voxel": conv(8, 32, 32, kernel=1),
    "group norm 16 32": group_norm(),
    "upsample 16 16 32": upsample(16, 16, 32), "upsample 32 32 64": upsample(32, 32, 64),
    "sample points": sample_points(), "sample grid": sample_grid(),
    "linear 262144 3 32": linear(262144, 3, 32),
    "linear 262144 32 16 leaky": linear(262144, 32, 16, F.leaky_relu),
    "linear 262144 16 6": linear(262144, 16, 6), "linear 262144 16 3 tanh": shifted(),
    "transpose 262144 6": transpose(),
    "local variance": variance(), "fuse 2": fuse(2), "fuse 3": fuse(3),
    "class softmax": softmax(False), "class softmax with prior": softmax(True),
    "patchify 8 8 4": patchify(), "unpatchify 8 8 4": unpatchify(),
    "attention 1024 1024 2 48": attention(),
    "linear 1024 96 384 gelu": linear(1024, 96, 384, F.gelu),
    "linear 1024 1536 96": linear(1024, 1536, 96), "layer norm 1024 96": layer_norm(),
}


@torch.no_grad()
def best_ms(run, repeats):
    best = float("inf")
    for _ in range(repeats):
        begin = time.process_time()
        run()
        best = min(best, time.process_time() - begin)
    return best * 1000


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build")
    parser.add_argument("--repeats", type=int, default=20)
    args = parser.parse_args()
    torch.set_num_threads(1)
    program = os.path.join(args.build, "tests", "bench", "operators")
    out = subprocess.run([program, str(args.repeats)], check=True, capture_output=True,
                         text=True).stdout
    print(f"{'milliseconds':30} {'engine':>8} {'PyTorch':>8} {'ratio':>6}")
    for name, ours in (line.split("\t") for line in out.splitlines()):
        eager = best_ms(CASES[name], args.repeats)
        print(f"{name:30} {float(ours):8.3f} {eager:8.3f} {float(ours) / eager:6.2f}")


if __name__ == "__main__":
    main()
