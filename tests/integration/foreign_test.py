#!/usr/bin/env python3
"""A party reads and changes only what it is a side of: every operation of the API's own document is tried with
every object of others, in every field that could name one. What is another's must look like what does not exist,
and nothing may change."""

import json
import re
import unittest
import urllib.parse

from service import Client, ServiceTest

# What a field takes where the object under trial is in another.
FITTING = {"account": "b200-home", "amount": "1 USD", "change": "extend", "for": "1 day", "from": "2026-07-01",
           "kind": "committed", "lessee": "ai-lab", "lessor": "regional-cloud", "name": "trial", "on": "2026-07-01",
           "owner": "regional-cloud", "public_key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMbB", "region": "us",
           "party": "regional-cloud", "period": "2026-05", "price": "1 USD/accelerator-hour",
           "quantity": "1 server", "rate": "1 USD", "reason": "trial", "role": "tenant", "seller": "regional-cloud",
           "servers": "1", "start": "2026-07-01", "tenant": "regional-cloud", "term": "1 month", "to": "2026-08-01",
           "until": "2026-08-01", "unit": "GB", "url": "https://trial.example", "with": "nvidia", "on_demand": "1 USD", "share": "1 %", "lost": "1"}
NOWHERE = "no-such-thing"


class Foreign(ServiceTest):
    def setUp(self):
        super().setUp()
        self.play_comet()
        self.answer("quote", "issue", "--name", "secret-quote", "--lessor", "lambda", "--lessee", "midjourney",
                    "--pool", "b200-home", "--quantity", "1 server", "--start", "2026-08-01", "--term", "1 month",
                    "--price", "7.77 USD/accelerator-hour")
        self.answer("invoice", "run", "--through", "2026-05")
        self.answer("ssh-key", "add", "secret-key", "--party", "ai-lab", "--public-key", FITTING["public_key"])
        self.answer("file-system", "create", "secret-disk", "--party", "ai-lab", "--region", FITTING["region"])
        self.answer("firewall", "set", "secret-wall", "--party", "ai-lab", "--allow", "tcp 22 from 203.0.113.7/32")
        self.answer("webhook", "add", "secret-hook", "--party", "ai-lab", "--url", "https://secret.example/hook")
        self.answer("user", "set", "li@secret.example", "--party", "ai-lab", "--role", "tenant")
        desk = self.key("desk", "--role", "owner")
        self.secrets = {role: self.key("party-" + role.replace("_", "-"), "--party", "regional-cloud", "--role", role)
                        for role in ("owner", "tenant_admin", "finance")}
        self.serve("--per-minute", "10000000")
        self.desk = Client(self.port, desk)

    def others(self):
        """The names and ids of what regional-cloud is no side of."""
        party = "regional-cloud"
        rows = lambda path: self.desk.get(path + "?limit=10000").json["data"]
        names = set()
        for row in rows("/v1/leases"):
            if party not in (row["lessor"], row["lessee"]):
                names |= {row["line"], row["line"].rsplit(".", 1)[0]}
        for row in rows("/v1/quotes"):
            if party not in (row["lessor"], row["lessee"]):
                names |= {row["id"], row["name"]}
        foreign = [row for row in rows("/v1/invoices") if party not in (row["lessor"], row["lessee"])]
        names |= {row["id"] for row in foreign[:6]}
        for path in ("/v1/ssh-keys", "/v1/file-systems", "/v1/firewalls"):
            names |= {row[column] for row in rows(path) for column in ("id", "name") if row["party"] != party}
        names |= {row["id"] for row in rows("/v1/deliveries")} | {row["name"] for row in rows("/v1/deliveries")}
        names |= {row["id"] for row in rows("/v1/keys") if row["party"] != party}
        names |= {row["name"] for row in rows("/v1/webhooks")} | {row["email"] for row in rows("/v1/users")}
        names |= {row["name"] for row in rows("/v1/commitments")} if rows("/v1/commitments") else set()
        # Who is in the cloud is no secret: a seller names its customers. What they have is.
        parties = {row["name"] for row in rows("/v1/parties")}
        return sorted(name for name in names - parties if name)

    def request(self, client, method, path, fields):
        """The request with each field where the operation takes it."""
        for name in re.findall(r"\{(\w+)\}", path):
            path = path.replace("{" + name + "}", urllib.parse.quote(fields.pop(name), safe=""))
        if method == "GET":
            return client.get(path + "?" + urllib.parse.urlencode(fields))
        return client.post(path + "?dry_run=true", fields)  # what is allowed is kept neither

    def test_what_is_anothers_looks_like_what_does_not_exist(self):
        document = self.desk.get("/v1/openapi.json").json
        others = self.others()
        self.assertGreater(len(others), 40)
        # Beside what a server reports by itself.
        own = "&".join(f"kind.ne={kind}" for kind in ("requests_refused", "access_used", "webhook_reported"))
        facts = lambda: len(self.desk.get(f"/v1/journal?{own}&limit=10000").json["data"])
        before = facts()
        tried, denied = 0, 0
        for role, secret in self.secrets.items():
            client = Client(self.port, secret)
            for path, methods in document["paths"].items():
                if path == "/v1/events":  # it does not end; service_test.py follows it
                    continue
                for method, operation in methods.items():
                    schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
                    fields = {one["name"]: one.get("required", False) for one in operation["parameters"] if "name" in one}
                    fields.update({name: name in schema.get("required", []) for name in schema.get("properties", {})})
                    lists = {name for name, kind in schema.get("properties", {}).items() if kind["type"] == "array"}
                    if not fields or client.ask(method.upper(), path.replace("{", "").replace("}", ""),
                                                None if method == "get" else {}).status == 403:
                        denied += 1
                        continue
                    # A new name is no reference: names are one for the whole cloud, and told where taken. So is an address.
                    for field in fields.keys() - {"name", "email" if path == "/v1/users" else "name"}:
                        given = {name: FITTING.get(name, "1") for name, needed in fields.items() if needed}
                        def answer(value):
                            ask = dict(given)
                            ask[field] = [value] if field in lists else value
                            return self.request(client, method.upper(), path, ask)
                        nowhere = answer(NOWHERE)
                        for other in others:
                            seen = answer(other)
                            tried += 1
                            said = f"{role} {method} {path} {field}={other}: {seen.status} {seen.text[:300]}"
                            self.assertEqual(seen.status, nowhere.status, said)
                            # What would be the next fact's number moves on with the audit's facts.
                            plain = lambda text: re.sub(r'"sequence":\d+', "", text.replace(other, NOWHERE))
                            self.assertEqual(plain(seen.text), plain(nowhere.text), said)
        self.assertEqual(facts(), before, "something was changed")
        print(f"{tried} pairs of an operation and another's object tried, none open; "
              f"{denied} operations are not for the role")
        self.assertGreater(tried, 5000)

    def test_lists_have_only_what_is_its_own(self):
        client = Client(self.port, self.secrets["owner"])
        names = {name for name in self.others() if not re.fullmatch(r"(lease|quote|key|delivery|ssh-key|file-system|firewall)-\d+(\.\d+)?", name)}
        names |= {"midjourney", "secret-quote", "7.77", "203.0.113.7", "secret.example"}
        document = self.desk.get("/v1/openapi.json").json
        for path, methods in document["paths"].items():
            if "get" not in methods or "{" in path or path == "/v1/events":
                continue
            answer = client.get(path)
            if answer.status != 200:
                continue
            words = set(re.findall(r"[\w.-]+", answer.text))
            self.assertEqual(words & names, set(), path)


if __name__ == "__main__":
    unittest.main(verbosity=2)
