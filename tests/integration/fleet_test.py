"""Fleets in bulk, as the built binary makes and reads them."""

import csv
import io
import json
import unittest

from support import ROOT, StoreTest

FLEET = str(ROOT / "scenarios/fleet.yaml")
NETBOX_RACKS = "site,location,name,status,u_height\nplano,plano-h1-b,b5,active,48\n"
NETBOX_DEVICES = ("name,role,manufacturer,device_type,serial,status,site,location,rack,position,face\n"
                  'n1,gpu,NVIDIA,"DGX, B200",NB-A,staged,plano,plano-h1-b,b5,1.0,front\n'
                  "n2,gpu,NVIDIA,DGX B200,NB-B,planned,plano,,,,\n")


class Import(StoreTest):
    def setUp(self):
        super().setUp()
        self.answer("apply", "-f", FLEET)
        self.answer("pool", "deliver", "b200-plano", "--name", "more", "--quantity", "1 server",
                    "--from", "2026-06-15", "--until", "2036-01-05")
        self.answer("pool", "deliver", "b200-plano", "--name", "later", "--quantity", "1 server",
                    "--from", "2026-12-15", "--until", "2036-01-05")

    def servers(self, *filters):
        said = self.answer("server", "list", "-o", "csv", *filters)
        return {row["serial"]: row for row in csv.DictReader(io.StringIO(said))}

    def test_netbox_racks_and_devices_come_in_with_their_places_and_states(self):
        racks = self.write("racks.csv", NETBOX_RACKS)
        self.assertIn("1 racks and 0 servers",
                      self.answer("fleet", "import", racks, "--pod", "plano-p2", "--power", "60 kW"))
        devices = self.write("devices.csv", NETBOX_DEVICES.splitlines()[0] + "\n"
                             + NETBOX_DEVICES.splitlines()[1] + "\n")
        self.assertIn("0 racks and 1 servers",
                      self.answer("fleet", "import", devices, "--delivery", "more"))
        self.assertEqual(self.servers()["NB-A"]["rack"], "b5 u1")
        self.assertEqual(self.servers()["NB-A"]["state"], "racked")

    def test_a_line_that_is_refused_is_named_and_nothing_is_imported(self):
        before = self.answer("journal", "export")
        self.answer("fleet", "import", self.write("ok.csv", NETBOX_RACKS), "--pod", "plano-p2", "--dry-run")
        self.assertEqual(self.answer("journal", "export"), before)
        self.answer("fleet", "import", self.write("racks.csv", NETBOX_RACKS), "--pod", "plano-p2")
        before = self.answer("journal", "export")
        said = self.answer("fleet", "import", self.write("devices.csv", NETBOX_DEVICES), "--delivery",
                           "more", status=1)
        self.assertIn("devices.csv, line 3: nothing was imported", said)
        self.assertIn("refused delivery_full", said)
        self.assertEqual(self.answer("journal", "export"), before)

    def test_what_is_wrong_in_a_file_is_named_by_line_all_together(self):
        table = self.write("servers.csv", "serial,delivery,rack,unit,state\nX1,nowhere,,,ordered\n"
                                          "X2,more,,,broken\n")
        said = self.answer("fleet", "import", table, status=2)
        self.assertIn("line 2, column 1", said)
        self.assertIn("got 'nowhere'", said)
        self.assertIn("line 3, column 1", said)
        self.assertIn("got 'broken'", said)
        said = self.answer("fleet", "import", self.write("odd.csv", "colour\nred\n"), status=2)
        self.assertIn("NetBox", said)

    def test_yaml_says_the_same(self):
        text = ("racks:\n  - {rack: b5, row: plano-h1-b, pod: plano-p2, power: 60 kW, units: 48}\n"
                "servers:\n  - {serial: Y1, delivery: more, rack: b5, unit: 1, state: ready}\n"
                "  - {serial: Y2, delivery: later}\n")
        self.assertIn("1 racks and 2 servers",
                      self.answer("fleet", "import", self.write("fleet.yaml", text)))
        self.assertEqual(self.servers("--state", "ordered").keys(), {"Y2"})
        wrong = self.write("wrong.yaml", "servers:\n  - {serial: Y3, delivery: more, colour: red}\n")
        self.assertIn("colour", self.answer("fleet", "import", wrong, status=2))

    def test_the_feed_that_is_full_is_named(self):
        self.answer("fleet", "import", self.write("racks.csv", NETBOX_RACKS), "--pod", "plano-p2",
                    "--feeds", "plano-fa,plano-fb", "--redundancy", "two_n")
        self.answer("site", "budget", "feed plano-fb", "--power", "520 kW")
        said = self.answer("server", "add", "Z1", "--delivery", "more", "--rack", "b5", "--state",
                           "racked", status=1)
        self.assertIn("refused power_short: plano-fb is short by 9.1 kW", said)
        self.assertIn("feed plano-fb", said)


class Generate(StoreTest):
    def test_a_seed_gives_one_fleet_within_every_budget(self):
        self.answer("fleet", "generate", "--power", "12 MW", "--seed", "3")
        self.answer("fleet", "generate", "--power", "12 MW", "--seed", "3", store=self.path("again.db"))
        self.answer("fleet", "generate", "--power", "12 MW", "--seed", "4", store=self.path("other.db"))
        self.assertEqual(self.hash(), self.hash(store=self.path("again.db")))
        self.assertNotEqual(self.hash(), self.hash(store=self.path("other.db")))
        levels = json.loads(self.answer("site", "power", "--rows", "-o", "json"))
        self.assertGreater(len(levels), 10)
        for level in levels:
            self.assertGreaterEqual(level["free"], 0, level)
        self.answer("journal", "verify")

    def test_it_wants_an_empty_store_and_a_size_that_can_be(self):
        self.answer("fleet", "generate", "--power", "1 MW")
        self.assertIn("a store without servers", self.answer("fleet", "generate", "--power", "1 MW", status=2))
        for power in ("9 GW", "1 W", "much"):
            said = self.answer("fleet", "generate", "--power", power, status=2, store=self.path("new.db"))
            self.assertIn("--power", said)


if __name__ == "__main__":
    unittest.main()
