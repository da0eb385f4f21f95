#include "auth/restrictions.hpp"

#include <algorithm>

namespace tapedeck::auth {

namespace {

namespace json = boost::json;

const json::value* restrictions_of(const Actor* actor) {
  const json::value* value = actor == nullptr ? nullptr : actor->if_contains("_r");
  return value == nullptr || value->is_null() ? nullptr : value;
}

const json::value* member(const json::value* value, std::string_view key) {
  const json::object* object = value == nullptr ? nullptr : value->if_object();
  return object == nullptr ? nullptr : object->if_contains(key);
}

bool lists(const json::value* list, const Action& action) {
  const json::array* names = list == nullptr ? nullptr : list->if_array();
  return names != nullptr && std::ranges::any_of(*names, [&action](const json::value& name) {
           return name.is_string() && (std::string_view(name.get_string()) == action.name ||
                                       std::string_view(name.get_string()) == action.abbreviation);
         });
}

}  // namespace

bool is_restricted(const Actor* actor) {
  return restrictions_of(actor) != nullptr;
}

bool restrictions_allow(const Actor* actor, const Action& action, std::string_view database,
                        std::string_view child) {
  const json::value* restrictions = restrictions_of(actor);
  if (restrictions == nullptr || lists(member(restrictions, "a"), action)) return true;
  if (database.empty()) return false;
  return lists(member(member(restrictions, "d"), database), action) ||
         (!child.empty() && restrictions_name(actor, action, database, child));
}

bool restrictions_name(const Actor* actor, const Action& action, std::string_view database,
                       std::string_view child) {
  const json::value* tables = member(member(restrictions_of(actor), "r"), database);
  return lists(member(tables, child), action);
}

bool restrictions_name(const Actor* actor, const Action& action, std::string_view database) {
  const json::value* restrictions = restrictions_of(actor);
  if (lists(member(member(restrictions, "d"), database), action)) return true;
  const json::value* tables = member(member(restrictions, "r"), database);
  const json::object* object = tables == nullptr ? nullptr : tables->if_object();
  return object != nullptr && std::ranges::any_of(*object, [&action](const auto& table) {
           return lists(&table.value(), action);
         });
}

}  // namespace tapedeck::auth
