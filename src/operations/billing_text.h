// Words about money: facts, invoice lines, quantities.
#pragma once

#include <string>

#include "domain/billing_fact.h"
#include "engine/state.h"

namespace leasehold::operations {

std::string words(const engine::State& state, const PartyDescribed& fact);
std::string words(const engine::State& state, const TaxRateSet& fact);
std::string words(const engine::State& state, const ListPriceSet& fact);
std::string words(const engine::State& state, const AssetCostSet& fact);
std::string words(const engine::State& state, const MeterDefined& fact);
std::string words(const engine::State& state, const UsageRecorded& fact);
std::string words(const engine::State& state, const UsageRefused& fact);
std::string words(const engine::State& state, const IncidentRecorded& fact);
std::string words(const engine::State& state, const OutageExcused& fact);
std::string words(const engine::State& state, const PromotionGranted& fact);
std::string words(const engine::State& state, const SpendBudgetSet& fact);
std::string words(const engine::State& state, const SpendBudgetReached& fact);
std::string words(const engine::State& state, const InvoiceIssued& fact);
std::string words(const engine::State& state, const MonthClosed& fact);
std::string words(const engine::State& state, const PaymentRecorded& fact);

// "0.10 USD, 0.08 USD above 1,000"
std::string rate_text(const Rate& rate);
// "99.95 %" of millionths.
std::string ppm_text(int64_t ppm);
// "80 %" of thousandths.
std::string percent_text(int64_t permille);
// "50 %, 80 %": where a budget's party is told of it.
std::string alerts_text(const SpendBudget& budget);

}  // namespace leasehold::operations
