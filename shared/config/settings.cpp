#include "config/settings.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "base/json.hpp"
#include "base/text.hpp"

namespace tapedeck::config {
namespace {

constexpr std::string_view kTypeHint =
    "Hint: In YAML/JSON config files, remove quotes from boolean and integer values.";

// A page of no rows would offer itself as its own next page.
constexpr auto kAtLeastOne = std::to_array<std::string_view>(
    {"default_page_size", "max_returned_rows", "sql_heap_limit_mb"});

// The peer's settings of earlier versions; it ignores them, so files that still name them start.
constexpr auto kRemoved =
    std::to_array<std::string_view>({"hash_urls", "default_cache_ttl_hashed"});

std::string quoted_name(const SettingInfo& setting) {
  return "\"settings." + std::string(setting.name) + "\"";
}

base::Result<bool> set_integer(Settings& settings, const SettingInfo& setting,
                               int Settings::*member, std::int64_t value) {
  const int minimum = std::ranges::find(kAtLeastOne, setting.name) == kAtLeastOne.end() ? 0 : 1;
  if (value < minimum || value > std::numeric_limits<int>::max()) {
    return base::Error(quoted_name(setting) + " should be between " + std::to_string(minimum) +
                       " and " + std::to_string(std::numeric_limits<int>::max()));
  }
  settings.*member = static_cast<int>(value);
  return true;
}

// Stands in front of every path of every page, unescaped: only what RFC 3986 section 3.3 allows.
bool is_base_url(std::string_view text) {
  const auto is_path_character = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._~!$&()*+,;=:@%/").find(c) != std::string_view::npos;
  };
  // "//host/" would name another site.
  return text.starts_with('/') && text.ends_with('/') &&
         text.find("//") == std::string_view::npos && std::ranges::all_of(text, is_path_character);
}

base::Result<bool> set_string(Settings& settings, const SettingInfo& setting,
                              std::string Settings::*member, std::string_view text) {
  if (setting.name == "base_url" && !is_base_url(text)) {
    return base::Error(quoted_name(setting) + " should be a URL path with / at both ends");
  }
  settings.*member = std::string(text);
  return true;
}

// As the peer names them in its message.
std::string_view python_type(const boost::json::value& value) {
  switch (value.kind()) {
    case boost::json::kind::null:
      return "NoneType";
    case boost::json::kind::bool_:
      return "bool";
    case boost::json::kind::int64:
    case boost::json::kind::uint64:
      return "int";
    case boost::json::kind::double_:
      return "float";
    case boost::json::kind::string:
      return "str";
    case boost::json::kind::array:
      return "list";
    case boost::json::kind::object:
      return "dict";
  }
  return "";
}

std::string shown_value(const boost::json::value& value) {
  if (const auto* text = value.if_string()) return "'" + std::string(*text) + "'";
  if (const auto* flag = value.if_bool()) return *flag ? "True" : "False";
  return base::to_json(value);
}

base::Error wrong_type(const SettingInfo& setting, std::string_view expected,
                       const boost::json::value& value) {
  return base::Error("Setting '" + std::string(setting.name) +
                     "' in config file has incorrect type. Expected " + std::string(expected) +
                     ", got " + std::string(python_type(value)) + ". Value: " + shown_value(value) +
                     ". " + std::string(kTypeHint));
}

}  // namespace

const std::vector<SettingInfo>& setting_table() {
  static const std::vector<SettingInfo> table = {
      {"default_page_size", &Settings::default_page_size, "Rows per table page"},
      {"max_returned_rows", &Settings::max_returned_rows, "Most rows per page or query"},
      {"max_insert_rows", &Settings::max_insert_rows, "Most rows per insert API call"},
      {"max_post_body_bytes", &Settings::max_post_body_bytes,
       "Largest POST body in bytes, 0 for no limit"},
      {"num_sql_threads", &Settings::num_sql_threads,
       "Workers for SQL of visitors, plus one; those for pages are --workers"},
      {"sql_time_limit_ms", &Settings::sql_time_limit_ms, "Time limit of one SQL query"},
      {"default_facet_size", &Settings::default_facet_size, "Values shown per facet"},
      {"facet_time_limit_ms", &Settings::facet_time_limit_ms, "Time limit of one facet"},
      {"facet_suggest_time_limit_ms", &Settings::facet_suggest_time_limit_ms,
       "Time limit of one facet suggestion"},
      {"allow_facet", &Settings::allow_facet, "Allow facets by ?_facet="},
      {"allow_download", &Settings::allow_download, "Allow downloads of immutable databases"},
      {"allow_signed_tokens", &Settings::allow_signed_tokens, "Accept signed API tokens"},
      {"default_allow_sql", &Settings::default_allow_sql, "Allow anyone to run SQL"},
      {"max_signed_tokens_ttl", &Settings::max_signed_tokens_ttl,
       "Longest life of a signed API token in seconds, 0 for no limit"},
      {"suggest_facets", &Settings::suggest_facets, "Compute facet suggestions"},
      {"default_cache_ttl", &Settings::default_cache_ttl, "max-age of pages in seconds"},
      {"cache_size_kb", &Settings::cache_size_kb,
       "SQLite page cache per connection, 0 for the built-in size"},
      {"allow_csv_stream", &Settings::allow_csv_stream, "Allow ?_stream=1 for CSV"},
      {"max_csv_mb", &Settings::max_csv_mb, "Largest stream in MB, in any format; 0 for no limit"},
      {"truncate_cells_html", &Settings::truncate_cells_html,
       "Characters shown of a cell in HTML, 0 for all"},
      {"force_https_urls", &Settings::force_https_urls, "Use https:// in absolute URLs"},
      {"template_debug", &Settings::template_debug, "Allow ?_context=1"},
      {"trace_debug", &Settings::trace_debug, "Allow ?_trace=1"},
      {"base_url", &Settings::base_url, "Path in front of all pages"},
      {"cors_origins", &Settings::cors_origins, "Origins that --cors answers, empty for all"},
      {"facets_alias", &Settings::facets_alias, "Repeat facet_results as facets in JSON"},
      {"public_threads", &Settings::public_threads, "Show counts of /-/threads to everybody"},
      {"immutable_cache_ttl", &Settings::immutable_cache_ttl,
       "max-age of pages of immutable databases, 0 for default_cache_ttl"},
      {"sql_heap_limit_mb", &Settings::sql_heap_limit_mb, "Most memory of SQLite per worker"},
      {"sql_temp_file_limit_mb", &Settings::sql_temp_file_limit_mb,
       "Largest temporary file of a sort, 0 for no limit"},
      {"max_answer_mb", &Settings::max_answer_mb,
       "Largest answer that is no stream in MB, 0 for no limit"},
      {"request_time_limit_ms", &Settings::request_time_limit_ms,
       "Time limit of one request that is no stream"},
  };
  return table;
}

const SettingInfo* find_setting(std::string_view name) {
  const auto& table = setting_table();
  const auto found = std::ranges::find(table, name, &SettingInfo::name);
  return found == table.end() ? nullptr : &*found;
}

bool is_removed_setting(std::string_view name) {
  return std::ranges::find(kRemoved, name) != kRemoved.end();
}

base::Result<bool> set_from_text(Settings& settings, const SettingInfo& setting,
                                 std::string_view text) {
  if (const auto* integer = std::get_if<int Settings::*>(&setting.member)) {
    if (!base::is_all_digits(text)) {
      return base::Error(quoted_name(setting) + " should be an integer");
    }
    const auto value = base::parse_int64(text);
    return set_integer(settings, setting, *integer,
                       value.value_or(std::numeric_limits<std::int64_t>::max()));
  }
  if (const auto* boolean = std::get_if<bool Settings::*>(&setting.member)) {
    const auto value = base::parse_boolean(text);
    if (!value) {
      return base::Error(quoted_name(setting) + " should be on/off/true/false/1/0");
    }
    settings.*(*boolean) = *value;
    return true;
  }
  return set_string(settings, setting, std::get<std::string Settings::*>(setting.member), text);
}

base::Result<bool> set_from_json(Settings& settings, const SettingInfo& setting,
                                 const boost::json::value& value) {
  if (value.is_null()) return true;
  if (const auto* integer = std::get_if<int Settings::*>(&setting.member)) {
    if (!value.is_int64() && !value.is_uint64()) return wrong_type(setting, "int", value);
    return set_integer(
        settings, setting, *integer,
        value.is_int64() ? value.get_int64() : std::numeric_limits<std::int64_t>::max());
  }
  if (const auto* boolean = std::get_if<bool Settings::*>(&setting.member)) {
    if (!value.is_bool()) return wrong_type(setting, "bool", value);
    settings.*(*boolean) = value.get_bool();
    return true;
  }
  if (!value.is_string()) return wrong_type(setting, "str", value);
  return set_string(settings, setting, std::get<std::string Settings::*>(setting.member),
                    value.get_string());
}

boost::json::value json_of(const Settings& settings, const SettingInfo& setting) {
  return std::visit([&settings](auto member) { return boost::json::value(settings.*member); },
                    setting.member);
}

}  // namespace tapedeck::config
