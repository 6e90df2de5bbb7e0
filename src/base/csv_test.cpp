#include "base/csv.h"

#include <gtest/gtest.h>

namespace leasehold {
namespace {

TEST(CsvFile, ReadsQuotedValuesByTheNamesOfTheirColumns) {
  InputErrors errors;
  CsvFile file("x.csv",
               "\xEF\xBB\xBF"
               "name,note,units\r\na,\"one, \"\"two\"\"\nthree\",4\r\n\r\nb,,\n",
               errors);
  ASSERT_TRUE(errors.empty());
  ASSERT_EQ(file.rows(), 2U);
  EXPECT_EQ(file.text("note"), "one, \"two\"\nthree");
  EXPECT_EQ(file.number("units", 1, 9), 4);
  file.go_to(1);
  EXPECT_EQ(file.text("name"), "b");
  EXPECT_EQ(file.number("units", 1, 9, 7), 7);
  EXPECT_EQ(file.text("nowhere"), "");
}

TEST(CsvFile, EveryErrorNamesFileLineAndWhatWouldBeAccepted) {
  InputErrors errors;
  CsvFile file("x.csv", "name,units\na\nb,12\n", errors);
  file.need({"name", "serial"});
  file.go_to(1);
  file.number("units", 1, 9);
  ASSERT_EQ(errors.size(), 3U);
  EXPECT_EQ(errors[0].line, 2);
  EXPECT_EQ(errors[0].got, "1 values");
  EXPECT_EQ(errors[1].got, "a heading without serial");
  EXPECT_EQ(errors[2].line, 3);
  EXPECT_EQ(errors[2].expected, "a whole number from 1 to 9");
}

}  // namespace
}  // namespace leasehold
