// meter and usage: counts of what is no server, and their events as CloudEvents.
#include <istream>
#include <ostream>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "base/csv.h"
#include "operations/billing_text.h"
#include "operations/catalogue.h"
#include "operations/offer_options.h"

namespace leasehold::operations {

namespace {

namespace json = boost::json;

struct MeterValues {
  std::string name, owner, unit, rate;
};
void meter_options(Form& form, MeterValues& values) {
  form.add_option("name", values.name, "Its name: the type of its events")->required();
  form.add_option("--owner", values.owner, "Who charges for it")->required();
  form.add_option("--unit", values.unit, "Such as GB-month")->required();
  form.add_option("--rate", values.rate, "A unit: '0.10 USD', or with steps and '/ volume'")
      ->required();
}
void define_meter(Shell& shell, const MeterValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return DefineMeter{{{},
                        values.name,
                        reader.party("--owner", values.owner),
                        values.unit,
                        read_rate(reader, "--rate", values.rate)}};
  });
}
const Columns kMetersColumns = columns_of("id, name, owner, unit, list price");
void list_meters(Shell& shell, const NoValues&) {
  auto view = shell.view();
  if (!view) return;
  Table table(kMetersColumns);
  for (const Meter& meter : view->state.billing.meters.rows())
    table.add({text(to_text(meter.id)), text(meter.name), text(view->state.name_of(meter.owner)),
               text(meter.unit), text(rate_text(meter.list))});
  shell.say(table);
}

// A decimal with at most six digits after the point, in millionths.
std::optional<int64_t> micro_of(std::string_view text) {
  size_t point = std::min(text.find('.'), text.size());
  std::string digits(text.substr(0, point));
  std::string fraction(text.substr(std::min(point + 1, text.size())));
  bool plain = !digits.empty() && digits.size() <= 9 && fraction.size() <= 6 &&
               (digits + fraction).find_first_not_of("0123456789") == std::string::npos;
  if (!plain) return std::nullopt;
  fraction.resize(6, '0');
  return std::stoll(digits) * kMicro + std::stoll(fraction);
}

// One event as it came, before it is known what it names.
struct RawEvent {
  std::string source, id, type, subject, time, quantity;
};

std::string text_in(const json::object& object, const char* name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr) return "";
  if (value->is_string()) return std::string(value->get_string());
  if (value->is_int64()) return std::to_string(value->get_int64());
  if (value->is_uint64()) return std::to_string(value->get_uint64());
  return "";
}

// Quantities are decimals in texts or whole numbers: a binary fraction would not be exact.
std::optional<RawEvent> read_json(const std::string& line) {
  json::error_code error;
  json::value value = json::parse(line, error);
  const json::object* object = error ? nullptr : value.if_object();
  if (object == nullptr) return std::nullopt;
  RawEvent event{text_in(*object, "source"),  text_in(*object, "id"),   text_in(*object, "type"),
                 text_in(*object, "subject"), text_in(*object, "time"), ""};
  const json::value* data = object->if_contains("data");
  if (data != nullptr && data->is_object())
    event.quantity = text_in(data->get_object(), "quantity");
  return event;
}

class Ingest {
 public:
  Ingest(Shell& shell, cloud::Executor& cloud) : shell_(shell), cloud_(cloud) {}

  // False where the store could not keep it.
  bool add(const RawEvent& event, int64_t line) {
    ++read_;
    if (event.source != batch_.source && !flush()) return false;
    batch_.source = event.source;
    std::string fault;
    UsageEvent usage = resolve(event, fault);
    if (fault.empty())
      batch_.events.push_back(std::move(usage));
    else
      batch_.refused.push_back({event.id.empty() ? fmt::format("line {}", line) : event.id, fault});
    constexpr size_t kBatch = 1000;
    return batch_.events.size() + batch_.refused.size() < kBatch || flush();
  }
  bool refuse_line(int64_t line, const std::string& reason) {
    ++read_;
    if (batch_.source.empty()) batch_.source = "unreadable";
    batch_.refused.push_back({fmt::format("line {}", line), reason});
    return true;
  }
  bool flush() {
    if (batch_.events.empty() && batch_.refused.empty()) return true;
    if (batch_.source.empty()) batch_.source = "unnamed";
    Command command{shell_.now(), shell_.actor(), std::exchange(batch_, {})};
    auto answers = cloud_.execute({&command, 1});
    if (!answers) {
      shell_.say(answers.error());
      return false;
    }
    if (!answers->front()) {
      shell_.say(cloud_.state(), answers->front().error());
      return false;
    }
    for (const Fact& fact : *answers->front()) {
      if (const auto* counted = std::get_if<UsageRecorded>(&fact.body))
        counted_ += static_cast<int64_t>(counted->events.size());
      if (const auto* refused = std::get_if<UsageRefused>(&fact.body)) say_refused(*refused);
    }
    if (shell_.output() == Output::table && read_ % 100'000 < 1000 && read_ > 1000)
      shell_.err() << fmt::format("{} events\n", with_thousands(read_));
    return true;
  }
  void say_sum() {
    shell_.out() << fmt::format("{} events read: {} counted, {} known already, {} refused\n",
                                with_thousands(read_), with_thousands(counted_),
                                with_thousands(read_ - counted_ - refused_),
                                with_thousands(refused_));
    if (refused_ > 0) shell_.fail(kRefused);
  }

 private:
  void say_refused(const UsageRefused& refused) {
    refused_ += static_cast<int64_t>(refused.events.size());
    for (const RefusedEvent& event : refused.events)
      if (said_++ < 10) shell_.err() << fmt::format("refused {}: {}\n", event.id, event.reason);
  }
  // Names that no party and no lease has are found by the engine: their ids are none.
  UsageEvent resolve(const RawEvent& event, std::string& fault) const {
    const engine::State& state = cloud_.state();
    UsageEvent usage;
    usage.id = event.id;
    usage.meter = state.billing.meters.resolve(event.type);
    usage.lease = state.leases.resolve(event.subject);
    usage.party = usage.lease ? state.leases.at(usage.lease).offer.lessee
                              : state.parties.resolve(event.subject);
    auto at = parse_instant(event.time);
    auto micro = micro_of(event.quantity);
    if (event.source.empty()) fault = "source: the source of the event";
    if (!at) fault = "time: a moment such as 2026-09-01T12:00:00Z";
    if (!micro)
      fault =
          "data.quantity: a whole number, or a text such as \"12.5\", with at most six digits "
          "after the point";
    if (at) usage.at = *at;
    usage.micro = micro.value_or(0);
    return usage;
  }

  Shell& shell_;
  cloud::Executor& cloud_;
  RecordUsage batch_;
  int64_t read_ = 0;
  int64_t counted_ = 0;
  int64_t refused_ = 0;
  int64_t said_ = 0;
};

struct IngestValues {
  std::string file;
};
void ingest_options(Form& form, IngestValues& values) {
  form.add_input("file", values.file,
                 "CloudEvents, one JSON a line; or CSV with source, id, type, subject, time and "
                 "quantity; - for the standard input")
      ->required();
}

bool read_csv_events(Shell& shell, const std::string& path, const std::string& text,
                     Ingest& ingest) {
  InputErrors errors;
  CsvFile file(path, text, errors);
  file.need({"source", "id", "type", "subject", "time", "quantity"});
  if (!errors.empty()) {
    shell.say(errors);
    return false;
  }
  for (size_t row = 0; row < file.rows(); ++row) {
    file.go_to(row);
    RawEvent event{file.text("source"),  file.text("id"),   file.text("type"),
                   file.text("subject"), file.text("time"), file.text("quantity")};
    if (!ingest.add(event, static_cast<int64_t>(row) + 2)) return false;
  }
  return true;
}

void ingest_usage(Shell& shell, const IngestValues& values) {
  auto in = shell.input("file", values.file);
  if (!in) return;
  auto cloud = shell.cloud_to_write();
  if (!cloud || !shell.owner_only("usage ingest")) return;
  Ingest ingest(shell, *cloud);
  bool good = true;
  if (values.file.ends_with(".csv")) {
    std::string text((std::istreambuf_iterator<char>(*in)), std::istreambuf_iterator<char>());
    good = read_csv_events(shell, values.file, text, ingest);
  } else {
    std::string line;
    for (int64_t number = 1; good && std::getline(*in, line); ++number) {
      if (line.empty()) continue;
      if (auto event = read_json(line))
        good = ingest.add(*event, number);
      else
        good = ingest.refuse_line(number, "a CloudEvent: one JSON object in a line");
    }
  }
  if (good && ingest.flush()) ingest.say_sum();
}

const Columns kUsageColumns =
    columns_of("meter, party, lease, from: moment, until: moment, quantity, unit");
void list_usage(Shell& shell, const NoValues&) {
  auto view = shell.view();
  if (!view) return;
  const engine::State& state = view->state;
  Table table(kUsageColumns);
  for (const auto& [key, buckets] : state.billing.usage) {
    const Meter& meter = state.billing.meters.at(key.meter);
    if (!shell.may_see(meter.owner, key.party)) continue;
    int64_t micro = 0;
    for (const auto& [bucket, sum] : buckets) micro += sum;
    table.add({text(meter.name), text(state.name_of(key.party)),
               text(key.lease ? state.leases.at(key.lease).offer.name : ""),
               moment({buckets.begin()->first * engine::kBucketSeconds}),
               moment({(buckets.rbegin()->first + 1) * engine::kBucketSeconds}),
               text(fmt::format("{}.{:06}", micro / kMicro, micro % kMicro)), text(meter.unit)});
  }
  shell.say(table);
}

}  // namespace

void add_usage(Noun root) {
  Noun meter = root.noun("meter", "Counts of what is no server");
  add_command(meter, "define",
              "Define one: meter define storage --owner lambda --unit GB-month --rate '0.10 USD'",
              meter_options, define_meter);
  add_command<NoValues>(meter, "list", "List meters", nullptr, list_meters, kMetersColumns);
  Noun usage = root.noun("usage", "What meters counted");
  add_command(usage, "ingest",
              "Take in events, each once however often it comes: usage ingest events.jsonl",
              ingest_options, ingest_usage);
  add_command<NoValues>(usage, "list", "Sums of what was counted", nullptr, list_usage,
                        kUsageColumns);
}

}  // namespace leasehold::operations
