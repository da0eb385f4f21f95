#include "app/freshness.hpp"

#include <array>
#include <charconv>
#include <cstdint>

#include "base/digest.hpp"
#include "base/version.hpp"
#include "http/request_error.hpp"

namespace tapedeck::app {

namespace {

void append_hex(std::string& out, std::uint64_t number) {
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, 16).ptr;
  out.append(digits.data(), end);
}

}  // namespace

std::optional<std::string> etag_of(const Route& route, const pages::Call& call) {
  if (route.freshness == Freshness::kNone) return std::nullopt;
  const http::Request& request = call.request;
  std::string ingredients(base::kVersion);
  const auto add = [&ingredients](std::string_view part) {
    ingredients += '\n';
    ingredients += part;
  };
  add(call.configuration().digest);
  add(call.instance.templates().digest());
  // Absolute links hold scheme and host.
  add(request.scheme);
  add(request.host());
  add(request.raw_path);
  add(request.raw_query);
  try {
    if (route.freshness == Freshness::kDatabase) {
      instance::Database* database = call.instance.find_database(call.database);
      if (database == nullptr) return std::nullopt;
      add("");
      database->current().append_to(ingredients);
      if (database->is_memory()) {
        for (instance::Database* attached : call.instance.attachable_databases()) {
          if (!call.access.may_view_database(attached->name())) continue;
          add(attached->name());
          attached->current().append_to(ingredients);
        }
      }
    } else if (route.freshness == Freshness::kAllDatabases) {
      for (const auto& database : call.instance.databases()) {
        if (!call.access.may_view_database(database->name())) continue;
        add(database->name());
        database->current().append_to(ingredients);
      }
    }
  } catch (const http::RequestError&) {
    return std::nullopt;  // the page itself tells what is wrong
  }
  std::string etag = "\"";
  append_hex(etag, base::fast_hash(ingredients));
  append_hex(etag, base::fast_hash(ingredients, 0x9e3779b97f4a7c15U));
  etag += '"';
  return etag;
}

}  // namespace tapedeck::app
