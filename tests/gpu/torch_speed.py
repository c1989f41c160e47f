# SPDX-License-Identifier: Apache-2.0
"""torch_speed.py base PATH                                  writes `base` with random weights
torch_speed.py time WEIGHTS EXPECTED STEPS RUNS BATCH DEVICE  milliseconds of the network in PyTorch
torch_speed.py peak                                           TFLOP/s of a large bf16 product

One JSON object on the last line of output. The network runs from pictures in the host's memory to
probabilities on the device, under autocast to bfloat16, eager and compiled. In favour of PyTorch the
start noise lies on the device already, and crumbs are not looked for.
"""
import json
import os
import statistics
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "engine", "train"))

import torch  # noqa: E402

import config as cfg  # noqa: E402
import golden  # noqa: E402
import weights  # noqa: E402
from diffusion import Diffusion  # noqa: E402
from model import Reconstruction, Twin  # noqa: E402

WARM_UP = 5
MODES = "default", "reduce-overhead"  # of torch.compile; the second with CUDA graphs
COMPILED = "upright", "view_features", "condition_of", "denoise", "autoencoded"


class Stored(Diffusion):
    """Noise is drawn once and stays on the device."""

    def __init__(self, config, device):
        super().__init__(config)
        self.stored, self.device = {}, device

    def noise(self, seed, stream):
        if stream not in self.stored:
            self.stored[stream] = super().noise(seed, stream).to(self.device)
        return self.stored[stream]


def inputs(expected, batch):
    """Case a of a golden file, as often as BATCH says."""
    arrays = weights.read(expected)[0]
    images = torch.from_numpy(arrays["a.images"].copy()).float()[None] / 255
    spacing = torch.from_numpy(arrays["a.spacing"].copy())[None]
    present = torch.from_numpy(arrays["a.present"].copy()).float()[None]
    return [x.expand(batch, *x.shape[1:]).contiguous() for x in (images, spacing, present)]


def replace(module, name, mode):
    """A method by itself compiled."""
    setattr(module, name, torch.compile(getattr(type(module), name).__get__(module), mode=mode))


class Network:
    def __init__(self, path, expected, steps, batch, device):
        self.model, config = weights.load(path)
        config["topology"].pop("sink_islands", None)
        self.model.to(device)
        self.device, self.batch, self.inputs = device, batch, inputs(expected, batch)
        self.steps = steps or config["sampler"]["steps"]
        self.diffusion = Stored(config, device)

    def compile(self, mode):
        torch._dynamo.reset()
        for name in COMPILED:
            replace(self.model, name, mode)
        for part, name in ((self.model.refine, "forward"), (self.model.ae, "encode")):
            if part is not None:
                replace(part, name, mode)

    @torch.no_grad()
    def run(self):
        if self.device == "cuda" and hasattr(torch, "compiler"):
            torch.compiler.cudagraph_mark_step_begin()
        images, spacing, present = (x.to(self.device) for x in self.inputs)
        with torch.autocast(self.device, dtype=torch.bfloat16):
            run = Reconstruction(self.model, images, spacing, present, self.steps)
            volume = self.diffusion.sample(run.denoise, self.batch, self.steps, 0, 0, device=self.device)
            volume = run.correct(volume)
        if self.device == "cuda":
            torch.cuda.synchronize()
        return volume

    def median_ms(self, runs):
        times = []
        for i in range(WARM_UP + runs):
            begin = time.perf_counter()
            self.run()
            times.append(1e3 * (time.perf_counter() - begin))
        return statistics.median(times[WARM_UP:])

    def flops(self):
        """Of products and convolutions, as PyTorch counts them: two for each multiplication."""
        from torch.utils.flop_counter import FlopCounterMode
        with FlopCounterMode(display=False) as counter:
            self.run()
        return counter.get_total_flops()


def attempt(work):
    """What it gives, or why not."""
    try:
        return work()
    except Exception as error:  # PyTorch's failures are of every kind, and part of the answer
        text = str(error).strip()
        return f"failed: {type(error).__name__}: {text.splitlines()[0][:200] if text else ''}"


def time_network(path, expected, steps, runs, batch, device):
    network = Network(path, expected, int(steps), int(batch), device)
    answer = {"torch": torch.__version__, "steps": network.steps, "batch": network.batch,
              "eager_ms": attempt(lambda: network.median_ms(int(runs))),
              "flops": attempt(network.flops), "compiled_ms": {}}
    for mode in MODES:
        if not hasattr(torch, "compile"):
            answer["compiled_ms"][mode] = f"PyTorch {torch.__version__} has no torch.compile"
            continue

        def compiled():
            network.compile(mode)
            return network.median_ms(int(runs))
        answer["compiled_ms"][mode] = attempt(compiled)
    return answer


def make_base(path):
    model = Twin(cfg.base()).eval()
    golden.randomise(model)
    weights.save(path, model, cfg.base(), **{"train.dataset": "none: random numbers"})
    return {}


def peak():
    """Best of 20 products of 8192 x 8192 matrices."""
    a, b = (torch.randn(8192, 8192, device="cuda", dtype=torch.bfloat16) for _ in range(2))
    best = float("inf")
    for _ in range(20):
        torch.cuda.synchronize()
        begin = time.perf_counter()
        a @ b
        torch.cuda.synchronize()
        best = min(best, time.perf_counter() - begin)
    return {"tflops": 2 * 8192**3 / best / 1e12}


def main():
    what, words = sys.argv[1], sys.argv[2:]
    device = words[-1] if what == "time" else "cpu"
    if device != "cpu":
        torch.set_default_device(device)  # the model makes small tensors of its own
    answer = {"base": make_base, "time": time_network, "peak": peak}[what](*words)
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
