#include "config/yaml.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include <libfyaml.h>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace tapedeck::config {
namespace {

namespace json = boost::json;

/// Where and why parsing stopped; stays inside this file.
struct YamlError {
  std::string message;
};

std::string at(int line, int column, std::string_view message) {
  return "line " + std::to_string(line) + ", column " + std::to_string(column) + ": " +
         std::string(message);
}

std::string_view text_of_token(fy_token* token) {
  if (token == nullptr) return {};
  std::size_t length = 0;
  const char* text = fy_token_get_text(token, &length);
  return text == nullptr ? std::string_view() : std::string_view(text, length);
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, text) != words.end();
}

std::optional<bool> boolean_of(std::string_view text) {
  if (is_one_of(text, {"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"})) return true;
  if (is_one_of(text, {"false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"})) {
    return false;
  }
  return std::nullopt;
}

bool is_null(std::string_view text) {
  return text.empty() || is_one_of(text, {"~", "null", "Null", "NULL"});
}

std::optional<json::value> integer_in_base(std::string_view digits, int base) {
  std::uint64_t value = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return json::value(value);
}

// YAML 1.2.2 section 10.3.2: [-+]?[0-9]+, 0o[0-7]+, 0x[0-9a-fA-F]+.
std::optional<json::value> integer_of(std::string_view text) {
  if (text.starts_with("0o")) return integer_in_base(text.substr(2), 8);
  if (text.starts_with("0x")) return integer_in_base(text.substr(2), 16);
  if (const auto value = base::parse_int64(text)) return json::value(*value);
  return base::is_all_digits(text) ? integer_in_base(text, 10) : std::nullopt;
}

// The same section: [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?
std::optional<json::value> float_of(std::string_view text) {
  const bool is_negative = text.starts_with('-');
  if (is_negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || (text[0] != '.' && (text[0] < '0' || text[0] > '9'))) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size()) return std::nullopt;
  // Only strtod says which way it went: to zero, or to the infinity that scalar() refuses.
  if (error == std::errc::result_out_of_range)
    value = std::strtod(std::string(text).c_str(), nullptr);
  return json::value(is_negative ? -value : value);
}

json::value resolve_plain(std::string_view text) {
  if (is_null(text)) return nullptr;
  if (const auto value = boolean_of(text)) return *value;
  if (auto value = integer_of(text)) return *std::move(value);
  if (auto value = float_of(text)) return *std::move(value);
  return json::value(text);
}

struct EventFreer {
  fy_parser* parser = nullptr;
  void operator()(fy_event* event) const noexcept { fy_parser_event_free(parser, event); }
};

/// Builds values from libfyaml's events. Its document tree is not used, since it resolves aliases
/// before their size can be counted.
class Builder {
 public:
  explicit Builder(std::string_view text) : diag_(make_diag()), parser_(make_parser(diag_.get())) {
    if (!parser_ || fy_parser_set_string(parser_.get(), text.data(), text.size()) != 0) {
      throw YamlError{"the YAML parser cannot be started"};
    }
  }

  json::value document() {
    json::value root;
    int documents = 0;
    while (next()) {
      if (event_->type == FYET_DOCUMENT_START) {
        if (++documents > 1) fail("only one document is allowed in a file");
        require_next();
        root = node(1);
      }
    }
    return root;
  }

 private:
  struct Anchored {
    json::value value;
    std::size_t bytes;
    /// Levels below the value itself.
    int height;
  };
  struct DiagDestroyer {
    void operator()(fy_diag* diag) const noexcept { fy_diag_destroy(diag); }
  };
  struct ParserDestroyer {
    void operator()(fy_parser* parser) const noexcept { fy_parser_destroy(parser); }
  };
  using Diag = std::unique_ptr<fy_diag, DiagDestroyer>;
  using Parser = std::unique_ptr<fy_parser, ParserDestroyer>;

  static Diag make_diag() {
    fy_diag_cfg configuration;
    fy_diag_cfg_default(&configuration);
    Diag diag(fy_diag_create(&configuration));
    fy_diag_set_collect_errors(diag.get(), true);
    return diag;
  }

  static Parser make_parser(fy_diag* diag) {
    fy_parse_cfg configuration{};
    configuration.flags =
        static_cast<fy_parse_cfg_flags>(FYPCF_QUIET | FYPCF_JSON_NONE | FYPCF_DEFAULT_VERSION_1_2);
    configuration.diag = diag;
    return Parser(fy_parser_create(&configuration));
  }

  /// False at the end of the stream.
  bool next() {
    if (const fy_mark* mark = event_ ? fy_event_start_mark(event_.get()) : nullptr) {
      line_ = mark->line + 1;
      column_ = mark->column + 1;
    }
    event_.reset();
    event_ = {fy_parser_parse(parser_.get()), EventFreer{parser_.get()}};
    if (!event_) {
      throw_parser_error();
      return false;
    }
    return event_->type != FYET_STREAM_END;
  }

  void require_next() {
    if (!next()) fail("the document ends early");
  }

  void throw_parser_error() {
    void* iterator = nullptr;
    if (const fy_diag_error* error = fy_diag_errors_iterate(diag_.get(), &iterator)) {
      throw YamlError{at(error->line, error->column, error->msg)};
    }
    if (fy_parser_get_stream_error(parser_.get())) fail("the text is not YAML");
  }

  [[noreturn]] void fail(std::string_view message) {
    if (const fy_mark* mark = event_ ? fy_event_start_mark(event_.get()) : nullptr) {
      throw YamlError{at(mark->line + 1, mark->column + 1, message)};
    }
    throw YamlError{at(line_, column_, message)};
  }

  void spend(std::size_t bytes) {
    bytes_ += bytes;
    if (bytes_ > kMaxYamlBytes) fail("the document is too large with its aliases written out");
  }

  /// The value of the event in hand; afterwards its last event is in hand.
  json::value node(int depth) {
    if (depth > kMaxYamlDepth) {
      fail("nested deeper than " + std::to_string(kMaxYamlDepth) + " levels");
    }
    if (event_->type == FYET_ALIAS) return alias(depth);
    const std::string anchor(text_of_token(fy_event_get_anchor_token(event_.get())));
    const std::size_t before = bytes_;
    const int deepest_outside = std::exchange(deepest_, depth);
    json::value value;
    switch (event_->type) {
      case FYET_SCALAR:
        value = scalar();
        break;
      case FYET_SEQUENCE_START:
        value = sequence(depth);
        break;
      case FYET_MAPPING_START:
        value = mapping(depth);
        break;
      default:
        fail("a value is missing");
    }
    spend(sizeof(json::value));
    if (!anchor.empty()) {
      const std::size_t bytes = bytes_ - before;
      spend(bytes);
      anchors_.insert_or_assign(anchor, Anchored{value, bytes, deepest_ - depth});
    }
    deepest_ = std::max(deepest_, deepest_outside);
    return value;
  }

  json::value alias(int depth) {
    const std::string name(text_of_token(event_->alias.anchor));
    const auto found = anchors_.find(name);
    if (found == anchors_.end()) fail("unknown alias *" + name);
    const int deepest = depth + found->second.height;
    if (deepest > kMaxYamlDepth) {
      fail("nested deeper than " + std::to_string(kMaxYamlDepth) + " levels");
    }
    deepest_ = std::max(deepest_, deepest);
    spend(found->second.bytes);
    return found->second.value;
  }

  json::value scalar() {
    json::value value = resolved();
    if (value.is_double() && !std::isfinite(value.get_double())) fail("the number is too large");
    return value;
  }

  json::value resolved() {
    const std::string_view text = text_of_token(event_->scalar.value);
    spend(text.size());
    const std::string_view tag = text_of_token(event_->scalar.tag);
    if (tag.empty()) {
      const bool is_plain = fy_token_scalar_style(event_->scalar.value) == FYSS_PLAIN;
      return is_plain ? resolve_plain(text) : json::value(text);
    }
    return tagged(tag, text);
  }

  json::value tagged(std::string_view tag, std::string_view text) {
    constexpr std::string_view kCore = "tag:yaml.org,2002:";
    if (tag == "!") return json::value(text);
    if (tag.starts_with(kCore)) {
      const std::string_view type = tag.substr(kCore.size());
      if (type == "str" || type == "timestamp") return json::value(text);
      if (type == "null" && is_null(text)) return nullptr;
      if (const auto value = boolean_of(text); type == "bool" && value) return *value;
      if (auto value = integer_of(text); type == "int" && value) return *std::move(value);
      if (auto value = float_of(text); type == "float" && value) return *std::move(value);
    }
    fail("the tag " + std::string(tag) + " is not supported here");
  }

  json::value sequence(int depth) {
    json::array array;
    for (require_next(); event_->type != FYET_SEQUENCE_END; require_next()) {
      array.push_back(node(depth + 1));
    }
    return array;
  }

  json::value mapping(int depth) {
    json::object object;
    json::object merged;
    std::set<std::string, std::less<>> keys;
    for (require_next(); event_->type != FYET_MAPPING_END; require_next()) {
      if (event_->type != FYET_SCALAR) fail("a key must be text");
      const std::string key(text_of_token(event_->scalar.value));
      const bool is_merge =
          key == "<<" && fy_token_scalar_style(event_->scalar.value) == FYSS_PLAIN;
      if (!keys.insert(key).second) fail("the key \"" + key + "\" stands here twice");
      spend(key.size() + sizeof(json::key_value_pair));
      remember_key_anchor(key);
      require_next();
      if (is_merge) {
        merge(merged, node(depth + 1));
      } else {
        object.insert_or_assign(key, node(depth + 1));
      }
    }
    for (auto& [key, value] : merged) object.emplace(key, std::move(value));
    return object;
  }

  void remember_key_anchor(const std::string& key) {
    const std::string anchor(text_of_token(fy_event_get_anchor_token(event_.get())));
    if (anchor.empty()) return;
    spend(key.size());
    anchors_.insert_or_assign(anchor, Anchored{json::value(key), key.size(), 0});
  }

  // https://yaml.org/type/merge.html: the mapping's own keys win, then earlier mappings of a list.
  void merge(json::object& into, const json::value& source) {
    if (const auto* object = source.if_object()) {
      for (const auto& [key, value] : *object) into.emplace(key, value);
    } else if (const auto* array = source.if_array()) {
      for (const auto& item : *array) {
        if (!item.is_object()) fail("<< needs a mapping or a list of mappings");
        merge(into, item);
      }
    } else {
      fail("<< needs a mapping or a list of mappings");
    }
  }

  Diag diag_;
  Parser parser_;
  std::unique_ptr<fy_event, EventFreer> event_;
  std::map<std::string, Anchored> anchors_;
  std::size_t bytes_ = 0;
  int deepest_ = 0;
  int line_ = 1;
  int column_ = 1;
};

}  // namespace

base::Result<json::value> parse_yaml(std::string_view text) {
  if (!base::is_valid_utf8(text)) return base::Error("the file is not UTF-8");
  try {
    return Builder(text).document();
  } catch (const YamlError& error) {
    return base::Error(error.message);
  }
}

}  // namespace tapedeck::config
