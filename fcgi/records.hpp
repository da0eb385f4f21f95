#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// Records of the FastCGI protocol as an application writes them.
/// Source: FastCGI Specification 1.0, sections 3.3 (records), 5.3 (streams), 5.5 (end of request).
namespace tapedeck::fcgi {

inline constexpr std::size_t kRecordHeaderSize = 8;
/// A record holds at most 65,535 bytes; this is the largest multiple of eight, so that only the
/// last record of an answer needs padding.
inline constexpr std::size_t kMaxRecordContent = 65528;

using RecordHeader = std::array<char, kRecordHeaderSize>;
/// Header of a STDOUT record; `content` bytes and padding to a multiple of eight follow.
[[nodiscard]] RecordHeader stdout_header(std::uint16_t request_id, std::size_t content);
[[nodiscard]] constexpr std::size_t padding_of(std::size_t content) {
  return (8 - content % 8) % 8;
}
/// Empty STDOUT record, which closes the stream, and END_REQUEST.
using EndRecords = std::array<char, 2 * kRecordHeaderSize + 8>;
[[nodiscard]] EndRecords end_records(std::uint16_t request_id);

/// An answer (head and body) in records, with its end.
[[nodiscard]] std::string whole_records(std::uint16_t request_id, std::string_view content);
/// Writes another request id into records made by whole_records().
void set_request_id(std::string& records, std::uint16_t request_id);

/// The first piece of a stream (head, and content after `head_size` bytes) in records with so much
/// padding that they fill nginx's first buffer (fastcgi_buffer_size 16k): until that is full, nginx
/// passes nothing on, and the client of a slow stream would see no beginning. The head ends inside
/// the buffer. Empty when the piece is too long to need it, or too short.
///
/// Of the buffer nginx's cache may have taken up to `taken` bytes for a header of its own, which
/// holds the address; a head that does not end in the rest would be 502. It may also have taken
/// nothing: the records fill the buffer in either case.
[[nodiscard]] std::string filling_records(std::uint16_t request_id, std::string_view content,
                                          std::size_t head_size, std::size_t taken = 0);

/// A record of an unknown type for request 0. nginx takes it for an upstream gone mad: it ends the
/// client's connection in mid-answer and stores nothing, where a plain close, or even END_REQUEST,
/// would look like the proper end of a stream.
inline constexpr std::string_view kBreakOffRecord{"\x01\x63\x00\x01\x00\x00\x00\x00",
                                                  kRecordHeaderSize};

}  // namespace tapedeck::fcgi
