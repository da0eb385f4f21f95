#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include <boost/system/result.hpp>

namespace tapedeck::base {

/// Why an untrusted text could not be read, as one line for the person who wrote the text.
class Error {
 public:
  Error() = default;
  explicit Error(std::string message) : message_(std::move(message)) {}
  [[nodiscard]] const std::string& message() const { return message_; }

 private:
  std::string message_;
};

/// Called by Result::value() on a failed result.
[[noreturn]] inline void throw_exception_from_error(const Error& error,
                                                    const boost::source_location& /*where*/) {
  throw std::runtime_error(error.message());
}

/// What a parser of untrusted text gives back: the value or the reason. Parsers never throw.
/// A Result<std::string> is returned as `{boost::system::in_place_value, text}`: plain text could
/// be either side.
template <class T>
using Result = boost::system::result<T, Error>;

}  // namespace tapedeck::base
