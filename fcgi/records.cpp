#include "fcgi/records.hpp"

#include <algorithm>

namespace tapedeck::fcgi {

namespace {

constexpr char kVersion = 1;
constexpr char kEndRequest = 3;
constexpr char kStdout = 6;

constexpr std::size_t kMaxPadding = 255;
constexpr std::size_t kNginxFirstBuffer = 16384;

constexpr char low(std::size_t number) {
  return static_cast<char>(number & 0xffU);
}
constexpr char high(std::size_t number) {
  return low(number >> 8U);
}

RecordHeader record_header(char type, std::uint16_t request_id, std::size_t content) {
  return {kVersion,      type,         high(request_id),         low(request_id),
          high(content), low(content), low(padding_of(content)), 0};
}

}  // namespace

RecordHeader stdout_header(std::uint16_t request_id, std::size_t content) {
  return record_header(kStdout, request_id, content);
}

EndRecords end_records(std::uint16_t request_id) {
  EndRecords records{};  // the body of END_REQUEST: status 0, FCGI_REQUEST_COMPLETE
  const RecordHeader close = record_header(kStdout, request_id, 0);
  const RecordHeader end = record_header(kEndRequest, request_id, 8);
  for (std::size_t i = 0; i < kRecordHeaderSize; ++i) {
    records[i] = close[i];
    records[kRecordHeaderSize + i] = end[i];
  }
  return records;
}

std::string whole_records(std::uint16_t request_id, std::string_view content) {
  std::string records;
  while (!content.empty()) {
    const std::string_view part = content.substr(0, kMaxRecordContent);
    const RecordHeader header = stdout_header(request_id, part.size());
    records.append(header.data(), header.size()).append(part);
    records.append(padding_of(part.size()), '\0');
    content.remove_prefix(part.size());
  }
  const EndRecords end = end_records(request_id);
  return records.append(end.data(), end.size());
}

std::string filling_records(std::uint16_t request_id, std::string_view content,
                            std::size_t head_size, std::size_t taken) {
  // A record of one byte takes this many.
  constexpr std::size_t kThinRecord = kRecordHeaderSize + 1 + kMaxPadding;
  const std::size_t plain = content.size() + 2 * kRecordHeaderSize;
  const std::size_t head_and_more = head_size + kRecordHeaderSize + 2 * kThinRecord;
  if (head_size == 0 || plain >= kNginxFirstBuffer || taken + head_and_more > kNginxFirstBuffer) {
    return {};
  }
  // Thin records of the head fill the buffer nearly to its end, or to what the cache leaves of it;
  // those of the content reach past its end in either case.
  const std::size_t until_filled =
      kNginxFirstBuffer - taken - std::min(head_size + kRecordHeaderSize, kNginxFirstBuffer);
  const std::size_t thin_head = until_filled / (kThinRecord - 1) - 1;
  const std::size_t thin_content = 2 + (taken + kThinRecord - 1) / kThinRecord;
  if (thin_head > head_size || content.size() < head_size + thin_content) return {};
  const std::size_t thin_begin = head_size - thin_head;
  const std::size_t thin_end = head_size + thin_content;
  std::string records;
  const auto append = [&](std::string_view part, std::size_t padding) {
    if (part.empty()) return;
    RecordHeader header = stdout_header(request_id, part.size());
    header[6] = low(padding);
    records.append(header.data(), header.size()).append(part).append(padding, '\0');
  };
  append(content.substr(0, thin_begin), 0);
  for (std::size_t at = thin_begin; at < thin_end; ++at) {
    append(content.substr(at, 1), kMaxPadding);
  }
  append(content.substr(thin_end), 0);
  return records;
}

void set_request_id(std::string& records, std::uint16_t request_id) {
  for (std::size_t at = 0; at + kRecordHeaderSize <= records.size();) {
    records[at + 2] = high(request_id);
    records[at + 3] = low(request_id);
    const auto byte = [&](std::size_t i) {
      return static_cast<std::size_t>(static_cast<unsigned char>(records[at + i]));
    };
    at += kRecordHeaderSize + (byte(4) << 8U) + byte(5) + byte(6);
  }
}

}  // namespace tapedeck::fcgi
