#include "capacity/calendar.h"

#include <algorithm>

#include "base/result.h"

namespace leasehold::capacity {

namespace {

template <class Array>
void open_gap(Array& values, int count, int position) {
  std::copy_backward(values.begin() + position, values.begin() + count, values.begin() + count + 1);
}

template <class Array>
void close_gap(Array& values, int count, int position) {
  std::copy(values.begin() + position + 1, values.begin() + count, values.begin() + position);
}

}  // namespace

Calendar::Calendar(std::span<const Change> sorted_changes) {
  constexpr int kPacked = kFanout * 3 / 4;  // room for what comes later
  clear();
  std::vector<NodeIndex> nodes{root_};
  Leaf* leaf = &leaves_[root_];
  auto close_last = [&] {
    bool nothing = leaf->count > 1 && leaf->delta[static_cast<size_t>(leaf->count - 1)] == 0;
    if (nothing) --leaf->count;
    breakpoints_ -= nothing ? 1 : 0;
  };
  for (const Change& next : sorted_changes) {
    auto last = static_cast<size_t>(leaf->count - 1);
    if (leaf->at[last] == next.at.seconds) {
      leaf->delta[last] += next.delta;
      continue;
    }
    close_last();
    if (leaf->count >= kPacked) {
      nodes.push_back(new_leaf());
      leaf = &leaves_[nodes.back()];
    }
    leaf->at[static_cast<size_t>(leaf->count)] = next.at.seconds;
    leaf->delta[static_cast<size_t>(leaf->count++)] = next.delta;
    ++breakpoints_;
  }
  close_last();
  build_inner_levels(std::move(nodes));
}

void Calendar::build_inner_levels(std::vector<NodeIndex> nodes) {
  constexpr size_t kPacked = kFanout * 3 / 4;
  while (nodes.size() > 1) {
    std::vector<NodeIndex> parents;
    for (size_t i = 0; i < nodes.size(); i += kPacked) {
      parents.push_back(new_inner());
      Inner& parent = inners_[parents.back()];
      parent.count = static_cast<int>(std::min(kPacked, nodes.size() - i));
      for (int j = 0; j < parent.count; ++j) {
        parent.child[static_cast<size_t>(j)] = nodes[i + static_cast<size_t>(j)];
        refresh(parent, j, height_);
      }
    }
    nodes = std::move(parents);
    ++height_;
  }
  root_ = nodes.front();
}

void Calendar::clear() {
  leaves_.clear();
  inners_.clear();
  free_leaves_.clear();
  free_inners_.clear();
  height_ = 0;
  root_ = new_leaf();
  // The entry at dawn never goes, so that every instant has an entry at or before it.
  leaves_[root_].count = 1;
  leaves_[root_].at[0] = kDawn.seconds;
  leaves_[root_].delta[0] = 0;
  breakpoints_ = 1;
}

int Calendar::position_of(const int64_t* keys, int count, int64_t at) {
  // Without a branch on the keys: they are as good as random, and a wrong guess costs more than
  // all the rest. Every key before `low` is <= at; the answer is before `low` + `size`.
  int low = 0;
  for (int size = count; size > 1;) {
    int half = size / 2;
    low += static_cast<int>(keys[low + half - 1] <= at) * half;
    size -= half;
  }
  return low - 1 + static_cast<int>(count > 0 && keys[low] <= at);
}

void Calendar::add(const Interval& interval, int64_t delta) {
  if (interval.empty() || delta == 0) return;
  fetch_ends(interval);
  change(interval.from.seconds, delta);
  if (!interval.open()) change(interval.until.seconds, -delta);
}

// A change reads every line of each node on its way: asked for together, for both ends, they come
// from memory in the time of one.
void Calendar::fetch_ends(const Interval& interval) const {
  NodeIndex from = root_;
  NodeIndex until = root_;
  for (int height = height_; height > 0; --height) {
    from = fetch_child(from, height, interval.from.seconds);
    until = fetch_child(until, height, interval.until.seconds);
  }
}

Calendar::NodeIndex Calendar::fetch_child(NodeIndex node, int height, int64_t at) const {
  const Inner& inner = inners_[node];
  NodeIndex child =
      inner.child[static_cast<size_t>(position_of(inner.first.data(), inner.count, at))];
  constexpr size_t kLine = 64;
  auto fetch = [](const auto& of) {
    // Else g++ takes a function that only fetches for a useless one, and drops its call.
    asm volatile("");
    const char* line = reinterpret_cast<const char*>(&of);
    for (size_t offset = 0; offset < sizeof of; offset += kLine) __builtin_prefetch(line + offset);
  };
  if (height == 1)
    fetch(leaves_[child]);
  else
    fetch(inners_[child]);
  return child;
}

void Calendar::change(int64_t at, int64_t delta) {
  Split split = change_in(root_, height_, at, delta);
  if (split.happened) grow_root(split.right);
  while (height_ > 0 && inners_[root_].count == 1) {
    NodeIndex only = inners_[root_].child[0];
    free_node(root_, height_);
    root_ = only;
    --height_;
  }
}

Calendar::Split Calendar::change_in(NodeIndex node, int height, int64_t at, int64_t delta) {
  if (height == 0) return change_in_leaf(node, at, delta);
  Inner* inner = &inners_[node];
  int position = position_of(inner->first.data(), inner->count, at);
  NodeIndex child = inner->child[static_cast<size_t>(position)];
  Split below = change_in(child, height - 1, at, delta);
  inner = &inners_[node];  // the pool of nodes may have moved
  if (!below.happened && count_of(child, height - 1) < kMergeBelow) {
    remove_or_merge(node, position, height - 1);
    return {};
  }
  refresh(*inner, position, height - 1);
  return below.happened ? insert_child(node, position + 1, below.right, height - 1) : Split{};
}

Calendar::Split Calendar::change_in_leaf(NodeIndex node, int64_t at, int64_t delta) {
  Leaf* leaf = &leaves_[node];
  int position = position_of(leaf->at.data(), leaf->count, at);
  if (position >= 0 && leaf->at[static_cast<size_t>(position)] == at) {
    int64_t& entry = leaf->delta[static_cast<size_t>(position)];
    entry += delta;
    if (entry == 0 && at != kDawn.seconds) {
      close_gap(leaf->at, leaf->count, position);
      close_gap(leaf->delta, leaf->count, position);
      --leaf->count;
      --breakpoints_;
    }
    return {};
  }
  Split split;
  if (leaf->count == kFanout) {
    split = {true, new_leaf()};
    leaf = &leaves_[node];
    Leaf& right = leaves_[split.right];
    int keep = kFanout / 2;
    right.count = kFanout - keep;
    std::copy(leaf->at.begin() + keep, leaf->at.end(), right.at.begin());
    std::copy(leaf->delta.begin() + keep, leaf->delta.end(), right.delta.begin());
    leaf->count = keep;
    if (at > right.at[0]) {
      leaf = &right;
      position -= keep;
    }
  }
  open_gap(leaf->at, leaf->count, position + 1);
  open_gap(leaf->delta, leaf->count, position + 1);
  leaf->at[static_cast<size_t>(position + 1)] = at;
  leaf->delta[static_cast<size_t>(position + 1)] = delta;
  ++leaf->count;
  ++breakpoints_;
  return split;
}

Calendar::Split Calendar::insert_child(NodeIndex node, int position, NodeIndex right,
                                       int child_height) {
  Inner* inner = &inners_[node];
  Split split;
  if (inner->count == kFanout) {
    split = {true, new_inner()};
    inner = &inners_[node];
    Inner& other = inners_[split.right];
    int keep = kFanout / 2;
    other.count = kFanout - keep;
    std::copy(inner->first.begin() + keep, inner->first.end(), other.first.begin());
    std::copy(inner->sum.begin() + keep, inner->sum.end(), other.sum.begin());
    std::copy(inner->least.begin() + keep, inner->least.end(), other.least.begin());
    std::copy(inner->greatest.begin() + keep, inner->greatest.end(), other.greatest.begin());
    std::copy(inner->child.begin() + keep, inner->child.end(), other.child.begin());
    inner->count = keep;
    if (position > keep) {
      inner = &other;
      position -= keep;
    }
  }
  open_gap(inner->first, inner->count, position);
  open_gap(inner->sum, inner->count, position);
  open_gap(inner->least, inner->count, position);
  open_gap(inner->greatest, inner->count, position);
  open_gap(inner->child, inner->count, position);
  inner->child[static_cast<size_t>(position)] = right;
  ++inner->count;
  refresh(*inner, position, child_height);
  return split;
}

void Calendar::refresh(Inner& inner, int position, int child_height) {
  auto i = static_cast<size_t>(position);
  inner.first[i] = first_of(inner.child[i], child_height);
  Summary summary = summarize(inner.child[i], child_height);
  inner.sum[i] = summary.sum;
  inner.least[i] = summary.least;
  inner.greatest[i] = summary.greatest;
}

void Calendar::remove_or_merge(NodeIndex node, int position, int child_height) {
  Inner& inner = inners_[node];
  NodeIndex child = inner.child[static_cast<size_t>(position)];
  if (count_of(child, child_height) == 0) {
    free_node(child, child_height);
    drop_child(inner, position);
    return;
  }
  for (int left : {position - 1, position}) {
    if (left < 0 || left + 1 >= inner.count) continue;
    NodeIndex right = inner.child[static_cast<size_t>(left + 1)];
    if (!join(inner.child[static_cast<size_t>(left)], right, child_height)) continue;
    free_node(right, child_height);
    drop_child(inner, left + 1);
    refresh(inner, left, child_height);
    return;
  }
  refresh(inner, position, child_height);
}

void Calendar::drop_child(Inner& inner, int position) {
  close_gap(inner.first, inner.count, position);
  close_gap(inner.sum, inner.count, position);
  close_gap(inner.least, inner.count, position);
  close_gap(inner.greatest, inner.count, position);
  close_gap(inner.child, inner.count, position);
  --inner.count;
}

// Moves all of `right` to the end of `left` where that leaves room for later entries.
bool Calendar::join(NodeIndex left, NodeIndex right, int height) {
  if (count_of(left, height) + count_of(right, height) > kFanout * 3 / 4) return false;
  if (height == 0) {
    Leaf& to = leaves_[left];
    const Leaf& from = leaves_[right];
    std::copy_n(from.at.begin(), from.count, to.at.begin() + to.count);
    std::copy_n(from.delta.begin(), from.count, to.delta.begin() + to.count);
    to.count += from.count;
  } else {
    Inner& to = inners_[left];
    const Inner& from = inners_[right];
    std::copy_n(from.first.begin(), from.count, to.first.begin() + to.count);
    std::copy_n(from.sum.begin(), from.count, to.sum.begin() + to.count);
    std::copy_n(from.least.begin(), from.count, to.least.begin() + to.count);
    std::copy_n(from.greatest.begin(), from.count, to.greatest.begin() + to.count);
    std::copy_n(from.child.begin(), from.count, to.child.begin() + to.count);
    to.count += from.count;
  }
  return true;
}

void Calendar::grow_root(NodeIndex right) {
  NodeIndex left = root_;
  root_ = new_inner();
  Inner& inner = inners_[root_];
  inner.count = 2;
  inner.child[0] = left;
  inner.child[1] = right;
  refresh(inner, 0, height_);
  refresh(inner, 1, height_);
  ++height_;
}

Calendar::Summary Calendar::summarize(NodeIndex node, int height) const {
  Summary all{0, std::numeric_limits<int64_t>::max(), std::numeric_limits<int64_t>::min()};
  if (height == 0) {
    const Leaf& leaf = leaves_[node];
    for (size_t i = 0; i < static_cast<size_t>(leaf.count); ++i) {
      all.sum += leaf.delta[i];
      all.least = std::min(all.least, all.sum);
      all.greatest = std::max(all.greatest, all.sum);
    }
    return all;
  }
  const Inner& inner = inners_[node];
  for (size_t i = 0; i < static_cast<size_t>(inner.count); ++i) {
    all.least = std::min(all.least, all.sum + inner.least[i]);
    all.greatest = std::max(all.greatest, all.sum + inner.greatest[i]);
    all.sum += inner.sum[i];
  }
  return all;
}

int64_t Calendar::first_of(NodeIndex node, int height) const {
  return height == 0 ? leaves_[node].at[0] : inners_[node].first[0];
}

int Calendar::count_of(NodeIndex node, int height) const {
  return height == 0 ? leaves_[node].count : inners_[node].count;
}

Calendar::NodeIndex Calendar::new_leaf() {
  if (!free_leaves_.empty()) {
    NodeIndex reused = free_leaves_.back();
    free_leaves_.pop_back();
    leaves_[reused].count = 0;
    return reused;
  }
  leaves_.emplace_back();
  return static_cast<NodeIndex>(leaves_.size() - 1);
}

Calendar::NodeIndex Calendar::new_inner() {
  if (!free_inners_.empty()) {
    NodeIndex reused = free_inners_.back();
    free_inners_.pop_back();
    inners_[reused].count = 0;
    return reused;
  }
  inners_.emplace_back();
  return static_cast<NodeIndex>(inners_.size() - 1);
}

void Calendar::free_node(NodeIndex node, int height) {
  (height == 0 ? free_leaves_ : free_inners_).push_back(node);
}

size_t Calendar::bytes() const {
  return leaves_.capacity() * sizeof(Leaf) + inners_.capacity() * sizeof(Inner) +
         (free_leaves_.capacity() + free_inners_.capacity()) * sizeof(NodeIndex);
}

}  // namespace leasehold::capacity
