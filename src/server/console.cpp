#include "server/console.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

namespace leasehold::server {

namespace {

namespace fs = std::filesystem;

constexpr const char* kPage = "/index.html";
constexpr std::string_view kBrotli = ".br";
// Stands in the page for the nonce that each answer draws anew.
constexpr std::string_view kNonce = "{{nonce}}";

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string type_of(const fs::path& path) {
  std::string end = path.extension();
  if (end == ".js") return "text/javascript; charset=utf-8";
  if (end == ".css") return "text/css; charset=utf-8";
  if (end == ".html") return "text/html; charset=utf-8";
  if (end == ".svg") return "image/svg+xml";
  return end == ".json" ? "application/json" : "application/octet-stream";
}

// Nothing from elsewhere, no script but its own files, in no other page's frame. Invoices are shown
// in a frame of the page's own making.
std::string policy(const std::string& nonce) {
  return fmt::format(
      "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{}'; img-src 'self' data:; "
      "font-src 'self'; connect-src 'self'; frame-src 'self' blob:; base-uri 'none'; "
      "form-action 'none'; frame-ancestors 'none'",
      nonce);
}

}  // namespace

bool Console::is_in(const std::string& folder) {
  std::error_code unreadable;
  return fs::is_regular_file(folder + kPage, unreadable);
}

Console::Console(const std::string& folder) {
  if (folder.empty()) return;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::string path = "/" + fs::relative(entry.path(), folder).string();
    if (path.ends_with(kBrotli)) {
      files_[path.substr(0, path.size() - kBrotli.size())].brotli = content_of(entry.path());
    } else {
      File& file = files_[path];
      file.plain = content_of(entry.path());
      file.type = type_of(entry.path());
    }
  }
}

std::optional<Response> Console::answer(const Request& request,
                                        const std::function<std::string()>& random) const {
  if (files_.empty() || (request.method != "GET" && request.method != "HEAD")) return std::nullopt;
  bool api = request.path == "/v1" || request.path.starts_with("/v1/") || request.path == "/api" ||
             request.path.starts_with("/api/");
  if (api) return std::nullopt;
  auto found = files_.find(request.path);
  bool wants_page = request.header("accept").find("text/html") != std::string_view::npos;
  if (found == files_.end() && !wants_page) return std::nullopt;
  Response response;
  response.headers = {{"X-Content-Type-Options", "nosniff"}, {"Referrer-Policy", "no-referrer"}};
  if (found == files_.end() || request.path == kPage) {
    response.type = type_of(kPage);
    response.body = files_.at(kPage).plain;
    std::string nonce = random();
    for (size_t at = 0; (at = response.body.find(kNonce)) != std::string::npos;)
      response.body.replace(at, kNonce.size(), nonce);
    response.headers.emplace_back("Content-Security-Policy", policy(nonce));
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
  }
  const File& file = found->second;
  bool kept = request.path.starts_with("/assets/");
  response.headers.emplace_back("Cache-Control",
                                kept ? "public, max-age=31536000, immutable" : "no-cache");
  response.type = file.type;
  response.body = file.plain;
  bool takes = request.header("accept-encoding").find("br") != std::string_view::npos;
  if (!file.brotli.empty()) response.headers.emplace_back("Vary", "Accept-Encoding");
  if (takes && !file.brotli.empty()) {
    response.body = file.brotli;
    response.headers.emplace_back("Content-Encoding", "br");
  }
  return response;
}

}  // namespace leasehold::server
