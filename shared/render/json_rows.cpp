#include "render/json_rows.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <boost/json.hpp>

#include "base/base64.hpp"
#include "base/escape.hpp"
#include "base/text.hpp"
#include "data/size_limit.hpp"
#include "render/json_text.hpp"
#include "render/typed_cell.hpp"

namespace tapedeck::render {

namespace {

/// What is the same for every row, worked out once.
class JsonRowWriter {
 public:
  JsonRowWriter(const std::vector<data::ResultColumn>& columns, const JsonRowOptions& options)
      : options_(options) {
    const bool keeps = options.keeps_duplicates && options.shape != JsonShape::kObjects;
    // Of two columns with one name the later gives the value, in the place of the first: what
    // becomes of objects with such members. Arrays of queries hold both.
    std::map<std::string_view, int> last_of_name;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      last_of_name[columns[i].name] = static_cast<int>(i);
    }
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      Member member;
      if (std::ranges::find(options.left_out, static_cast<int>(i)) != options.left_out.end()) {
        continue;
      }
      member.is_repeated = !seen.insert(columns[i].name).second;
      if (member.is_repeated && !keeps) continue;
      member.object_index = last_of_name[columns[i].name];
      member.index = keeps ? static_cast<int>(i) : member.object_index;
      member.key = ",";
      base::append_json_string(member.key, columns[i].name);
      member.key += ':';
      member.has_labels = columns[i].foreign_key != nullptr;
      member.embeds_json =
          std::ranges::find(options.json_columns, columns[i].name) != options.json_columns.end();
      members_.push_back(std::move(member));
    }
  }

  void append_object(std::string& out, data::RowCursor& row) const {
    const std::size_t start = out.size();
    for (const Member& member : members_) {
      if (member.is_repeated) continue;
      out += member.key;
      append_member(out, row, member, member.object_index);
    }
    if (out.size() == start) out += ',';
    out[start] = '{';
    out += '}';
  }

  void append_array(std::string& out, data::RowCursor& row) const {
    char separator = '[';
    for (const Member& member : members_) {
      out += separator;
      separator = ',';
      append_member(out, row, member, member.index);
    }
    out += members_.empty() ? "[]" : "]";
  }

  void append_first(std::string& out, data::RowCursor& row) const {
    if (members_.empty()) {
      out += "null";
    } else {
      append_member(out, row, members_.front(), members_.front().index);
    }
  }

 private:
  struct Member {
    std::string key;       ///< ,"name": with the comma before it and its colon
    int index = 0;         ///< of its value in arrays
    int object_index = 0;  ///< and in objects
    bool embeds_json = false;
    /// Foreign keys are {"value", "label"}.
    bool has_labels = false;
    /// An earlier column has the same name.
    bool is_repeated = false;
  };

  void append_member(std::string& out, data::RowCursor& row, const Member& member,
                     int index) const {
    const sqlite::ValueView value = row.value(index);
    if (member.has_labels) {
      if (const auto label = row.label(index)) {
        out += R"({"value":)";
        append_value(out, value);
        out += R"(,"label":)";
        append_value(out, sqlite::view_of(*label));
        out += '}';
        return;
      }
    }
    if (member.embeds_json && value.type == sqlite::ValueType::kText && is_json(value.bytes)) {
      data::require_within(out.size() + value.bytes.size(), options_.max_bytes);
      append_compact_json(out, value.bytes);
    } else {
      append_value(out, value);
    }
  }

  void append_value(std::string& out, const sqlite::ValueView& value) const {
    append_json_value(out, value, options_.keep_infinity, options_.max_bytes);
  }

  const JsonRowOptions& options_;
  std::vector<Member> members_;
};

class ObjectWriter final : public RowWriter {
 public:
  ObjectWriter(const std::vector<data::ResultColumn>& columns, JsonRowOptions options,
               std::string behind)
      : options_(std::move(options)), behind_(std::move(behind)), rows_(columns, options_) {}

  void begin(std::string& /*out*/) override {}
  void append_row(std::string& out, data::RowCursor& rows) override {
    rows_.append_object(out, rows);
    out += behind_;
  }
  void end(std::string& /*out*/) override {}

 private:
  JsonRowOptions options_;
  std::string behind_;
  JsonRowWriter rows_;
};

/// Rows keyed by their paths; of two rows with one path the later wins.
void append_keyed_rows(std::string& out, data::RowCursor& cursor, const JsonRowWriter& writer,
                       std::size_t max_bytes) {
  std::size_t bytes = 0;
  std::vector<std::pair<std::string, std::string>> rows;
  std::unordered_map<std::string, std::size_t> positions;
  while (cursor.next()) {
    std::string path = cursor.row_path();
    std::string row;
    writer.append_object(row, cursor);
    bytes += row.size() + path.size();
    data::require_within(bytes, max_bytes);
    const auto [found, is_new] = positions.try_emplace(path, rows.size());
    if (is_new) {
      rows.emplace_back(std::move(path), std::move(row));
    } else {
      rows[found->second].second = std::move(row);
    }
  }
  out += '{';
  for (const auto& [path, row] : rows) {
    if (out.back() != '{') out += ',';
    base::append_json_string(out, path);
    out += ':';
    out += row;
  }
  out += '}';
}

}  // namespace

base::Result<JsonShape> parse_shape(std::string_view text) {
  if (text == "objects") return JsonShape::kObjects;
  if (text == "arrays") return JsonShape::kArrays;
  if (text == "array") return JsonShape::kArray;
  if (text == "arrayfirst") return JsonShape::kArrayFirst;
  if (text == "object") return JsonShape::kObject;
  return base::Error("Invalid _shape: " + std::string(text));
}

void append_json_value(std::string& out, const sqlite::ValueView& value, bool keep_infinity,
                       std::size_t max_bytes) {
  data::require_within(out.size() + value.bytes.size(), max_bytes);
  switch (value.type) {
    case sqlite::ValueType::kInteger:
      sqlite::append_text(out, value);
      break;
    case sqlite::ValueType::kFloat:
      if (!std::isinf(value.real)) {
        base::append_double(out, value.real);
      } else if (keep_infinity) {
        out += value.real > 0 ? "Infinity" : "-Infinity";
      } else {
        out += "null";
      }
      break;
    case sqlite::ValueType::kText:
      if (!base::append_json_string_within(out, value.bytes, max_bytes)) {
        data::require_within(out.size(), max_bytes);
      }
      break;
    case sqlite::ValueType::kBlob:
      out += R"({"$base64":true,"encoded":")";
      base::append_base64(out, value.bytes);
      out += "\"}";
      break;
    case sqlite::ValueType::kNull:
      out += "null";
      break;
  }
}

void append_json_rows(std::string& out, data::RowCursor& cursor, const JsonRowOptions& options) {
  const JsonRowWriter writer(cursor.columns(), options);
  if (options.shape == JsonShape::kObject) {
    return append_keyed_rows(out, cursor, writer, options.max_bytes);
  }
  const bool lines = options.lines && options.shape == JsonShape::kArray;
  if (!lines) out += '[';
  bool is_first = true;
  while (cursor.next()) {
    if (!is_first) out += lines ? '\n' : ',';
    is_first = false;
    if (options.shape == JsonShape::kArrays) {
      writer.append_array(out, cursor);
    } else if (options.shape == JsonShape::kArrayFirst) {
      writer.append_first(out, cursor);
    } else {
      writer.append_object(out, cursor);
    }
    std::size_t bytes = out.size();
    if (options.typed_cells != nullptr) {
      options.typed_cells->add_row(cursor);
      bytes += options.typed_cells->text().size();
    }
    data::require_within(bytes, options.max_bytes);
  }
  if (!lines) out += ']';
}

std::unique_ptr<RowWriter> make_object_writer(const std::vector<data::ResultColumn>& columns,
                                              JsonRowOptions options, std::string behind) {
  options.shape = JsonShape::kObjects;
  return std::make_unique<ObjectWriter>(columns, std::move(options), std::move(behind));
}

}  // namespace tapedeck::render
