// Servers whose accelerators are rented one by one or in parts of a thousandth. Which of them takes
// a request is a best fit at each level, so that what is whole stays whole: the part of an
// accelerator that leaves the least, else the server with the fewest whole accelerators that has
// enough, else a whole server of the pod with the fewest free ones.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "domain/account_id.h"
#include "domain/instance.h"

namespace leasehold::fleet {

class GpuSplits {
 public:
  struct Split {
    AccountId account;          // whose server it is
    std::vector<int64_t> free;  // thousandths of each accelerator
  };
  struct Place {
    ServerId server;
    std::vector<GpuShare> gpus;
  };

  // Where a request of whole accelerators, or of a part of one, goes among the split servers of an
  // account; none where it fits in none of them. O(log n) in the split servers.
  std::optional<Place> find(const AccountId& account, int64_t gpus, int64_t milli) const;

  void open(ServerId server, const AccountId& account, int64_t gpus);
  void close(ServerId server);
  // Takes (or gives back) the shares.
  void take(ServerId server, const std::vector<GpuShare>& gpus);
  void give(ServerId server, const std::vector<GpuShare>& gpus);
  // Another server takes the place of one, with all that runs on it.
  void move(ServerId from, ServerId to);
  // No new request goes to a server that is not in service.
  void set_open(ServerId server, bool open);

  bool has(ServerId server) const { return splits_.contains(server); }
  const Split& at(ServerId server) const { return splits_.at(server); }
  const std::map<ServerId, Split>& all() const { return splits_; }
  // Nothing of it is rented.
  bool unused(ServerId server) const;

 private:
  struct Part {
    int64_t free = 0;
    ServerId server;
    int64_t gpu = 0;
    auto operator<=>(const Part&) const = default;
  };
  struct Index {
    std::set<Part> parts;                           // accelerators that are rented in part
    std::set<std::pair<int64_t, ServerId>> wholes;  // servers by their whole free accelerators
  };
  void index(ServerId server, const Split& split, bool add);
  void change(ServerId server, const std::vector<GpuShare>& gpus, int64_t sign);

  std::map<ServerId, Split> splits_;
  std::map<AccountId, Index> indexes_;
  std::set<ServerId> closed_;
};

}  // namespace leasehold::fleet
