# SPDX-License-Identifier: Apache-2.0
"""network.py BUILD-DIR [--weights FILE] [--steps N] [--repeats N] [--threads N] [--device NAME]

The network pass from pictures to probabilities: the engine against eager PyTorch with as many
threads, turn by turn in one run, both with the same weights. Prints both and their ratio. On a
busy machine take --threads 1 and read the processor times.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "engine", "train"))

import torch  # noqa: E402

import config as cfg  # noqa: E402
import weights  # noqa: E402
from diffusion import Diffusion  # noqa: E402
from model import Twin  # noqa: E402
from model.reconstruction import Reconstruction  # noqa: E402


@torch.no_grad()
def run_torch(model, steps):
    size = model.config["image"]["size"]
    images = (torch.arange(size * size) * 7919 % 251 / 255.0).view(1, 1, size, size)
    inputs = (images.expand(1, 3, size, size), torch.full((1, 3, 2), 0.75), torch.ones(1, 3))
    d = Diffusion(model.config)
    begin, cpu = time.perf_counter(), time.process_time()
    run = Reconstruction(model, *inputs, steps)
    run.correct(d.sample(run.denoise, 1, steps, 0, 0))
    return {"best": time.perf_counter() - begin, "cpu": time.process_time() - cpu}


def run_engine(program, path, device, steps, repeats, threads):
    out = subprocess.run([program, path, device, str(steps), str(repeats), str(threads)],
                         check=True, capture_output=True, text=True)
    return json.loads(out.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build")
    parser.add_argument("--weights", help="weight file; without it `small` with random weights")
    parser.add_argument("--steps", type=int, default=8)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--device", default="cpu")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    program = os.path.join(args.build, "tests", "bench", "network")
    engine, eager = [], []
    with tempfile.TemporaryDirectory() as folder:
        path = args.weights
        if path is None:
            path = os.path.join(folder, "small.safetensors")
            weights.save(path, Twin(cfg.small()), cfg.small())
        model, config = weights.load(path)
        run_torch(model, 1)
        for _ in range(args.repeats):
            engine.append(run_engine(program, path, args.device, args.steps, 2, args.threads))
            eager.append(run_torch(model, args.steps))
    print(f"{config['name']}, {args.steps} steps, {args.threads} threads, best of {args.repeats}; "
          "start noise included")
    best = {}
    for name, runs in ((f"engine ({args.device})", engine), (f"PyTorch {torch.__version__}", eager)):
        best[name] = [min(r[key] for r in runs) for key in ("best", "cpu")]
        print(f"{name:20} {best[name][0]:.3f} s   processor time {best[name][1]:.3f} s")
    ours, theirs = best.values()
    print(f"engine / PyTorch     {ours[0] / theirs[0]:.2f}      processor time "
          f"{ours[1] / theirs[1]:.2f}")
    print(f"opening the file     {min(r['open'] for r in engine):.3f} s")


if __name__ == "__main__":
    main()
