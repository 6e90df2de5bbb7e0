#!/usr/bin/env python3
"""Random command lines and damaged scenario files against the built binary.

    LEASEHOLD_FUZZ=3000 LEASEHOLD_SEED=7 tests/fuzz/fuzz.py

Whatever is typed, the exit status is 0, 1 or 2, the journal verifies and nothing is sold twice; and a file
that was accepted changes nothing when it is applied again."""

import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("LEASEHOLD", str(ROOT / "build/release/leasehold"))
COMET = ROOT / "scenarios/comet.yaml"
FLEET = ROOT / "scenarios/fleet.yaml"
CASES = int(os.environ.get("LEASEHOLD_FUZZ", "400"))
SEED = int(os.environ.get("LEASEHOLD_SEED", "1"))  # the same each time: long runs name another

# What fits an option, and what fits nowhere.
FITTING = {
    "--pool": ["b200-kansas-city", "h100-home", "tpu-home", "a100-home"],
    "--from-line": ["comet", "add-on", "team", "midjourney.2"],
    "--lessee": ["ai-lab", "nvidia", "developers"],
    "--quantity": ["8 servers", "64 chips", "1 accelerator", "1 slice", "1 MW"],
    "--start": ["2026-07-01", "2026-06-15", "9999-12-30"],
    "--term": ["1 year", "1 month", "999 years"],
    "--from": ["2026-07-01", "2027-01-01"],
    "--until": ["2026-12-01", "2031-01-01", "forever"],
    "--price": ["2 USD/accelerator-hour", "1000000 USD/accelerator-hour", "1000000000000 USD total"],
    "--to": ["2026-08-01", "b200-home", "ai-lab"],
    "--on": ["2026-07-01", "2026-06-15"],
    "--period": ["2025-04", "2026-05", "2026-06", "9999-12", "1970-01"],
    "--through": ["2025-05", "2026-05", "2026-07"],
    "--amount": ["1 USD", "1000000000000 USD", "0.001 USD", "100 EUR", "5 JPY"],
    "--rate": ["0.10 USD", "0.10 USD, 0.08 USD above 1000 / volume", "1000000000000 USD", "storage 1 USD", "8.25 %"],
    "--unit": ["GB-month"],
    "--owner": ["lambda", "nvidia"],
    "--lessor": ["lambda", "nvidia"],
    "--billing-day": ["1", "15", "31", "32"],
    "--due": ["14 days", "999 years"],
    "--escalator": ["3 % / 1 year", "100 % / 1 month", "1 % / 1 day"],
    "--minimum": ["1000000000000 USD", "1 USD"],
    "--overage": ["3 USD"],
    "--late-interest": ["8 %", "100 %"],
    "--sla": ["leasehold", "aws-p5", "data_plane / 99.9 % / 99 % 10 % / rack 2 / cap 50 %", "performance / 1 % / 1 % 1 %"],
    "--take-or-pay": ["80 %", "0 %"],
    "--prepay": ["20 %", "100 %"],
    "--format": ["html", "ubl", "json", "csv", "text", "hledger"],
    "--with": ["lambda", "nvidia"],
    "--by": ["month", "sku", "site", "tier", "lease"],
    "--per-server": ["440000 USD", "1000000000000 USD"],
    "--supplier": ["nvidia", "google"],
    "--life": ["1", "60", "240"],
    "--seller": ["lambda"],
    "--category": ["S", "AE", "O"],
    "--share": ["30 %", "100 %", "5 %"],
    "--year": ["2026", "9998", "0"],
    "--target": ["1 billion USD"],
    "--rent": ["137.50 USD"],
    "--pue": ["1.25"],
    "--invoice": ["invoice-1"],
    "--resolve": ["curtail", "refuse"],
}
ANYTHING = ["invoice-1", "invoice-61", "nvidia", "storage", "comet", "comet.1", "comet.9", "midjourney.2", "b200-kansas-city", "lambda", "quote-1", "lease-5",
            "delivery-5", "research", "1", "0", "-1", "99999999999999999999", "8 servers", "1 rack", "0 servers",
            "1000000000 accelerators", "2026-07-01", "9999-12-31T23:59:59Z", "forever", "dawn", "2026-02-30",
            "1 year", "1000 years", "0 days", "0 USD total", "3 EUR/accelerator-hour", "20 %", "1000 %", "extend",
            "swap", "curtail", "internal", "Mars", "", " ", "ü", "a" * 300, "\x01", "owns", "1 year / 30 days",
            "2026-08-01 5 servers", "home", "dgx-b200", "200 million USD", "../x"]
# The same for a store that has servers one by one.
FLEET_FITTING = {
    "--pool": ["b200-plano", "b200-austin"],
    "--from-line": ["anchor-2026", "developers-2026", "lab-growth"],
    "--lessee": ["lab", "developers", "anchor"],
    "--tenant": ["lab", "developers", "anchor"],
    "--kind": ["committed", "on_demand", "preemptible"],
    "--servers": ["1", "2"],
    "--gpus": ["1", "8"],
    "--milli": ["1", "500", "999"],
    "--delivery": ["plano-phase-1", "plano-row-b", "austin-all"],
    "--rack": ["a1", "b4"],
    "--row": ["plano-h1-b"],
    "--pod": ["plano-p1", "plano-p2"],
    "--feeds": ["plano-fa", "plano-fa,plano-fb"],
    "--redundancy": ["none", "n_plus_1", "two_n"],
    "--state": ["ordered", "ready", "racked"],
    "--level": ["inventory", "node", "soak", "scale_up", "fabric"],
    "--result": ["passed", "failed"],
    "--to": ["repair", "burn_in", "ready", "draining", "rma", "retired", "2026-09-01"],
    "--site": ["plano", "austin"],
    "--hall": ["plano-h1"],
    "--power": ["60 kW", "1 W", "520 kW"],
    "--landlord": ["edgecore"],
    "--spread": ["pack", "rack", "row", "pod"],
    "--maintenance": ["5 days / 8"],
    "--delay": ["30 days / 1 % / 10 % / 60 days"],
}
FLEET_ANYTHING = ["SN101", "SN205", "SN209", "SN101..SN108", "server-3..server-9", "rack a1", "feed plano-fa", "pod plano-p2",
                  "row plano-h1-a", "plano", "b200-plano", "plano-2", "anchor-2026", "anchor-2026.1", "lab-growth",
                  "developers-2026.1", "instance-1", "maintenance-1", "edgecore", "N1", "N2", "2", "3 %", "repair", "41 kW"]


def run(*arguments):
    return subprocess.run([BINARY, *arguments], capture_output=True, check=False)


def commands(path=()):
    """Every command, as (path, options with what follows them in the help, number of positionals)."""
    text = run(*path, "--help").stdout.decode()
    listed = re.search(r"Subcommands:\n((?:  .*\n?)+)", text)
    if not listed:
        yield path, re.findall(r"^  (?:-\w,)?(--[a-z-]+)(.*)$", text, re.M), len(re.findall(r"^  \w+ TEXT", text, re.M))
    for line in listed.group(1).splitlines() if listed else []:
        if re.match(r"  \S", line):
            yield from commands((*path, line.split()[0]))


def command_line(known, fleet):
    path, options, positionals = random.choice(known)
    fitting_to = {**FITTING, **FLEET_FITTING} if fleet else FITTING
    words = ANYTHING + FLEET_ANYTHING * 3 if fleet else ANYTHING
    line = [*path, *(random.choice(words) for _ in range(positionals))]
    for option, rest in options:
        if option in ("--help", "--file") or ("REQUIRED" not in rest and random.random() > 0.3):
            continue
        line.append(option)
        if "TEXT" in rest:
            fitting = option in fitting_to and random.random() < 0.8
            line.append(random.choice(fitting_to[option] if fitting else words))
    if random.random() < 0.2:
        line = ["--as", random.choice(["nvidia", "ai-lab", "nobody"]), *line]
    if random.random() < 0.1:
        line = ["--at", random.choice(["2025-12-01", "2027-01-01", "forever", "1970-01-01"]), *line]
    return line


def damaged(text):
    words = re.findall(r"[\w.%/-]+", text)
    for _ in range(random.randint(1, 4)):
        place = random.randrange(len(text))
        kind = random.random()
        if kind < 0.3:
            text = text[:place] + random.choice("{}[]:-\n\"'&*!|\x00\xff%#,0") + text[place + 1:]
        elif kind < 0.6:
            text = text[:place] + text[place + random.randint(1, 40):]
        else:
            word = random.choice(list(re.finditer(r"[\w.%/-]+", text)))
            other = random.choice([*words, "-1", "~", "9999-12-31", "forever", "[1,2]", "{a: b}", '""'])
            text = text[:word.start()] + other + text[word.end():]
    return text


def fail(what, done):
    print(f"{what}\nstatus {done.returncode}\n{done.stdout.decode(errors='replace')[-2000:]}"
          f"{done.stderr.decode(errors='replace')[-2000:]}")
    sys.exit(1)


def check_sound(store, what):
    for question in (("journal", "verify"), ("pool", "proof"), ("books", "reconcile")):
        done = run("--store", store, *question)
        if done.returncode != 0:
            fail(f"{what}: {' '.join(question)}", done)


def fuzz_command_lines(folder):
    # Not apply, which has its own, nor what writes or reads files by name.
    known = [each for each in commands() if each[0] not in (("apply",), ("journal", "export"), ("journal", "copy"), ("completion",), ("serve",))]
    for case in range(CASES):
        # Stores take turns: the Comet story, a fleet.
        fleet = case // 200 % 2 == 1
        store = f"{folder}/cloud-{case // 200}.db"
        if case % 200 == 0:
            run("--store", store, "--now", "2026-06-15", "apply", "-f", str(FLEET if fleet else COMET))
        line = [argument for argument in command_line(known, fleet) if "\x00" not in argument]
        now = random.choice(["2026-06-15", "2026-06-15", "2026-06-16", "2026-07-01"])
        done = run("--store", store, "--now", now, *line)
        if done.returncode not in (0, 1, 2):
            fail(f"command line {line}", done)
        if case % 50 == 49:
            check_sound(store, f"after {line}")


def fuzz_files(folder):
    text = COMET.read_text(encoding="utf-8")
    for case in range(CASES // 2):
        file = f"{folder}/wrong.yaml"
        store = f"{folder}/file-{case}.db"
        pathlib.Path(file).write_text(damaged(text), encoding="latin-1")
        apply = ("--store", store, "--now", "2026-06-15", "apply", "-f", file)
        done = run(*apply)
        if done.returncode not in (0, 1, 2):
            fail(pathlib.Path(file).read_text(encoding="latin-1"), done)
        if done.returncode == 0:
            again = run(*apply)
            if again.returncode != 0 or b"nothing changed" not in again.stdout:
                fail(pathlib.Path(file).read_text(encoding="latin-1"), again)
            check_sound(store, "a damaged file")


def main():
    print(f"LEASEHOLD_FUZZ={CASES} LEASEHOLD_SEED={SEED}", flush=True)
    random.seed(SEED)
    with tempfile.TemporaryDirectory(prefix="leasehold-fuzz-") as folder:
        fuzz_command_lines(folder)
        fuzz_files(folder)
    print("nothing gave way")


if __name__ == "__main__":
    main()
