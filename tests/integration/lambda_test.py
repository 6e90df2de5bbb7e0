#!/usr/bin/env python3
"""The Lambda-compatible API: the conversations of tests/conformance, and what works better here.

A conversation is lines of a request and the answer that must come: a status, and what the JSON has at least. "..." is
any text, "$name" is any text the first time and the same one afterwards; `until active` asks until the status is."""

import base64
import glob
import json
import os
import re
import subprocess
import threading
import time
import unittest

from rental import NOW, PUBLIC_KEY, Rental
from service import Client
from support import ROOT

EIGHT = {"region_name": "us-east-1", "instance_type_name": "gpu_8x_h100_sxm5", "ssh_key_names": ["k"]}
SHORT = "instance-operations/launch/insufficient-capacity"


class LambdaTest(Rental):
    def launch(self, client, status=200, headers=None, **wanted):
        answer = client.post("/api/v1/instance-operations/launch", {**EIGHT, **wanted}, **(headers or {}))
        self.assertEqual(answer.status, status, answer.text)
        return answer.json["data"]["instance_ids"] if status == 200 else answer.json["error"]

    def instances(self, client):
        return client.get("/api/v1/instances").json["data"]

    def add_key(self, *clients):
        for client in clients:
            self.assertEqual(client.post("/api/v1/ssh-keys", {"name": "k", "public_key": PUBLIC_KEY}).status, 200)


class Conversations(LambdaTest):
    def test_each_is_as_it_is_written(self):
        for path in sorted(glob.glob(str(ROOT / "tests/conformance/*.txt"))):
            with self.subTest(os.path.basename(path)), open(path, encoding="utf-8") as file:
                self.hold([line.rstrip("\n") for line in file if line.strip() and not line.startswith("#")])
                self.assertEqual(self.instances(self.team), [])
                for key in self.team.get("/api/v1/ssh-keys").json["data"]:
                    self.team.ask("DELETE", "/api/v1/ssh-keys/" + key["id"])

    def hold(self, lines):
        known = {}
        for asked, expected in zip(lines[::2], lines[1::2], strict=True):
            said = re.sub(r"\$(\w+)", lambda name: known.get(name.group(1), name.group(0)), asked)
            waits = said.startswith("until active ")
            method, path, *body = said.removeprefix("until active ").split(" ", 2)
            for _ in range(100):
                answer = self.team.ask(method, "/api/v1" + path, body[0] if body else None)
                if not waits or answer.json["data"]["status"] == "active":
                    break
                time.sleep(0.05)
            status, wanted = expected.split(" ", 1)
            self.assertEqual(answer.status, int(status), f"{asked}: {answer.text}")
            self.assertNotIn("null", answer.text.replace('"suggestion":null', ""), asked)
            self.match(json.loads(wanted), answer.json, known, asked)

    def match(self, wanted, seen, known, where):
        if isinstance(wanted, dict):
            self.assertIsInstance(seen, dict, where)
            for name, value in wanted.items():
                self.assertIn(name, seen, where)
                self.match(value, seen[name], known, f"{where} .{name}")
        elif isinstance(wanted, list):
            self.assertGreaterEqual(len(seen), len(wanted), where)
            self.assertTrue(wanted or not seen, where)
            for one, other in zip(wanted, seen):
                self.match(one, other, known, where)
        elif wanted == "...":
            self.assertTrue(isinstance(seen, str) and seen, where)
        elif isinstance(wanted, str) and wanted.startswith("$"):
            self.assertEqual(known.setdefault(wanted[1:], seen), seen, where)
        else:
            self.assertEqual(wanted, seen, where)


class Better(LambdaTest):
    """What users of such APIs miss."""

    def test_all_of_a_launch_or_nothing(self):
        self.add_key(self.team)
        self.assertEqual(self.launch(self.team, 400, quantity=5)["code"], SHORT)
        self.assertEqual(self.instances(self.team), [])
        self.assertEqual(len(set(self.launch(self.team, quantity=4))), 4)
        self.assertEqual(sorted(one["is_reserved"] for one in self.instances(self.team)), [False] * 3 + [True],
                         "one of its lease and three on demand")

    def test_the_lease_of_ones_own_is_used_first_and_nobody_elses(self):
        self.add_key(self.team, self.start_up)
        self.assertEqual(len(self.launch(self.start_up, quantity=3)), 3)
        self.assertEqual(self.launch(self.start_up, 400)["code"], SHORT)
        self.launch(self.team)
        self.assertEqual([one["is_reserved"] for one in self.instances(self.team)], [True])
        self.assertEqual([one["is_reserved"] for one in self.instances(self.start_up)], [False] * 3)
        regions = self.start_up.get("/api/v1/instance-types").json["data"]["gpu_1x_h100_sxm5"]
        self.assertEqual(regions["regions_with_capacity_available"], [])

    def test_the_error_says_when_there_will_be_capacity(self):
        self.add_key(self.start_up)
        lease = {"lessor": "neo", "lessee": "ai-team", "pool": ["h100-ashburn"], "quantity": "3 servers", "start": NOW,
                 "term": "1 month", "price": "2 USD/accelerator-hour"}
        self.assertEqual(self.desk.post("/v1/leases", lease).status, 200)
        error = self.launch(self.start_up, 400)
        self.assertIn("2026-08-15T00:00:00Z", error["suggestion"])
        error = self.launch(self.start_up, 400, quantity=5)
        self.assertIn("never", error["suggestion"])

    def test_a_quota_bounds_what_is_had_without_a_lease(self):
        self.add_key(self.team)
        self.assertEqual(self.desk.post("/v1/quotas/ai-team", {"accelerators": "8"}).status, 200)
        error = self.launch(self.team, 400, quantity=3)  # one on its lease, one within the quota
        self.assertEqual((error["code"], self.instances(self.team)), ("global/quota-exceeded", []))
        self.assertEqual(len(self.launch(self.team, quantity=2)), 2)
        self.assertEqual(self.launch(self.team, 400)["code"], "global/quota-exceeded")

    def test_a_launch_with_a_known_key_is_done_once(self):
        self.add_key(self.team)
        first = self.launch(self.team, quantity=3, headers={"Idempotency_Key": "order-1"})
        self.assertEqual(self.launch(self.team, quantity=3, headers={"Idempotency_Key": "order-1"}), first)
        self.assertEqual(len(self.instances(self.team)), 3)
        self.launch(self.team, 409, quantity=1, headers={"Idempotency_Key": "order-1"})

    def test_of_many_at_once_no_server_is_sold_twice(self):
        self.add_key(self.team, self.start_up)
        ids, lock = [], threading.Lock()
        def ask(secret):
            client = Client(self.port, secret)
            answer = client.post("/api/v1/instance-operations/launch", EIGHT)
            with lock:
                if answer.status == 200:
                    ids.extend(answer.json["data"]["instance_ids"])
                else:
                    self.assertEqual(answer.json["error"]["code"], SHORT)
        threads = [threading.Thread(target=ask, args=(secret,)) for secret in list(self.secrets.values()) * 8]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(set(ids)), 4)
        rows = self.desk.get("/v1/instances").json["data"]
        self.assertEqual(len({row["servers"] for row in rows}), 4)

    def test_a_foreign_instance_does_not_exist(self):
        self.add_key(self.team, self.start_up)
        mine = self.launch(self.team)[0]
        nowhere = "0123456789abcdef0123456789abcdef"
        for method, path, body in (("GET", "/instances/{}", None), ("POST", "/instances/{}", {"name": "x"}),
                                   ("POST", "/instance-operations/terminate", {"instance_ids": ["{}"]}),
                                   ("POST", "/instance-operations/restart", {"instance_ids": ["{}"]})):
            seen = [self.start_up.ask(method, "/api/v1" + path.format(one),
                                      json.dumps(body).replace("{}", one) if body else None) for one in (mine, nowhere)]
            self.assertEqual((seen[0].status, seen[0].text), (404, seen[1].text), path)
        key = self.team.get("/api/v1/ssh-keys").json["data"][0]["id"]
        self.assertEqual(self.start_up.ask("DELETE", "/api/v1/ssh-keys/" + key).status, 404)
        self.assertEqual(len(self.instances(self.team)), 1)

    def test_who_asks_must_be_known_and_have_an_account(self):
        for client in (Client(self.port), Client(self.port, "wrong")):
            answer = client.get("/api/v1/instances")
            self.assertEqual((answer.status, answer.json["error"]["code"]), (401, "global/invalid-api-key"))
        self.assertEqual(self.desk.get("/api/v1/instances").json["error"]["code"], "global/forbidden")
        basic = base64.b64encode((self.secrets["ai-team"] + ":").encode()).decode()
        self.assertEqual(Client(self.port).get("/api/v1/instances", Authorization="Basic " + basic).status, 200)

    def test_too_many_requests_are_told_when_to_come_again(self):
        slow = self.desk.post("/v1/keys", {"name": "slow", "party": "ai-team", "role": "tenant", "per_minute": 60})
        client = Client(self.port, slow.json["secret"])
        answers = [client.get("/api/v1/instances") for _ in range(14)]
        self.assertEqual(answers[0].status, 200)
        self.assertEqual((answers[-1].status, answers[-1].json["error"]["code"]), (429, "global/rate-limited"))
        self.assertGreaterEqual(int(answers[-1].headers["Retry-After"]), 1)

    def test_a_made_key_is_one_that_openssh_reads(self):
        made = self.team.post("/api/v1/ssh-keys", {"name": "made"}).json["data"]
        path = self.write("id_rsa", made["private_key"])
        os.chmod(path, 0o600)
        public = subprocess.run(["ssh-keygen", "-y", "-f", path], capture_output=True, text=True, check=True).stdout
        self.assertEqual(public.split()[:2], made["public_key"].split()[:2])
        self.assertNotIn("private_key", json.dumps(self.team.get("/api/v1/ssh-keys").json))


class Accepted(LambdaTest):
    """Nothing is active that has not passed its test."""

    substrate = "none"

    def test_an_instance_boots_until_its_test_is_passed(self):
        self.add_key(self.team)
        hexadecimal = self.launch(self.team)[0]
        status = lambda: self.team.get("/api/v1/instances/" + hexadecimal).json["data"]
        self.assertEqual((status()["status"], "ip" in status()), ("booting", False))
        name = self.desk.get("/v1/instances").json["data"][0]["id"]
        report = {"ip": "127.0.0.1", "private_ip": "127.0.0.2"}
        refused = self.desk.post(f"/v1/instances/{name}/report", report)
        self.assertEqual((refused.status, refused.json["code"]), (409, "tests_missing"))
        self.assertEqual(self.team.post(f"/v1/instances/{name}/report", {**report, "test": "cuda"}).status, 403)
        self.assertEqual(self.desk.post(f"/v1/instances/{name}/report", {**report, "test": "cuda, nccl, ssh"}).status, 200)
        self.assertEqual((status()["status"], status()["ip"]), ("active", "127.0.0.1"))
        server = self.desk.get("/v1/instances").json["data"][0]["servers"]
        moved = self.desk.post("/v1/servers/move", {"servers": [server], "to": "repair", "reason": "xid 79"})
        self.assertEqual(moved.status, 200, moved.text)
        self.assertEqual(status()["status"], "booting", "a server that is free stands in, and is tested first")


if __name__ == "__main__":
    unittest.main(verbosity=2)
