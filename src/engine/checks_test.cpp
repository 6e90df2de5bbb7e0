#include <gtest/gtest.h>

#include "engine/rules.h"

namespace leasehold::engine {
namespace {

TEST(FreeText, IsUtf8WithoutControlCharacters) {
  for (const char* good : {"", "us-central", "Kansas City, MO", "Zürich", "東京", "🙂"})
    EXPECT_TRUE(check_text(good, "region").has_value()) << good;
  for (const char* bad : {"a\x01", "a\n", "\x7f", "\x80", "\xc3", "\xc0\xaf", "\xed\xa0\x80",
                          "\xf4\x90\x80\x80", "\xe2\x82", "\xff"})
    EXPECT_FALSE(check_text(bad, "region").has_value());
  EXPECT_TRUE(check_text(std::string(256, 'a'), "region").has_value());
  EXPECT_FALSE(check_text(std::string(257, 'a'), "region").has_value());
}

TEST(Name, NeverReadsAsAnIdOrALine) {
  State state;
  for (const char* good : {"comet", "h100-2", "a", "v1.x", "party", "party-a", "lease-7"})
    EXPECT_TRUE(check_new_name(state.parties, good).has_value()) << good;
  for (const char* bad : {"", "two words", "party-7", "comet.1", "a/b", "ü"})
    EXPECT_FALSE(check_new_name(state.parties, bad).has_value()) << bad;
  EXPECT_FALSE(check_new_name(state.leases, "lease-7").has_value());
}

// Commands at moments that a journal could not write are refused, whatever they ask.
TEST(Moment, LiesWithinWhatCanBeWritten) {
  Command command{Instant{-1}, "desk", DefineParty{{{}, "a", PartyKind::company, {}}}};
  EXPECT_EQ(decide(State{}, command).error().code, RefusalCode::invalid_value);
  command.at = kLast + 1;
  EXPECT_EQ(decide(State{}, command).error().code, RefusalCode::invalid_value);
  command.at = kLast;
  EXPECT_TRUE(decide(State{}, command).has_value());
}

}  // namespace
}  // namespace leasehold::engine
