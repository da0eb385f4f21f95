#include "pages/autocomplete_page.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/base64.hpp"
#include "data/autocomplete.hpp"
#include "data/size_limit.hpp"
#include "instance/paths.hpp"
#include "pages/answer.hpp"
#include "pages/table_access.hpp"
#include "render/html_tools.hpp"
#include "render/json_text.hpp"

namespace tapedeck::pages {

namespace {

boost::json::value json_of(const sqlite::Value& value) {
  const sqlite::ValueView view = sqlite::view_of(value);
  switch (view.type) {
    case sqlite::ValueType::kNull:
      return nullptr;
    case sqlite::ValueType::kInteger:
      return view.integer;
    case sqlite::ValueType::kFloat:
      return view.real;
    case sqlite::ValueType::kBlob:
      return boost::json::object{{"$base64", true}, {"encoded", base::encode_base64(view.bytes)}};
    case sqlite::ValueType::kText:
      break;
  }
  return boost::json::value(sqlite::to_text(view));
}

/// Whether the answer was not a function of the data is told to `call`.
std::vector<data::Suggestion> suggestions(Call& call, FoundTable& found) {
  if (found.table.is_view()) {
    throw http::RequestError(400, "Autocomplete is only available for tables");
  }
  data::SizeBudget budget(data::max_answer_bytes(call.settings()));
  const data::AutocompleteInput input{.connection = found.database.connection(),
                                      .table = found.table,
                                      .label_column = data::label_column(found.table, found.config),
                                      .budget = budget};
  const std::string_view q = call.request.query.value("q");
  if (q.empty()) {
    if (call.request.query.value("_initial") != "1") return {};
    return data::first_suggestions(input);
  }
  bool timed_out = false;
  std::vector<data::Suggestion> list = data::autocomplete(input, q, timed_out);
  if (timed_out) call.is_repeatable = false;
  return list;
}

boost::json::array rows_json(const FoundTable& found, const std::vector<data::Suggestion>& list) {
  std::vector<std::string> keys = found.table.primary_keys;
  if (keys.empty()) keys = {"rowid"};
  boost::json::array rows;
  for (const data::Suggestion& suggestion : list) {
    boost::json::object values;
    for (std::size_t i = 0; i < keys.size(); ++i) values[keys[i]] = json_of(suggestion.key[i]);
    boost::json::object row{{"pks", std::move(values)}};
    if (suggestion.label) row["label"] = *suggestion.label;
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

http::Response autocomplete_page(Call& call) {
  FoundTable found = require_table(call);
  const std::vector<data::Suggestion> list = suggestions(call, found);
  return json_answer(boost::json::object{{"ok", true}, {"rows", rows_json(found, list)}});
}

http::Response autocomplete_debug_page(Call& call) {
  require_instance(call);
  render::PageFrame frame =
      make_frame(call, "Debug autocomplete", "tool", {"debug_autocomplete.html"});
  add_crumbs(call, frame);
  frame.noindex = true;
  render::AutocompleteTool tool;
  tool.path = own_path(call);
  tool.database = call.request.query.value("database");
  tool.table = call.request.query.value("table");
  tool.q = call.request.query.value("q");
  if (!tool.database.empty() && !tool.table.empty()) {
    call.database = tool.database;
    call.table = tool.table;
    try {
      FoundTable found = require_table(call);
      tool.answer = render::pretty_json(rows_json(found, suggestions(call, found)));
      tool.answer_path =
          instance::table_path(call.settings(), found.database.name(), found.table.name) +
          "/-/autocomplete?" + call.request.query.encoded();
    } catch (const http::RequestError& error) {
      tool.error = error.message;
      call.is_repeatable = false;
    }
  }
  return http::text_response(200, "text/html; charset=utf-8",
                             render::autocomplete_tool_html(call.instance, frame, tool));
}

}  // namespace tapedeck::pages
