#include "server/openapi.h"

#include <set>

#include <boost/json.hpp>

#include "server/batch.h"
#include "server/routes.h"

namespace leasehold::server {

namespace json = boost::json;
using operations::Field;
using operations::FieldKind;

namespace {

json::object reference(const char* name) { return {{"$ref", std::string("#/components/") + name}}; }

json::object schema_of(const Field& field) {
  json::object text{{"type", json::array{"string", "integer"}}};
  switch (field.kind) {
    case FieldKind::flag:
      return {{"type", "boolean"}, {"description", field.help}};
    case FieldKind::list:
      return {{"type", "array"}, {"items", text}, {"description", field.help}};
    case FieldKind::input:
      return {{"description", field.help},
              {"type", json::array{"string", "object"}},
              {"properties", {{"name", {{"type", "string"}}}, {"content", {{"type", "string"}}}}}};
    default:
      text["description"] = field.help;
      return text;
  }
}

// "lease show" is leaseShow; two routes of one operation are told apart by their methods, and by
// whether they ask for all.
std::string operation_id(const Route& route) {
  std::string id;
  bool capital = false;
  for (char c : std::string_view(route.words)) {
    if (c == ' ' || c == '-') {
      capital = true;
      continue;
    }
    id += capital ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    capital = false;
  }
  size_t same = 0;
  size_t questions = 0;
  for (const Route& other : routes()) {
    if (std::string_view(other.words) != route.words) continue;
    ++same;
    if (!other.changes()) ++questions;
  }
  if (route.changes()) return same > 1 ? id + "Change" : id;
  bool of_all = std::string_view(route.path).find('{') == std::string_view::npos;
  return questions > 1 && of_all ? id + "All" : id;
}

json::object parameter(const std::string& name, const char* in, bool required, json::object schema,
                       const std::string& says) {
  return {{"name", name},
          {"in", in},
          {"required", required},
          {"description", says},
          {"schema", std::move(schema)}};
}

json::array parameters_of(const Route& route, const operations::Form& form) {
  std::set<std::string> in_path;
  std::string_view path = route.path;
  for (size_t open = path.find('{'); open != std::string_view::npos;
       open = path.find('{', open + 1))
    in_path.insert(std::string(path.substr(open + 1, path.find('}', open) - open - 1)));
  json::array out;
  json::object text{{"type", "string"}};
  for (const Field& field : form.fields()) {
    if (field.kind == FieldKind::output) continue;
    if (in_path.contains(field.name)) {
      out.push_back(parameter(field.name, "path", true, text, field.help));
    } else if (!route.changes()) {
      json::object schema = field.kind == FieldKind::flag ? json::object{{"type", "boolean"}}
                            : field.kind == FieldKind::list
                                ? json::object{{"type", "array"}, {"items", text}}
                                : text;
      out.push_back(parameter(field.name, "query", field.is_required, schema, field.help));
    }
  }
  std::vector<const char*> shared;
  if (route.changes())
    shared = {"IdempotencyKey", "DryRun", "Zone", "As"};
  else
    shared = {"At", "Zone", "As", "Limit", "Cursor", "Sort", "Fields"};
  for (const char* name : shared)
    if (form.find(name) == nullptr)
      out.push_back(reference((std::string("parameters/") + name).c_str()));
  return out;
}

json::object body_of(const Route& route, const operations::Form& form) {
  json::object properties;
  json::array required;
  std::string_view path = route.path;
  for (const Field& field : form.fields()) {
    if (path.find("{" + field.name + "}") != std::string_view::npos) continue;
    if (field.kind == FieldKind::output) continue;
    properties[field.name] = schema_of(field);
    if (field.is_required) required.emplace_back(field.name);
  }
  json::object schema{
      {"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
  bool needed = !required.empty();
  if (needed) schema["required"] = std::move(required);
  return {{"required", needed},
          {"content", {{"application/json", {{"schema", std::move(schema)}}}}}};
}

// What a column holds is said beside its type, for who shows it: "share" is in permille, "power" in
// watts, "money" a sum with its currency, "moment" in UTC. Where there is none it is a word.
json::object schema_of(const operations::Column& column) {
  using operations::Holds;
  bool counted =
      column.holds == Holds::number || column.holds == Holds::share || column.holds == Holds::power;
  json::value type =
      counted ? json::value(json::array{"integer", "string"}) : json::value("string");
  return {{"type", type}, {"title", column.name}, {"x-holds", name_of(column.holds)}};
}

// Rows of known columns; not all of them where `fields` chooses some.
json::object rows_of(const operations::Columns& columns) {
  json::object properties;
  for (const operations::Column& column : columns) properties[column.key] = schema_of(column);
  json::object row{
      {"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
  return {
      {"type", "object"},
      {"required", json::array{"data"}},
      {"properties",
       {{"data", {{"type", "array"}, {"items", std::move(row)}}}, {"next", {{"type", "string"}}}}}};
}

json::object content_of(json::object schema) {
  json::object text{{"schema", {{"type", "string"}}}};
  return {{"application/json", {{"schema", std::move(schema)}}},
          {"text/csv", text},
          {"text/plain", text}};
}

json::object answer_of(const Route& route) {
  if (route.changes()) return reference("responses/Facts");
  const operations::Columns& columns = route.operation->columns;
  if (columns.empty()) return reference("responses/Rows");
  return {{"description", "Rows"}, {"content", content_of(rows_of(columns))}};
}

json::object responses_of(const Route& route) {
  json::object responses;
  responses["200"] = answer_of(route);
  for (const char* status : {"400", "401", "403", "404", "405", "409", "413", "429", "503"})
    responses[status] = reference("responses/Problem");
  if (!route.changes()) responses["304"] = json::object{{"description", "As it was: see ETag"}};
  return responses;
}

json::object operation_of(const Route& route) {
  operations::Call call = route.operation->call();
  const std::string& help = route.operation->help;
  json::object out{{"operationId", operation_id(route)},
                   {"summary", help.substr(0, help.find(": "))},
                   {"tags", json::array{route.operation->words.front()}},
                   {"description", std::string("Area: ") + name_of(route.area) +
                                       (route.audience == Audience::cloud
                                            ? "; for keys of the whole cloud."
                                            : "; a party's key sees what belongs to the party.")},
                   {"x-area", name_of(route.area)},
                   {"x-audience", route.audience == Audience::cloud ? "cloud" : "party"},
                   {"parameters", parameters_of(route, call.form)}};
  if (route.changes()) out["requestBody"] = body_of(route, call.form);
  out["responses"] = responses_of(route);
  return out;
}

// No operation of the catalogue: it has those of others in it.
json::object batch_operation() {
  json::object text{{"type", "string"}};
  json::object one{{"type", "object"},
                   {"required", json::array{"method", "path"}},
                   {"properties",
                    {{"method", {{"enum", json::array{"GET", "POST"}}}},
                     {"path", text},
                     {"body", {{"type", "object"}}},
                     {"idempotency_key", text}}}};
  json::object body{{"type", "object"},
                    {"required", json::array{"requests"}},
                    {"additionalProperties", false},
                    {"properties",
                     {{"requests",
                       {{"type", "array"},
                        {"items", std::move(one)},
                        {"minItems", 1},
                        {"maxItems", static_cast<int64_t>(kMostOfBatch)}}},
                      {"stop", {{"type", "boolean"}}}}}};
  json::object answer{
      {"type", "object"},
      {"required", json::array{"status", "body"}},
      {"properties", {{"status", {{"type", "integer"}}}, {"body", json::object{}}}}};
  json::object answers{
      {"type", "object"},
      {"required", json::array{"answers"}},
      {"properties", {{"answers", {{"type", "array"}, {"items", std::move(answer)}}}}}};
  json::object responses;
  responses["200"] =
      json::object{{"description",
                    "The answers in order: of all requests, or with `stop` up to the first that "
                    "is not 200"},
                   {"content", {{"application/json", {{"schema", std::move(answers)}}}}}};
  for (const char* status : {"400", "401", "403", "413", "429", "503"})
    responses[status] = reference("responses/Problem");
  return {
      {"operationId", "batch"},
      {"summary", "Ask many things at once"},
      {"tags", json::array{"batch"}},
      {"description",
       "Each is answered as if it had come alone, in order. JSON lines (application/x-ndjson) are "
       "answered with lines, each as soon as its request is."},
      {"parameters", json::array{}},
      {"requestBody",
       {{"required", true}, {"content", {{"application/json", {{"schema", std::move(body)}}}}}}},
      {"responses", std::move(responses)}};
}

// No operation of the catalogue: it does not end.
json::object events_operation() {
  json::object number{{"type", "integer"}, {"minimum", 0}};
  json::object responses;
  responses["200"] =
      json::object{{"description",
                    "Server-sent events: the sequence number as id, the kind as event, and as data "
                    "sequence, at, actor, kind and, for keys of the whole cloud, what"},
                   {"content", {{"text/event-stream", {{"schema", {{"type", "string"}}}}}}}};
  for (const char* status : {"400", "401", "403", "429", "503"})
    responses[status] = reference("responses/Problem");
  return {
      {"operationId", "events"},
      {"summary", "Follow what happens"},
      {"tags", json::array{"events"}},
      {"description", "One event a fact; a party's key is told of what is its own."},
      {"parameters",
       json::array{
           parameter("after", "query", false, number, "After this sequence number; now otherwise"),
           parameter("Last-Event-ID", "header", false, number, "The same, as browsers send it")}},
      {"responses", std::move(responses)}};
}

// No operation of the catalogue: it is about who asks, not about the cloud.
json::object me_operation() {
  json::object text{{"type", "string"}};
  json::object areas{{"type", "array"}, {"items", text}};
  json::object who{{"type", "object"},
                   {"required", json::array{"name", "role", "now", "sees", "changes"}},
                   {"properties",
                    {{"name", text},
                     {"role", text},
                     {"party", text},
                     {"now", text},
                     {"sees", areas},
                     {"changes", areas}}}};
  json::object responses;
  responses["200"] = json::object{
      {"description",
       "The key's name or the user's address, the role and the areas that it sees and changes, the "
       "party, and the server's present moment"},
      {"content", {{"application/json", {{"schema", std::move(who)}}}}}};
  for (const char* status : {"400", "401", "429", "503"})
    responses[status] = reference("responses/Problem");
  return {
      {"operationId", "me"},         {"summary", "Say who asks"},
      {"tags", json::array{"me"}},   {"description", "Of a key, or of a user who is signed in."},
      {"parameters", json::array{}}, {"responses", std::move(responses)}};
}

json::object shared_parameters() {
  json::object text{{"type", "string"}};
  auto query = [&](const char* name, json::object schema, const char* says) {
    return parameter(name, "query", false, std::move(schema), says);
  };
  json::object out;
  out["At"] = query("at", text, "What was known, or will be true, at this moment");
  out["Zone"] = query("zone", text, "The IANA zone of moments without one; Etc/UTC otherwise");
  out["As"] = query("as", text, "Ask as this party; for keys of the whole cloud");
  out["Limit"] = query("limit", {{"type", "integer"}, {"minimum", 1}, {"maximum", 10'000}},
                       "How many rows; 1000 otherwise");
  out["Cursor"] = query("cursor", text, "The `next` of the page before");
  out["Sort"] = query("sort", text, "Columns, each with - before it for descending");
  out["Fields"] = query("fields", text, "The columns that are wanted");
  out["DryRun"] = query("dry_run", {{"type", "boolean"}}, "Show what would happen, change nothing");
  out["IdempotencyKey"] =
      parameter("Idempotency-Key", "header", false,
                {{"type", "string"}, {"minLength", 1}, {"maxLength", 255}},
                "A change with a known key is not done again but answered as the first time");
  return out;
}

json::object components() {
  json::object row{{"type", "object"},
                   {"additionalProperties", {{"type", json::array{"string", "integer"}}}}};
  json::object rows{
      {"type", "object"},
      {"required", json::array{"data"}},
      {"properties",
       {{"data", {{"type", "array"}, {"items", row}}}, {"next", {{"type", "string"}}}}}};
  json::object fact{{"type", "object"},
                    {"required", json::array{"sequence", "at", "kind", "what"}},
                    {"properties",
                     {{"sequence", {{"type", "integer"}}},
                      {"at", {{"type", "string"}}},
                      {"kind", {{"type", "string"}}},
                      {"what", {{"type", "string"}}}}}};
  json::object problem{{"type", "object"},
                       {"required", json::array{"type", "title", "status", "code", "detail"}},
                       {"properties",
                        {{"type", {{"type", "string"}}},
                         {"title", {{"type", "string"}}},
                         {"status", {{"type", "integer"}}},
                         {"code", {{"type", "string"}}},
                         {"detail", {{"type", "string"}}}}}};
  auto content = [](const char* type, json::object schema) {
    return json::object{{type, {{"schema", std::move(schema)}}}};
  };
  json::object text{{"schema", {{"type", "string"}}}};
  return {{"securitySchemes",
           {{"key", {{"type", "http"}, {"scheme", "bearer"}}},
            {"session", {{"type", "apiKey"}, {"in", "cookie"}, {"name", "leasehold-session"}}}}},
          {"parameters", shared_parameters()},
          {"schemas",
           {{"Rows", rows},
            {"Fact", fact},
            {"Facts",
             {{"type", "object"},
              {"properties",
               {{"facts", {{"type", "array"}, {"items", reference("schemas/Fact")}}},
                {"data", {{"type", "array"}, {"items", row}}},
                {"dry_run", {{"type", "boolean"}}},
                {"secret", {{"type", "string"}}}}}}},
            {"Problem", problem}}},
          {"responses",
           {{"Rows",
             {{"description", "Rows, or a document"},
              {"content", content_of(reference("schemas/Rows"))}}},
            {"Facts",
             {{"description", "What happened"},
              {"content",
               {{"application/json", {{"schema", reference("schemas/Facts")}}},
                {"text/plain", text}}}}},
            {"Problem",
             {{"description", "Why not (RFC 9457)"},
              {"content", content("application/problem+json", reference("schemas/Problem"))}}}}}};
}

std::string make_document() {
  json::object paths;
  for (const Route& route : routes()) {
    if (!paths.contains(route.path)) paths[route.path] = json::object{};
    const char* method = route.changes() ? "post" : "get";
    paths[route.path].get_object()[method] = operation_of(route);
  }
  paths["/v1/batch"] = json::object{{"post", batch_operation()}};
  paths["/v1/me"] = json::object{{"get", me_operation()}};
  paths["/v1/events"] = json::object{{"get", events_operation()}};
  json::object document{
      {"openapi", "3.1.0"},
      {"info",
       {{"title", "Leasehold"},
        {"version", "1"},
        {"description", "The operating system of a GPU cloud. No GPU-hour is sold twice."},
        {"license", {{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}}}}},
      {"servers", json::array{json::object{{"url", "/"}}}},
      {"security",
       json::array{json::object{{"key", json::array{}}}, json::object{{"session", json::array{}}}}},
      {"paths", std::move(paths)},
      {"components", components()}};
  return json::serialize(document) + "\n";
}

}  // namespace

const std::string& openapi_document() {
  static const std::string document = make_document();
  return document;
}

}  // namespace leasehold::server
