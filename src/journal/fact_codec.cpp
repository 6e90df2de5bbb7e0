#include "journal/fact_codec.h"

#include <utility>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "base/json.h"

namespace leasehold::journal {

namespace json = boost::json;

namespace {

constexpr int64_t kVersion = 1;

bool read_text(std::string_view text, Instant& value) {
  auto parsed = parse_instant(text);
  if (parsed) value = *parsed;
  return parsed.has_value();
}
bool read_text(std::string_view text, Term& value) {
  auto parsed = text == "0 days" ? Parsed<Term>(Term{}) : parse_term(text);
  if (parsed) value = *parsed;
  return parsed.has_value();
}
bool read_text(std::string_view text, Money& value) {
  if (text == "0") return true;  // no currency yet
  auto parsed = parse_money(text);
  if (parsed) value = *parsed;
  return parsed.has_value();
}
bool read_text(std::string_view text, Quantity& value) {
  auto parsed = parse_quantity(text);
  if (parsed) value = *parsed;
  return parsed.has_value();
}
bool read_text(std::string_view text, AccountId& value) {
  auto parsed = parse_account_id(text);
  if (parsed) value = *parsed;
  return parsed.has_value();
}
template <class Tag>
bool read_text(std::string_view text, Id<Tag>& value) {
  if (text.empty()) return true;
  auto parsed = parse_id<Tag>(text);
  if (parsed) value = *parsed;
  return parsed.has_value();
}
template <DescribedEnum E>
bool read_text(std::string_view text, E& value) {
  return value_of(text, value);
}
bool read_text(std::string_view text, std::string& value) {
  value = text;
  return true;
}

template <class T>
bool read(const json::value& from, T& value);

template <Described T>
bool read_fields(const json::object& from, T& object) {
  bool good = true;
  for_each_field(object, [&](std::string_view name, auto& member) {
    using Member = std::remove_reference_t<decltype(member)>;
    const json::value* found = from.if_contains(name);
    if constexpr (IsOptional<Member>::value)
      good = good && (found == nullptr || read(*found, member.emplace()));
    else
      good = good && found != nullptr && read(*found, member);
  });
  return good;
}

template <class T>
bool read(const json::value& from, T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    if (!from.is_bool()) return false;
    value = from.get_bool();
    return true;
  } else if constexpr (std::is_integral_v<T>) {
    if (!from.is_int64() || !std::in_range<T>(from.get_int64())) return false;
    value = static_cast<T>(from.get_int64());
    return true;
  } else if constexpr (IsVector<T>::value) {
    if (!from.is_array()) return false;
    value.reserve(from.get_array().size());
    for (const json::value& item : from.get_array())
      if (!read(item, value.emplace_back())) return false;
    return true;
  } else if constexpr (Described<T>) {
    return from.is_object() && read_fields(from.get_object(), value);
  } else {
    return from.is_string() && read_text(std::string_view(from.get_string()), value);
  }
}

// Tries each alternative's kind; false where none has the name.
template <size_t Index = 0>
bool read_kind(std::string_view kind, const json::object& from, FactBody& body, bool& known) {
  if constexpr (Index < std::variant_size_v<FactBody>) {
    using Body = std::variant_alternative_t<Index, FactBody>;
    if (kind != Body::kKind) return read_kind<Index + 1>(kind, from, body, known);
    known = true;
    return read_fields(from, body.emplace<Index>());
  }
  return false;
}

Io<FactBody> decode_object(const json::object& object) {
  const json::value* kind = object.if_contains("kind");
  const json::value* version = object.if_contains("v");
  if (kind == nullptr || !kind->is_string() || version == nullptr || !version->is_int64())
    return io_error(IoCode::corrupt, "a fact without kind or version");
  FactBody body;
  bool known = false;
  std::string_view name(kind->get_string());
  bool good = read_kind(name, object, body, known);
  if (!known || version->get_int64() > kVersion)
    return io_error(IoCode::newer_version,
                    fmt::format("fact '{}' version {} was written by a newer leasehold", name,
                                version->get_int64()));
  if (!good) return io_error(IoCode::corrupt, fmt::format("fact '{}' lacks a field", name));
  return body;
}

}  // namespace

std::string encode(const FactBody& body) {
  std::string out;
  out.reserve(1024);  // most facts fit
  fmt::format_to(std::back_inserter(out), "{{\"kind\":\"{}\",\"v\":{}", kind_of(body), kVersion);
  std::visit([&out](const auto& fact) { write_json_fields(out, fact, true); }, body);
  out += '}';
  return out;
}

Io<FactBody> decode(std::string_view body) {
  std::array<unsigned char, 8192> buffer;
  json::monotonic_resource memory(buffer.data(), buffer.size());
  json::error_code error;
  json::value value = json::parse({body.data(), body.size()}, error, &memory);
  if (error || !value.is_object()) return io_error(IoCode::corrupt, "a fact that is no JSON");
  return decode_object(value.get_object());
}

Record to_record(const Fact& fact) {
  return {fact.sequence, fact.at, fact.actor, encode(fact.body), {}};
}

Io<Fact> to_fact(const Record& record) {
  Io<FactBody> body = decode(record.body);
  if (!body) {
    IoError error = body.error();
    error.sequence = record.sequence;
    error.message = fmt::format("record {}: {}", record.sequence, error.message);
    return Unexpected<IoError>(std::move(error));
  }
  return Fact{record.sequence, record.at, record.actor, std::move(*body)};
}

std::string to_line(const Record& record) {
  std::string out = fmt::format("{{\"sequence\":{},\"at\":\"{}\",\"actor\":", record.sequence,
                                to_text(record.at));
  write_json_string(out, record.actor);
  out += ",\"fact\":" + record.body + ",\"hash\":\"" + to_hex(record.hash) + "\"}";
  return out;
}

Io<Record> from_line(std::string_view line) {
  json::error_code error;
  json::value value = json::parse({line.data(), line.size()}, error);
  const json::object* object = value.if_object();
  if (error || object == nullptr) return io_error(IoCode::corrupt, "a line that is no JSON");
  Record record;
  int64_t sequence = 0;
  std::string hash;
  const json::value* fields[] = {object->if_contains("sequence"), object->if_contains("at"),
                                 object->if_contains("actor"), object->if_contains("fact"),
                                 object->if_contains("hash")};
  for (const json::value* field : fields)
    if (field == nullptr) return io_error(IoCode::corrupt, "a line without all five fields");
  bool good = read(*fields[0], sequence) && read(*fields[1], record.at) &&
              read(*fields[2], record.actor) && fields[3]->is_object() && read(*fields[4], hash);
  auto parsed_hash = hash_from_hex(hash);
  if (!good || !parsed_hash) return io_error(IoCode::corrupt, "a line with a damaged field");
  record.sequence = static_cast<uint64_t>(sequence);
  record.hash = *parsed_hash;
  // Read and written again, so that spaces or another order of fields change nothing.
  Io<FactBody> body = decode_object(fields[3]->get_object());
  if (!body) return Unexpected<IoError>(body.error());
  record.body = encode(*body);
  return record;
}

}  // namespace leasehold::journal
