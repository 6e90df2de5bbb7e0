#!/usr/bin/env python3
"""Two servers on one PostgreSQL: one writes, the other follows and takes over. The writer is killed or stopped under load
again and again (LEASEHOLD_FAILOVERS times); no answered change is lost, and nothing is done twice."""

import http.client
import json
import os
import random
import re
import signal
import subprocess
import threading
import time
import unittest

from database import BIN, Database
from service import Client, ServiceTest
from support import BINARY, COMET, NOW

TURNS = int(os.environ.get("LEASEHOLD_FAILOVERS", "50"))


class Server:
    def __init__(self, store, folder):
        self.process = subprocess.Popen(
            [BINARY, "--store", store, "--now", NOW, "serve", "--standby", "--listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=folder,
            env={"PATH": os.environ["PATH"], "HOME": folder})
        self.port = int(self.process.stdout.readline().rsplit(":", 1)[1])

    def ready(self):
        """What it says of itself: "ready", "following", or nothing where it does not answer."""
        try:
            answer = Client(self.port, timeout=1).get("/readyz")
            return answer.text.strip() if answer.status == 200 else ""
        except (OSError, http.client.HTTPException):
            return ""

    def send(self, number):
        self.process.send_signal(number)

    def end(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class Load(threading.Thread):
    """Changes without a pause, each repeated with its key until a server answers it."""

    def __init__(self, servers, secret, name):
        super().__init__()
        self.servers, self.secret, self.prefix = servers, secret, name
        self.answered, self.times, self.over, self.wrong = {}, [], False, []

    def run(self):
        number = 0
        while not self.over:
            number += 1
            name = f"{self.prefix}-{number}"
            while not self.over and name not in self.answered:
                for server in list(self.servers):
                    self.ask(server, name)
                    if name in self.answered:
                        break
                else:
                    time.sleep(0.02)

    def ask(self, server, name):
        try:
            answer = Client(server.port, self.secret, timeout=1).ask("POST", "/v1/parties", {"name": name},
                                                                     Idempotency_Key=name)
        except (OSError, http.client.HTTPException):
            return
        if answer.status == 200:
            self.answered[name] = [fact["sequence"] for fact in answer.json["facts"]]
            self.times.append(time.monotonic())
        elif answer.status != 503:
            self.wrong.append(f"{answer.status} {answer.text}")


@unittest.skipUnless((BIN / "initdb").exists(), "postgresql-15 is not installed")
class Failover(ServiceTest):
    def setUp(self):
        super().setUp()
        database = Database()
        self.addCleanup(database.stop)
        self.store = database.fresh()
        self.answer("apply", "-f", COMET)
        self.secret = self.key("desk", "--role", "owner")
        self.servers = []
        self.addCleanup(lambda: [server.end() for server in self.servers])

    def start(self):
        server = Server(self.store, self.folder)
        self.servers.append(server)
        return server

    def wait_for(self, what, server, said):
        began = time.monotonic()
        while server.ready() != said:
            self.assertLess(time.monotonic() - began, 10, f"{what}: it says {server.ready()!r}")
            time.sleep(0.05)

    def test_the_second_follows_serves_reads_and_says_how_old_they_are(self):
        writer, follower = self.start(), self.start()
        self.assertEqual((writer.ready(), follower.ready()), ("ready", "following"))
        changes, reads = Client(writer.port, self.secret), Client(follower.port, self.secret)
        self.assertNotIn("Leasehold-Staleness", changes.get("/v1/leases/comet").headers)
        for number in range(5):
            self.assertEqual(changes.post("/v1/parties", {"name": f"p{number}"}).status, 200)
            began = time.monotonic()
            while f"p{number}" not in reads.get("/v1/parties").text:
                self.assertLess(time.monotonic() - began, 2)
        answer = reads.get("/v1/leases/comet")
        self.assertEqual(answer.json, changes.get("/v1/leases/comet").json)
        self.assertLess(float(answer.headers["Leasehold-Staleness"]), 2)
        refused = reads.post("/v1/parties", {"name": "elsewhere"})
        self.assertEqual((refused.status, refused.json["code"]), (503, "unavailable"))
        self.assertIn("another server writes", refused.json["detail"])
        # The command line asks the next address where one does not write.
        done = subprocess.run([BINARY, "party", "add", "by-words"], capture_output=True, text=True, check=False,
                              env={"HOME": self.folder, "LEASEHOLD_API_KEY": self.secret, "LEASEHOLD_SERVER":
                                   f"http://127.0.0.1:{follower.port},http://127.0.0.1:{writer.port}"})
        self.assertEqual(done.returncode, 0, done.stderr)
        # A writer that is stopped in good order hands over at once.
        writer.send(signal.SIGTERM)
        self.assertEqual(writer.process.wait(timeout=10), 0)
        self.wait_for("the second", follower, "ready")
        self.assertEqual(reads.post("/v1/parties", {"name": "elsewhere"}).status, 200)

    def test_a_writer_that_is_cut_off_answers_503_and_then_follows(self):
        writer, follower = self.start(), self.start()
        writer.send(signal.SIGSTOP)
        self.wait_for("the second", follower, "ready")
        self.assertEqual(Client(follower.port, self.secret).post("/v1/parties", {"name": "meanwhile"}).status, 200)
        writer.send(signal.SIGCONT)
        cut_off = Client(writer.port, self.secret)
        answers = [cut_off.post("/v1/parties", {"name": "never"}).status]
        seen = []
        for _ in range(200):  # never a moment in which it says what is no longer so
            answer = cut_off.get("/v1/parties")
            answers.append(cut_off.post("/v1/parties", {"name": "never"}).status)
            if answer.status == 200:
                seen.append("meanwhile" in answer.text)
            else:
                self.assertEqual(answer.status, 503)
            time.sleep(0.01)
        self.assertEqual(set(answers), {503})
        self.assertTrue(seen and all(seen))
        self.assertEqual(writer.ready(), "following")
        self.assertNotIn("never", self.answer("party", "list"))

    def test_the_writer_is_killed_or_stopped_under_load(self):
        pair = [self.start(), self.start()]
        load = [Load(pair, self.secret, f"load{number}") for number in range(3)]
        for one in load:
            one.start()
        self.addCleanup(lambda: [setattr(one, "over", True) for one in load])
        chance = random.Random(5)
        took = []
        for turn in range(TURNS):
            time.sleep(chance.uniform(0.1, 0.4))
            writer, follower = (pair if pair[0].ready() == "ready" else pair[::-1])
            self.wait_for("the writer", writer, "ready")
            self.wait_for("the follower", follower, "following")
            how = signal.SIGKILL if turn % 2 == 0 else signal.SIGSTOP
            began = time.monotonic()
            writer.send(how)
            self.wait_for("the follower", follower, "ready")
            while max((one.times[-1] for one in load if one.times), default=0) <= began + 0.5:
                self.assertLess(time.monotonic() - began, 10, "no change is answered any more")
                time.sleep(0.01)
            took.append(min(at for one in load for at in one.times if at > began + 0.5) - began)
            if how == signal.SIGSTOP:
                writer.send(signal.SIGCONT)
            else:
                writer.end()
                self.servers.remove(writer)
                pair[pair.index(writer)] = self.start()
        for one in load:
            one.over = True
        for one in load:
            one.join()
            self.assertEqual(one.wrong, [])
        for server in list(self.servers):
            server.end()
        time.sleep(3.2)
        self.check(load)
        print(f"{TURNS} times: taken over after {max(took):.1f} s at most; "
              f"{sum(len(one.answered) for one in load)} answered changes, none lost")
        self.assertLess(max(took), 5)

    def check(self, load):
        self.answer("journal", "verify")
        sequences, names = [], []
        for line in self.answer("journal", "export").splitlines():
            record = json.loads(line)
            sequences.append(record["sequence"])
            found = re.search(r"load\d+-\d+", line)
            if found and "party_defined" in line:
                names.append((found.group(0), record["sequence"]))
        self.assertEqual(sequences, list(range(1, len(sequences) + 1)), "a number twice, or a gap")
        self.assertEqual(len(names), len({name for name, _ in names}), "a change was done twice")
        kept = dict(names)
        for one in load:
            for name, facts in one.answered.items():
                self.assertEqual(kept.get(name), facts[0], f"{name} was answered and is not kept")


if __name__ == "__main__":
    unittest.main(verbosity=2)
