# SPDX-License-Identifier: MIT
"""building.py: compiles one file of a build folder anew, links test programs with it, runs them.

Nothing of the project is written to, and of the build folder only what ninja brings up to date:
what is made of a changed file lies in a folder of the caller's. The commands are those of the build
folder (compile_commands.json, ninja, CTest).
"""
import fnmatch
import json
import os
import shlex
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
# What a test may take: an endless loop uses up the first, one that waits for ever the second.
CPU_S = 3
WALL_S = 60
SKIPPED = 77  # a test's exit status


class Unavailable(Exception):
    """The build folder, or what it was asked, does not let it be done; the text says why."""


@dataclass(frozen=True)
class Test:
    name: str  # in CTest
    program: str  # path in the build folder, as ninja names it
    arguments: tuple
    folder: str  # to run it in


class Build:
    """A build folder, made by CMake for ninja."""

    def __init__(self, folder):
        self.folder = Path(folder).resolve()
        try:
            commands = json.loads((self.folder / "compile_commands.json").read_text())
        except OSError as error:
            raise Unavailable(f"{error}; configure and build it: cmake --preset dev") from error
        self.compiles = {Path(entry["file"]).resolve(): entry for entry in commands}
        self.links = {}

    def bring_up_to_date(self, programs):
        done = subprocess.run(["ninja", "-C", self.folder, *programs], capture_output=True,
                              text=True, check=False)  # fmt: skip
        if done.returncode != 0:
            raise Unavailable(f"it does not build:\n{done.stdout}")

    def compile(self, path, source, scratch):
        """The object of the file at `path`, were `source` in it: its path, in `scratch`. None: it
        does not compile."""
        entry = self.compile_entry(path)
        copy, made = scratch / Path(path).name, scratch / "mutant.o"
        copy.write_text(source)
        words = shlex.split(entry["command"])
        if Path(words[0]).name == "ccache":
            del words[0]
        words[words.index("-o") + 1] = str(made)
        words[words.index("-c") + 1] = str(copy)
        # Neither warnings nor debug information: what does the same is then often the same object.
        words += ["-w", "-g0", f"-fmacro-prefix-map={scratch}/={Path(path).parent}/"]
        words += ["-iquote", str((PROJECT / path).parent)]
        done = subprocess.run(words, cwd=entry["directory"], capture_output=True, check=False)
        return made if done.returncode == 0 else None

    def compile_entry(self, path):
        entry = self.compiles.get(PROJECT / path)
        if entry is None:
            raise Unavailable(f"{self.folder} compiles no {path}")
        return entry

    def link(self, program, path, made, scratch):
        """`program` with the object `made` in place of that of `path`: its path, in `scratch`."""
        words = list(self.link_words(program))
        output = scratch / Path(program).name
        words[words.index("-o") + 1] = str(output)
        compile_words = shlex.split(self.compile_entry(path)["command"])
        original = compile_words[compile_words.index("-o") + 1]
        if original in words:
            words[words.index(original)] = str(made)
        else:  # it lies in a library, and is taken from there only if nobody defines its functions
            words.insert(words.index("-o"), str(made))
        done = subprocess.run(words, cwd=self.folder, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Unavailable(f"{program} does not link with {path}:\n{done.stderr}")
        return output

    def link_words(self, program):
        if program not in self.links:
            ninja = ["ninja", "-C", self.folder, "-t", "commands", "-s", program]
            line = subprocess.run(ninja, capture_output=True, text=True, check=True).stdout.strip()
            line = line.splitlines()[-1].removeprefix(": && ").removesuffix(" && :")
            self.links[program] = shlex.split(line)
        return self.links[program]

    def tests(self, patterns):
        """CTest's tests whose names fit one of the patterns, in the order of the patterns."""
        ctest = ["ctest", "--test-dir", self.folder, "--show-only=json-v1"]
        listed = subprocess.run(ctest, capture_output=True, text=True, check=True).stdout
        known = [test for test in json.loads(listed)["tests"] if "command" in test]
        chosen = {}
        for pattern in patterns:
            fitting = [test for test in known if fnmatch.fnmatch(test["name"], pattern)]
            if not fitting:
                raise Unavailable(f"{self.folder} has no test {pattern}")
            chosen.update((test["name"], self.test_of(test)) for test in fitting)
        return list(chosen.values())

    def test_of(self, listed):
        program, *arguments = listed["command"]
        properties = {entry["name"]: entry["value"] for entry in listed.get("properties", ())}
        folder = properties.get("WORKING_DIRECTORY", str(self.folder))
        return Test(listed["name"], os.path.relpath(program, self.folder), tuple(arguments), folder)


def run(program, test, scratch):
    """Runs `program` as `test` does: how that ended ("passed", "skipped", "failed", or what
    stopped it), and what it wrote."""
    limits = f'ulimit -t {CPU_S}; ulimit -c 0; exec "$@"'
    limited = ["sh", "-c", limits, "sh", program, *test.arguments]
    written = scratch / "output"
    with written.open("wb") as output:
        process = subprocess.Popen(limited, cwd=test.folder, stdin=subprocess.DEVNULL,
                                   stdout=output, stderr=output,
                                   start_new_session=True)  # fmt: skip
        try:
            status = process.wait(WALL_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            status = None
    return how_it_ended(status), written.read_text(errors="replace")


def how_it_ended(status):
    if status is None or -status in (signal.SIGXCPU, signal.SIGKILL):
        return "does not end"
    if status < 0:
        return signal.Signals(-status).name
    return {0: "passed", SKIPPED: "skipped"}.get(status, "failed")
