# SPDX-License-Identifier: Apache-2.0
"""What has to be right: operators, golden numbers, labels, memory."""
import json
import os
import re
import tempfile

from machine import NotRun, last_words

MODES = ("f32", "tf32", "bf16")
STRUCTURES = ("Myo", "LV", "LA", "RV", "RA")  # labels 1 to 5
NOTE = re.compile(r"INFO: .*?cuda: (.*)")
MIN_AGREEMENT, MIN_DSC, N_RUNS = 0.999, 0.995, 1000
RESULT = re.compile(r"(not ok|ok) \d+ (/[^#]*?)(?:\s*# (SKIP|TODO).*)?$")


def modes(machine):
    return ("bf16", "f32") if machine.short else MODES


# ---- GLib tests ----

def results(text):
    """path: (whether it passed, the messages before it)"""
    found, messages = {}, []
    for line in text.splitlines():
        match = RESULT.match(line)
        if match:
            found[match[2]] = match[1] == "ok" and not match[3], messages
            messages = []
        elif line.startswith("# "):
            messages.append(line[2:])
    return found


def run_tests(machine, program, wanted, **env):
    """Results of the tests whose path is wanted: all in one process, then those that it did not
    reach, each in one of its own."""
    listed = machine.do(program, "-l", **env).stdout.splitlines()
    paths = [path for path in listed if path.startswith("/") and wanted(path)]
    chosen = [word for path in paths for word in ("-p", path)]
    if not paths:
        return {}
    done = machine.do(program, *chosen, timeout=7200, **env)
    reached, found = results(done.stdout), {}
    if done.returncode:  # stays a failure, also where each passes by itself
        found["all in one process"] = False, [last_words(done)]
    for path in paths:
        if path not in reached:
            done = machine.do(program, "-p", path, **env)
            reached[path] = results(done.stdout).get(path, (False, [last_words(done)]))
        found[path] = reached[path]
    return found


def faults_of(found, mode):
    if not found:
        return [f"{mode}: there are no tests"]
    return [f"{mode}: {path}: {messages[-1] if messages else 'failed'}"
            for path, (passed, messages) in found.items() if not passed]


def nmse_of(messages):
    for message in messages:
        match = re.match(r"NMSE (\S+), at most (\S+)", message)
        if match:
            return {"nmse": float(match[1]), "at_most": float(match[2])}
    return {}


def operators(machine, figures):
    """Every operator against the plain loops, in each precision."""
    machine.need_device()
    faults = []
    for mode in modes(machine):
        found = run_tests(machine, machine.program("unit", "nn", "test-nn-ops"),
                          lambda path: path.startswith("/nn/"), UT_TEST_DEVICE=f"cuda/{mode}")
        faults += faults_of(found, mode)
        figures[mode] = {path: {"passed": passed, **nmse_of(messages)}
                         for path, (passed, messages) in found.items()}
    return faults


def golden(machine, figures):
    """Networks against PyTorch's numbers, module by module and whole, in f32."""
    machine.need_device()
    faults = []
    for name in ("modules",) if machine.short else ("modules", "golden"):
        found = run_tests(machine, machine.program("golden", f"test-{name}"),
                          lambda path: path.endswith("/cuda") and ("/tiny/" in path or not machine.short))
        faults += faults_of(found, name)
        figures[name] = {path: {"passed": passed, "said": messages}
                         for path, (passed, messages) in found.items()}
    return faults


# ---- end to end ----

def labels_on(machine, device, name, folder):
    """case: labels, of all cases of a golden file"""
    out = os.path.join(folder, device.replace("/", "-"))
    os.mkdir(out)
    done = machine.do(machine.program("gpu", "labels"), machine.weights(name), machine.expected(name),
                      device, out, *(["c"] if machine.short else []))
    if done.returncode:
        raise RuntimeError(f"{device}: {last_words(done)}")
    cases = {}
    for file in sorted(os.listdir(out)):
        with open(os.path.join(out, file), "rb") as data:
            cases[file.split(".")[0]] = data.read()
    return cases


def agreement(a, b):
    return sum(x == y for x, y in zip(a, b)) / len(a)


def dsc(a, b):
    """structure: DSC, of those that are in one of the two"""
    both, sizes = [0] * 6, [0] * 6
    for x, y in zip(a, b):
        sizes[x] += 1
        sizes[y] += 1
        both[x] += x == y
    return {name: 2 * both[i] / sizes[i] for i, name in enumerate(STRUCTURES, 1) if sizes[i]}


def reference_device(machine):
    """The processor; where the build has no oneDNN, the plain loops."""
    listed = machine.do(machine.program("golden", "test-golden"), "-l").stdout.split()
    return "cpu" if "/golden/tiny/cpu" in listed else "ref"


def labels(machine, figures):
    """Final labels of the weights that ship, against those of the processor."""
    machine.need_device()
    name, faults = "tiny" if machine.short else "small", []
    figures.update(reference=reference_device(machine), weights=name, agreement={}, dsc={})
    with tempfile.TemporaryDirectory() as folder:
        want = labels_on(machine, figures["reference"], name, folder)
        for mode in modes(machine):
            found = labels_on(machine, f"cuda/{mode}", name, folder)
            figures["agreement"][mode] = {case: agreement(found[case], want[case]) for case in want}
            figures["dsc"][mode] = {case: dsc(found[case], want[case]) for case in want}
    least = min(figures["agreement"]["f32"].values())
    if least < MIN_AGREEMENT:
        faults.append(f"f32: labels agree in {100 * least:.3f} %, want {100 * MIN_AGREEMENT:g} %")
    for case, structures in figures["dsc"]["bf16"].items():
        faults += [f"bf16: case {case}: DSC of {structure} is {value:.4f}, want {MIN_DSC:g}"
                   for structure, value in structures.items() if value < MIN_DSC]
    return faults


# ---- memory ----

def sanitizer(machine, figures):
    """The operators under compute-sanitizer."""
    machine.need_device()
    if machine.module_given:
        raise NotRun("the module was given, and what it runs on need not be a GPU")
    if not machine.which("compute-sanitizer"):
        raise NotRun("compute-sanitizer is not installed")
    faults = []
    for tool in ("memcheck", "racecheck", "synccheck"):
        for mode in ("f32", "bf16"):
            done = machine.do("compute-sanitizer", "--tool", tool, "--error-exitcode", "9",
                              machine.program("unit", "nn", "test-nn-ops"), UT_TEST_DEVICE=f"cuda/{mode}",
                              timeout=7200)
            text = done.stdout + done.stderr
            if "not supported" in text and "ERROR SUMMARY: 0" not in text:
                raise NotRun(f"compute-sanitizer: {last_words(done)}")
            figures[f"{tool} {mode}"] = "clean" if done.returncode == 0 else last_words(done)
            if done.returncode:
                faults.append(f"{tool}, {mode}: {last_words(done)}")
    return faults


def repeat(machine, weights, expected, device, steps, runs, phases):
    """What tests/gpu/repeat prints; "notes": what the module says of itself."""
    done = machine.do(machine.program("gpu", "repeat"), weights, expected, device, steps, runs, phases,
                      G_MESSAGES_DEBUG="all")
    if done.returncode:
        raise RuntimeError(f"{device}: {last_words(done)}")
    figures = next(line for line in done.stdout.splitlines() if line.startswith("{"))
    return {**json.loads(figures), "notes": sorted(set(NOTE.findall(done.stdout)))}


def sampler(machine, figures):
    """Runs are put off into one CUDA graph, and attention is one kernel: the module notes where not."""
    machine.need_device()
    name, steps = ("tiny", 1) if machine.short else ("small", 0)
    found = repeat(machine, machine.weights(name), machine.expected(name), "cuda/bf16", steps, 2, 1)
    figures.update(notes=found["notes"])
    return found["notes"]


def growth(machine, figures):
    """Free memory of the device after many runs is what it was after the first few."""
    machine.need_device()
    name, steps, runs = ("tiny", 1, 2) if machine.short else ("small", 0, N_RUNS)
    figures.update(repeat(machine, machine.weights(name), machine.expected(name), "cuda/bf16", steps, runs, 1))
    lost = figures["free_before"] - figures["free_after"]
    return [f"{lost} bytes are gone after {runs} runs"] if lost > 0 else []
