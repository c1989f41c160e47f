# SPDX-License-Identifier: Apache-2.0
"""Builds the network, its tests and the module, with -Dnetwork_only; looks whether there is a GPU."""
import importlib.util
import os
import sys

from machine import ROOT, NotRun, last_words

PROGRAMS = {"cc": "a C compiler", "c++": "a C++ compiler", "nvcc": "the CUDA Toolkit (nvcc)",
            "ninja": "ninja", "pkg-config": "pkg-config"}
LIBRARIES = {"glib-2.0 >= 2.74": "GLib 2.74", "gio-2.0": "GLib's GIO", "gmodule-2.0": "GLib's GModule",
             "json-glib-1.0": "json-glib"}


def meson_command(machine):
    """meson as a program, or as a module of this Python."""
    if machine.which("meson"):
        return ["meson"]
    return [sys.executable, "-m", "mesonbuild.mesonmain"] if importlib.util.find_spec("mesonbuild") else None


def missing(machine):
    """Names of what the build needs and this machine has not."""
    names = [name for program, name in PROGRAMS.items() if not machine.which(program)]
    if meson_command(machine) is None:
        names.append("meson")
    if machine.which("pkg-config"):
        names += [f"the headers of {name}" for library, name in LIBRARIES.items()
                  if machine.do("pkg-config", "--exists", library).returncode]
    return names


def find_cudnn(machine):
    """Where cuDNN came with Python packages alone, has compiler and loader look there."""
    spec = importlib.util.find_spec("nvidia")
    for folder in spec.submodule_search_locations or [] if spec else []:
        include, lib = (os.path.join(folder, "cudnn", name) for name in ("include", "lib"))
        if not os.path.exists(os.path.join(lib, "libcudnn.so.9")):
            continue
        links = machine.build + "-cudnn"  # the package has no name for the linker
        os.makedirs(links, exist_ok=True)
        if not os.path.lexists(os.path.join(links, "libcudnn.so")):
            os.symlink(os.path.join(lib, "libcudnn.so.9"), os.path.join(links, "libcudnn.so"))
        for name, value in (("CPATH", include), ("LIBRARY_PATH", links), ("LD_LIBRARY_PATH", lib)):
            before = machine.env.get(name)
            machine.env[name] = f"{before}{os.pathsep}{value}" if before else value
        return


def compile_all(machine):
    """Faults."""
    meson = meson_command(machine)
    if not os.path.exists(os.path.join(machine.build, "build.ninja")):
        done = machine.do(*meson, "setup", machine.build, ROOT, "-Dnetwork_only=true", "-Dcuda=enabled",
                          "--buildtype=release")
        if done.returncode:
            return [f"meson: {last_words(done)}"]
    done = machine.do("ninja", "-C", machine.build, timeout=3600)
    with open(os.path.join(machine.build, "build.log"), "w", encoding="utf-8") as log:
        log.write(done.stdout)
    return [f"ninja: {last_words(done)}"] if done.returncode else []


def look_at_device(machine):
    """None, or why the module has no device."""
    done = machine.do(machine.program("golden", "test-golden"), "-l")
    if "/golden/tiny/cuda" in done.stdout.split():
        return None
    for line in done.stderr.splitlines():
        if line.startswith("# cuda skipped: "):
            return line.split(": ", 1)[1]
    return last_words(done)


def run(machine, figures):
    if not machine.module_given:
        lacking = missing(machine)
        if lacking:
            machine.why_not = "there is no build: missing " + ", ".join(lacking)
            raise NotRun("missing: " + ", ".join(lacking))
        figures["nvcc"] = machine.do("nvcc", "--version").stdout.split("release ")[-1].split(",")[0]
        find_cudnn(machine)
        faults = compile_all(machine)
        if faults:
            machine.why_not = "there is no build"
            return faults
    machine.why_not = look_at_device(machine)
    machine.ready = machine.why_not is None
    figures["device"] = "usable" if machine.ready else machine.why_not
    return []
