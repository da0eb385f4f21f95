#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "data/summaries.hpp"
#include "http/request_error.hpp"
#include "pages/call.hpp"
#include "render/html_page.hpp"

/// What pages have in common: finding their database, links to themselves, headers, the frame.
namespace tapedeck::pages {

/// The database of the call, opened and looked at, for those who may view it. Throws
/// http::RequestError 404, 403 or 503.
[[nodiscard]] instance::Database& require_database(Call& call);
/// The same where the permission is asked for something in it: a table may be open in a database
/// that is not. Throws http::RequestError 404 or 503.
[[nodiscard]] instance::Database& known_database(Call& call);
/// The databases that the visitor may see and that can be read now, in load order, each looked at.
[[nodiscard]] std::vector<instance::Database*> visible_databases(const Call& call);
/// The connection for SQL out of requests: it reads nothing that the one who asks may not see.
[[nodiscard]] sqlite::Connection& visitor_connection(const Call& call,
                                                     instance::Database& database);
/// What the bytes of a database file tell.
struct FileFacts {
  /// In bytes.
  std::optional<std::int64_t> size;
  /// SHA-256 of an immutable file.
  std::optional<std::string> hash;
  /// Six hexadecimal digits, of the hash or of the database's name.
  std::string color;
};
/// Size and hash only for those who may see every table: both change with what a table holds.
[[nodiscard]] FileFacts file_facts(const Call& call, instance::Database& database);
/// Throws 403 "view-instance" when the whole instance is closed.
void require_instance(const Call& call);

/// This page's own path with base_url once in front, without query string.
[[nodiscard]] std::string own_path(const Call& call);
/// own_path() and these arguments.
[[nodiscard]] std::string own_path_with(const Call& call, const http::QueryString& query);
[[nodiscard]] std::string absolute(const Call& call, std::string_view path);
/// This page in another format: ".json" appended, or `_format=json` where the path holds a dot; the
/// query string as it was sent, then `extra`.
[[nodiscard]] std::string path_with_format(const Call& call, std::string_view format,
                                           std::string_view extra = {});

[[nodiscard]] http::Response json_answer(std::string body);
[[nodiscard]] http::Response json_answer(const boost::json::value& document);
/// HTML that has no other form.
[[nodiscard]] http::Response html_only_answer(std::string body);
/// HTML with a Link to the same page as JSON.
[[nodiscard]] http::Response html_answer(const Call& call, std::string body);
/// Cache-Control of table, row and stored query pages: `_ttl` or default_cache_ttl, or
/// immutable_cache_ttl.
void set_cache_control(const Call& call, const instance::Database& database,
                       http::Response& response);
/// `Link: <url>; rel="next"`, beside the alternate of HTML pages. Like that one it is left out when
/// the URL is longer than nginx takes two of.
void set_next_link(http::Headers& headers, std::string_view url);
/// 302 to a path of this site, with a preload hint.
[[nodiscard]] http::Response redirect_with_preload(std::string_view path);

/// A frame with what all pages share; title, classes and templates are the page's.
[[nodiscard]] render::PageFrame make_frame(const Call& call, std::string title,
                                           std::string body_class,
                                           std::vector<std::string> template_candidates);
/// "home", and the database and table when there are any: those levels that the visitor may see.
void add_crumbs(const Call& call, render::PageFrame& frame, std::string_view database = {},
                std::string_view table = {});

/// The metadata of a level as it stands in JSON: texts, without the keys that only give structure.
[[nodiscard]] boost::json::object metadata_texts(const boost::json::object* metadata);
/// What the lists of the index and of a database say about a table alike.
[[nodiscard]] boost::json::object table_facts(const data::TableSummary& table);
[[nodiscard]] boost::json::array json_strings(const std::vector<std::string>& texts);
/// null for nothing.
[[nodiscard]] boost::json::value json_or_null(const std::optional<std::string>& text);
[[nodiscard]] boost::json::value json_or_null(const std::optional<std::int64_t>& number);

}  // namespace tapedeck::pages
