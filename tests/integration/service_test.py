#!/usr/bin/env python3
"""The HTTP service from the outside: what is asked, by whom, and what is said where it is wrong."""

import gzip
import json
import os
import re
import shutil
import socket
import subprocess
import threading
import time
import unittest

from service import Client, ServiceTest
from support import NOW

LEASE = {"name": "lab", "lessor": "lambda", "lessee": "midjourney", "pool": ["b200-home"], "quantity": "8 servers",
         "start": "2026-07-01", "term": "1 year", "price": "3 USD/accelerator-hour"}


class Native(ServiceTest):
    def setUp(self):
        super().setUp()
        self.play_comet()
        self.secret = self.key("desk", "--role", "owner")
        self.serve()
        self.desk = Client(self.port, self.secret)

    def test_rows_are_filtered_sorted_cut_and_paged(self):
        every = self.desk.get("/v1/leases").json["data"]
        self.assertEqual(len(every), len({row["line"] for row in every}))
        wide = self.desk.get("/v1/leases?runs_then.ge=8000&sort=-runs_then&fields=line,runs_then").json["data"]
        self.assertEqual(wide, [{"line": "comet.1", "runs_then": 10000}, {"line": "add-on.1", "runs_then": 8000}])
        self.assertEqual({row["lessee"] for row in self.desk.get("/v1/leases?lessee=nvidia").json["data"]}, {"nvidia"})
        paged, cursor = [], "0"
        while cursor:
            page = self.desk.get(f"/v1/leases?limit=3&cursor={cursor}").json
            self.assertLessEqual(len(page["data"]), 3)
            paged += page["data"]
            cursor = page.get("next")
        self.assertEqual(paged, every)

    def test_the_past_and_the_planned_can_be_asked_about(self):
        def runs(at):
            rows = self.desk.get(f"/v1/leases?at={at}&line=comet.1").json["data"]
            return [row["runs_then"] for row in rows]
        self.assertEqual([runs("2025-01-02"), runs("2026-01-02"), runs("2029-12-31"), runs("2030-01-02")],
                         [[], [2500], [10000], [0]])

    def test_many_requests_come_as_one_and_are_answered_in_order(self):
        ask = lambda method, path, body=None, **more: {"method": method, "path": path, "body": body, **more}
        wanted = [ask("POST", "/v1/parties", {"name": "first"}), ask("GET", "/v1/parties?name=first&fields=name"),
                  ask("POST", "/v1/parties", {"name": "first"}), ask("GET", "/v1/leases/no-such"),
                  ask("POST", "/v1/leases", LEASE, idempotency_key="b-1"), ask("POST", "/v1/leases", LEASE, idempotency_key="b-1")]
        answers = self.desk.post("/v1/batch", {"requests": wanted}).json["answers"]
        self.assertEqual([answer["status"] for answer in answers], [200, 200, 409, 404, 200, 200])
        self.assertEqual(answers[1]["body"], {"data": [{"name": "first"}]})
        self.assertEqual(answers[2]["body"]["code"], "name_taken")
        self.assertEqual(answers[4], answers[5])
        answers = self.desk.post("/v1/batch", {"requests": [ask("POST", "/v1/parties", {"name": name}) for name in
                                                            ("one", "one", "two")], "stop": True}).json["answers"]
        self.assertEqual([answer["status"] for answer in answers], [200, 409])
        many = self.desk.post("/v1/batch", {"requests": [ask("GET", "/v1/skus")] * 1000}).json["answers"]
        self.assertEqual({answer["status"] for answer in many}, {200})
        self.assertEqual(len(many), 1000)

    def test_a_batch_that_is_wrong_does_nothing_and_says_where(self):
        wrong = self.desk.post("/v1/batch", {"requests": [
            {"method": "POST", "path": "/v1/parties", "body": {"name": "never"}}, {"method": "PUT", "path": "/v1/parties"},
            {"method": "POST", "path": "/v1/batch"}, 7], "stop": "yes"})
        self.assertEqual(wrong.status, 400)
        self.assertEqual([error["field"] for error in wrong.json["errors"]],
                         ["requests[1].method", "requests[2].path", "requests[3]", "stop"])
        self.assertNotIn("never", self.desk.get("/v1/parties").text)
        for body in ({}, {"requests": []}, {"requests": [{}] * 1001}, "[", {"requests": [{}], "more": 1}):
            self.assertEqual(self.desk.post("/v1/batch", body).status, 400)
        lab = self.desk.post("/v1/keys", {"name": "lab", "party": "ai-lab", "role": "tenant"}).json["secret"]
        answer = Client(self.port, lab).post("/v1/batch", {"requests": [{"method": "GET", "path": "/v1/sites"},
                                                                        {"method": "GET", "path": "/v1/instances"}]})
        self.assertEqual([one["status"] for one in answer.json["answers"]], [403, 200])

    def test_lines_are_answered_one_by_one(self):
        line = lambda path, **body: json.dumps({"method": "POST", "path": path, "body": body})
        lines = [line("/v1/parties", name=f"lab{i}") for i in range(1500)]
        lines[700] = line("/v1/parties", name="lab0")
        lines[900] = "no JSON"
        answer = self.desk.post("/v1/batch", "\n".join(lines) + "\n", Content_Type="application/x-ndjson")
        said = [json.loads(one) for one in answer.text.splitlines()]
        self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, "application/x-ndjson"))
        self.assertEqual([one["line"] for one in said], list(range(1, 1501)))
        self.assertEqual({one["line"]: one["status"] for one in said if one["status"] != 200}, {701: 409, 901: 400})
        self.assertEqual(self.desk.get("/v1/parties?name.contains=lab&limit=10000").text.count('"name":"lab'), 1498)
        stopped = self.desk.post("/v1/batch?stop=true", lines[700] + "\n" + line("/v1/parties", name="never"),
                                 Content_Type="application/x-ndjson")
        self.assertEqual([json.loads(one)["status"] for one in stopped.text.splitlines()], [409])
        self.assertEqual(self.desk.post("/v1/batch?stop=yes", "{}", Content_Type="application/x-ndjson").status, 400)

    def test_lines_of_a_client_that_has_gone_are_not_asked(self):
        lines = "".join(json.dumps({"method": "POST", "path": "/v1/parties", "body": {"name": f"gone{i}"}}) + "\n"
                        for i in range(20_000)).encode()
        with socket.create_connection(("127.0.0.1", self.port)) as client:
            client.sendall(f"POST /v1/batch HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self.secret}\r\nContent-Type: "
                           f"application/x-ndjson\r\nContent-Length: {len(lines)}\r\n\r\n".encode() + lines)
            said = b""
            while b'"line":1,' not in said:
                said += client.recv(1 << 16)
        count = lambda: self.desk.get("/v1/parties?name.contains=gone&limit=10000").text.count('"name":"gone')
        before = -1
        while before != (now := count()):
            before = now
            time.sleep(0.5)
        self.assertLess(before, 19_000)

    def test_a_change_with_a_known_key_is_done_once(self):
        first = self.desk.post("/v1/leases", LEASE, Idempotency_Key="order-1")
        self.assertEqual(first.status, 200)
        self.assertEqual(first.json["facts"][0]["kind"], "lease_signed")
        again = self.desk.post("/v1/leases", LEASE, Idempotency_Key="order-1")
        self.assertEqual((again.status, again.json), (200, first.json))
        self.assertEqual(again.headers["Idempotency-Replayed"], "true")
        other = self.desk.post("/v1/leases", {**LEASE, "name": "more"}, Idempotency_Key="order-1")
        self.assertEqual((other.status, other.json["code"]), (409, "request_differs"))
        self.assertEqual(len(self.desk.get("/v1/leases?line=lab.1").json["data"]), 1)

    def test_a_key_that_came_twice_at_once_is_done_once(self):
        answers = []
        def ask():
            answers.append(Client(self.port, self.secret).post("/v1/leases", LEASE, Idempotency_Key="order-2"))
        threads = [threading.Thread(target=ask) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual({answer.status for answer in answers}, {200})
        self.assertEqual(len({answer.text for answer in answers}), 1)

    def test_a_known_key_is_known_to_the_next_server_too(self):
        first = self.desk.post("/v1/leases", LEASE, Idempotency_Key="order-3")
        self.assertEqual(self.stop(), 0)
        self.serve()
        again = Client(self.port, self.secret).post("/v1/leases", LEASE, Idempotency_Key="order-3")
        self.assertEqual(again.json, first.json)

    def test_a_refusal_names_the_field_the_rule_and_the_nearest(self):
        answer = self.desk.post("/v1/leases", {**LEASE, "quantity": "10000 servers"})
        self.assertEqual((answer.status, answer.headers["Content-Type"]), (409, "application/problem+json"))
        problem = answer.json
        self.assertEqual((problem["code"], problem["account"], problem["first_at"]),
                         ("capacity_short", "b200-home", "2026-07-01T00:00:00Z"))
        self.assertEqual(problem["asked"] - problem["short_by"], problem["nearest"][0]["atoms"])
        fits = problem["nearest"][0]["atoms"] // 8
        self.assertEqual(self.desk.post("/v1/leases", {**LEASE, "quantity": f"{fits} servers"}).status, 200)

    def test_wrong_input_is_said_all_together_and_changes_nothing(self):
        before = self.desk.get("/v1/journal/hash").text
        answer = self.desk.post("/v1/leases", {"lessee": "nobody", "quantity": "5 monkeys", "colour": 3,
                                               "pool": ["b200-home"], "start": "soon", "term": "1 year",
                                               "price": "3 USD/accelerator-hour"})
        self.assertEqual(answer.status, 400)
        self.assertEqual([error["field"] for error in answer.json["errors"]], ["colour"])
        answer = self.desk.post("/v1/leases", {"lessee": "nobody", "quantity": "5 monkeys", "pool": ["b200-home"],
                                               "start": "soon", "term": "1 year", "price": "3 USD/accelerator-hour"})
        self.assertEqual({error["field"] for error in answer.json["errors"]},
                         {"lessee", "quantity", "start"})
        for body in ("{", "[]", "3", '{"quantity": {"a": 1}}', '{"pool": [[1]]}'):
            self.assertEqual(self.desk.post("/v1/leases", body).status, 400, body)
        self.assertEqual(self.desk.get("/v1/journal/hash").text, before)

    def test_a_dry_run_says_what_would_happen_and_keeps_nothing(self):
        before = self.desk.get("/v1/journal/hash").text
        answer = self.desk.post("/v1/leases?dry_run=true", LEASE).json
        self.assertEqual((answer["dry_run"], answer["facts"][0]["kind"]), (True, "lease_signed"))
        self.assertEqual(self.desk.get("/v1/journal/hash").text, before)

    def test_a_question_changes_nothing(self):
        answer = self.desk.get("/v1/sites/home/power?add=3MW")
        self.assertEqual((answer.status, answer.json["code"]), (405, "method_not_allowed"))

    def test_people_and_spreadsheets_read_the_same_rows(self):
        self.assertEqual(self.desk.get("/v1/pools", Accept="text/plain").text, self.answer("pool", "list"))
        for path, command in (("/v1/leases/comet", ("lease", "show", "comet")),
                              ("/v1/pools/b200-kansas-city/holders", ("pool", "holders", "b200-kansas-city")),
                              ("/v1/calendars/comet", ("calendar", "comet"))):
            self.assertEqual(self.desk.get(path, Accept="text/plain").text, self.answer(*command))
        self.assertEqual(self.desk.get("/v1/pools", Accept="text/csv").text, self.answer("pool", "list", "-o", "csv"))
        self.assertEqual(self.desk.get("/v1/pools").json["data"],
                         json.loads(self.answer("pool", "list", "-o", "json")))

    def test_what_is_as_it_was_is_not_sent_again(self):
        first = self.desk.get("/v1/leases")
        again = self.desk.get("/v1/leases", If_None_Match=first.headers["ETag"])
        self.assertEqual((again.status, again.bytes), (304, b""))
        self.desk.post("/v1/leases", LEASE)
        self.assertEqual(self.desk.get("/v1/leases", If_None_Match=first.headers["ETag"]).status, 200)

    def test_what_is_long_comes_compressed_where_it_is_taken(self):
        plain, packed = self.desk.get("/v1/leases"), self.desk.get("/v1/leases", Accept_Encoding="gzip")
        self.assertEqual(packed.headers["Content-Encoding"], "gzip")
        self.assertLess(len(packed.bytes), len(plain.bytes) / 2)
        self.assertEqual(gzip.decompress(packed.bytes), plain.bytes)

    def test_an_invoice_comes_as_paper_html_xml_and_json(self):
        self.assertEqual(self.desk.post("/v1/invoices/run", {"through": "2026-05"}).status, 200)
        for form, kind, begins in (("pdf", "application/pdf", b"%PDF"), ("html", "text/html", b"<!doctype"),
                                   ("ubl", "application/xml", b"<?xml"), ("json", "application/json", b"{")):
            answer = self.desk.get(f"/v1/invoices/invoice-3?format={form}")
            self.assertTrue(answer.headers["Content-Type"].startswith(kind), answer.headers["Content-Type"])
            self.assertTrue(answer.bytes.startswith(begins), answer.bytes[:40])

    def test_a_plan_is_applied_as_from_a_file(self):
        answer = self.desk.post("/v1/plan", {"file": "format: 1\nparties:\n  - {name: newcomer}\n"})
        self.assertEqual((answer.status, answer.json["facts"][0]["kind"]), (200, "party_defined"))
        self.assertEqual(self.desk.post("/v1/plan", {"file": "format: 1\nparties: 3\n"}).status, 400)


class Events(ServiceTest):
    def setUp(self):
        super().setUp()
        self.play_comet()
        self.secret = self.key("desk", "--role", "owner")
        self.other = self.key("reader", "--party", "regional-cloud", "--role", "tenant_admin")
        self.serve()

    def follow(self, secret, count, after=None, most=20):
        stream = socket.create_connection(("127.0.0.1", self.port), timeout=most)
        where = "/v1/events" + (f"?after={after}" if after is not None else "")
        stream.sendall(f"GET {where} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {secret}\r\n\r\n".encode())
        seen = b""
        try:
            while len(re.findall(rb"\nevent: ", seen)) < count:
                part = stream.recv(65536)
                if not part:
                    break
                seen += part
        except TimeoutError:
            pass
        stream.close()
        self.assertIn(b"text/event-stream", seen)
        return [(int(number), kind.decode()) for number, kind in re.findall(rb"id: (\d+)\nevent: (\w+)", seen)]

    def test_every_fact_comes_once_in_order_from_any_number(self):
        whole = self.follow(self.secret, 40, after=0)
        self.assertEqual([number for number, _ in whole[:40]], list(range(1, 41)))
        self.assertEqual(self.follow(self.secret, 5, after=10)[:5], whole[10:15])

    def test_what_happens_comes_at_once(self):
        seen = []
        follower = threading.Thread(target=lambda: seen.extend(self.follow(self.secret, 1)))
        follower.start()
        time.sleep(0.3)
        Client(self.port, self.secret).post("/v1/parties", {"name": "newcomer"})
        follower.join()
        self.assertEqual([kind for _, kind in seen], ["party_defined"])

    def test_a_party_is_told_of_what_is_its_own(self):
        mine = self.follow(self.other, 1000, after=0, most=1)
        kinds = {kind for _, kind in mine}
        self.assertIn("lease_signed", kinds)
        self.assertNotIn("party_defined", kinds)
        own = {row["line"].rsplit(".", 1)[0]
               for row in json.loads(self.answer("lease", "list", "--as", "regional-cloud", "-o", "json"))}
        self.assertEqual(len([1 for _, kind in mine if kind == "lease_signed"]), len(own))


class Access(ServiceTest):
    def setUp(self):
        super().setUp()
        self.play_comet()

    def test_without_a_key_that_works_nothing_is_said(self):
        secret = self.key("short", "--role", "owner", "--expires", "2026-06-16")
        gone = self.key("gone", "--role", "owner")
        self.answer("key", "revoke", "gone")
        self.serve()
        self.assertEqual(Client(self.port, secret).get("/v1/pools").status, 200)
        self.stop()
        self.serve(now="2026-06-17")
        for key in ("", "lh_wrong", secret, gone):
            answer = Client(self.port, key).get("/v1/pools")
            self.assertEqual((answer.status, answer.json["code"]), (401, "unauthorized"), key)

    def test_the_secret_is_kept_nowhere(self):
        secret = self.key("desk", "--role", "owner")
        self.assertNotIn(secret, self.answer("key", "list") + self.answer("journal", "export"))
        with open(self.store, "rb") as store:
            self.assertNotIn(secret.encode(), store.read())

    def test_a_role_does_what_it_is_for(self):
        asks = {"GET /v1/pools": None, "GET /v1/journal": None, "GET /v1/invoices": None, "GET /v1/keys": None,
                "POST /v1/parties": {"name": "x"}, "POST /v1/leases": LEASE,
                "POST /v1/taxes": {"seller": "lambda", "rate": "8 %", "from": "2026-07-01"},
                "POST /v1/keys": {"name": "k", "role": "auditor"}}
        allowed = {"owner": "11111111", "capacity": "10000100", "finance": "10100010", "auditor": "11110000",
                   "read_only": "10000000"}
        secrets = {role: self.key(role.replace("_", "-"), "--role", role) for role in allowed}
        self.serve()
        for role, expected in allowed.items():
            client = Client(self.port, secrets[role])
            got = ""
            for ask, body in asks.items():
                method, path = ask.split()
                status = client.ask(method, path + ("?dry_run=true" if method == "POST" else ""), body).status
                self.assertIn(status, (200, 403, 400), f"{role} {ask}")
                got += "0" if status == 403 else "1"
            self.assertEqual(got, expected, role)

    def test_a_key_that_asks_too_often_is_told_when_to_come_again(self):
        secret = self.key("slow", "--role", "owner", "--per-minute", "60")
        self.serve()
        client = Client(self.port, secret)
        answers = [client.get("/v1/skus") for _ in range(30)]
        late = [answer for answer in answers if answer.status == 429]
        self.assertTrue(10 <= len(late) <= 20, len(late))
        self.assertGreaterEqual(int(late[0].headers["Retry-After"]), 1)
        time.sleep(1.1)
        self.assertEqual(client.get("/v1/skus").status, 200)


class Transport(ServiceTest):
    def setUp(self):
        super().setUp()
        self.play_comet()
        self.secret = self.key("desk", "--role", "owner")

    def raw(self, text, most=30):
        stream = socket.create_connection(("127.0.0.1", self.port), timeout=most)
        stream.sendall(text)
        seen = b""
        while part := stream.recv(65536):
            seen += part
        stream.close()
        return seen

    def test_what_is_not_http_or_too_large_is_refused(self):
        self.serve()
        self.assertIn(b" 400 ", self.raw(b"not http at all\r\n\r\n"))
        self.assertIn(b" 431 ", self.raw(b"GET / HTTP/1.1\r\nX: " + b"a" * 40_000 + b"\r\n\r\n"))
        head = b"POST /v1/leases HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n"
        self.assertIn(b" 413 ", self.raw(head))

    def test_who_sends_slowly_is_dropped_and_nobody_waits_for_it(self):
        self.serve()
        slow = [socket.create_connection(("127.0.0.1", self.port), timeout=40) for _ in range(50)]
        for stream in slow:
            stream.sendall(b"POST /v1/leases HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        began = time.monotonic()
        self.assertEqual(Client(self.port, self.secret).get("/v1/skus").status, 200)
        self.assertLess(time.monotonic() - began, 5)
        seen = b""
        while part := slow[0].recv(4096):
            seen += part
        self.assertLess(time.monotonic() - began, 30)
        for stream in slow:
            stream.close()

    def ask_until_it_stops(self, number, said):
        client = Client(self.port, self.secret)
        try:
            while (answer := client.post("/v1/parties", {"name": f"p{number}-{len(said)}"})).status != 503:
                said.append((answer.status, answer.json["facts"][0]["sequence"]))
        except OSError:
            pass
        except Exception as wrong:  # a connection that ended between two requests
            self.assertIn("Disconnected", type(wrong).__name__)

    def test_a_stop_answers_what_was_accepted(self):
        said = []
        for round_ in range(5):
            self.serve()
            threads = [threading.Thread(target=self.ask_until_it_stops, args=(f"{round_}-{number}", said))
                       for number in range(8)]
            for thread in threads:
                thread.start()
            time.sleep(0.5)
            self.assertEqual(self.stop(), 0)
            for thread in threads:
                thread.join()
            self.assertGreater(len(said), 20 * (round_ + 1))
        self.assertEqual({status for status, _ in said}, {200})
        kept = {int(row["sequence"]) for row in json.loads(self.answer("journal", "list", "-o", "json"))}
        self.assertTrue({sequence for _, sequence in said} <= kept)
        self.answer("journal", "verify")

    def test_tls_is_spoken_where_a_certificate_is_named(self):
        pem, private = self.path("cert.pem"), self.path("key.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", private, "-out", pem,
                        "-days", "2", "-subj", "/CN=localhost"], check=True, capture_output=True)
        self.serve("--certificate", pem, "--private-key", private)
        done = subprocess.run(["curl", "-sS", "--cacert", pem, "--resolve", f"localhost:{self.port}:127.0.0.1",
                               "-H", f"Authorization: Bearer {self.secret}",
                               f"https://localhost:{self.port}/v1/skus"], check=True, capture_output=True, text=True)
        self.assertIn("dgx-b200", done.stdout)

    def test_metrics_are_as_prometheus_wants_them(self):
        if shutil.which("promtool") is None:
            self.skipTest("promtool (of Debian's prometheus) is not installed")
        self.serve()
        client = Client(self.port, self.secret)
        client.get("/v1/pools")
        for method in ("BREW", "STEEP"):
            self.assertEqual(client.ask(method, "/v1/pools").status, 405)
        text = client.get("/metrics").text
        self.assertIn('{method="other",route="unknown",status="405"} 2', text)
        self.assertIn('leasehold_http_requests_total{method="GET",route="/v1/pools",status="200"} 1', text)
        checked = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True,
                                 check=False)
        self.assertEqual((checked.returncode, checked.stdout + checked.stderr), (0, ""))

    def test_the_console_is_served_beside_the_apis(self):
        os.makedirs(self.path("console/assets"))
        self.write("console/index.html", '<meta name="nonce" content="{{nonce}}"><script src="/assets/main-1.js">')
        self.write("console/assets/main-1.js", "plain")
        self.write("console/assets/main-1.js.br", "pressed")
        self.serve("--console", self.path("console"))
        client = Client(self.port)
        page = client.get("/leases/comet", Accept="text/html,*/*")
        nonce = re.search('content="([^"]+)"', page.text).group(1)
        self.assertIn(f"'nonce-{nonce}'", page.headers["Content-Security-Policy"])
        self.assertIn("script-src 'self';", page.headers["Content-Security-Policy"])
        self.assertNotIn(nonce, client.get("/", Accept="text/html").text, "each page has a nonce of its own")
        script = client.get("/assets/main-1.js", Accept="*/*")
        self.assertEqual((script.text, script.headers["Content-Type"]), ("plain", "text/javascript; charset=utf-8"))
        self.assertIn("immutable", script.headers["Cache-Control"])
        pressed = client.get("/assets/main-1.js", Accept_Encoding="gzip, br")
        self.assertEqual((pressed.bytes, pressed.headers["Content-Encoding"]), (b"pressed", "br"))
        for path in ("/assets/other.js", "/../service.db", "/assets/../../service.db", "/v1/leases", "/api/v1/instances"):
            self.assertEqual(client.get(path, Accept="*/*").status, 401, path)
        self.assertEqual(client.get("/v1/leases", Accept="text/html").status, 401, "an API's path is no page")
        self.assertEqual(client.post("/", {}).status, 401)

    def test_a_console_that_is_not_there_is_said(self):
        said = self.answer("serve", "--console", self.path("nowhere"), status=2)
        self.assertIn("--console", said)
        self.assertIn("a folder with an index.html", said)

    def test_a_second_server_on_the_store_is_told_so(self):
        self.serve()
        self.assertIn("open in another process",
                      self.answer("serve", "--listen", "127.0.0.1:0", status=2))

    def test_each_request_is_logged_with_who_and_what(self):
        self.serve("--log", self.path("log"))
        Client(self.port, self.secret).get("/v1/pools")
        Client(self.port, "lh_wrong").get("/v1/pools")
        with open(self.path("log"), encoding="utf-8") as lines:
            logged = [json.loads(line) for line in lines]
        self.assertEqual([(one["who"], one["path"], one["status"]) for one in logged],
                         [("desk", "/v1/pools", 200), ("", "/v1/pools", 401)])


if __name__ == "__main__":
    unittest.main(verbosity=2)
