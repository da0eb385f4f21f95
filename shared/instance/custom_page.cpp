#include "instance/custom_page.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "config/config_error.hpp"

namespace tapedeck::instance {
namespace {

constexpr std::string_view kFolder = "pages/";
constexpr std::string_view kExtension = ".html";
constexpr std::string_view kOpening = "{{!page";
constexpr std::string_view kClosing = "}}";

/// Headers that belong to the server: a page that sets them would break its own answer.
constexpr auto kServersHeaders = std::to_array<std::string_view>(
    {"connection", "content-length", "content-security-policy", "location", "status",
     "transfer-encoding", "x-accel-expires", "x-accel-redirect", "x-accel-buffering"});

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_word);
}

/// RFC 9110 section 5.6.2, without the signs that nobody uses.
bool is_header_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return is_word(c) || c == '-'; });
}

bool is_header_value(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= ' ' && byte != 0x7F;
  });
}

/// The part of the file name that stands for the path: "about/{slug}".
std::string_view pattern_of(std::string_view file) {
  file.remove_prefix(kFolder.size());
  file.remove_suffix(kExtension.size());
  return file;
}

class Reader {
 public:
  Reader(std::string_view file, CustomPage& page) : file_(file), page_(page) {}

  void read(std::string_view text) {
    if (!text.starts_with(kOpening)) return;
    const std::size_t end = text.find(kClosing);
    if (end == std::string_view::npos) fail("\"{{!page\" without \"}}\"");
    const std::string_view body = text.substr(kOpening.size(), end - kOpening.size());
    for (const std::string_view line : base::split(body, '\n')) {
      const std::string_view trimmed = base::trim(line);
      if (!trimmed.empty()) take(trimmed);
      ++line_;
    }
  }

 private:
  [[noreturn]] void fail(const std::string& reason) const {
    throw config::ConfigError(std::string(file_) + " line " + std::to_string(line_) + ": " +
                              reason);
  }

  void take(std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) fail("'" + std::string(line) + "' should be KEY: VALUE");
    const std::string_view key = base::trim(line.substr(0, colon));
    const std::string_view value = base::trim(line.substr(colon + 1));
    if (key == "title") {
      page_.title = value;
    } else if (key == "status") {
      page_.status = number(value, 200, 599);
    } else if (key == "header") {
      take_header(value);
    } else if (key == "redirect") {
      take_redirect(value);
    } else if (key == "not-found") {
      page_.not_found = std::string(value.empty() ? std::string_view("404") : value);
    } else if (key == "frame") {
      if (value != "none") fail("frame should be none");
      page_.has_frame = false;
    } else {
      fail("'" + std::string(key) +
           "' is none of title, status, header, redirect, not-found, frame");
    }
  }

  [[nodiscard]] int number(std::string_view text, int lowest, int highest) const {
    const auto value = base::parse_int64(text);
    if (!base::is_all_digits(text) || !value || *value < lowest || *value > highest) {
      fail("'" + std::string(text) + "' should be a number from " + std::to_string(lowest) +
           " to " + std::to_string(highest));
    }
    return static_cast<int>(*value);
  }

  void take_header(std::string_view text) {
    const std::size_t colon = text.find(':');
    const std::string name(base::trim(text.substr(0, colon)));
    const std::string value(colon == std::string_view::npos ? std::string_view()
                                                            : base::trim(text.substr(colon + 1)));
    if (colon == std::string_view::npos || !is_header_name(name) || !is_header_value(value)) {
      fail("'" + std::string(text) + "' is no header");
    }
    const std::string lower = base::to_lower(name);
    if (std::ranges::find(kServersHeaders, lower) != kServersHeaders.end()) {
      fail("the header " + name + " cannot be set here");
    }
    page_.headers.emplace_back(name, value);
  }

  void take_redirect(std::string_view text) {
    const std::size_t space = text.find(' ');
    const std::string_view location = text.substr(0, space);
    const bool leads_away = location.starts_with("http://") || location.starts_with("https://");
    // A value out of the address must not choose the host.
    const std::size_t path = leads_away ? location.find('/', location.find("//") + 2) : 0;
    const bool chooses_host = location.find('{') < path;
    if ((!leads_away && !location.starts_with('/')) || chooses_host || !is_header_value(location)) {
      fail("redirect: '" + std::string(location) +
           "' should begin with / or be an http(s) address of a fixed host");
    }
    page_.redirect = location;
    if (space == std::string_view::npos) return;
    page_.redirect_status = number(base::trim(text.substr(space + 1)), 301, 308);
    constexpr std::array kStatuses{301, 302, 303, 307, 308};
    if (std::ranges::find(kStatuses, page_.redirect_status) == kStatuses.end()) {
      fail("redirect: the status should be 301, 302, 303, 307 or 308");
    }
  }

  std::string_view file_;
  CustomPage& page_;
  std::size_t line_ = 1;
};

void check_braces(std::string_view file, std::string_view pattern) {
  while (true) {
    const std::size_t open = pattern.find_first_of("{}");
    if (open == std::string_view::npos) return;
    const std::size_t close = pattern.find('}', open);
    if (pattern[open] == '}' || close == std::string_view::npos ||
        !is_name(pattern.substr(open + 1, close - open - 1))) {
      throw config::ConfigError(std::string(file) + ": braces in its name should hold a name");
    }
    pattern.remove_prefix(close + 1);
  }
}

/// Patterns with several values in one part of the path can be tried in very many ways.
constexpr int kMostTries = 100000;

/// Each value is `[^/]*`, as long as it can be.
bool match_rest(std::string_view pattern, std::string_view path, PathValues& values, int& tries) {
  const std::size_t open = pattern.find('{');
  const std::string_view text = pattern.substr(0, open);
  if (!path.starts_with(text)) return false;
  path.remove_prefix(text.size());
  if (open == std::string_view::npos) return path.empty();
  const std::size_t close = pattern.find('}', open);
  const std::string_view name = pattern.substr(open + 1, close - open - 1);
  const std::string_view rest = pattern.substr(close + 1);
  const std::size_t longest = std::min(path.find('/'), path.size());
  for (std::size_t length = longest + 1; length-- > 0;) {
    if (++tries > kMostTries) return false;
    values.emplace_back(name, path.substr(0, length));
    if (match_rest(rest, path.substr(length), values, tries)) return true;
    values.pop_back();
  }
  return false;
}

}  // namespace

CustomPage read_custom_page(std::string_view file, std::string_view name, std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  CustomPage page;
  page.file = name;
  const std::string_view pattern = pattern_of(name);
  check_braces(file, pattern);
  page.title = pattern.substr(pattern.rfind('/') + 1);
  Reader(file, page).read(text);
  return page;
}

std::optional<PathValues> match_page(const CustomPage& page, std::string_view path) {
  // More text than any address that a server lets through; bounds what trying costs.
  constexpr std::size_t kLongestPath = 2000;
  if (!path.starts_with('/') || path.size() < 2 || path.size() > kLongestPath) return std::nullopt;
  PathValues values;
  int tries = 0;
  if (!match_rest(pattern_of(page.file), path.substr(1), values, tries)) return std::nullopt;
  return values;
}

std::string with_values(std::string_view text, const PathValues& values) {
  std::string out;
  while (true) {
    const std::size_t open = text.find('{');
    out += text.substr(0, open);
    if (open == std::string_view::npos) return out;
    const std::size_t close = text.find('}', open);
    const std::string_view name = text.substr(open + 1, close - open - 1);
    const auto value =
        std::ranges::find_if(values, [name](const auto& pair) { return pair.first == name; });
    // A pair of braces that names no value stays as it is.
    out += value == values.end() ? text.substr(open, close - open + 1)
                                 : std::string_view(value->second);
    if (close == std::string_view::npos) return out;
    text.remove_prefix(close + 1);
  }
}

}  // namespace tapedeck::instance
