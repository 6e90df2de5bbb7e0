// A new pair of SSH keys, for who has none.
#pragma once

#include <string>

namespace leasehold::server {

struct SshPair {
  std::string public_key;   // "ssh-rsa AAAA..."
  std::string private_key;  // PEM
};
SshPair make_ssh_pair();

}  // namespace leasehold::server
