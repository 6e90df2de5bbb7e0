"""The command line itself: help, statuses, streams, formats, completion, and files that are wrong."""

import csv
import io
import json
import re
import subprocess
import unittest

from support import BINARY, NOW, StoreTest


def commands(path=()):
    """Every command there is, from the help texts: (path, help)."""
    text = subprocess.run([BINARY, *path, "--help"], capture_output=True, text=True, check=True).stdout
    yield path, text
    listed = re.search(r"Subcommands:\n((?:  .*\n?)+)", text)
    for line in listed.group(1).splitlines() if listed else []:
        if re.match(r"  \S", line):
            yield from commands((*path, line.split()[0]))


class Help(StoreTest):
    def test_every_command_says_what_it_does_and_how_it_is_used(self):
        seen = 0
        for path, text in commands():
            seen += 1
            self.assertRegex(text, r"^\S.*\n")
            self.assertIn("Usage: " + " ".join(("leasehold", *path)), text)
        self.assertGreater(seen, 40)

    def test_every_example_is_understood(self):
        self.play_comet()
        examples = [line for _, text in commands() for line in re.findall(r"^  leasehold (.*)$", text, re.M)]
        self.assertGreater(len(examples), 20)
        for example in examples:
            done = subprocess.run(["bash", "-c", f"{BINARY} --store {self.store} --dry-run {example}"],
                                  capture_output=True, text=True, check=False, cwd=self.folder)
            self.assertNotIn("--help", done.stderr, example)

    def test_completion_offers_nouns_commands_and_options(self):
        script = self.write("completion", self.answer("completion", "bash"))

        def offered(*words):
            line = " ".join(f"'{word}'" for word in words)
            return subprocess.run(
                ["bash", "-c", f"source {script}; COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; "
                               "_leasehold; echo ${COMPREPLY[@]}"],
                capture_output=True, text=True, check=True).stdout.split()

        self.assertEqual(offered("leasehold", "le"), ["lease"])
        self.assertEqual(offered("leasehold", "journal", "ver"), ["verify"])
        self.assertIn("--from-line", offered("leasehold", "sublease", "sign", "--"))
        for path, text in commands():
            if "Subcommands:" not in text:
                for option in re.findall(r"^  (?:-\w,)?(--[a-z-]+)", text, re.M):
                    self.assertIn(option, offered("leasehold", *path, "--"))


class Streams(StoreTest):
    def test_the_status_is_0_1_or_2(self):
        self.answer("party", "add", "operator")
        self.assertIn("refused name_taken", self.answer("party", "add", "operator", status=1))
        self.assertIn("--help", self.answer("party", "ad", "operator", status=2))
        self.assertIn("--help", self.answer(status=2))
        self.assertIn("--output", self.answer("party", "list", "-o", "xml", status=2))
        self.assertIn("--store", self.answer("--store", status=2))
        self.assertTrue(self.answer("version").startswith("leasehold "))

    def test_json_and_csv_say_what_the_table_says(self):
        self.play_comet()
        for command in (("party", "list"), ("site", "list"), ("sku", "list"), ("pool", "list"),
                        ("pool", "deliveries"), ("lease", "list"), ("lease", "overview"),
                        ("lease", "commitments"), ("lease", "idle"), ("pool", "proof"), ("free", "--open"),
                        ("journal", "list"), ("quote", "list"), ("calendar", "comet")):
            rows = json.loads(self.answer(*command, "-o", "json"))
            table = list(csv.DictReader(io.StringIO(self.answer(*command, "-o", "csv"))))
            self.assertEqual([{key: str(value) for key, value in row.items()} for row in rows], table)

    def test_no_colour_goes_into_a_pipe(self):
        self.play_comet()
        self.assertNotIn("\033", self.answer("calendar", "comet"))

    def test_colour_is_kept_off_a_terminal_by_no_color(self):
        self.play_comet()
        for colour, environment in ((True, {}), (False, {"NO_COLOR": "1"})):
            command = f"{BINARY} --store {self.store} --now {NOW} calendar comet"
            done = subprocess.run(["script", "-qec", command, "/dev/null"], capture_output=True, text=True,
                                  check=True, env={"PATH": "/usr/bin:/bin", "TERM": "xterm", **environment})
            self.assertEqual("\033[" in done.stdout, colour)

    def test_the_store_is_under_the_data_folder_unless_said(self):
        environment = {"HOME": self.folder, "PATH": "/usr/bin:/bin"}
        subprocess.run([BINARY, "party", "add", "operator"], env=environment, check=True,
                       capture_output=True)
        listed = subprocess.run([BINARY, "party", "list"], capture_output=True, text=True, check=True,
                                env={**environment, "LEASEHOLD_STORE": self.path(
                                    ".local/share/leasehold/cloud.db")})
        self.assertIn("operator", listed.stdout)
        subprocess.run([BINARY, "party", "add", "other"], capture_output=True, check=True,
                       env={**environment, "XDG_DATA_HOME": self.path("data")})
        self.answer("party", "list", store=self.path("data/leasehold/cloud.db"))

    def test_output_that_cannot_be_written_is_a_failure(self):
        self.play_comet()
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([BINARY, "--store", self.store, "journal", "export"], stdout=full,
                                  stderr=subprocess.PIPE, check=False)
        self.assertEqual(done.returncode, 2)


class Apply(StoreTest):
    """A file that is wrong: line and column, the field, what was there and what would be accepted."""

    HEAD = "format: 1\nstart: 2025-01-01\nparties:\n  - {name: operator}\n  - {name: lab}\n"

    SUPPLY = HEAD + """sites:
  - {name: hall, holder: operator}
skus:
  - {name: h100, per_server: 8}
pools:
  - {name: gpus, owner: operator, sku: h100, site: hall,
     deliveries: [{name: first, quantity: 40 servers, from: 2027-03-01}]}
"""

    def setUp(self):
        super().setUp()
        self.answer("apply", "-f", self.write("good.yaml", self.HEAD))

    def wrong(self, text, *expected):
        before = self.answer("journal", "export")
        said = self.answer("apply", "-f", self.write("wrong.yaml", text), status=2)
        for part in expected:
            self.assertIn(part, said)
        self.assertEqual(self.answer("journal", "export"), before)
        return said

    def test_all_errors_are_said_together_with_line_and_column(self):
        said = self.wrong(self.HEAD + "sites:\n"
                               "  - name: hall\n"
                               "    holder: nobody\n"
                               "    powre: 3 MW\n"
                               "    power:\n"
                               "      - {from: 2025-02-30, add: 3 servers}\n",
                   "line 8, column 13: sites[0].holder: got 'nobody'; expected the name or id of a party",
                   "line 9, column 5: sites[0].powre: got 'powre'; expected one of ",
                   "line 11, column 16: sites[0].power[0].from: got '2025-02-30'; expected a moment",
                   "line 11, column 33: sites[0].power[0].add: got '3 servers'; expected power")
        self.assertNotIn("got 'hall'", said, "what hangs on a wrong declaration is not wrong itself")

    def test_what_is_no_yaml_is_said_with_its_place(self):
        self.wrong("format: 1\nparties: [", "line 2, column ")
        self.wrong("parties:\n  - {name: a}\n", "no 'format'", "'format: 1'")
        self.wrong("just text\n", "a mapping of keys to values")
        self.wrong("format: 2\n", "line 1, column 9: format: got '2'; expected 1")

    def test_what_exists_cannot_be_declared_otherwise(self):
        self.wrong("format: 1\nparties:\n  - {name: lab, kind: person}\n",
                   "line 3, column 12: parties[0].name: got 'lab'; expected what exists under this name")

    def test_a_refusal_keeps_nothing_of_the_file(self):
        done = self.answer("apply", "-f", self.write("refused.yaml", self.HEAD + "  - {name: new}\n"
                           "sites:\n  - {name: hall, holder: operator, zone: Mars/Olympus}\n"), status=1)
        self.assertIn("site hall (sites[0]):\nrefused unknown_zone", done)
        self.assertNotIn("new", self.answer("party", "list"))

    def test_a_quote_of_several_lines_is_held_and_signed(self):
        self.answer("apply", "-f", self.write("quoted.yaml", self.HEAD + """sites:
  - {name: hall, holder: operator}
skus:
  - {name: h100, per_server: 8}
  - {name: v5p, family: tpu, per_server: 4}
pools:
  - {name: gpus, owner: operator, sku: h100, site: hall,
     deliveries: [{name: first, quantity: 4 servers, from: 2025-01-01}]}
  - {name: tpus, owner: operator, sku: v5p, site: hall,
     deliveries: [{name: chips, quantity: 64 chips, from: 2025-01-01}]}
quotes:
  - name: both
    lessor: operator
    lessee: lab
    hold: 14 days
    lines:
      - {source: gpus, quantity: 3 servers, start: 2026-08-01, term: 1 year, price: 2 USD/accelerator-hour}
      - {source: tpus, quantity: 64 chips, start: 2026-08-01, term: 1 year, price: 1 USD/chip-hour}
"""))
        self.assertIn("nothing changed", self.answer("apply", "-f", self.path("quoted.yaml")))
        taken = ("lease", "sign", "--pool", "tpus", "--lessee", "lab", "--quantity", "1 chip", "--start",
                 "2026-09-01", "--term", "1 day")
        self.assertIn("held by quote-1 (lab): 64 chips", self.answer(*taken, status=1, now="2025-01-10"))
        signed = self.answer("quote", "sign", "both", now="2025-01-10")
        self.assertIn("3 servers from gpus", signed)
        self.assertIn("64 chips from tpus", signed)

    def test_what_is_new_in_a_file_happens_now(self):
        self.answer("party", "add", "meanwhile", now="2026-01-01")
        said = self.answer("apply", "-f", self.write("more.yaml", self.HEAD + "  - {name: third}\n"), "-o", "csv")
        self.assertIn(",2026-06-15T00:00:00Z,party_defined,party third", said)

    def test_a_signed_lease_cannot_be_declared_otherwise(self):
        whole = self.SUPPLY.replace("2027-03-01", "2025-01-01") + """leases:
  - name: head
    lessor: operator
    lessee: lab
    prepay: 20 %
    lines:
      - {source: gpus, quantity: 8 servers, start: 2025-02-01, term: 1 year, price: 2 USD/accelerator-hour,
         ramp: [{from: 2025-03-01, quantity: 4 servers}]}
"""
        self.answer("apply", "-f", self.write("whole.yaml", whole))
        self.assertIn("nothing changed", self.answer("apply", "-f", self.path("whole.yaml")))
        for was, becomes in (("20 %", "25 %"), ("1 year", "2 years"), ("2 USD", "3 USD"), ("8 servers", "9 servers"),
                             ("2025-03-01, quantity", "2025-03-02, quantity"), ("4 servers}]", "5 servers}]"),
                             ("start: 2025-02-01", "start: 2025-02-02"), ("lessee: lab", "lessee: operator")):
            self.assertEqual(whole.count(was), 1, was)
            self.wrong(whole.replace(was, becomes), "line 14, column 11: leases[0].name: got 'head'; expected the "
                                                    "lease as it was signed")

    def test_a_changed_delivery_date_is_the_only_change(self):
        self.answer("apply", "-f", self.write("supply.yaml", self.SUPPLY))
        later = self.write("supply.yaml", self.SUPPLY.replace("2027-03-01", "2027-04-01"))
        said = self.answer("apply", "-f", later, "--dry-run")
        self.assertIn("would be: delivery first (delivery-1) now comes 2027-04-01", said)
        self.assertIn("1 changes", said)
        self.answer("apply", "-f", later)
        self.assertIn("nothing changed", self.answer("apply", "-f", later))


if __name__ == "__main__":
    unittest.main()
