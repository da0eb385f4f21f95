#include "instance/template_source.hpp"

#include <algorithm>
#include <array>
#include <iostream>
#include <sstream>
#include <utility>
#include <vector>

#include <ctemplate/template_cache.h>
#include <ctemplate/template_enums.h>

#include "base/escape.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "config/config_error.hpp"

namespace tapedeck::instance {
namespace {

constexpr std::string_view kStatic = "%STATIC ";
constexpr std::string_view kPragma = R"({{%AUTOESCAPE context="HTML"}})";

[[noreturn]] void refuse(std::string_view file, std::size_t line, const std::string& reason) {
  throw config::ConfigError(std::string(file) + " line " + std::to_string(line) + ": " + reason);
}

bool is_name(std::string_view text) {
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !text.empty() && std::ranges::all_of(text, is_word);
}

/// {{%AUTOESCAPE context="HTML"}} with any spacing.
bool is_html_pragma(std::string_view body) {
  const std::string compact = base::replace_all(body, " ", "");
  return compact == R"(%AUTOESCAPEcontext="HTML")";
}

struct StaticMarker {
  std::string_view file;
  std::string_view mount;
};

/// `"text"` at the front of `body`, taken away with the spaces behind it.
std::optional<std::string_view> take_quoted(std::string_view& body) {
  if (!body.starts_with('"')) return std::nullopt;
  const std::size_t end = body.find('"', 1);
  if (end == std::string_view::npos || end == 1) return std::nullopt;
  const std::string_view text = body.substr(1, end - 1);
  body = base::trim(body.substr(end + 1));
  return text;
}

/// %STATIC "file.css" mount="assets"
std::optional<StaticMarker> static_marker(std::string_view body) {
  constexpr std::string_view kMount = "mount=";
  body = base::trim(body.substr(kStatic.size()));
  const auto file = take_quoted(body);
  if (!file) return std::nullopt;
  if (body.empty()) return StaticMarker{*file, {}};
  if (!body.starts_with(kMount)) return std::nullopt;
  body.remove_prefix(kMount.size());
  const auto mount = take_quoted(body);
  if (!mount || !body.empty()) return std::nullopt;
  return StaticMarker{*file, *mount};
}

struct OpenSection {
  std::string name;
  std::size_t line;
};

/// The markers of one file, from front to back.
class Checker {
 public:
  Checker(std::string_view file, std::string_view text, const StaticUrl& static_url)
      : file_(file), text_(text), static_url_(static_url) {}

  TemplateSource run() {
    source_.text = kPragma;
    std::size_t position = 0;
    while (true) {
      const std::size_t begin = text_.find("{{", position);
      copy(position, std::min(begin, text_.size()));
      if (begin == std::string_view::npos) break;
      const std::size_t end = text_.find("}}", begin + 2);
      if (end == std::string_view::npos) refuse(file_, line_, "\"{{\" without \"}}\"");
      const std::string_view body = text_.substr(begin + 2, end - begin - 2);
      if (!body.starts_with('%')) {
        look_at(body);
        copy(begin, end + 2);
      } else if (body.starts_with(kStatic)) {
        put_static_url(body);
      } else if (!is_html_pragma(body)) {
        refuse(file_, line_,
               "only the pragma {{%AUTOESCAPE context=\"HTML\"}} and {{%STATIC \"FILE\"}} may "
               "begin with %");
      }
      position = end + 2;
    }
    if (!open_.empty()) {
      refuse(file_, open_.back().line, "section " + open_.back().name + " is not closed");
    }
    return std::move(source_);
  }

 private:
  void copy(std::size_t begin, std::size_t end) {
    const std::string_view piece = text_.substr(begin, end - begin);
    line_ += static_cast<std::size_t>(std::ranges::count(piece, '\n'));
    source_.text += piece;
  }

  void put_static_url(std::string_view body) {
    const auto marker = static_marker(body);
    if (!marker) {
      refuse(file_, line_, R"(should be {{%STATIC "FILE"}} or {{%STATIC "FILE" mount="MOUNT"}})");
    }
    if (!static_url_) return;
    const auto url = static_url_(marker->file, marker->mount);
    if (!url) {
      refuse(file_, line_,
             "there is no static file '" + std::string(marker->file) + "'" +
                 (marker->mount.empty() ? "" : " in the mount " + std::string(marker->mount)));
    }
    base::append_html(source_.text, *url);
  }

  void look_at(std::string_view body) {
    if (body.starts_with('!')) return;
    if (body.starts_with('=')) refuse(file_, line_, "other delimiters are not supported");
    const char kind = body.empty() ? '\0' : body.front();
    const std::string_view rest = kind == '#' || kind == '/' || kind == '>' ? body.substr(1) : body;
    const std::size_t colon = rest.find(':');
    const std::string name(rest.substr(0, colon));
    if (!is_name(name)) {
      refuse(file_, line_,
             "\"{{" + std::string(body) + "}}\" holds no name (letters, digits and _, no spaces)");
    }
    if (kind == '#') open_.push_back({name, line_});
    if (kind == '/') close(name);
    if (kind == '>' && name == "DEFAULT") source_.uses_default = true;
    if (colon == std::string_view::npos) return;
    for (const std::string_view modifier : base::split(rest.substr(colon + 1), ':')) {
      if (modifier.starts_with("none") && (kind == '>' || !is_prebuilt_value(name))) {
        refuse(file_, line_, "{{" + std::string(body) + "}}: :none is only for prebuilt values");
      }
    }
  }

  void close(const std::string& name) {
    if (open_.empty()) refuse(file_, line_, "{{/" + name + "}} closes no section");
    if (open_.back().name != name) {
      refuse(file_, line_, "{{/" + name + "}} inside the section " + open_.back().name);
    }
    open_.pop_back();
  }

  std::string_view file_;
  std::string_view text_;
  const StaticUrl& static_url_;
  std::size_t line_ = 1;
  std::vector<OpenSection> open_;
  TemplateSource source_;
};

/// ctemplate tells its reasons to std::cerr and nobody else.
class CapturedErrors {
 public:
  CapturedErrors() : before_(std::cerr.rdbuf(text_.rdbuf())) {}
  ~CapturedErrors() { std::cerr.rdbuf(before_); }
  CapturedErrors(const CapturedErrors&) = delete;
  CapturedErrors& operator=(const CapturedErrors&) = delete;

  [[nodiscard]] std::string text() const { return text_.str(); }

 private:
  std::ostringstream text_;
  std::streambuf* before_;
};

/// What ctemplate says about `text`; "" when it likes it.
std::string complaint_about(std::string_view text) {
  const CapturedErrors errors;
  ctemplate::TemplateCache cache;
  const bool parsed = cache.StringToTemplateCache(
      "template", ctemplate::TemplateString(text.data(), text.size()), ctemplate::DO_NOT_STRIP);
  std::string reason = errors.text();
  if (reason.empty() && !parsed) return "not understood";
  // "ERROR: Template : ERROR: reason\n": the reason alone, on one line.
  while (true) {
    const std::size_t label = reason.find("ERROR: ");
    if (label == std::string::npos) break;
    reason.erase(0, label + 7);
  }
  return std::string(base::trim(base::replace_all(reason, "\n", " ")));
}

}  // namespace

bool is_prebuilt_value(std::string_view name) {
  constexpr std::array<std::string_view, 7> kPrebuilt{
      "ROWS_HTML",           "CELL_HTML",
      "DESCRIPTION_HTML",    "DATABASE_DESCRIPTION_HTML",
      "COLUMN_OPTIONS_HTML", "OPERATOR_OPTIONS_HTML",
      "SORT_OPTIONS_HTML"};
  return std::ranges::find(kPrebuilt, name) != kPrebuilt.end() || name.starts_with("HTML_");
}

TemplateSource check_template(std::string_view file, std::string_view text,
                              const StaticUrl& static_url) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (!base::is_valid_utf8(text)) {
    throw config::ConfigError(std::string(file) + ": the template is not UTF-8");
  }
  return Checker(file, text, static_url).run();
}

void parse_or_throw(std::string_view file, const TemplateSource& source) {
  const std::string complaint = complaint_about(source.text);
  if (complaint.empty()) return;
  // The first line with which the same complaint appears is the one to look at.
  std::size_t line = 1;
  std::size_t end = source.text.find('\n');
  while (end != std::string::npos &&
         complaint_about(std::string_view(source.text).substr(0, end)) != complaint) {
    ++line;
    end = source.text.find('\n', end + 1);
  }
  refuse(file, line, complaint);
}

}  // namespace tapedeck::instance
