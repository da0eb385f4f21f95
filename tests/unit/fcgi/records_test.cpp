#include "fcgi/records.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace tapedeck::fcgi {
namespace {

struct Record {
  int type = 0;
  int request_id = 0;
  std::string content;
};

std::vector<Record> parse(std::string_view bytes) {
  std::vector<Record> records;
  while (!bytes.empty()) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    const std::size_t length = static_cast<std::size_t>(byte(4) << 8 | byte(5));
    EXPECT_EQ(byte(0), 1);
    EXPECT_EQ((length + byte(6)) % 8, 0U) << "padded to eight";
    records.push_back({byte(1), byte(2) << 8 | byte(3), std::string(bytes.substr(8, length))});
    bytes.remove_prefix(8 + length + byte(6));
  }
  return records;
}

TEST(Records, WholeAnswerHoldsItsContentAndItsEnd) {
  for (const std::size_t size : {0UL, 1UL, 8UL, 65527UL, 65528UL, 65529UL, 200000UL}) {
    const std::string content(size, 'x');
    const std::vector<Record> records = parse(whole_records(1, content));
    ASSERT_GE(records.size(), 2U) << size;
    std::string found;
    for (const Record& record : records) {
      EXPECT_EQ(record.request_id, 1) << size;
      if (record.type == 6) found += record.content;
    }
    EXPECT_EQ(found, content) << size;
    EXPECT_EQ(records[records.size() - 2].type, 6) << size;
    EXPECT_EQ(records[records.size() - 2].content, "") << size;
    EXPECT_EQ(records.back().type, 3) << size;
    EXPECT_EQ(records.back().content, std::string(8, '\0')) << size;
  }
}

TEST(Records, RequestIdCanBeChangedInEveryRecord) {
  for (const int id : {2, 255, 256, 65535}) {
    std::string records = whole_records(1, std::string(100000, 'x'));
    set_request_id(records, static_cast<std::uint16_t>(id));
    for (const Record& record : parse(records)) EXPECT_EQ(record.request_id, id);
    EXPECT_EQ(records, whole_records(static_cast<std::uint16_t>(id), std::string(100000, 'x')));
  }
}

TEST(Records, FirstPieceOfAStreamFillsNginxsBufferAndEndsItsHeadInside) {
  for (const std::size_t head_size : {70UL, 300UL, 2000UL}) {
    const std::string content = std::string(head_size, 'h') + "id,name\n";
    const std::string records = filling_records(1, content, head_size);
    EXPECT_GE(records.size(), 16384U) << head_size;
    std::string found;
    std::size_t head_end = 0;
    for (std::string_view rest = records; !rest.empty();) {
      const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(rest[i]); };
      const std::size_t length = static_cast<std::size_t>(byte(4) << 8 | byte(5));
      found += rest.substr(8, length);
      rest.remove_prefix(8 + length + byte(6));
      if (head_end == 0 && found.size() >= head_size) head_end = records.size() - rest.size();
    }
    EXPECT_EQ(found, content) << head_size;
    EXPECT_LE(head_end, 16384U) << head_size;
  }
}

TEST(Records, PiecesThatNeedNoFillingAreLeftAlone) {
  for (const std::size_t taken : {600U, 1200U, 3000U}) {
    const std::string content = std::string(300, 'h') + std::string(50, 'c');
    const std::string records = filling_records(1, content, 300, taken);
    ASSERT_GE(records.size(), 16384U) << taken << ": full even if nothing was taken";
    std::size_t head_end = 0;
    for (std::size_t at = 0, found = 0; found < 300;) {
      const auto byte = [&](std::size_t i) {
        return static_cast<std::size_t>(static_cast<unsigned char>(records[at + i]));
      };
      found += byte(4) << 8U | byte(5);
      at += 8 + (byte(4) << 8U | byte(5)) + byte(6);
      head_end = at;
    }
    EXPECT_LE(head_end, 16384U - taken);
  }
  EXPECT_EQ(filling_records(1, std::string(350, 'x'), 300, 16000), "");
  EXPECT_EQ(filling_records(1, std::string(303, 'x'), 300, 2000), "");
  EXPECT_EQ(filling_records(1, std::string(20000, 'x'), 300), "");
  EXPECT_EQ(filling_records(1, std::string(301, 'x'), 300), "");
  EXPECT_EQ(filling_records(1, std::string(310, 'x'), 0), "");
}

TEST(Records, BreakOffIsARecordOfNoKnownType) {
  ASSERT_EQ(kBreakOffRecord.size(), 8U);
  EXPECT_EQ(parse(kBreakOffRecord).front().type, 0x63);
}

}  // namespace
}  // namespace tapedeck::fcgi
