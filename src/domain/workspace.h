// What a party has around its instances: SSH keys, file systems, firewalls; the images that it may
// choose from; how an instance is set up, and what the substrate reports of it. Part of the closed
// lists of command.h and fact.h.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/describe.h"
#include "base/time.h"
#include "domain/ids.h"

namespace leasehold {

// Names are a party's own: two parties may use the same one.
struct SshKey {
  SshKeyId id;
  PartyId party;
  std::string name;
  std::string public_key;  // "ssh-ed25519 AAAA... comment"
  static constexpr auto fields() {
    return describe(field("id", &SshKey::id), field("party", &SshKey::party),
                    field("name", &SshKey::name), field("public_key", &SshKey::public_key));
  }
};

struct FileSystem {
  FileSystemId id;
  PartyId party;
  std::string name;
  std::string region;  // of a site: what is launched with it is launched there
  Instant created;
  std::string created_by;
  static constexpr auto fields() {
    return describe(field("id", &FileSystem::id), field("party", &FileSystem::party),
                    field("name", &FileSystem::name), field("region", &FileSystem::region),
                    field("created", &FileSystem::created),
                    field("created_by", &FileSystem::created_by));
  }
};

enum class Protocol : uint8_t { tcp, udp, icmp, all };
constexpr auto enum_names(Protocol) { return std::array{"tcp", "udp", "icmp", "all"}; }

// What may come in.
struct FirewallRule {
  Protocol protocol = Protocol::tcp;
  std::optional<int64_t> first_port;  // both, or neither; none for icmp
  std::optional<int64_t> last_port;
  std::string source;  // an IPv4 network: "0.0.0.0/0"
  std::string description;
  static constexpr auto fields() {
    return describe(
        field("protocol", &FirewallRule::protocol), field("first_port", &FirewallRule::first_port),
        field("last_port", &FirewallRule::last_port), field("source", &FirewallRule::source),
        field("description", &FirewallRule::description));
  }
};

// Rules of all of a party's instances, where it has no region; else of those that name it.
struct Firewall {
  FirewallId id;
  PartyId party;
  std::string name;
  std::string region;
  std::vector<FirewallRule> rules;
  Instant created;
  static constexpr auto fields() {
    return describe(field("id", &Firewall::id), field("party", &Firewall::party),
                    field("name", &Firewall::name), field("region", &Firewall::region),
                    field("rules", &Firewall::rules), field("created", &Firewall::created));
  }
};

enum class Architecture : uint8_t { x86_64, arm64 };
constexpr auto enum_names(Architecture) { return std::array{"x86_64", "arm64"}; }

// What an instance can start from, in every region.
struct Image {
  ImageId id;
  std::string name;    // unique: "lambda-stack-24-04-2026-10"
  std::string family;  // of which the newest is taken where no image is named
  std::string version;
  Architecture architecture = Architecture::x86_64;
  std::string description;
  Instant created;
  static constexpr auto fields() {
    return describe(field("id", &Image::id), field("name", &Image::name),
                    field("family", &Image::family), field("version", &Image::version),
                    field("architecture", &Image::architecture),
                    field("description", &Image::description), field("created", &Image::created));
  }
};

struct Mount {
  FileSystemId file_system;
  std::string point;  // "/lambda/nfs/data"
  static constexpr auto fields() {
    return describe(field("file_system", &Mount::file_system), field("point", &Mount::point));
  }
};

struct Tag {
  std::string key;
  std::string value;
  static constexpr auto fields() {
    return describe(field("key", &Tag::key), field("value", &Tag::value));
  }
};

// How a tenant wants an instance.
struct Setup {
  std::string label;  // as its tenant calls it; several may be called the same
  std::string hostname;
  std::vector<SshKeyId> ssh_keys;
  std::vector<Mount> mounts;
  ImageId image;                      // none where none is offered
  std::vector<FirewallId> firewalls;  // besides the party's own rules
  std::vector<Tag> tags;
  std::string user_data;  // cloud-init; never shown
  static constexpr auto fields() {
    return describe(field("label", &Setup::label), field("hostname", &Setup::hostname),
                    field("ssh_keys", &Setup::ssh_keys), field("mounts", &Setup::mounts),
                    field("image", &Setup::image), field("firewalls", &Setup::firewalls),
                    field("tags", &Setup::tags), field("user_data", &Setup::user_data));
  }
};

// What the substrate says of an instance that runs: `active` once it has started and passed its
// acceptance test.
enum class Condition : uint8_t { booting, active, unhealthy };
constexpr auto enum_names(Condition) { return std::array{"booting", "active", "unhealthy"}; }

struct Report {
  Condition condition = Condition::booting;
  std::string ip;
  std::string private_ip;
  std::string test;  // which test was passed, or what is wrong
  static constexpr auto fields() {
    return describe(field("condition", &Report::condition), field("ip", &Report::ip),
                    field("private_ip", &Report::private_ip), field("test", &Report::test));
  }
};

// How many accelerators a party may have at once without a lease: on demand and preemptible.
struct SetQuota {
  PartyId party;
  std::optional<int64_t> accelerators;  // any number where there is none
};
struct AddSshKey {
  SshKey key;
};  // its id is drawn, as those below
struct RemoveSshKey {
  SshKeyId key;
};
struct CreateFileSystem {
  FileSystem file_system;
};
struct DeleteFileSystem {
  FileSystemId file_system;
};
struct SetFirewall {
  Firewall firewall;  // with an id it replaces the one that has it
};
struct DeleteFirewall {
  FirewallId firewall;
};
struct OfferImage {
  Image image;
};
struct ReportInstance {
  InstanceId instance;
  Report report;
};
struct RestartInstance {
  InstanceId instance;
};
struct LabelInstance {
  InstanceId instance;
  std::string label;
};

struct QuotaSet {
  static constexpr const char* kKind = "quota_set";
  PartyId party;
  std::optional<int64_t> accelerators;
  static constexpr auto fields() {
    return describe(field("party", &QuotaSet::party),
                    field("accelerators", &QuotaSet::accelerators));
  }
};
struct SshKeyAdded {
  static constexpr const char* kKind = "ssh_key_added";
  SshKey key;
  static constexpr auto fields() { return describe(field("key", &SshKeyAdded::key)); }
};
struct SshKeyRemoved {
  static constexpr const char* kKind = "ssh_key_removed";
  SshKeyId key;
  static constexpr auto fields() { return describe(field("key", &SshKeyRemoved::key)); }
};
struct FileSystemCreated {
  static constexpr const char* kKind = "file_system_created";
  FileSystem file_system;
  static constexpr auto fields() {
    return describe(field("file_system", &FileSystemCreated::file_system));
  }
};
struct FileSystemDeleted {
  static constexpr const char* kKind = "file_system_deleted";
  FileSystemId file_system;
  static constexpr auto fields() {
    return describe(field("file_system", &FileSystemDeleted::file_system));
  }
};
struct FirewallSet {
  static constexpr const char* kKind = "firewall_set";
  Firewall firewall;
  static constexpr auto fields() { return describe(field("firewall", &FirewallSet::firewall)); }
};
struct FirewallDeleted {
  static constexpr const char* kKind = "firewall_deleted";
  FirewallId firewall;
  static constexpr auto fields() { return describe(field("firewall", &FirewallDeleted::firewall)); }
};
struct ImageOffered {
  static constexpr const char* kKind = "image_offered";
  Image image;
  static constexpr auto fields() { return describe(field("image", &ImageOffered::image)); }
};
struct InstanceReported {
  static constexpr const char* kKind = "instance_reported";
  InstanceId instance;
  Report report;
  static constexpr auto fields() {
    return describe(field("instance", &InstanceReported::instance),
                    field("report", &InstanceReported::report));
  }
};
struct InstanceRestarted {
  static constexpr const char* kKind = "instance_restarted";
  InstanceId instance;
  static constexpr auto fields() {
    return describe(field("instance", &InstanceRestarted::instance));
  }
};
struct InstanceLabelled {
  static constexpr const char* kKind = "instance_labelled";
  InstanceId instance;
  std::string label;
  static constexpr auto fields() {
    return describe(field("instance", &InstanceLabelled::instance),
                    field("label", &InstanceLabelled::label));
  }
};

}  // namespace leasehold
