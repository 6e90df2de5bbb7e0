// apply: brings the cloud to what a file declares. All of it or nothing.
#include <algorithm>
#include <ostream>
#include <set>

#include <fmt/format.h>

#include "operations/catalogue.h"
#include "operations/plan.h"
#include "operations/refusal_text.h"

namespace leasehold::operations {

namespace {

struct ApplyValues {
  std::string file, reading;
};
void apply_options(Form& form, ApplyValues& values) {
  form.add_input("-f,--file", values.file, "The YAML file; docs/reference/apply.md describes it")
      ->required();
  form.add_option("--reading", values.reading,
                  "What 'units' are in this file, where it offers several readings");
}

struct TimedStep {
  Instant at;
  const PlanStep* step;
};

// The steps in order of their moments; those of one moment in order of rank.
std::vector<TimedStep> in_order(Shell& shell, YamlDocument& document, const Plan& plan) {
  engine::State nothing;
  std::vector<TimedStep> steps;
  for (const PlanStep& step : plan.steps) {
    std::string at = step.at.empty() ? plan.start : step.at;
    Reader reader(nothing, plan.zone);
    std::string field = step.at.empty() ? "start" : step.path + ".at";
    steps.push_back({at.empty() ? shell.now() : reader.instant(field, at), &step});
    document.add(reader.errors());
  }
  std::stable_sort(steps.begin(), steps.end(), [](const TimedStep& a, const TimedStep& b) {
    return std::pair(a.at, a.step->rank) < std::pair(b.at, b.step->rank);
  });
  return steps;
}

struct Trial {
  std::vector<Command> commands;
  std::vector<Fact> facts;
  size_t unchanged = 0;
  bool good = true;
};

// What hangs on a wrong declaration is not wrong itself: "comet", and "comet.1" as a line of it.
InputErrors without_names(const InputErrors& errors, const std::set<std::string>& broken) {
  InputErrors kept;
  for (const InputError& error : errors)
    if (!broken.contains(error.got) && !broken.contains(error.got.substr(0, error.got.rfind('.'))))
      kept.push_back(error);
  return kept;
}

// Plays the steps on a copy of the state: what would happen, or the first refusal.
Trial play(Shell& shell, YamlDocument& document, const Plan& plan, engine::State& state) {
  Trial trial;
  std::set<std::string> broken;  // what wrong declarations would have declared
  for (const TimedStep& timed : in_order(shell, document, plan)) {
    // What is declared of a time that the journal has left behind happens now.
    Instant at = timed.at < state.now ? std::max(state.now, shell.now()) : timed.at;
    Reader reader(state, plan.zone);
    std::vector<CommandBody> bodies = timed.step->commands(reader, at);
    document.add(without_names(reader.errors(), broken));
    if (!reader.good()) broken.insert(timed.step->declares());
    if (bodies.empty()) ++trial.unchanged;
    if (!document.errors().empty()) continue;
    for (CommandBody& body : bodies) {
      trial.commands.push_back({at, shell.actor(), std::move(body)});
      engine::pass_time(state, at);
      auto facts = engine::perform(state, trial.commands.back());
      if (!facts) {
        shell.err() << timed.step->name << " (" << timed.step->path << "):\n";
        shell.say(state, facts.error());
        trial.good = false;
        return trial;
      }
      trial.facts.insert(trial.facts.end(), facts->begin(), facts->end());
    }
  }
  return trial;
}

void say_facts(Shell& shell, const engine::State& state, const Trial& trial) {
  shell.say_facts(state, trial.facts);
  if (shell.output() != Output::table) return;
  if (trial.commands.empty())
    shell.out() << fmt::format("nothing changed: all {} declarations are so already\n",
                               trial.unchanged);
  else
    shell.out() << fmt::format("{}{} changes; {} declarations were so already\n",
                               shell.options().dry_run ? "dry run, nothing kept: " : "",
                               trial.commands.size(), trial.unchanged);
}

void apply_file(Shell& shell, const ApplyValues& values) {
  auto text = shell.input_text("--file", values.file);
  if (!text) return;
  YamlDocument document(*text);
  if (!document.errors().empty()) return shell.say(document.errors());
  Plan plan = read_plan(document, values.reading);
  auto cloud = shell.cloud_to_write();
  if (!cloud) return;
  engine::State state = cloud->state();
  Trial trial = play(shell, document, plan, state);
  if (!document.errors().empty()) return shell.say(document.errors());
  if (!trial.good) return;
  if (!shell.options().dry_run && !trial.commands.empty()) {
    auto kept = cloud->execute_all(trial.commands);
    if (!kept) return shell.say(kept.error());
    if (!*kept) return shell.say(cloud->state(), kept->error().refusal);
    trial.facts = **kept;
  }
  say_facts(shell, state, trial);
}

}  // namespace

void add_apply(Noun root) {
  add_command(root, "apply",
              "Bring the cloud to what a file declares: apply -f scenarios/comet.yaml",
              apply_options, apply_file);
}

}  // namespace leasehold::operations
