#!/usr/bin/env python3
"""The journal in a real PostgreSQL: the same facts and hashes as in a file, one writer, and another that takes over."""

import os
import re
import signal
import subprocess
import time
import unittest

from database import BIN, Database
from service import Client, ServiceTest
from support import BINARY, COMET, ROOT


@unittest.skipUnless((BIN / "initdb").exists(), "postgresql-15 is not installed")
class Postgres(ServiceTest):
    @classmethod
    def setUpClass(cls):
        cls.database = Database()
        cls.addClassCleanup(cls.database.stop)

    def setUp(self):
        super().setUp()
        self.file, self.store = self.store, self.database.fresh()

    def test_a_cloud_is_the_same_in_a_file_and_in_a_database(self):
        self.answer("apply", "-f", COMET)
        self.answer("apply", "-f", COMET, store=self.file)
        self.answer("invoice", "run", "--through", "2026-05")
        self.answer("invoice", "run", "--through", "2026-05", store=self.file)
        self.assertEqual(self.answer("journal", "export"), self.answer("journal", "export", store=self.file))
        for question in (("lease", "list"), ("invoice", "list"), ("pool", "proof"), ("journal", "verify"),
                         ("journal", "replay", "--until", "2026-01-01"), ("books", "reconcile")):
            self.assertEqual(self.answer(*question), self.answer(*question, store=self.file))

    def test_every_specification_is_played_over_it(self):
        runner = os.path.join(os.path.dirname(BINARY), "tests/spec_runner")
        specs = sorted((ROOT / "tests/specs").glob("*.spec"))
        self.assertGreater(len(specs), 15)
        for spec in specs:
            done = subprocess.run([runner, "--database", self.database.fresh(), str(spec)], capture_output=True, text=True,
                                  check=False, cwd=ROOT, timeout=120)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_a_cloud_moves_between_stores_with_its_hash(self):
        self.answer("apply", "-f", COMET, store=self.file)
        before = self.hash(store=self.file)
        chain = self.answer("journal", "copy", self.store, store=self.file).splitlines()[-1]
        self.assertEqual(self.hash(), before)
        back = self.path("back.db")
        self.assertEqual(self.answer("journal", "copy", back).splitlines()[-1], chain)
        self.assertEqual(self.hash(store=back), before)
        self.answer("journal", "verify", store=back)
        self.assertIn("a store without facts", self.answer("journal", "copy", back, status=2))

    def test_text_of_every_kind_comes_back_as_it_was(self):
        self.answer("party", "add", "odd")
        self.answer("party", "describe", "odd", "--legal-name", 'Quote " back \\ brace } comma , "NULL" é €')
        self.answer("journal", "copy", self.file)
        self.assertEqual(self.answer("journal", "export"), self.answer("journal", "export", store=self.file))
        self.answer("journal", "verify")

    def test_what_is_not_there_or_not_reached_is_said(self):
        self.assertIn("no store", self.answer("pool", "list", status=2))
        nowhere = "postgresql:///cloud?host=/nowhere&user=postgres"
        self.assertIn("/nowhere", self.answer("party", "add", "x", status=2, store=nowhere))

    def test_one_writes_and_another_is_told_so(self):
        self.answer("apply", "-f", COMET)
        self.key("desk", "--role", "owner")
        self.serve()
        self.assertIn("open in another process", self.answer("party", "add", "newcomer", status=2))
        self.answer("lease", "list")
        self.assertEqual(self.stop(), 0)
        self.answer("party", "add", "newcomer")

    def test_the_writer_that_was_cut_off_is_fenced_and_says_so(self):
        self.answer("apply", "-f", COMET)
        secret = self.key("desk", "--role", "owner")
        self.serve()
        client = Client(self.port, secret)
        self.assertEqual(client.post("/v1/parties", {"name": "before"}).status, 200)
        self.server.send_signal(signal.SIGSTOP)
        self.addCleanup(self.server.send_signal, signal.SIGCONT)
        began = time.monotonic()
        while "open in another" in (said := self.run_it("party", "add", "meanwhile")).stderr:
            self.assertLess(time.monotonic() - began, 6)
            time.sleep(0.2)
        self.assertEqual(said.returncode, 0, said.stderr)
        self.server.send_signal(signal.SIGCONT)
        for _ in range(100):
            answer = client.post("/v1/parties", {"name": "after"})
            self.assertEqual(answer.status, 503, "not for a moment is it answered otherwise")
            if "taken over" in answer.json["detail"]:
                break
            time.sleep(0.05)
        self.assertIn("taken over", answer.json["detail"])
        self.assertEqual(client.get("/readyz").status, 503)
        names = re.findall(r"before|meanwhile|after", self.answer("party", "list"))
        self.assertEqual(names, ["before", "meanwhile"])
        self.answer("journal", "verify")

    def test_a_writer_that_was_killed_lost_nothing_that_it_answered(self):
        self.answer("apply", "-f", COMET)
        secret = self.key("desk", "--role", "owner")
        for turn in range(3):
            began = time.monotonic()
            while True:
                try:
                    self.serve()
                    break
                except ChildProcessError:  # who was killed is not yet known to be gone
                    self.server.wait()
                    self.assertLess(time.monotonic() - began, 8)
                    time.sleep(0.2)
            client = Client(self.port, secret)
            answered = [client.post("/v1/parties", {"name": f"p{turn}-{number}"}).json["facts"][0]["sequence"]
                        for number in range(30)]
            self.server.kill()
            self.server.wait()
            kept = {int(number) for number in re.findall(r"^(\d+),", self.answer("journal", "list", "-o", "csv"), re.M)}
            self.assertTrue(set(answered) <= kept)
            self.answer("journal", "verify")


@unittest.skipUnless((BIN / "initdb").exists(), "postgresql-15 is not installed")
class Restored(ServiceTest):
    """What docs/operating.md says of backups: a base backup and archived WAL, restored to a moment."""

    def setUp(self):
        super().setUp()
        self.database = Database("archive_mode=on", "archive_command='cp %p ../archive/%f'")
        self.addCleanup(self.database.stop)
        self.database.run("/usr/bin/mkdir", f"{self.database.folder}/archive")
        self.store = self.database.fresh()

    def in_database(self, program, *arguments):
        self.database.run(program, "-h", self.database.folder, "-U", "postgres", *arguments)

    def restore(self, moment):
        """Puts the base backup in the place of the data, and what was archived since up to a moment."""
        folder = self.database.folder
        self.database.run("pg_ctl", "-D", f"{folder}/data", "-m", "immediate", "stop")
        self.database.run("/usr/bin/mv", f"{folder}/data", f"{folder}/lost")
        self.database.run("/usr/bin/mv", f"{folder}/base", f"{folder}/data")
        self.database.run("/usr/bin/touch", f"{folder}/data/recovery.signal")
        self.database.settings = ("restore_command='cp ../archive/%f %p'", f"recovery_target_time='{moment}'",
                                  "recovery_target_action=promote")
        self.database.start()

    def test_a_cloud_is_as_it_was_at_the_moment(self):
        self.answer("apply", "-f", COMET)
        self.in_database("pg_basebackup", "-D", f"{self.database.folder}/base", "-c", "fast")
        self.answer("party", "add", "signed-before")
        kept = self.hash()
        time.sleep(0.05)
        moment = self.database.ask("select now()").replace(" ", "T")
        time.sleep(0.05)
        self.answer("party", "add", "added-by-mistake")
        last = self.database.ask("select pg_walfile_name(pg_current_wal_lsn())")
        self.database.ask("select pg_switch_wal()")
        end = time.monotonic() + 30
        while self.database.ask("select last_archived_wal from pg_stat_archiver") < last:
            self.assertLess(time.monotonic(), end, "the WAL was not archived")
            time.sleep(0.1)
        self.restore(moment)
        self.assertEqual(self.hash(), kept)
        self.answer("journal", "verify")
        self.answer("pool", "proof")
        self.assertNotIn("added-by-mistake", self.answer("party", "list"))
        self.answer("party", "add", "added-after")
        self.answer("journal", "verify")


if __name__ == "__main__":
    unittest.main(verbosity=2)
