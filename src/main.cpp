// The only place where drivers are chosen and the outside is read: clock, environment, terminal.
#include <pwd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>

#include <sodium.h>

#include "cli/run.h"
#include "journal/store.h"

namespace {

std::string environment_value(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// What LEASEHOLD_STORE says, else under the XDG data folder: $XDG_DATA_HOME, else ~/.local/share.
std::string default_store() {
  std::string named = environment_value("LEASEHOLD_STORE");
  if (!named.empty()) return named;
  std::string data = environment_value("XDG_DATA_HOME");
  if (data.empty()) data = environment_value("HOME") + "/.local/share";
  return data + "/leasehold/cloud.db";
}

std::string user_name() {
  const passwd* user = getpwuid(getuid());
  return user == nullptr ? std::to_string(getuid()) : user->pw_name;
}

leasehold::Instant clock_now() {
  return {std::chrono::duration_cast<std::chrono::seconds>(
              std::chrono::system_clock::now().time_since_epoch())
              .count()};
}

// A file, or the standard input where it is "-".
std::unique_ptr<std::istream> read_file(const std::string& name) {
  if (name == "-") return std::make_unique<std::istream>(std::cin.rdbuf());
  auto file = std::make_unique<std::ifstream>(name, std::ios::binary);
  if (!*file) return nullptr;
  return file;
}

// 256 random bits in URL-safe base64.
std::string random_secret() {
  unsigned char bytes[32];
  randombytes_buf(bytes, sizeof bytes);
  char text[sodium_base64_ENCODED_LEN(sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING)];
  sodium_bin2base64(text, sizeof text, bytes, sizeof bytes,
                    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  return text;
}

int terminal_columns() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 100;
}

}  // namespace

int main(int count, char** values) {
  if (sodium_init() < 0) {
    std::cerr << "leasehold: the cryptography library does not start\n";
    return leasehold::operations::kWrong;
  }
  leasehold::operations::Environment environment{
      std::cout,       std::cerr,   clock_now, leasehold::journal::open_store,
      default_store(), user_name(), read_file, random_secret};
  environment.default_server = environment_value("LEASEHOLD_SERVER");
  environment.api_key = environment_value("LEASEHOLD_API_KEY");
  environment.color = isatty(STDOUT_FILENO) == 1 && environment_value("NO_COLOR").empty();
  environment.columns = terminal_columns();
  int status =
      leasehold::cli::run(std::vector<std::string>(values + 1, values + count), environment);
  std::cout.flush();
  return std::cout.good() ? status : leasehold::operations::kWrong;
}
