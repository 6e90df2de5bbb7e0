// Where operations find the cloud: a store that is opened for one command, or the cloud that a
// server keeps running.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "cloud/cloud.h"

namespace leasehold::operations {

// A state that may be read for as long as it is held.
using HeldState = std::shared_ptr<const engine::State>;

class Door {
 public:
  virtual ~Door() = default;

  // The state as it is, or as it was known at a past moment, with what time brings up to `moment`.
  virtual journal::Io<HeldState> state(std::optional<Instant> known_at, Instant moment) = 0;
  virtual journal::Io<std::unique_ptr<journal::Journal>> journal() = 0;  // to read
  // To decide commands one after the other; `keep` is false where nothing will be kept.
  virtual journal::Io<std::unique_ptr<cloud::Executor>> executor(bool keep) = 0;

  // Decides and keeps one command. `build` makes it of the state, or nothing where the input was
  // wrong; `then` hears the answer and the state after it, at once or, behind a server's door, when
  // it is durable.
  using Build = std::function<std::optional<Command>(const engine::State&)>;
  using Then = std::function<void(const HeldState& after, journal::Io<cloud::Answer> answer)>;
  virtual void submit(const Build& build, Then then) = 0;
};

// The door to a store.
class StoreDoor : public Door {
 public:
  using Open = std::function<journal::Io<std::unique_ptr<journal::Journal>>(
      const std::string& store, journal::Access)>;
  StoreDoor(Open open, const std::string& store) : open_(std::move(open)), store_(store) {}

  journal::Io<HeldState> state(std::optional<Instant> known_at, Instant moment) override;
  journal::Io<std::unique_ptr<journal::Journal>> journal() override;
  journal::Io<std::unique_ptr<cloud::Executor>> executor(bool keep) override;
  void submit(const Build& build, Then then) override;

 private:
  Open open_;
  const std::string& store_;  // set when the command line has been read
};

}  // namespace leasehold::operations
