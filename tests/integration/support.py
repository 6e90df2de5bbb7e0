"""What the integration tests share: a store of one's own, and the built binary run against it.

The binary is LEASEHOLD (build/release/leasehold where that is not set). Only it is tested: nothing
here links or imports the product."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("LEASEHOLD", str(ROOT / "build/release/leasehold"))
COMET = str(ROOT / "scenarios/comet.yaml")
NOW = "2026-06-15"


class StoreTest(unittest.TestCase):
    """A test with a folder and a store that are gone after it."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="leasehold-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.store = self.path("cloud.db")

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def run_it(self, *arguments, store=None, now=NOW, prefix=(), **environment):
        environment = {"PATH": os.environ["PATH"], "HOME": self.folder, **environment}
        return subprocess.run(
            [*prefix, BINARY, "--store", store or self.store, "--now", now, *arguments],
            capture_output=True, text=True, env=environment, cwd=self.folder, check=False)

    def answer(self, *arguments, status=0, **options):
        """Runs a command that must end with a status, and gives what it said on stdout, or on stderr
        where it failed. Nothing is ever said on the other one."""
        done = self.run_it(*arguments, **options)
        self.assertEqual(done.returncode, status, f"{arguments}: {done.stdout}{done.stderr}")
        said, silent = (done.stdout, done.stderr) if status == 0 else (done.stderr, done.stdout)
        self.assertEqual(silent, "", f"{arguments}: {silent}")
        return said

    def play_comet(self):
        self.answer("apply", "-f", COMET)

    def hash(self, **options):
        return self.answer("journal", "replay", **options).splitlines()[-1]
