# SPDX-License-Identifier: Apache-2.0
"""The machine that the tests run on: its folders, its programs, its GPU."""
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TOOLKIT = "/usr/local/cuda/bin"  # where the Toolkit puts its programs, often not on the path


class NotRun(Exception):
    """A part cannot be tried here; says why in one sentence."""


class Machine:
    """module_given: the module is not built here, and what it runs on need not be a GPU."""

    def __init__(self, build, modules, short):
        self.module_given, self.short = modules is not None, short
        self.build = os.path.abspath(build or os.path.join(ROOT, "build-gpu"))
        self.ready = False  # programs are built and the device is usable
        self.why_not = "the build was not tried"
        self.env = dict(os.environ, LC_ALL="C.UTF-8", G_DEBUG="fatal-criticals",
                        UT_MODULES=os.path.abspath(modules or os.path.join(self.build, "cuda")),
                        UT_TEST_GOLDEN=os.path.join(ROOT, "tests", "golden"),
                        UT_TEST_SHIPPED=self.weights("small"))
        if os.path.isdir(TOOLKIT):
            self.env["PATH"] = self.env["PATH"] + os.pathsep + TOOLKIT

    def which(self, program):
        return shutil.which(program, path=self.env["PATH"])

    def program(self, *path):
        return os.path.join(self.build, "tests", *path)

    @staticmethod
    def weights(name):
        if name == "small":
            return os.path.join(ROOT, "resources", "models", "ultratwin-small.safetensors")
        return os.path.join(ROOT, "tests", "golden", f"{name}.safetensors")

    @staticmethod
    def expected(name):
        return os.path.join(ROOT, "tests", "golden", f"{name}-expected.safetensors")

    def do(self, *command, timeout=1800, **env):
        """Runs a command to its end, with standard error beside standard output."""
        return subprocess.run([str(word) for word in command], env={**self.env, **env}, text=True,
                              capture_output=True, timeout=timeout, cwd=ROOT)

    def need_device(self):
        if not self.ready:
            raise NotRun(self.why_not)

    def gpu(self):
        """(name, driver), or None where the driver does not answer."""
        if not self.which("nvidia-smi"):
            return None
        done = self.do("nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader")
        first = done.stdout.splitlines()[:1]
        return tuple(first[0].split(", ")) if done.returncode == 0 and first else None


def last_words(done):
    """The line of a failed command that most likely says why."""
    lines = [line.strip() for line in (done.stdout + "\n" + done.stderr).splitlines() if line.strip()]
    telling = [line for line in lines if "error:" in line.lower()] or \
              [line for line in lines if "error" in line.lower()]
    return (telling or lines or [f"exit code {done.returncode}"])[-1][:300]


def say(*words):
    print(*words, file=sys.stderr, flush=True)
