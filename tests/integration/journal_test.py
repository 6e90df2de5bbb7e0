"""The journal through the command line: verify, replay, export, import, and stores in trouble."""

import json
import os
import random
import shutil
import sqlite3
import subprocess
import unittest

from support import BINARY, StoreTest

NOBODY = 65534


class Journal(StoreTest):
    def setUp(self):
        super().setUp()
        self.play_comet()

    def lines(self):
        return self.answer("journal", "export").splitlines()

    def test_verify_passes_on_a_whole_store(self):
        said = self.answer("journal", "verify").splitlines()
        self.assertEqual(said[0], f"{len(self.lines())} records, chain and snapshots are whole")
        self.assertEqual(said[1], self.hash())

    def test_verify_names_the_record_of_which_a_byte_changed(self):
        with open(self.store, "rb") as file:
            whole = file.read()
        for line in self.lines():
            fact = json.loads(line)
            body = line[line.index('"fact":') + 7:line.rindex(',"hash"')].encode()
            place = whole.index(body) + random.randrange(len(body))
            damaged = bytearray(whole)
            damaged[place] ^= 1 << random.randrange(8)
            with open(self.path("damaged.db"), "wb") as file:
                file.write(damaged)
            said = self.answer("journal", "verify", status=1, store=self.path("damaged.db"))
            self.assertIn(f"record {fact['sequence']} is damaged", said)

    def test_verify_finds_a_changed_byte_anywhere(self):
        """But for a few counters in SQLite's own header, from which nothing is read."""
        with open(self.store, "rb") as file:
            whole = file.read()
        for place in [random.randrange(100, len(whole)) for _ in range(60)]:
            damaged = bytearray(whole)
            damaged[place] ^= 1 << random.randrange(8)
            with open(self.path("damaged.db"), "wb") as file:
                file.write(damaged)
            done = self.run_it("journal", "verify", store=self.path("damaged.db"))
            if done.returncode == 0:  # one byte a row, in which SQLite says that the key is elsewhere
                self.assertEqual(whole[place], 0, f"byte {place}")
                continue
            self.assertEqual(done.returncode, 1, f"byte {place}: {done.stderr}")

    def test_a_damaged_store_is_not_used(self):
        with sqlite3.connect(self.store) as store:
            store.execute("UPDATE fact SET actor = 'somebody else' WHERE sequence = 20")
        store.close()
        self.assertIn("record 20 is damaged", self.answer("pool", "list", status=2))
        self.assertIn("record 20 is damaged", self.answer("party", "add", "new", status=2))

    def test_replay_gives_the_state_of_any_moment(self):
        """Held against an import of the facts up to that moment."""
        lines = self.lines()
        moments = sorted({json.loads(line)["at"] for line in lines})
        self.assertGreater(len(moments), 5)
        for number, moment in enumerate(moments):
            known = [line for line in lines if json.loads(line)["at"] <= moment]
            part = self.write("part.jsonl", "\n".join(known) + "\n")
            store = self.path(f"part-{number}.db")
            imported = self.answer("journal", "import", part, store=store).splitlines()
            self.assertEqual(imported[0], f"{len(known)} facts")
            replayed = self.answer("journal", "replay", "--until", moment).splitlines()
            self.assertEqual(replayed[-1], imported[-1])
            self.assertEqual(self.hash(store=store), imported[-1])

    def test_export_and_import_round_trip(self):
        exported = self.path("facts.jsonl")
        self.answer("journal", "export", exported)
        other = self.path("other.db")
        self.answer("journal", "import", exported, store=other)
        self.assertEqual(self.hash(store=other), self.hash())
        self.assertEqual(self.answer("journal", "export", store=other), self.answer("journal", "export"))
        self.assertIn("a store without facts", self.answer("journal", "import", exported, status=2))

    def test_what_takes_long_says_how_far_it_is(self):
        exported, other, copy = self.path("facts.jsonl"), self.path("other.db"), self.path("copy.db")
        facts = len(self.lines())
        for command, store in ((("journal", "export", exported), self.store), (("journal", "import", exported), other),
                               (("journal", "copy", copy), self.store)):
            done = self.run_it(*command, "--progress", store=store)
            said = done.stderr.splitlines()
            self.assertEqual((done.returncode, said[-1]), (0, f"{facts} of {facts} facts"))
            self.assertTrue(3 < len(said) <= 20, said)
        self.assertEqual(self.hash(store=copy), self.hash(store=other))

    def test_an_import_that_does_not_follow_is_refused_whole(self):
        lines = self.lines()
        swapped = [*lines[:9], lines[10], lines[9], *lines[11:]]
        forged = [*lines[:9], lines[9].replace('"actor":"', '"actor":"x'), *lines[10:]]
        for wrong in (swapped, forged, [*lines[:9], "{"], lines[1:]):
            part = self.write("wrong.jsonl", "\n".join(wrong) + "\n")
            said = self.answer("journal", "import", part, status=2, store=self.path("wrong.db"))
            self.assertRegex(said, r"wrong.jsonl, line (1|10|11): ")
            self.assertFalse(os.path.exists(self.path("wrong.db")))

    def test_a_store_of_a_newer_version_is_refused(self):
        store = sqlite3.connect(self.store)
        store.execute("PRAGMA user_version = 2")
        store.close()
        for command in (("pool", "list"), ("party", "add", "new"), ("journal", "verify")):
            self.assertIn("use a newer leasehold", self.answer(*command, status=2))

    def test_a_store_open_in_another_process_is_busy(self):
        other = sqlite3.connect(self.store, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        self.assertIn("open in another process", self.answer("party", "add", "new", status=2))
        other.execute("ROLLBACK")
        other.close()
        self.answer("party", "add", "new")

    def test_a_read_only_store_is_read_and_not_written(self):
        before = self.hash()
        os.chmod(self.store, 0o444)
        os.chmod(self.folder, 0o555)
        self.addCleanup(os.chmod, self.folder, 0o755)
        prefix = ()
        if os.geteuid() == 0:  # root writes everywhere
            prefix = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
            if not os.access(BINARY, os.X_OK) or subprocess.run(
                    [*prefix, BINARY, "version"], capture_output=True, check=False).returncode != 0:
                self.skipTest("an unprivileged user cannot reach the binary here")
        self.assertEqual(self.hash(prefix=prefix), before)
        said = self.answer("party", "add", "new", status=2, prefix=prefix)
        self.assertRegex(said, "read-only|cannot be opened")
        self.assertEqual(self.hash(prefix=prefix), before)

    def test_a_full_disk_is_said_and_loses_nothing(self):
        """In a file system of 1 MB of its own, in namespaces of its own."""
        script = self.write("fill.sh", f"""
set -u
mount -t tmpfs -o size=1m tmpfs "$1" || exit 77
store="$1/cloud.db"
cp {self.store} "$store"
answered=0
for name in $(seq 1 2000); do
  {BINARY} --store "$store" party add "p$name" >/dev/null 2>"$1.err" || break
  answered=$name
  [ $answered = 5 ] && head -c 2M /dev/zero >"$1/filler" 2>/dev/null
done
cat "$1.err" >&2
rm -f "$1/filler"
{BINARY} --store "$store" journal verify >/dev/null || exit 3
echo $answered $({BINARY} --store "$store" party list -o csv | grep -c ',p[0-9]*,')
{BINARY} --store "$store" party add after >/dev/null || exit 4
""")
        os.mkdir(self.path("disk"))
        done = subprocess.run(["unshare", "--user", "--map-root-user", "--mount", "sh", script,
                               self.path("disk")], capture_output=True, text=True, check=False)
        if done.returncode == 77 or "unshare" in done.stderr:
            self.skipTest("no namespaces here: " + done.stderr.strip())
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("the disk is full", done.stderr)
        answered, kept = done.stdout.split()
        self.assertEqual(answered, kept)

    def test_what_time_brought_is_in_the_journal(self):
        self.answer("quote", "issue", "--pool", "b200-kansas-city", "--lessee", "amazon", "--quantity",
                    "8 servers", "--start", "2026-07-01", "--term", "1 month", "--hold", "2 days")
        self.answer("party", "add", "later", now="2026-06-20")
        listed = self.answer("journal", "list", "--about", "quote-1", "-o", "csv")
        self.assertIn("2026-06-17T00:00:00Z,leasehold,hold_ended,quote-1 expired", listed)


if __name__ == "__main__":
    if shutil.which("setpriv") is None or shutil.which("unshare") is None:
        raise SystemExit("these tests need util-linux")
    unittest.main()
