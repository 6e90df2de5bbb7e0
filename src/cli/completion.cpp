#include "cli/completion.h"

#include <map>

#include <fmt/format.h>

namespace leasehold::cli {

namespace {

// The words that can follow a path of nouns: "" -> "party site ... --store", "party" -> "add list".
void gather(const CLI::App& app, const std::string& path,
            std::map<std::string, std::string>& words) {
  std::string& here = words[path];
  for (const CLI::App* noun : app.get_subcommands(nullptr)) {
    here += noun->get_name() + " ";
    gather(*noun, path.empty() ? noun->get_name() : path + " " + noun->get_name(), words);
  }
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) here += "--" + name + " ";
}

std::string bash(const std::map<std::string, std::string>& words) {
  std::string cases;
  for (const auto& [path, next] : words)
    cases += fmt::format("    '{}') words='{}' ;;\n", path, next);
  return "_leasehold() {\n"
         "  local path='' word words=''\n"
         "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
         "    case $word in -*) ;; *) path=\"${path:+$path }$word\" ;; esac\n"
         "  done\n"
         "  while true; do\n"
         "    case $path in\n" +
         cases +
         "    esac\n"
         "    [ -n \"$words\" ] || [ -z \"$path\" ] && break\n"
         "    case $path in *' '*) path=${path% *} ;; *) path='' ;; esac\n"
         "  done\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\"))\n"
         "}\n"
         "complete -o default -F _leasehold leasehold\n";
}

std::string fish(const std::map<std::string, std::string>& words) {
  std::string out = "complete -c leasehold -e\n";
  for (const auto& [path, next] : words) {
    std::string condition = path.empty() ? "__fish_use_subcommand" : "";
    for (size_t at = 0; at < path.size();) {
      size_t end = std::min(path.find(' ', at), path.size());
      condition += (condition.empty() ? "" : "; and ") +
                   std::string("__fish_seen_subcommand_from ") + path.substr(at, end - at);
      at = end + 1;
    }
    out += fmt::format("complete -c leasehold -n '{}' -a '{}'\n", condition, next);
  }
  return out;
}

}  // namespace

std::string completion_for(const std::string& shell, const CLI::App& app) {
  std::map<std::string, std::string> words;
  gather(app, "", words);
  if (shell == "fish") return fish(words);
  return (shell == "zsh" ? "autoload -U bashcompinit && bashcompinit\n" : "") + bash(words);
}

}  // namespace leasehold::cli
