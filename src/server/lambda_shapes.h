// The JSON of the Lambda-compatible API: what its clients expect of instances, types, regions,
// keys. Its document, 1.5.3 to 1.10.0, is described in docs/reference/lambda.md with the clients
// that were looked at. What is not known yet is left out and never null: clients made from the
// documents differ in what they take for null.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "engine/state.h"
#include "server/http.h"

namespace leasehold::server::lambda {

// {"data": ...}
Response data(boost::json::value value);
// {"error": {...}}; the codes are those of the document.
Response error(int status, const std::string& code, const std::string& message,
               const std::string& suggestion = "");
// Fields that are wrong, each with what would be accepted; 400.
struct WrongField {
  std::string name;
  std::string message;
};
Response wrong(const std::vector<WrongField>& fields);

// Ids are 32 hexadecimal digits there: the last ten are our number, the others vouch for it.
std::string hex_of_number(const char* stem, uint32_t number);
uint32_t number_in_hex(const char* stem, std::string_view hex);  // 0 where it is none
template <class Tag>
std::string hex_of(Id<Tag> id) {
  return hex_of_number(Tag::kStem, id.number);
}
template <class Tag>
Id<Tag> from_hex(std::string_view hex) {
  return {number_in_hex(Tag::kStem, hex)};
}

// So many accelerators of a server of a SKU.
struct Type {
  SkuId sku;
  int64_t accelerators = 0;
  std::string name;  // "gpu_8x_h100_sxm5"
};
// Of each SKU whose specs are known: powers of two, and a whole server.
std::vector<Type> types(const engine::State& state);
Type type_of(const engine::State& state, const Instance& instance);
boost::json::object json_of(const engine::State& state, const Type& type);

boost::json::object region_json(const engine::State& state, const std::string& region);
boost::json::object json_of(const engine::State& state, const Instance& instance);
boost::json::object json_of(const SshKey& key);
boost::json::object json_of(const engine::State& state, const FileSystem& row);
boost::json::object json_of(const engine::State& state, const Image& image,
                            const std::string& region);
boost::json::array rules_json(const Firewall& firewall);
boost::json::object json_of(const engine::State& state, const Firewall& firewall);

// Every region that has a pool, in the order of the alphabet.
std::vector<std::string> regions(const engine::State& state);

}  // namespace leasehold::server::lambda
