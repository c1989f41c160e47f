# SPDX-License-Identifier: Apache-2.0
"""The benchmark: this backend and PyTorch with the same weights in the same run."""
import json
import os
import sys
import tempfile

from checks import repeat
from machine import last_words

N_RUNS = 50
SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "torch_speed.py")

# dense bfloat16 with float sums, TFLOP/s, by the makers' data sheets; the first name that fits
DATA_SHEET = (("H100 PCIe", 756), ("H100 NVL", 835), ("H100", 989), ("H200", 989), ("B200", 2250),
              ("A100", 312), ("L40S", 362), ("RTX 4090", 165), ("RTX 5090", 209))


def in_torch(machine, *words):
    """What torch_speed.py prints, or a sentence why it does not."""
    done = machine.do(sys.executable, SCRIPT, *words, timeout=3600)
    if done.returncode:
        return last_words(done)
    return json.loads(done.stdout.splitlines()[-1])


def numbers(values):
    return [value for value in values if isinstance(value, (int, float))]


def one(machine, path, expected, steps, batch, runs):
    """Both on one network: their milliseconds and how they compare."""
    ours = repeat(machine, path, expected, "cuda/bf16", steps, runs, batch)
    row = {"phases": batch, "runs": runs, "ms": ours["network_ms"], "with_host_ms": ours["whole_ms"]}
    theirs = in_torch(machine, "time", path, expected, steps, runs, batch,
                      "cpu" if machine.module_given else "cuda")
    row["torch"] = theirs
    if isinstance(theirs, str):
        return row
    row["steps"] = theirs["steps"]
    compiled, eager = numbers(theirs["compiled_ms"].values()), numbers([theirs["eager_ms"]])
    if eager:
        row["times_eager"] = eager[0] / row["ms"]
    if compiled:
        row["times_compiled"] = min(compiled) / row["ms"]
    if numbers([theirs["flops"]]):
        row["tflops"] = theirs["flops"] / row["ms"] / 1e9
    return row


def add_fractions(machine, figures):
    """Of the device's matrix peak, as measured and as its maker says."""
    if machine.module_given:
        return
    measured, gpu = in_torch(machine, "peak"), machine.gpu()
    sheet = next((peak for name, peak in DATA_SHEET if gpu and name in gpu[0]), None)
    figures["peak_tflops"] = {"measured": measured if isinstance(measured, str) else measured["tflops"],
                              "data_sheet": sheet}
    for rows in figures["networks"].values():
        for row in rows if isinstance(rows, list) else []:
            for kind, peak in figures["peak_tflops"].items():
                if "tflops" in row and numbers([peak]):
                    row[f"fraction_of_{kind}"] = row["tflops"] / peak


def run(machine, figures):
    machine.need_device()
    networks, faults = figures.setdefault("networks", {}), []
    figures["note"] = ("ms: pictures in, results on the device; two phases are two runs of ours, one "
                       "batch of two in PyTorch")
    with tempfile.TemporaryDirectory() as folder:
        if machine.short:
            chosen, runs = {"tiny": (machine.weights("tiny"), machine.expected("tiny"), 1)}, 1
        else:
            base = os.path.join(folder, "base.safetensors")
            made = in_torch(machine, "base", base)
            chosen, runs = {"small": (machine.weights("small"), machine.expected("small"), 0)}, N_RUNS
            if isinstance(made, str):
                networks["base"] = f"its weights are made by PyTorch: {made}"
            else:
                chosen["base"] = base, machine.expected("small"), 8
        for name, (path, expected, steps) in chosen.items():
            try:
                networks[name] = [one(machine, path, expected, steps, batch, runs)
                                  for batch in ((1,) if machine.short else (1, 2))]
            except RuntimeError as error:
                networks[name] = str(error)
                faults.append(f"{name}: {error}")
    add_fractions(machine, figures)
    return faults
