#!/usr/bin/env python3
"""Clients of the Lambda API, unmodified but for the address: SkyPilot's provisioner, dstack's backend with its catalogue,
and the command line lai, each from PyPI."""

import json
import os
import subprocess
import unittest

from peers import python_of
from rental import NOW, PUBLIC_KEY, Rental
from support import ROOT

# What each needs, in a Python environment of its own: they do not agree on their libraries.
PEERS = {"skypilot": ["skypilot==0.14.1"],
         "dstack": ["dstack==0.22.5", "gpuhunt==0.1.34", "lambda-ai-cloud-api-client==2.4.1"]}


class Clients(Rental):
    def run_client(self, *command, **environment):
        done = subprocess.run(command, capture_output=True, text=True, cwd=self.folder, timeout=200, check=False,
                              env={"PATH": os.environ["PATH"], "HOME": self.folder, **environment})
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_skypilot_provisions_a_cluster(self):
        programs = python_of("skypilot", PEERS["skypilot"])
        os.makedirs(self.path(".lambda_cloud"))
        self.write(".lambda_cloud/lambda_keys", f"api_key = {self.secrets['ai-team']}\n")
        seen = json.loads(self.run_client(
            programs + "/python", str(ROOT / "tests/conformance/skypilot_client.py"),
            f"http://127.0.0.1:{self.port}/api/v1", PUBLIC_KEY, SKYPILOT_DISABLE_USAGE_COLLECTION="1").splitlines()[-1])
        self.assertIn("gpu_8x_h100_sxm5", seen["types"])
        self.assertEqual(seen["regions"], ["us-east-1"])
        self.assertEqual(seen["key"], ["sky-key-1", True])
        self.assertEqual((len(set(seen["created"])), seen["head"], len(seen["addresses"])), (3, True, 3))
        self.assertEqual(seen["statuses"], ["ClusterStatus.UP"] * 3)
        self.assertEqual(seen["rules"], [[8080, 8081]])
        self.assertEqual(seen["again"], [], "a cluster that is there is not started again")
        self.assertEqual(len(seen["errors"]), 2)
        for error in seen["errors"]:
            self.assertIn("instance-operations/launch/insufficient-capacity: Not enough capacity to fulfill launch", error)
        self.assertEqual(seen["after"], 0)
        # The lease that the party has was used first.
        rows = json.loads(self.answer("instance", "list", "-o", "json", now=NOW))
        self.assertEqual([row["account"] for row in rows], ["team.1", "h100-ashburn", "h100-ashburn"])
        self.assertEqual({row["state"] for row in rows}, {"ended"})

    def test_dstack_offers_and_creates_an_instance(self):
        programs = python_of("dstack", PEERS["dstack"])
        seen = json.loads(self.run_client(
            programs + "/python", str(ROOT / "tests/conformance/dstack_client.py"),
            f"http://127.0.0.1:{self.port}/api/v1", self.secrets["ai-team"], PUBLIC_KEY,
            GPUHUNT_CATALOG_DIR=self.folder).splitlines()[-1])
        self.assertEqual(seen["valid"], [True, False])
        self.assertIn(["gpu_8x_h100_sxm5", "H100", 8, 80.0, "us-east-1", 23.92], seen["items"])
        self.assertIn(["gpu_1x_h100_sxm5", "us-east-1", "available"], seen["offers"])
        self.assertIn(["gpu_1x_h100_sxm5", "us-south-1", "not_available"], seen["offers"])
        self.assertRegex(seen["id"], "^[0-9a-f]{32}$")
        self.assertTrue(seen["hostname"].startswith("127."))
        self.assertEqual(seen["listed"], ["active"])
        self.assertEqual(seen["error"], "instance-operations/launch/insufficient-capacity")
        self.assertEqual(seen["after"], 0)

    def test_lai_starts_lists_and_stops(self):
        programs = python_of("dstack", PEERS["dstack"])
        lai = lambda *words: self.run_client(programs + "/lai", *words, LAMBDA_CLOUD_API_TOKEN=self.secrets["ai-team"],
                                             LAMBDA_CLOUD_BASE_URL=f"http://127.0.0.1:{self.port}")
        self.team.post("/api/v1/ssh-keys", {"name": "laptop", "public_key": PUBLIC_KEY})
        self.assertIn("gpu_8x_h100_sxm5", lai("types", "--json"))
        self.assertIn("stack-24-04", lai("images", "--json"))
        self.assertIn("laptop", lai("keys"))
        lai("start", "--instance-type", "gpu_2x_h100_sxm5", "--region", "us-east-1", "--ssh-key", "laptop", "--name", "notebook",
            "--tag", "team=vision", "--image-family", "lambda-stack")
        listed = json.loads(lai("ls", "--json"))
        self.assertEqual(len(listed), 1, listed)
        self.assertIn("notebook", json.dumps(listed))
        lai("rename", self.team.get("/api/v1/instances").json["data"][0]["id"], "lab")
        self.assertIn("lab", lai("get", "lab"))
        lai("stop", "lab")
        self.assertEqual(self.team.get("/api/v1/instances").json, {"data": []})


if __name__ == "__main__":
    unittest.main(verbosity=2)
