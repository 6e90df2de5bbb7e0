#!/usr/bin/env python3
"""Who did what, and who was refused: from the journal, after the server has stopped."""

import http.client
import json
import os
import subprocess
import unittest

from service import Client, ServiceTest
from support import BINARY


class Audit(ServiceTest):
    def test_who_was_refused_is_known(self):
        self.play_comet()
        desk, lab = self.key("desk", "--role", "owner"), self.key("lab", "--party", "midjourney", "--role", "tenant")
        self.serve()
        desk, lab, nobody = Client(self.port, desk), Client(self.port, lab), Client(self.port, "guessed")
        for _ in range(3):
            self.assertEqual(lab.post("/v1/keys", {"name": "more", "role": "owner"}).status, 403)
        self.assertEqual(lab.get("/v1/calendars/secret%0A").status, 403)
        self.assertEqual(nobody.get("/v1/leases").status, 401)
        self.assertEqual(desk.post("/v1/parties", {"name": "midjourney"}).status, 409)
        self.assertEqual(desk.post("/v1/parties", {"name": "lab"}).status, 200)
        console = {"PATH": os.environ["PATH"], "HOME": self.folder, "LEASEHOLD_API_KEY": desk.key}
        asked = subprocess.run([BINARY, "--server", f"http://127.0.0.1:{self.port}", "party", "add", "lab"], env=console,
                               capture_output=True, text=True, check=False)
        self.assertEqual(asked.returncode, 1, asked.stderr)
        self.stop()
        rows = json.loads(self.answer("audit", "list", "--refused", "-o", "json"))
        seen = {(row["who"], row["asked"], row["result"], row["requests"]) for row in rows}
        self.assertEqual(seen, {("lab", "POST /v1/keys", "forbidden", 3),
                                ("lab", "GET /v1/calendars/{account}", "forbidden", 1),
                                ("somebody at 127.0.0.1", "GET (unauthorized)", "unauthorized", 1),
                                ("desk", "POST /v1/parties", "name_taken", 2)})
        rows = json.loads(self.answer("audit", "list", "--who", "desk", "-o", "json"))
        self.assertEqual([(row["asked"], row["result"]) for row in rows],
                         [("party_defined", "done"), ("POST /v1/parties", "name_taken")])
        used = {row["name"]: row["last_used"] for row in json.loads(self.answer("key", "list", "-o", "json"))}
        self.assertRegex(used["desk"], "^2026-06-15")
        self.assertRegex(used["lab"], "^2026-06-15")
        self.answer("journal", "verify")

    def test_strangers_do_not_fill_the_journal(self):
        self.play_comet()
        self.serve()
        for last in range(1, 81):
            stranger = http.client.HTTPConnection("127.0.0.1", self.port, source_address=(f"127.0.0.{last}", 0))
            stranger.request("GET", "/v1/leases")
            self.assertEqual(stranger.getresponse().status, 401)
            stranger.close()
        self.stop()
        rows = json.loads(self.answer("audit", "list", "--refused", "-o", "json"))
        self.assertEqual(sum(row["requests"] for row in rows), 80)
        self.assertLess(len(rows), 80)
        self.assertIn("somebody elsewhere", [row["who"] for row in rows])


if __name__ == "__main__":
    unittest.main(verbosity=2)
