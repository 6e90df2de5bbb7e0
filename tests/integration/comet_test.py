"""The Comet story, as the built binary tells it."""

import unittest

from support import COMET, StoreTest


class Comet(StoreTest):
    def test_a_second_apply_changes_nothing(self):
        self.play_comet()
        before = self.answer("journal", "export")
        self.assertIn("nothing changed", self.answer("apply", "-f", COMET))
        self.assertEqual(self.answer("journal", "export"), before)

    def test_a_dry_run_shows_the_difference_and_keeps_nothing(self):
        shown = self.answer("apply", "-f", COMET, "--dry-run")
        self.assertIn("would be: lease comet (lease-5) signed: lambda to nvidia", shown)
        self.assertIn("dry run, nothing kept", shown)
        self.assertIn("does not exist", self.answer("pool", "list", status=2))

    def test_one_server_more_than_is_left_is_refused(self):
        self.play_comet()
        before = self.answer("journal", "export")
        sublease = ("sublease", "sign", "--from-line", "comet.1", "--lessee", "ai-lab", "--start",
                    "2026-07-01", "--term", "1 year", "--price", "5 USD/accelerator-hour")
        said = self.answer(*sublease, "--quantity", "182 servers", status=1)
        self.assertIn("refused capacity_short: comet.1 is short by 8 accelerators (1 server) at "
                      "2026-07-01T00:00:00Z", said)
        self.assertIn("would fit: 1,448 accelerators (181 servers)", said)
        self.assertEqual(self.answer("journal", "export"), before)
        self.answer(*sublease, "--quantity", "181 servers")

    def test_a_lessor_does_not_tell_one_lessee_of_another(self):
        self.play_comet()
        said = self.answer("--as", "ai-lab", "sublease", "sign", "--from-line", "comet.1", "--lessee",
                           "ai-lab", "--quantity", "182 servers", "--start", "2026-07-01", "--term",
                           "1 year", "--price", "5 USD/accelerator-hour", status=2)
        self.assertIn("--from-line: got 'comet.1'", said, "a line of another's lease is unknown")
        said = self.answer("--as", "ai-lab", "quote", "impact", "--pool", "b200-home", "--lessor", "lambda",
                           "--lessee", "ai-lab", "--quantity", "1000 servers", "--start", "2026-07-01", "--term",
                           "1 year", "--price", "5 USD/accelerator-hour", status=1)
        self.assertIn("held by others: 3,384 accelerators", said)
        self.assertNotIn("midjourney", said)

    def test_read_as_eight_gpu_servers_it_is_refused_for_power(self):
        said = self.answer("apply", "-f", COMET, "--reading", "server", status=1)
        self.assertIn("refused power_short: kansas-city is short by 136.16 MW", said)
        self.assertIn("would fit: 80,000 accelerators (10,000 servers) at growth from 2028-01-01", said)
        self.assertEqual(self.answer("journal", "export"), "", "a refused file leaves no half of itself")


if __name__ == "__main__":
    unittest.main()
