#!/usr/bin/env bash
# Adds to a store with the Comet story what the console has to show: a first hall at Plano where a server
# fails, instances, a budget, planned work, a quote on hold, months that were billed and partly paid. With
# `leasehold` in PATH, and LEASEHOLD_STORE and LEASEHOLD_NOW set.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tell() { leasehold "$@" >/dev/null; }

tell --now 2026-06-05 apply -f scenarios/plano.yaml
tell --now 2026-06-06 spend budget ai-lab --monthly '10 million USD' --alerts 40%,80%,100%
tell --now 2026-06-08T10:00 instance launch plano-lab.1 --tenant ai-lab --servers 24 --name reasoning
tell --now 2026-06-10T16:00 instance launch b200-plano --tenant ai-lab --kind on_demand --servers 4 \
  --name overflow
tell --now 2026-06-12T09:30 server move P007 --to repair --reason 'Xid 79: GPU off the bus'
tell invoice run --through 2026-05
for paid in 61 62 63; do tell invoice pay "invoice-$paid"; done
tell maintenance plan 'rack pa3' --from 2026-06-22T02:00 --until 2026-06-22T06:00 --reason firmware
tell quote issue --pool b200-home --lessee midjourney --quantity '20 servers' --start 2026-08-01 \
  --term '1 year' --price '3.90 USD/accelerator-hour' --name summer
tell quote hold summer --for '14 days'
tell spend check
