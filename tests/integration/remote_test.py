#!/usr/bin/env python3
"""The command line against a server says what it says against a store, to the byte."""

import os
import pathlib
import shutil
import subprocess
import unittest

from service import ServiceTest
from support import BINARY, COMET, NOW

SUBLEASE = ("sublease", "sign", "--from-line", "comet.1", "--lessee", "ai-lab", "--start", "2026-07-01", "--term",
            "1 year", "--price", "5 USD/accelerator-hour")
ASKED = [
    ("lease", "list"),
    ("lease", "list", "-o", "csv"),
    ("lease", "show", "comet", "-o", "json"),
    ("lease", "show", "no-such"),
    ("lease", "show", "a/b c?d"),
    ("free", "--at", "2027-03-01"),
    ("calendar", "comet.1"),
    ("--zone", "America/Chicago", "pool", "holders", "b200-home", "--at", "2027-03-01T06:00"),
    ("--as", "ai-lab", "lease", "list"),
    ("--as", "nobody", "lease", "list"),
    ("earliest", "--pool", "b200-home", "--quantity", "100 servers", "--term", "1 year"),
    ("site", "power", "kansas-city"),
    ("site", "power", "kansas-city", "+1 MW", "--from", "2029-01-01"),
    ("site", "power", "kansas-city"),
    (*SUBLEASE, "--quantity", "182 servers"),
    (*SUBLEASE, "--quantity", "181 furlongs", "--term", "one day"),
    (*SUBLEASE, "--quantity", "181 servers", "--dry-run"),
    (*SUBLEASE, "--quantity", "181 servers", "--at", "2027-01-01"),
    (*SUBLEASE, "--quantity", "181 servers", "--name", "north"),
    ("sublease", "list"),
    ("apply", "-f", COMET),
    ("apply", "-f", "no-such.yaml"),
    ("invoice", "run", "--through", "2026-05"),
    ("invoice", "list"),
    ("invoice", "show", "invoice-1"),
    ("invoice", "show", "invoice-1", "--format", "pdf"),
    ("invoice", "show", "invoice-1", "--format", "pdf", "--file", "invoice.pdf"),
    ("books", "export", "lambda", "--file", "books.journal"),
    ("finance", "revenue", "lambda"),
    ("pool", "proof"),
]


class Remote(ServiceTest):
    def setUp(self):
        super().setUp()
        self.play_comet()
        self.secret = self.key("desk", "--role", "owner")
        os.mkdir(self.path("there"))
        shutil.copy(self.store, self.path("there/cloud.db"))
        own, self.store = self.store, self.path("there/cloud.db")
        self.serve("--clock-from-requests")
        self.store = own

    def ask_server(self, *arguments, key=None, now=NOW, **environment):
        environment = {"PATH": os.environ["PATH"], "HOME": self.folder, "LEASEHOLD_NOW": now,
                       "LEASEHOLD_SERVER": f"http://127.0.0.1:{self.port}",
                       "LEASEHOLD_API_KEY": key or self.secret, **environment}
        environment = {name: value for name, value in environment.items() if value}
        return subprocess.run([BINARY, *arguments], capture_output=True, text=True, env=environment, check=False,
                              cwd=self.path("there"))

    def test_every_answer_is_the_same(self):
        for arguments in ASKED:
            with self.subTest(" ".join(arguments)):
                local, remote = self.run_it(*arguments), self.ask_server(*arguments)
                self.assertEqual((remote.returncode, remote.stdout, remote.stderr),
                                 (local.returncode, local.stdout, local.stderr))
        for name in ("invoice.pdf", "books.journal"):
            here, there = (pathlib.Path(self.path(folder + name)).read_bytes() for folder in ("", "there/"))
            self.assertEqual(here, there)
            self.assertGreater(len(here), 500)

    def test_what_a_server_does_not_do_is_said(self):
        done = self.ask_server("journal", "copy", "b.db")
        self.assertEqual(done.returncode, 2)
        self.assertIn("works on a store or on files here", done.stderr)
        done = self.ask_server("lease", "list", key="wrong")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("LEASEHOLD_API_KEY", done.stderr)
        done = self.ask_server("lease", "list", LEASEHOLD_SERVER="cloud.example")
        self.assertEqual((done.returncode, done.stderr), (2, "leasehold: --server: got 'cloud.example'; expected a "
                                                             "server's address such as https://cloud.example:8473\n"))
        done = self.ask_server("--store", "here.db", "--server", "http://127.0.0.1:1", "lease", "list")
        self.assertEqual(done.returncode, 2)
        self.assertIn("either it or --store", done.stderr)

    def test_a_store_that_is_typed_goes_before_a_server_that_is_not(self):
        done = self.ask_server("--store", self.path("other.db"), "party", "add", "here", "--kind", "company")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(os.path.exists(self.path("other.db")))

    def test_the_next_address_is_asked_where_one_is_not_there(self):
        addresses = f"http://127.0.0.1:1,http://127.0.0.1:{self.port}"
        self.assertEqual(self.ask_server("lease", "list", LEASEHOLD_SERVER=addresses).returncode, 0)
        done = self.ask_server("lease", "list", LEASEHOLD_SERVER="http://127.0.0.1:1")
        self.assertEqual(done.returncode, 2)
        self.assertIn("127.0.0.1:1", done.stderr)

    def test_a_key_of_a_party_says_who_asks(self):
        secret = self.key_at_server("lab", "--party", "ai-lab", "--role", "tenant_admin")
        rows = self.ask_server("lease", "list", key=secret)
        self.assertEqual(rows.stdout, self.answer("--as", "ai-lab", "lease", "list"))
        done = self.ask_server("--as", "nvidia", "lease", "list", key=secret)
        self.assertEqual(done.returncode, 2)
        self.assertIn("the key asks for a party", done.stderr)
        self.assertEqual(self.ask_server("site", "list", key=secret).returncode, 1)

    def key_at_server(self, *arguments):
        done = self.ask_server("key", "add", *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.split()[-1]

    def test_over_tls_the_certificate_is_checked(self):
        self.stop()
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                        "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", self.path("key.pem"),
                        "-out", self.path("certificate.pem")], check=True, capture_output=True)
        self.store = self.path("there/cloud.db")
        self.serve("--clock-from-requests", "--certificate", self.path("certificate.pem"), "--private-key",
                   self.path("key.pem"))
        address = f"https://localhost:{self.port}"
        done = self.ask_server("lease", "list", LEASEHOLD_SERVER=address)
        self.assertEqual(done.returncode, 2)
        self.assertIn("certificate verify failed", done.stderr)
        done = self.ask_server("lease", "list", LEASEHOLD_SERVER=address, SSL_CERT_FILE=self.path("certificate.pem"))
        self.assertEqual(done.returncode, 0, done.stderr)
        done = self.ask_server("lease", "list", LEASEHOLD_SERVER=f"https://127.0.0.1:{self.port}",
                               SSL_CERT_FILE=self.path("certificate.pem"))
        self.assertEqual(done.returncode, 2, "a certificate for another name")


if __name__ == "__main__":
    unittest.main()
