#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <boost/json.hpp>

#include "base/result.hpp"

namespace tapedeck::config {

/// Every setting with its default. Times in milliseconds, sizes as the names say.
struct Settings {
  int default_page_size = 100;
  int max_returned_rows = 1000;
  int max_insert_rows = 100;
  /// 0 = no limit.
  int max_post_body_bytes = 2097152;
  int num_sql_threads = 3;
  int sql_time_limit_ms = 1000;
  int default_facet_size = 30;
  int facet_time_limit_ms = 200;
  int facet_suggest_time_limit_ms = 50;
  bool allow_facet = true;
  bool allow_download = true;
  bool allow_signed_tokens = true;
  bool default_allow_sql = true;
  int max_signed_tokens_ttl = 0;
  bool suggest_facets = true;
  int default_cache_ttl = 5;
  /// 0 = our own small default per connection.
  int cache_size_kb = 0;
  bool allow_csv_stream = true;
  /// 0 = no limit.
  int max_csv_mb = 100;
  /// 0 = never cut.
  int truncate_cells_html = 2048;
  bool force_https_urls = false;
  bool template_debug = false;
  bool trace_debug = false;
  std::string base_url = "/";
  // Ours, after the peer's 24.
  /// Comma or space separated origins; empty means "*".
  std::string cors_origins;
  bool facets_alias = true;
  bool public_threads = true;
  int immutable_cache_ttl = 0;
  /// Most memory that SQLite may take in one worker.
  int sql_heap_limit_mb = 128;
  /// Most bytes of one temporary file that a sort may write; 0 = none limit.
  int sql_temp_file_limit_mb = 1024;
  /// Most bytes of an answer that is no stream, since it is built whole; 0 = no limit.
  int max_answer_mb = 32;
  /// A request that is no stream and runs longer ends with 400.
  int request_time_limit_ms = 60000;
};

/// One row of the table of settings; the order is that of /-/settings.json.
struct SettingInfo {
  std::string_view name;
  std::variant<int Settings::*, bool Settings::*, std::string Settings::*> member;
  std::string_view help;
};
[[nodiscard]] const std::vector<SettingInfo>& setting_table();
/// nullptr for an unknown name.
[[nodiscard]] const SettingInfo* find_setting(std::string_view name);
/// Sets from text, as on the command line. Errors: `"settings.x" should be on/off/true/false/1/0`,
/// `"settings.x" should be an integer`, a base_url without "/" at both ends, numbers out of range.
[[nodiscard]] base::Result<bool> set_from_text(Settings& settings, const SettingInfo& setting,
                                               std::string_view text);
/// Sets from a value of a configuration file; null leaves the setting as it is. Errors: `Setting
/// 'x' in config file has incorrect type. Expected int, got str. Value: '5'. Hint: ...`, and those
/// of set_from_text for values of the right type.
[[nodiscard]] base::Result<bool> set_from_json(Settings& settings, const SettingInfo& setting,
                                               const boost::json::value& value);
[[nodiscard]] boost::json::value json_of(const Settings& settings, const SettingInfo& setting);
/// Settings that Datasette once had; accepted and without effect.
[[nodiscard]] bool is_removed_setting(std::string_view name);

}  // namespace tapedeck::config
