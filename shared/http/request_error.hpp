#pragma once

#include <exception>
#include <optional>
#include <string>
#include <utility>

#include "http/headers.hpp"

namespace tapedeck::http {

/// The form an error answer takes; one table in pages/error turns it into bytes.
enum class ErrorForm {
  kByPath,       ///< JSON when the path ends in .json (403: also by Accept), else HTML
  kJson,         ///< JSON always (a bad token)
  kHtml,         ///< HTML always (cross-site requests)
  kPlainText,    ///< the bare message as text/plain (405)
  kFailedQuery,  ///< JSON: the document of a failed query with rows and truncated; else HTML
  kBareHtml,     ///< the bare message with an HTML content type (static files)
};

/// Ends the request with an error answer. Thrown from anywhere, caught once in app::dispatch.
class RequestError : public std::exception {
 public:
  RequestError(int status_code, std::string error_message)
      : status(status_code), message(std::move(error_message)) {}
  RequestError(int status_code, std::string error_message, ErrorForm error_form)
      : status(status_code), message(std::move(error_message)), form(error_form) {}

  int status = 500;
  std::string message;
  /// Heading of the HTML page; the status and its phrase when empty.
  std::string title;
  ErrorForm form = ErrorForm::kByPath;
  /// Added to the answer (Allow, WWW-Authenticate).
  Headers headers;
  /// Further members of a failed query's document, each with a comma in front.
  std::string members;
  /// The SQL shown on a time-out page.
  std::optional<std::string> sql;

  [[nodiscard]] const char* what() const noexcept override { return message.c_str(); }
};

}  // namespace tapedeck::http
