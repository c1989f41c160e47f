# SPDX-License-Identifier: Apache-2.0
"""test_run.py RUN BUILD MODULES   tests/gpu/run on the device made of loops, and on a machine that
has nothing; TAP on standard output"""
import json
import os
import subprocess
import sys
import tempfile

RUN, BUILD, MODULES = sys.argv[1:4]
WANTED = {"operators", "golden", "labels", "sampler", "growth"}  # parts that the loops can pass


def run(folder, *words, **env):
    """Exit code and report."""
    out = os.path.join(folder, "report.json")
    done = subprocess.run([sys.executable, RUN, "--out", out, *words], env={**os.environ, **env},
                          capture_output=True, text=True)
    sys.stderr.write(done.stderr)
    with open(out, encoding="utf-8") as file:
        return done.returncode, json.load(file)


def states(result):
    return {name: part["state"] for name, part in result["parts"].items()}


def test_short(folder):
    code, result = run(folder, "--build", BUILD, "--modules", MODULES, "--short")
    found = states(result)
    assert code == 0, f"exit code {code}: {found}"
    assert {name for name in WANTED if found[name] == "passed"} == WANTED, found
    assert found["sanitizer"] == "not run" and "given" in result["parts"]["sanitizer"]["why"]
    ops = result["parts"]["operators"]
    assert all(len([1 for op in ops[mode].values() if "nmse" in op]) > 60 for mode in ("f32", "bf16"))
    assert result["parts"]["labels"]["agreement"]["f32"]["c"] > 0.999
    assert result["parts"]["growth"]["runs"] == 2 and result["parts"]["sampler"]["notes"] == []
    row = result["parts"]["speed"]["networks"]["tiny"][0]
    assert row["ms"] > 0 and row["phases"] == 1
    # a device that is none makes no line for the README and meets no speed
    assert result["device"] is None and "readme" not in result and result["module"] == "given"
    assert [t["met"] for t in result["targets"] if "H100" in t["target"]] == [None, None]


def test_lost_device(folder):
    """A device that is lost at the third launch is seen, and what it did before is seen as well."""
    code, result = run(folder, "--build", BUILD, "--modules", MODULES, "--short", "--parts", "operators",
                       UT_FAKE_FAILS_AT="3")
    assert code == 1 and states(result)["operators"] == "failed", states(result)
    passed = [op["passed"] for op in result["parts"]["operators"]["f32"].values()]
    assert True in passed and False in passed, "one failure hides the others"


def test_no_conditions(folder):
    """A driver whose graphs have no conditions is told of."""
    code, result = run(folder, "--build", BUILD, "--modules", MODULES, "--short", "--parts", "sampler",
                       UT_FAKE_NO_CONDITIONS="1")
    assert code == 1 and states(result)["sampler"] == "failed", states(result)
    assert "one by one" in result["parts"]["sampler"]["notes"][0], result["parts"]["sampler"]


def test_no_module(folder):
    code, result = run(folder, "--build", BUILD, "--modules", folder, "--short")
    assert code == 77, code
    assert set(states(result).values()) == {"passed", "not run"}
    why = result["parts"]["golden"]["why"]
    assert "not installed" in why or "NVIDIA" in why, why


def test_nothing_there(folder):
    code, result = run(folder, "--build", os.path.join(folder, "build"), PATH=folder)
    assert code == 77 and set(states(result).values()) == {"not run"}, states(result)
    assert "missing: a C compiler" in result["parts"]["build"]["why"]


def main():
    tests = [test_short, test_lost_device, test_no_conditions, test_no_module, test_nothing_there]
    print(f"1..{len(tests)}")
    for i, test in enumerate(tests, 1):
        with tempfile.TemporaryDirectory() as folder:
            try:
                test(folder)
                print(f"ok {i} {test.__name__}")
            except AssertionError as fault:
                print(f"not ok {i} {test.__name__}: {fault}")


main()
