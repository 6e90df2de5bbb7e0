#!/usr/bin/env python3
"""Runs every command of the documents and holds its output against what they show.

    tests/docs.py [--update] [FILE...]

In a ```console block a line that begins with "$ " is a command (a trailing backslash continues it);
the lines after it are what it prints, stdout and stderr together, and "(exit status N)" where that is
not 0. A line "..." stands for any lines. All commands of one document run in one shell, in a folder
that has the scenarios and nothing else. --update writes what was seen into the document.

Besides: the files and links that a document names exist, and the reference lists every refusal in its
order.

A ```sh block is shown and not run here: it may only have commands that ./check runs by itself."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
BINARY = pathlib.Path(os.environ.get("LEASEHOLD", ROOT / "build/release/leasehold"))
MARK = "--- end of command"
RUN_BY_CHECK = ("./quickstart", "./check", "tools/console.sh", "bench/run capacity", "bench/run placement", "bench/run billing", "tests/docs.py --update",
                "build/release/tests/spec_runner", "build/release/tests/property_tests",
                "build/release/tests/crash_test", "RC_PARAMS=", "LEASEHOLD_CRASHES=", "LEASEHOLD_FUZZ=", "cmake --build",
                "ctest --preset", "git clone", "cd leasehold")


def parts(block):
    """The commands of a block, each with the lines that follow it."""
    found = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append([line[2:], []])
        elif found and not found[-1][1] and found[-1][0].endswith("\\"):
            found[-1][0] += "\n" + line
        elif found:
            found[-1][1].append(line)
    return found


def run(commands, folder):
    script = "".join(f"{{ {command}\n}} 2>&1\necho \"{MARK} $?\"\n" for command in commands)
    environment = {"PATH": f"{BINARY.parent}:{os.environ['PATH']}", "HOME": folder,
                   "LEASEHOLD_STORE": f"{folder}/cloud.db", "LEASEHOLD_NOW": "2026-06-15", "LEASEHOLD_ACTOR": "desk"}
    done = subprocess.run(["bash", "-s"], input=script, capture_output=True, text=True, cwd=folder,
                          env=environment, check=True, timeout=240)
    outputs = []
    lines = []
    for line in done.stdout.splitlines():
        if not line.startswith(MARK):
            lines.append(line.rstrip().replace(folder, "~"))
            continue
        status = line.split()[-1]
        outputs.append(lines + ([f"(exit status {status})"] if status != "0" else []))
        lines = []
    return outputs


def matches(expected, seen):
    pattern = "".join("(?:.*\n)*?" if line.strip() == "..." else re.escape(line) + "\n" for line in expected)
    return re.fullmatch(pattern, "".join(line + "\n" for line in seen)) is not None


def check(path, update):
    text = path.read_text(encoding="utf-8")
    wrong = []
    for block in re.findall(r"^```sh\n(.*?)^```", text, re.M | re.S):
        for line in block.splitlines():
            command = line.split("#")[0].strip()
            if command and not command.startswith(RUN_BY_CHECK):
                wrong.append(f"{path}: '{command}' is shown and run by nothing")
    blocks = [parts(block) for block in re.findall(r"^```console\n(.*?)^```", text, re.M | re.S)]
    with tempfile.TemporaryDirectory(prefix="leasehold-docs-") as folder:
        os.symlink(ROOT / "scenarios", f"{folder}/scenarios")
        os.mkdir(f"{folder}/build")
        os.symlink(ROOT / "build/console", f"{folder}/build/console")
        seen = iter(run([command for block in blocks for command, _ in block], folder))
    rewritten = []
    for block in blocks:
        lines = []
        for command, expected in block:
            output = next(seen)
            while expected and not expected[-1] and (not output or output[-1]):
                expected.pop()
            if not matches(expected, output):
                wrong.append(f"{path}: $ {command}\n  expected\n" + "".join(f"    {l}\n" for l in expected)
                             + "  got\n" + "".join(f"    {l}\n" for l in output))
                expected = output
            lines += [f"$ {command}", *expected]
        rewritten.append("\n".join(lines) + "\n")
    if update:
        fresh = iter(rewritten)
        text = re.sub(r"^(```console\n).*?^```", lambda match: match[1] + next(fresh) + "```", text,
                      flags=re.M | re.S)
        path.write_text(text, encoding="utf-8")
        return []
    return wrong


def names_that_lead_nowhere(path):
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    links = [path.parent / link for link in re.findall(r"\]\(([^)#:]+)\)", text)]
    files = [ROOT / name for name in re.findall(r"`((?:src|tests|tools|scenarios|bench)/[\w/.]+)`", text)]
    return [f"{path}: {name} is not there" for name in links + files if not name.exists()]


def refusals_left_out():
    header = (ROOT / "src/domain/refusal.h").read_text(encoding="utf-8")
    codes = re.findall(r"^  (\w+),  +//", header[header.index("enum class RefusalCode"):], re.M)
    page = (ROOT / "docs/reference/refusals.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(\w+)` \|", page, re.M)
    codes = codes[:codes.index("servers_short") + 1]
    return [] if listed == codes else [f"docs/reference/refusals.md lists {listed}, not {codes}"]


def main():
    arguments = sys.argv[1:]
    update = "--update" in arguments
    files = [pathlib.Path(name) for name in arguments if name != "--update"]
    if not files:
        files = [ROOT / "README.md", *sorted((ROOT / "scenarios").rglob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
    wrong = [message for file in files for message in check(file, update) + names_that_lead_nowhere(file)]
    wrong += refusals_left_out()
    print("\n".join(wrong) or f"{len(files)} documents say what the commands say")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
