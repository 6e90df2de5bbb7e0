#include "fleet/gpu_splits.h"

#include <algorithm>

#include "base/result.h"

namespace leasehold::fleet {

namespace {

int64_t wholes_of(const GpuSplits::Split& split) {
  return std::count(split.free.begin(), split.free.end(), kWholeGpu);
}

}  // namespace

std::optional<GpuSplits::Place> GpuSplits::find(const AccountId& account, int64_t gpus,
                                                int64_t milli) const {
  auto found = indexes_.find(account);
  if (found == indexes_.end()) return std::nullopt;
  const Index& index = found->second;
  if (gpus == 0) {
    auto part = index.parts.lower_bound({milli, {}, 0});
    if (part != index.parts.end()) return Place{part->server, {{part->gpu, milli}}};
  }
  int64_t wanted = std::max<int64_t>(gpus, 1);
  auto whole = index.wholes.lower_bound({wanted, {}});
  if (whole == index.wholes.end()) return std::nullopt;
  Place place{whole->second, {}};
  const Split& split = splits_.at(place.server);
  for (size_t i = 0; i < split.free.size() && wanted > 0; ++i)
    if (split.free[i] == kWholeGpu) {
      place.gpus.push_back({static_cast<int64_t>(i), gpus == 0 ? milli : kWholeGpu});
      --wanted;
    }
  return place;
}

void GpuSplits::index(ServerId server, const Split& split, bool add) {
  if (closed_.contains(server)) return;
  Index& index = indexes_[split.account];
  for (size_t i = 0; i < split.free.size(); ++i) {
    Part part{split.free[i], server, static_cast<int64_t>(i)};
    if (part.free == 0 || part.free == kWholeGpu) continue;
    if (add)
      index.parts.insert(part);
    else
      index.parts.erase(part);
  }
  std::pair<int64_t, ServerId> whole{wholes_of(split), server};
  if (whole.first == 0) return;
  if (add)
    index.wholes.insert(whole);
  else
    index.wholes.erase(whole);
}

void GpuSplits::open(ServerId server, const AccountId& account, int64_t gpus) {
  auto [place, fresh] = splits_.try_emplace(
      server, Split{account, std::vector<int64_t>(static_cast<size_t>(gpus), kWholeGpu)});
  LH_ASSERT(fresh);
  index(server, place->second, true);
}

void GpuSplits::close(ServerId server) {
  auto place = splits_.find(server);
  LH_ASSERT(place != splits_.end());
  index(server, place->second, false);
  closed_.erase(server);
  splits_.erase(place);
}

void GpuSplits::change(ServerId server, const std::vector<GpuShare>& gpus, int64_t sign) {
  Split& split = splits_.at(server);
  index(server, split, false);
  for (const GpuShare& share : gpus) {
    int64_t& free = split.free.at(static_cast<size_t>(share.gpu));
    free += sign * share.milli;
    LH_ASSERT(free >= 0 && free <= kWholeGpu);
  }
  index(server, split, true);
}

void GpuSplits::take(ServerId server, const std::vector<GpuShare>& gpus) {
  change(server, gpus, -1);
}

void GpuSplits::give(ServerId server, const std::vector<GpuShare>& gpus) {
  change(server, gpus, +1);
}

void GpuSplits::move(ServerId from, ServerId to) {
  Split split = splits_.at(from);
  close(from);
  splits_.emplace(to, split);
  index(to, split, true);
}

void GpuSplits::set_open(ServerId server, bool open) {
  auto place = splits_.find(server);
  if (place == splits_.end() || open != closed_.contains(server)) return;
  if (!open) {
    index(server, place->second, false);
    closed_.insert(server);
  } else {
    closed_.erase(server);
    index(server, place->second, true);
  }
}

bool GpuSplits::unused(ServerId server) const {
  const Split& split = splits_.at(server);
  return wholes_of(split) == static_cast<int64_t>(split.free.size());
}

}  // namespace leasehold::fleet
