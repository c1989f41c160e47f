# SPDX-License-Identifier: Apache-2.0
"""The report: what the machine is, every part's figures, and which targets are met."""
import datetime
import json

import checks

MAX_MS = {"base": 15, "small": 5}  # of one phase, on an H100
MIN_TIMES_COMPILED = 2


def target(what, want, value, met):
    """met: None where it could not be told"""
    return {"target": what, "want": want, "is": value, "met": met}


def by_part(what, part):
    """The target that a part passes."""
    state = part["state"] if part else "not run"
    met = None if state == "not run" else state == "passed"
    return target(what, "passed", part["why"] or state if part else "not asked for", met)


def least(values):
    return min(values, default=None)


def label_targets(part):
    agree = least((part or {}).get("agreement", {}).get("f32", {}).values())
    dsc = least([value for case in (part or {}).get("dsc", {}).get("bf16", {}).values()
                 for value in case.values()])
    for what, want, value in (("labels as the reference's, f32", checks.MIN_AGREEMENT, agree),
                              ("least DSC with the reference, bf16", checks.MIN_DSC, dsc)):
        yield target(what, f"at least {want:g}", value, None if value is None else value >= want)


def speed_targets(part, gpu):
    networks = (part or {}).get("networks", {})
    rows = {name: networks[name][0] if isinstance(networks.get(name), list) else {} for name in MAX_MS}
    for name, row in rows.items():
        there = gpu and ("H100" in gpu[0] or "H200" in gpu[0])
        met = row["ms"] <= MAX_MS[name] if "ms" in row and there else None
        yield target(f"{name}, one phase, ms, on an H100", f"at most {MAX_MS[name]}", row.get("ms"), met)
    times = rows["base"].get("times_compiled")
    yield target("base, times as fast as compiled PyTorch", f"at least {MIN_TIMES_COMPILED}", times,
                 None if times is None else times >= MIN_TIMES_COMPILED)


def readme_line(gpu, date, targets):
    """For the README: the last report in one sentence."""
    met = [t for t in targets if t["met"] is not None]
    parts = [f"{t['target']}: {t['is']:.4g} ({t['want']})" for t in met if isinstance(t["is"], float)]
    return (f"The GPU: {gpu[0]}, driver {gpu[1]}, {date}: {sum(t['met'] for t in met)} of {len(targets)} "
            f"targets met, {len(targets) - len(met)} not tried. " + "; ".join(parts) + ".")


def make(machine, parts):
    gpu = None if machine.module_given else machine.gpu()
    date = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d")
    runs = parts.get("growth", {}).get("runs", checks.N_RUNS)
    targets = [by_part("every operator within its limit, f32, tf32, bf16", parts.get("operators")),
               by_part("golden numbers, f32", parts.get("golden")),
               *label_targets(parts.get("labels")),
               by_part("runs as one CUDA graph, attention as one kernel", parts.get("sampler")),
               by_part("compute-sanitizer clean", parts.get("sanitizer")),
               by_part(f"no growth of device memory in {runs} runs", parts.get("growth")),
               *speed_targets(parts.get("speed"), gpu)]
    result = {"date": date, "device": gpu[0] if gpu else None, "driver": gpu[1] if gpu else None,
              "module": "given" if machine.module_given else "built", "short": machine.short,
              "parts": parts, "targets": targets,
              "all_met": all(t["met"] is not False for t in targets)}
    if gpu and not machine.short and machine.ready:
        result["readme"] = readme_line(gpu, date, targets)
    return result


def write(path, result):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(result, file, indent=1)
        file.write("\n")


def in_words(value):
    return "no figure" if value is None else f"{value:.5g}" if isinstance(value, float) else value


def table(result):
    words = {True: "met", False: "NOT MET", None: "not tried"}
    rows = [f"{words[t['met']]:9}  {t['target']}: {in_words(t['is'])}, want {t['want']}"
            for t in result["targets"]]
    return "\n".join(rows + ([result["readme"]] if "readme" in result else []))
