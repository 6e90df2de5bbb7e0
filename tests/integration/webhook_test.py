#!/usr/bin/env python3
"""Webhooks: told in order, signed, again where they fail, from where they were after a restart, and only of what is
their party's."""

import base64
import hashlib
import hmac
import http.server
import json
import signal
import subprocess
import threading
import time
import unittest

from peers import python_of
from rental import PUBLIC_KEY
from service import Client, ServiceTest


class Receiver:
    """An address that is told; it answers as `statuses` say, one after the other, and then 204."""

    def __init__(self, statuses=()):
        self.statuses, self.messages, self.refused = list(statuses), [], 0
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = receiver.statuses.pop(0) if receiver.statuses else 204
                if status == 204:
                    receiver.messages.append((self.path, dict(self.headers.items()), body))
                else:
                    receiver.refused += 1
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/leasehold?hook=1"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def events(self):
        return [event for _, _, body in self.messages for event in json.loads(body)["events"]]


def until(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("it did not come to pass")
        time.sleep(0.05)


class WebhookTest(ServiceTest):
    anywhere = ("--webhooks-anywhere",)

    def setUp(self):
        super().setUp()
        self.play_comet()
        self.desk_secret = self.key("desk", "--role", "owner")
        self.partys_secret = self.key("cloud", "--party", "regional-cloud", "--role", "tenant_admin")

    def start(self, **options):
        self.serve(*self.anywhere, **options)
        self.desk = Client(self.port, self.desk_secret)
        self.partys = Client(self.port, self.partys_secret)

    def receiver(self, *statuses):
        receiver = Receiver(statuses)
        self.addCleanup(receiver.close)
        return receiver

    def hook(self, client, name, receiver, **fields):
        answer = client.post("/v1/webhooks", {"name": name, "url": receiver.url, **fields})
        self.assertEqual(answer.status, 200, answer.text)
        return answer.json["secret"]

    def add_party(self, name):
        answer = self.desk.post("/v1/parties", {"name": name})
        self.assertEqual(answer.status, 200, answer.text)
        return answer.json["facts"][0]["sequence"]

    def status_of(self, name):
        return next(row for row in self.desk.get("/v1/webhooks").json["data"] if row["name"] == name)


class Webhooks(WebhookTest):
    def test_they_are_told_what_happens_in_order_and_signed(self):
        self.start()
        receiver = self.receiver()
        secret = self.hook(self.desk, "books", receiver, kinds=["party_defined"])
        self.assertNotIn(secret, self.desk.get("/v1/webhooks").text)
        made = [self.add_party(f"lab{i}") for i in range(30)]
        until(lambda: len(receiver.events()) == 30)
        self.assertEqual([event["sequence"] for event in receiver.events()], made)
        first = receiver.events()[0]
        self.assertEqual((first["kind"], first["actor"]), ("party_defined", "desk"))
        self.assertIn("lab0", first["what"])
        for path, headers, body in receiver.messages:
            signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
            key = base64.b64decode(secret.removeprefix("whsec_"))
            expected = "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
            self.assertEqual(headers["webhook-signature"], expected)
            self.assertEqual(path, "/leasehold?hook=1")
        self.assertEqual(len({headers["webhook-id"] for _, headers, _ in receiver.messages}), len(receiver.messages))
        until(lambda: self.status_of("books")["told_to"] >= made[-1])

    def test_the_standards_own_library_takes_the_signature(self):
        programs = python_of("standardwebhooks", ["standardwebhooks==1.0.1"])
        self.start(now=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))
        receiver = self.receiver()
        secret = self.hook(self.desk, "books", receiver)
        self.add_party("lab")
        until(lambda: receiver.messages)
        _, headers, body = receiver.messages[0]
        check = ("import json,sys,standardwebhooks as s; secret, headers, body = json.load(sys.stdin);"
                 "s.Webhook(secret).verify(body, headers)")
        for said, good in ((body.decode(), True), (body.decode().replace("lab", "bal"), False)):
            done = subprocess.run([programs + "/python", "-c", check], input=json.dumps([secret, headers, said]),
                                  capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode == 0, good, done.stderr)

    def test_what_was_not_taken_is_told_again(self):
        self.start()
        receiver = self.receiver(500, 302)
        self.hook(self.desk, "books", receiver, kinds=["party_defined"])
        made = self.add_party("lab")
        until(lambda: self.status_of("books")["status"] == "it answered 500")
        until(receiver.events)
        self.assertEqual([event["sequence"] for event in receiver.events()], [made])
        self.assertEqual(receiver.refused, 2)
        until(lambda: self.status_of("books")["status"] == "well")

    def test_one_that_does_not_answer_keeps_nobody_waiting(self):
        self.start()
        gone, receiver = self.receiver(), self.receiver()
        gone.close()
        self.hook(self.desk, "gone", gone)
        self.hook(self.desk, "books", receiver)
        self.add_party("lab")
        until(receiver.events)
        until(lambda: "refused" in self.status_of("gone")["status"])

    def test_after_a_kill_nothing_is_left_out(self):
        self.start()
        receiver = self.receiver()
        self.hook(self.desk, "books", receiver, kinds=["party_defined"])
        made = [self.add_party("lab0")]
        until(receiver.events)
        self.server.send_signal(signal.SIGKILL)
        self.server.wait()
        self.stop()
        self.start()
        made += [self.add_party("lab1")]
        until(lambda: made[-1] in [event["sequence"] for event in receiver.events()])
        told = [event["sequence"] for event in receiver.events()]
        self.assertEqual(sorted(set(told)), made, "each, and some perhaps twice: their numbers tell")

    def test_it_is_told_again_from_a_fact_on(self):
        self.start()
        receiver = self.receiver()
        self.hook(self.desk, "books", receiver, kinds=["party_defined"])
        made = [self.add_party(f"lab{i}") for i in range(3)]
        until(lambda: len(receiver.events()) == 3)
        replayed = self.desk.post("/v1/webhooks/books/replay", {"from": made[1]})
        self.assertEqual(replayed.status, 200, replayed.text)
        until(lambda: len(receiver.events()) == 5)
        self.assertEqual([event["sequence"] for event in receiver.events()][3:], made[1:])
        refused = self.desk.post("/v1/webhooks/books/replay", {"from": 10 ** 9})
        self.assertEqual((refused.status, refused.json["code"]), (400, "invalid_value"))

    def test_a_partys_is_told_of_what_is_its_own(self):
        self.start()
        receiver, all_of_it = self.receiver(), self.receiver()
        self.hook(self.partys, "own", receiver, party="regional-cloud")
        self.hook(self.desk, "all", all_of_it)
        self.add_party("lab")
        key = self.partys.post("/v1/ssh-keys", {"name": "k", "party": "regional-cloud", "public_key": PUBLIC_KEY})
        self.assertEqual(key.status, 200, key.text)
        until(receiver.events)
        until(lambda: "ssh_key_added" in [event["kind"] for event in all_of_it.events()])
        self.assertEqual([event["kind"] for event in receiver.events()], ["ssh_key_added"])
        self.assertNotIn("what", receiver.events()[0])
        # Another's is not seen, and cannot be taken away.
        self.assertEqual([row["name"] for row in self.partys.get("/v1/webhooks").json["data"]], ["own"])
        seen = [self.partys.post(f"/v1/webhooks/{name}/remove") for name in ("all", "none")]
        self.assertEqual((seen[0].status, seen[0].text), (404, seen[1].text.replace("none", "all")))
        self.assertEqual(self.partys.post("/v1/webhooks", {"name": "whole", "url": receiver.url}).status, 403)
        self.assertEqual(self.partys.post("/v1/webhooks/own/remove").status, 200)
        self.assertEqual(self.partys.get("/v1/webhooks").json["data"], [])

    def test_a_party_is_told_when_its_budget_is_reached(self):
        self.start()
        receiver = self.receiver()
        self.hook(self.partys, "own", receiver, party="regional-cloud", kinds=["spend_budget_reached"])
        budget = self.partys.post("/v1/spend-budgets", {"party": "regional-cloud", "monthly": "9 million USD",
                                                        "alerts": ["50%", "90%"]})
        self.assertEqual(budget.status, 200, budget.text)
        until(receiver.events)
        row, = self.partys.get("/v1/spend-budgets").json["data"]
        self.assertEqual((row["party"], row["reached"]), ("regional-cloud", 500))
        self.assertEqual([event["kind"] for event in receiver.events()], ["spend_budget_reached"])
        # It is another's business neither to set nor to see it.
        self.assertEqual(self.partys.post("/v1/spend-budgets", {"party": "ai-lab", "monthly": "1 USD"}).status, 403)
        self.assertEqual(self.partys.get("/v1/spend/ai-lab").json["data"], [])

    def test_what_cannot_be_told_is_refused(self):
        for url in ("ftp://books.example", "https://jane@books.example/", "books.example"):
            said = self.answer("webhook", "add", "books", "--url", url, status=1)
            self.assertIn("an address such as https://", said)
        said = self.answer("webhook", "add", "books", "--url", "https://books.example", "--kinds", "party_defined,lunch",
                           status=1)
        self.assertIn("lunch", said)
        said = self.answer("webhook", "remove", "books", status=2)
        self.assertIn("'leasehold webhook list'", said)


class Guarded(WebhookTest):
    """A party may not reach what is next to the server."""

    anywhere = ()

    def test_it_is_told_at_public_addresses_only(self):
        self.start()
        receiver, desks = self.receiver(), self.receiver()
        for name, url in (("own", receiver.url), ("named", receiver.url.replace("127.0.0.1", "localhost"))):
            added = self.partys.post("/v1/webhooks", {"name": name, "party": "regional-cloud", "url": url})
            self.assertEqual(added.status, 200, added.text)
        self.hook(self.desk, "desks", desks)
        key = self.partys.post("/v1/ssh-keys", {"name": "k", "party": "regional-cloud", "public_key": PUBLIC_KEY})
        self.assertEqual(key.status, 200, key.text)
        until(desks.events)
        for name in ("own", "named"):
            until(lambda: "it is not at a public address" in self.status_of(name)["status"])
        self.assertEqual(receiver.messages, [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
