#!/usr/bin/env python3
"""The API against its own document: every operation has a path, and whatever is sent, the answer is one that the
document describes and never a failure of the server."""

import json
import os
import re
import subprocess
import unittest

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
