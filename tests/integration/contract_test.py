#!/usr/bin/env python3
"""The API against its own document: every operation has a path, and whatever is sent, the answer is one that the
document describes and never a failure of the server."""

import json
import os
import re
import subprocess
import unittest
import urllib.parse

from peers import node_of, python_of
from service import Client, ServiceTest
from support import BINARY

# What is asked where the files are, or of a store that nobody serves.
NOT_SERVED = {"fleet generate", "placement replay", "journal import", "journal copy", "completion", "serve", "routes", "version"}


def commands():
    """The words of every command, as the help lists them."""
    def listed(*words):
        text = subprocess.run([BINARY, *words, "--help"], capture_output=True, text=True, check=True).stdout
        found = re.search(r"Subcommands:\n((?:  .*\n?)*)", text)
        return re.findall(r"^  (\S+)", found.group(1), re.M) if found else []
    for noun in listed():
        verbs = listed(noun)
        yield from (f"{noun} {verb}" for verb in verbs) if verbs else [noun]


class Document(ServiceTest):
    def test_every_operation_has_a_path(self):
        rows = json.loads(subprocess.run([BINARY, "routes", "-o", "json"], capture_output=True, text=True,
                                         check=True).stdout)
        self.assertEqual(set(commands()), {row["operation"] for row in rows} | NOT_SERVED)

    def test_the_document_names_each_operation_once_and_all_that_it_refers_to(self):
        self.play_comet()
        self.serve()
        document = Client(self.port).get("/v1/openapi.json").json
        ids = [operation["operationId"] for methods in document["paths"].values() for operation in methods.values()]
        self.assertEqual(len(ids), len(set(ids)))
        for reference in re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(document)):
            place = document
            for part in reference.split("/"):
                place = place[part]


# Of the Comet story, for parts of paths and for what has to be said.
KNOWN = {"account": "b200-home", "pool": "b200-home", "lease": "comet", "line": "comet.1", "party": "lambda",
         "lessor": "lambda", "lessee": "nvidia", "with": "nvidia", "landlord": "lambda", "by": "90 days",
         "quantity": "1 server", "period": "2026-07", "from": "2026-07", "through": "2026-09", "year": "2026",
         "target": "1000000 USD", "revenue": "1000000 USD", "invoice": "invoice-1"}
ALSO = {"/v1/free": {"open": "true"}, "/v1/earliest": {"for": "1 month"}}
HOLDS = {"money": r"0|-?\d+(\.\d+)? [A-Z]{3}", "moment": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "text": "(?s).*"}


class Columns(ServiceTest):
    """Rows are as the document says: the same columns in the same order, each with what it holds."""

    def columns(self, operation):
        schema = operation["responses"]["200"].get("content", {}).get("application/json", {}).get("schema", {})
        return schema.get("properties", {}).get("data", {}).get("items", {}).get("properties", {})

    def path_of(self, path, operation):
        asked = re.sub(r"\{(\w+)\}", lambda part: KNOWN[part.group(1)], path)
        needed = [parameter["name"] for parameter in operation["parameters"]
                  if parameter.get("in") == "query" and parameter["required"]]
        return asked + "?" + urllib.parse.urlencode({name: KNOWN[name] for name in needed} | ALSO.get(path, {}))

    def check(self, value, column, where):
        if isinstance(value, int):
            return self.assertIn(column["x-holds"], ("number", "share", "power"), where)
        word = not re.search(r"\d", value)  # "open", "not limited", "": there is none
        self.assertTrue(word or re.fullmatch(HOLDS.get(column["x-holds"], "a number"), value), where)

    def test_each_operation_answers_the_columns_it_says(self):
        self.play_comet()
        self.answer("invoice", "run", "--through", "2025-06")
        secret = self.key("desk", "--role", "owner")
        self.serve(now="2026-09-15")
        client = Client(self.port, secret)
        document = client.get("/v1/openapi.json").json
        full = []
        for path, methods in document["paths"].items():
            columns = self.columns(methods.get("get", {"responses": {"200": {}}}))
            if not columns:
                continue
            answer = client.get(self.path_of(path, methods["get"]))
            self.assertEqual(answer.status, 200, (path, answer.text))
            rows = answer.json["data"]
            for row in rows:
                self.assertEqual(list(row), list(columns), path)
                for name, value in row.items():
                    self.check(value, columns[name], (path, name, value))
            full += [path] if rows else []
        print(len(full), "operations with rows")
        self.assertGreater(len(full), 30)


class Linted(ServiceTest):
    """The document by the rules of others: redocly, from npm."""

    @classmethod
    def setUpClass(cls):
        cls.tool = os.path.join(node_of("redocly", "@redocly/cli@2.77.0"), "redocly")

    def test_it_has_no_fault(self):
        self.play_comet()
        self.serve()
        path = self.write("openapi.json", Client(self.port).get("/v1/openapi.json").text)
        done = subprocess.run([self.tool, "lint", "--format", "json", path], capture_output=True, text=True, check=False,
                              cwd=self.folder, timeout=100, env={"PATH": os.environ["PATH"], "HOME": self.folder})
        said = json.loads(done.stdout[done.stdout.index("{"):])
        self.assertEqual((done.returncode, said["totals"]["errors"], said["totals"]["warnings"]), (0, 0, 0), done.stdout)


class Anything(ServiceTest):
    """Requests that schemathesis makes of the document, most of them wrong."""

    @classmethod
    def setUpClass(cls):
        cls.tool = os.path.join(python_of("schemathesis", ["schemathesis==4.32.5"]), "schemathesis")

    def test_is_answered_as_the_document_says(self):
        self.play_comet()
        secret = self.key("desk", "--role", "owner")
        self.serve("--per-minute", "100000000")
        done = subprocess.run(
            [self.tool, "run", f"http://127.0.0.1:{self.port}/v1/openapi.json", "-H", f"Authorization: Bearer {secret}",
             "--checks", "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
             "--phases", "coverage,fuzzing", "--exclude-path", "/v1/events",  # a stream does not end
             "-n", "3", "--generation-deterministic", "--no-color"],
            capture_output=True, text=True, cwd=self.folder, timeout=280,
            env={"PATH": os.environ["PATH"], "HOME": self.folder}, check=False)
        self.assertEqual(done.returncode, 0, done.stdout[-6000:] + done.stderr)
        print(re.search(r"\d+ generated.*", done.stdout).group(0))
        self.assertEqual(Client(self.port, secret).get("/readyz").status, 200)
        self.stop()
        self.answer("journal", "verify")
        self.answer("pool", "proof")


if __name__ == "__main__":
    unittest.main(verbosity=2)
