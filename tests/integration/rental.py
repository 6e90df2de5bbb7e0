"""A cloud that rents by the hour, as the tests of the Lambda-compatible API have it."""

from service import Client, ServiceTest
from support import ROOT

NOW = "2026-07-15"
PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMbBqKmhTLLsUj2Qn5sVWQT6kFPxOcN0p3yMQqnRGyyz laptop"


class Rental(ServiceTest):
    """With clients of two parties, of which the first leases a server and the second nothing, and of the desk."""

    substrate = "simulated"

    def setUp(self):
        super().setUp()
        self.answer("apply", "-f", str(ROOT / "scenarios/rental.yaml"), now=NOW)
        self.answer("image", "offer", "stack-24-04", "--family", "lambda-stack", "--version", "24.04", now=NOW)
        self.secrets = {party: self.answer("key", "add", party, "--party", party, "--role", "tenant", now=NOW).split()[-1]
                        for party in ("ai-team", "start-up")}
        self.desk_secret = self.answer("key", "add", "desk", "--role", "owner", now=NOW).split()[-1]
        self.serve("--substrate", self.substrate, now=NOW)
        self.team, self.start_up = (Client(self.port, secret) for secret in self.secrets.values())
        self.desk = Client(self.port, self.desk_secret)
