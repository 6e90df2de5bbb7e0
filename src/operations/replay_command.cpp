// placement replay: a public trace, by the procedure that its paper published.
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "operations/catalogue.h"
#include "replay/experiment.h"

namespace leasehold::operations {

namespace {

struct ReplayValues {
  std::string nodes, pods, policy = "all", seed = "42", runs = "10";
};
void replay_options(Form& form, ReplayValues& values) {
  form.add_input("--nodes", values.nodes, "The node list, a CSV file")->required();
  form.add_input("--pods", values.pods, "The list of requests, a CSV file")->required();
  form.add_option("--policy", values.policy, "all, or one of " + names_of<replay::Policy>());
  form.add_option("--seed", values.seed, "Of the first run; the others follow");
  form.add_option("--runs", values.runs, "How many runs the means are of");
}

std::string percent_of_ppm(int64_t ppm) {
  return fmt::format("{}.{:02}", ppm / 10'000, ppm / 100 % 100);
}

Cell allocated(const std::vector<int64_t>& runs) {
  replay::Summary summary = replay::summarize(runs);
  return {fmt::format("{} ({})", percent_of_ppm(summary.mean_ppm),
                      percent_of_ppm(summary.deviation_ppm)),
          std::to_string(summary.mean_ppm), true};
}

using Marks = std::array<std::vector<int64_t>, replay::kMarks.size()>;

void add_row(Table& table, const char* name, const Marks& marks, int64_t decisions) {
  std::vector<Cell> row{text(name)};
  for (const std::vector<int64_t>& runs : marks) row.push_back(allocated(runs));
  row.push_back(decisions > 0 ? number(decisions) : text(""));
  table.add(std::move(row));
}

void replay_trace(Shell& shell, const ReplayValues& values) {
  engine::State nothing;
  Reader reader = shell.reader(nothing);
  int64_t seed = reader.whole("--seed", values.seed);
  int64_t runs = reader.whole("--runs", values.runs);
  if (runs < 1 || runs > 1000) reader.wrong("--runs", values.runs, "1 to 1000");
  std::vector<replay::Policy> policies;
  if (values.policy != "all")
    policies = {reader.choice<replay::Policy>("--policy", values.policy)};
  else
    for (size_t i = 0; i < enum_names(replay::Policy{}).size(); ++i)
      policies.push_back(static_cast<replay::Policy>(i));
  if (!reader.good()) return shell.say(reader.errors());
  auto nodes = shell.input_text("--nodes", values.nodes);
  auto pods = nodes ? shell.input_text("--pods", values.pods) : std::nullopt;
  if (!pods) return;
  auto trace = replay::read_trace(*nodes, *pods);
  if (!trace) return shell.say(trace.error());
  Table table({"policy", "at 90 %", "at 100 %", "at 110 %", "at 130 %", "decisions"});
  for (replay::Policy policy : policies) {
    Marks marks;
    int64_t decisions = 0;
    for (int64_t run = 0; run < runs; ++run) {
      replay::RunResult result =
          replay::run_experiment(*trace, policy, static_cast<uint64_t>(seed + run));
      decisions += result.decisions;
      for (size_t i = 0; i < marks.size(); ++i) marks[i].push_back(result.allocated_ppm[i]);
    }
    add_row(table, name_of(policy), marks, decisions);
  }
  Marks bound;
  for (int64_t run = 0; run < runs; ++run) {
    auto most = replay::upper_bound_ppm(*trace, static_cast<uint64_t>(seed + run));
    for (size_t i = 0; i < bound.size(); ++i) bound[i].push_back(most[i]);
  }
  add_row(table, "upper bound", bound, 0);
  if (shell.output() == Output::table)
    shell.out() << fmt::format(
        "{} nodes with {} GPUs; GPU allocated in %, mean (deviation) of {} runs, as the requests "
        "that "
        "have arrived reach a share of all GPUs\n",
        trace->nodes.size(), trace->cluster_milli() / 1000, runs);
  shell.say(table);
}

}  // namespace

void add_replay(Noun placement) {
  add_command(placement, "replay",
              "Play a public trace of GPU requests with every policy: placement replay --nodes "
              "scenarios/openb/nodes.csv --pods scenarios/openb/requests.csv --policy leasehold",
              replay_options, replay_trace);
}

}  // namespace leasehold::operations
