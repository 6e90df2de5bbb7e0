#include "operations/output_file.h"

#include <fstream>
#include <ostream>

namespace leasehold::operations {

void give(Shell& shell, const std::string& file, const std::string& media_type,
          const std::string& bytes, const std::string& sum) {
  if (file.empty()) {
    shell.writes(media_type, sum);
    shell.out() << bytes;
    return;
  }
  std::ofstream out(file, std::ios::binary);
  out << bytes;
  out.close();
  if (!out) return shell.say(InputErrors{{"--file", file, "a file that can be written"}});
  shell.out() << file << ": " << sum << '\n';
}

}  // namespace leasehold::operations
