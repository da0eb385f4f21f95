#include <array>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/escape.hpp"
#include "base/text.hpp"
#include "support/site.hpp"

/// Two ways to the same rows: pages joined against the whole, one format against another, on
/// generated databases full of ties, NULLs and values that look like others.
namespace tapedeck {
namespace {

using support::Site;

constexpr int kRows = 200;
constexpr unsigned kSeed = 20240607;
constexpr std::string_view kBase = "http://site.example";

/// Texts that look like numbers, like parts of a token, like nothing.
constexpr auto kTexts =
    std::to_array<std::string_view>({"",     "1",    "10",    "2",      "01",
                                     "1.0",  "1e3",  "-5",    "$null",  "None",
                                     "null", "a,b",  "~2C",   "%2C",    "a b",
                                     "+",    "A",    "a",     "\u00E9", "z",
                                     "inf",  "0x10", "it''s", "<b>&\"", "9223372036854775808"});

class Generator {
 public:
  int below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random_); }
  std::string integer() { return std::to_string(below(7) - 3); }
  std::string text() {
    return "'" + std::string(kTexts.at(static_cast<std::size_t>(below(kTexts.size())))) + "'";
  }
  std::string real() {
    constexpr auto kReals = std::to_array<const char*>(
        {"0.0", "-0.0", "0.1+0.2", "1.5", "-2.25", "1e100", "9e999", "-9e999", "1e-7", "3.0"});
    return kReals.at(static_cast<std::size_t>(below(kReals.size())));
  }
  std::string blob() {
    constexpr auto kBlobs =
        std::to_array<const char*>({"x''", "x'00'", "x'31'", "x'ff00'", "x'61'"});
    return kBlobs.at(static_cast<std::size_t>(below(kBlobs.size())));
  }
  std::string any_real() {
    return base::format_double(std::uniform_real_distribution<double>(-1e6, 1e6)(random_));
  }
  std::string mixed() {
    switch (below(4)) {
      case 0:
        return integer();
      case 1:
        return real();
      case 2:
        return text();
      default:
        return blob();
    }
  }
  /// The columns that every table has, now and then NULL.
  std::string values() {
    const std::array<std::string, 5> all{integer(), text(), real(), blob(), mixed()};
    std::string list;
    for (const std::string& value : all) list += ", " + (below(6) == 0 ? "null" : value);
    return list;
  }

 private:
  std::mt19937 random_{kSeed};  // NOLINT: the same rows in every run are what is wanted
};

constexpr const char* kColumns = "i integer, t text, r real, b blob, u";
constexpr auto kColumnNames = std::to_array<const char*>({"i", "t", "r", "b", "u"});

struct GeneratedTable {
  const char* name;
  /// Columns of the key, or none for a rowid table.
  std::vector<std::string> keys;
  /// Text before the common columns, and behind them.
  const char* start;
  const char* end;
  /// Literals of the key columns of row `number`.
  std::function<std::string(Generator&, int number)> key;
};

const std::vector<GeneratedTable>& tables() {
  const auto numbered = [](Generator&, int number) { return std::to_string(number * 3 - 100); };
  static const std::vector<GeneratedTable> all = {
      {"rowids", {}, "", ")", nullptr},
      {"integers", {"id"}, "id integer primary key, ", ")", numbered},
      {"texts",
       {"k"},
       "k text primary key, ",
       ")",
       [](Generator& make, int number) {
         // Numbers as text, in an order that differs from that of numbers.
         return number % 2 == 0 ? "'" + std::to_string(number) + "'"
                                : "'" + std::to_string(make.below(9)) + ",~ " +
                                      std::to_string(number) + "\u00E9'";
       }},
      {"nocase",
       {"k"},
       "k text collate nocase primary key, ",
       ")",
       [](Generator&, int number) {
         return "'" + std::string(number % 2 == 0 ? "K" : "k") + std::to_string(number) + "'";
       }},
      {"compound",
       {"k1", "k2", "k3"},
       "k1 text not null, k2 integer not null, k3 real not null, ",
       ", primary key (k1, k2, k3))",
       [](Generator& make, int number) {
         return make.text() + ", " + std::to_string(make.below(3)) + ", " + std::to_string(number) +
                ".5";
       }},
      {"backwards",
       {"k2", "k1"},
       "k1 integer, k2 text, ",
       ", primary key (k2 desc, k1 desc))",
       [](Generator& make, int number) { return std::to_string(number) + ", " + make.text(); }},
      {"no_rowid",
       {"k1", "k2"},
       "k1 integer, k2 text, ",
       ", primary key (k1, k2)) without rowid",
       [](Generator& make, int number) {
         return std::to_string(make.below(4)) + ", 'x" + std::to_string(number) + "'";
       }},
      {"reals",
       {"k"},
       "k real primary key, ",
       ")",
       [](Generator& make, int) { return make.any_real(); }},
      {"numbers",
       {"k"},
       "k numeric primary key, ",
       ")",
       [](Generator& make, int number) {
         return number % 3 == 0 ? make.any_real() : std::to_string(number);
       }},
      {"untyped",
       {"k"},
       "k primary key, ",
       ")",
       [](Generator& make, int number) {
         switch (number % 4) {
           case 0:
             return std::to_string(number);
           case 1:
             return make.any_real();
           case 2:
             return "'" + std::to_string(number) + "'";
           default:
             return "'text " + std::to_string(number) + "'";
         }
       }},
      {"untyped_pair",
       {"k1", "k2"},
       "k1, k2, ",
       ", primary key (k1, k2))",
       [](Generator& make, int number) {
         return std::string(make.below(2) == 0 ? "'a'" : "7") + ", " +
                (number % 2 == 0 ? std::to_string(number) : "'" + std::to_string(number) + "'");
       }},
      {"blobs",
       {"k"},
       "k blob primary key, ",
       ")",
       [](Generator&, int number) {
         return number % 2 == 0 ? "cast('key " + std::to_string(number) + "' as blob)"
                                : "'text " + std::to_string(number) + "'";
       }},
      {"both",
       {"k"},
       "k primary key, ",
       ")",
       [](Generator&, int number) {
         const std::string digits = std::to_string(number / 2);
         return number % 2 == 0 ? digits : "'" + digits + "'";
       }},
      {"bytes",
       {"k"},
       "k blob primary key, ",
       ") without rowid",
       [](Generator&, int number) {
         const std::string hex = number % 16 < 8 ? "ff" : "6100";
         return "x'" + hex + std::to_string(1000 + number) + "'";
       }},
      {"kinds",
       {"k"},
       "k primary key, ",
       ")",
       [](Generator&, int number) {
         const std::string digits = std::to_string(number / 3) + ".5";
         return number % 3 == 0   ? digits
                : number % 3 == 1 ? "'" + digits + "'"
                                  : "cast('" + digits + "' as blob)";
       }},
      {"nulls",
       {"k"},
       "k text primary key, ",
       ")",
       [](Generator&, int number) {
         return number % 3 == 0 ? "'k" + std::to_string(number) + "'" : std::string("null");
       }},
      {"null_pairs",
       {"k1", "k2"},
       "k1, k2 integer, ",
       ", primary key (k1, k2))",
       [](Generator& make, int number) {
         const std::string first = make.below(2) == 0 ? "null" : std::to_string(make.below(3));
         return first + ", " + (make.below(2) == 0 ? "null" : std::to_string(number));
       }},
      {"broken_text",
       {"k"},
       "k text primary key, ",
       ")",
       [](Generator&, int number) {
         return "cast(x'ff" + std::to_string(1000 + number) + "' as text)";
       }},
      {"empty_text",
       {"k"},
       "k text primary key, ",
       ")",
       [](Generator&, int number) {
         if (number == 100) return std::string("''");
         return number < 100 ? std::string("null") : "'k" + std::to_string(number) + "'";
       }},
      {"empty_anything",
       {"k"},
       "k primary key, ",
       ") without rowid",
       [](Generator&, int number) {
         if (number == 0) return std::string("''");
         return number == 1 ? std::string("x''") : "'k" + std::to_string(number) + "'";
       }},
      {"own_rowid",
       {},
       "rowid text, ",
       ")",
       [](Generator& make, int) { return make.below(4) == 0 ? std::string("null") : make.text(); }},
      {"indexed", {"id"}, "id integer primary key, ", ")", numbered},
  };
  return all;
}

std::string generated_sql() {
  Generator make;
  std::string sql = "begin;";
  for (const GeneratedTable& table : tables()) {
    const std::string name = table.name;
    sql += "create table " + name + "(" + table.start + kColumns + table.end + ";\n";
    for (int number = 0; number < kRows; ++number) {
      std::string values = make.values();
      if (table.key) {
        values = table.key(make, number) + values;
      } else {
        values = values.substr(2);
      }
      sql += "insert into " + name + " values (" + values + ");\n";
    }
  }
  for (const char* column : kColumnNames) {
    sql += std::string("create index on_") + column + " on indexed(" + column + ");";
  }
  sql += "create view seen as select * from integers order by id; commit;";
  return sql;
}

class PagingTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    site_ = std::make_unique<Site>();
    site_->add_database("db", generated_sql());
  }
  static void TearDownTestSuite() { site_.reset(); }

  static Site& site() { return *site_; }

  static boost::json::value get_json(const std::string& target) {
    const http::Response response = site().get(target);
    EXPECT_EQ(response.status, 200) << target << ' ' << response.body.substr(0, 300);
    return support::json_of(response);
  }

  /// Rows of all pages from `target` on, in their order; each row as JSON text.
  static std::vector<std::string> joined_pages(std::string target, int page_size) {
    std::vector<std::string> rows;
    for (int page = 0; page <= kRows / page_size + 1; ++page) {
      const boost::json::value document = get_json(target);
      const std::vector<std::string> more = support::rows_of(document);
      EXPECT_LE(more.size(), static_cast<std::size_t>(page_size)) << target;
      rows.insert(rows.end(), more.begin(), more.end());
      const boost::json::value& next = document.at("next_url");
      if (next.is_null()) return rows;
      EXPECT_EQ(more.size(), static_cast<std::size_t>(page_size)) << target;
      const std::string url(next.as_string());
      EXPECT_TRUE(url.starts_with(kBase)) << url;
      target = url.substr(kBase.size());
    }
    ADD_FAILURE() << "pages without end: " << target;
    return rows;
  }

  static void expect_pages_join(const std::string& table, const std::string& query,
                                std::initializer_list<int> sizes) {
    const std::string target = "/db/" + table + ".json?_shape=arrays&" + query;
    const std::vector<std::string> all = support::rows_of(get_json(target + "&_size=max"));
    for (const int size : sizes) {
      const std::vector<std::string> joined =
          joined_pages(target + "&_size=" + std::to_string(size), size);
      ASSERT_EQ(joined, all) << table << ' ' << query << ' ' << size;
    }
  }

  /// Columns that the table can be sorted by.
  static std::vector<std::string> sortable(const GeneratedTable& table) {
    std::vector<std::string> names(kColumnNames.begin(), kColumnNames.end());
    names.insert(names.end(), table.keys.begin(), table.keys.end());
    if (table.keys.empty()) names.emplace_back("rowid");
    return names;
  }

 private:
  static inline std::unique_ptr<Site> site_;
};

TEST_F(PagingTest, TheWholeHasEveryRowOnce) {
  for (const GeneratedTable& table : tables()) {
    const auto rows = support::rows_of(
        get_json("/db/" + std::string(table.name) + ".json?_shape=arrays&_size=max"));
    EXPECT_EQ(rows.size(), static_cast<std::size_t>(kRows)) << table.name;
    // The key comes with every row, so no two are equal.
    EXPECT_EQ(std::set<std::string>(rows.begin(), rows.end()).size(), rows.size()) << table.name;
  }
}

TEST_F(PagingTest, PagesByKeyJoinToTheWhole) {
  for (const GeneratedTable& table : tables()) {
    expect_pages_join(table.name, "", {1, 7, 100, 199, 200, 201});
  }
}

TEST_F(PagingTest, PagesByEverySortJoinToTheWhole) {
  for (const GeneratedTable& table : tables()) {
    for (const std::string& column : sortable(table)) {
      for (const char* sort : {"_sort=", "_sort_desc="}) {
        expect_pages_join(table.name, sort + column, {3, 17, 100});
      }
    }
  }
}

TEST_F(PagingTest, FilteredPagesJoinToTheWhole) {
  for (const GeneratedTable& table : tables()) {
    for (const char* filter : {"i__notnull=1", "t__contains=1", "r__gt=0&i__in=1,2", "u__isnull=1",
                               "_where=i+%3E+0+or+r+is+null"}) {
      for (const char* sort : {"", "&_sort=u", "&_sort_desc=t"}) {
        expect_pages_join(table.name, std::string(filter) + sort, {5, 50});
      }
    }
  }
}

TEST_F(PagingTest, ASortColumnThatIsNotShownStillSorts) {
  for (const char* table : {"rowids", "compound", "untyped"}) {
    for (const char* column : kColumnNames) {
      if (std::string_view(column) == "i") continue;
      expect_pages_join(table, "_col=i&_sort=" + std::string(column), {9});
      expect_pages_join(table, "_nocol=" + std::string(column) + "&_sort_desc=" + column, {9});
    }
  }
}

TEST_F(PagingTest, ViewsArePagedByNumber) {
  expect_pages_join("seen", "", {1, 7, 200});
  expect_pages_join("seen", "_sort_desc=r", {7});
}

TEST_F(PagingTest, AConfiguredSortIsPagedLikeAnExplicitOne) {
  Site configured;
  configured.add_database("db", generated_sql());
  configured.configure(R"({"databases": {"db": {"tables": {
      "integers": {"sort_desc": "u", "size": 30}}}}})");
  std::string target = "/db/integers.json?_shape=arrays";
  std::vector<std::string> rows;
  while (!target.empty()) {
    const boost::json::value document = support::json_of(configured.get(target));
    const auto more = support::rows_of(document);
    rows.insert(rows.end(), more.begin(), more.end());
    const auto* next = document.at("next_url").if_string();
    target = next == nullptr ? "" : std::string(*next).substr(kBase.size());
    EXPECT_TRUE(target.empty() || target.find("_sort_desc=u") != std::string::npos) << target;
    ASSERT_LE(rows.size(), static_cast<std::size_t>(kRows));
  }
  EXPECT_EQ(rows, support::rows_of(get_json("/db/integers.json?_shape=arrays&_sort_desc=u"
                                            "&_size=max")));
}

// ---- formats --------------------------------------------------------------------------------

using Cells = std::vector<std::vector<std::string>>;

/// RFC 4180, strictly: every record ends in CRLF.
Cells parse_csv(const std::string& text) {
  Cells rows;
  std::vector<std::string> row;
  std::string field;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c != '"') {
        field += c;
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        field += text[++i];
      } else {
        quoted = false;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',' || text.compare(i, 2, "\r\n") == 0) {
      row.push_back(std::move(field));
      field.clear();
      if (c != ',') {
        ++i;
        rows.push_back(std::move(row));
        row.clear();
      }
    } else {
      field += c;
    }
  }
  EXPECT_TRUE(row.empty() && field.empty() && !quoted) << "an unfinished record";
  return rows;
}

/// The rows of a `_shape=arrays` document as the CSV shows them: numbers as they are written, null
/// as nothing; blobs only say that they are one.
Cells cells_of_json(const std::string& body) {
  Cells cells;
  constexpr std::string_view kStart = "\"rows\":[";
  std::size_t at = body.find(kStart) + kStart.size();
  while (at < body.size() && body[at] != ']') {
    std::vector<std::string> row;
    ++at;  // "["
    while (body[at] != ']') {
      std::size_t end = at;
      if (body[at] == '"') {
        for (++end; body[end] != '"'; ++end) {
          if (body[end] == '\\') ++end;
        }
        ++end;
        row.emplace_back(boost::json::parse(body.substr(at, end - at)).as_string());
      } else if (body[at] == '{') {
        end = body.find('}', at) + 1;
        row.emplace_back("(blob)");
      } else {
        end = body.find_first_of(",]", at);
        row.push_back(body.substr(at, end - at));
        if (row.back() == "null") row.back().clear();
      }
      at = end;
      if (body[at] == ',') ++at;
    }
    cells.push_back(std::move(row));
    ++at;
    if (body[at] == ',') ++at;
  }
  return cells;
}

/// Text of the cells in the page's table body.
Cells cells_of_html(const std::string& html) {
  Cells cells;
  std::size_t at = html.find("<tbody");
  const std::size_t end = html.find("</tbody>", at);
  while (at < end) {
    at = html.find("<td", at);
    const std::size_t row_end = html.find("</tr>", at);
    if (at >= end || row_end >= end) break;
    std::vector<std::string> row;
    while (at < row_end) {
      const std::size_t start = html.find('>', at) + 1;
      const std::size_t stop = html.find("</td>", start);
      std::string text;
      for (std::size_t i = start; i < stop; ++i) {
        if (html[i] == '<') {
          i = html.find('>', i);
        } else {
          text += html[i];
        }
      }
      row.push_back(std::move(text));
      at = html.find("<td", stop);
    }
    cells.push_back(std::move(row));
    at = row_end;
  }
  return cells;
}

TEST_F(PagingTest, HtmlJsonAndCsvOfOneUrlShowTheSameRows) {
  for (const GeneratedTable& table : tables()) {
    for (const char* query : {"", "_sort=u", "_sort_desc=r&_size=150", "i=1", "t__contains=%25",
                              "_size=0", "_where=r+%3E+0&_sort=t"}) {
      const std::string path = "/db/" + std::string(table.name);
      const std::string arguments = std::string(query);
      const Cells json = cells_of_json(
          site().get(path + ".json?_shape=arrays&_col=i&_col=t&_col=b&_col=u&" + arguments).body);

      const http::Response csv_answer =
          site().get(path + ".csv?_header=off&_col=i&_col=t&_col=b&_col=u&" + arguments);
      ASSERT_EQ(csv_answer.status, 200);
      Cells csv = parse_csv(csv_answer.body);
      for (auto& row : csv) {
        for (std::string& field : row) {
          if (field.starts_with(std::string(kBase) + path + "/")) field = "(blob)";
          // JSON has no infinities.
          if (field == "inf" || field == "-inf") field = "";
        }
      }
      Cells json_for_csv = json;
      for (auto& row : json_for_csv) {
        for (std::string& field : row) {
          if (field == "inf") field = "";
        }
      }
      EXPECT_EQ(csv, json_for_csv) << path << ' ' << query;

      const http::Response html_answer =
          site().get(path + "?_col=i&_col=t&_col=b&_col=u&" + arguments);
      ASSERT_EQ(html_answer.status, 200);
      const Cells html = cells_of_html(html_answer.body);
      ASSERT_EQ(html.size(), json.size()) << path << ' ' << query;
      for (std::size_t i = 0; i < html.size(); ++i) {
        // A Link column stands in front of compound keys; then cells stand in the same order.
        ASSERT_GE(html[i].size(), json[i].size()) << html_answer.body;
        const std::size_t shift = html[i].size() - json[i].size();
        for (std::size_t j = 0; j < json[i].size(); ++j) {
          const std::string& shown = html[i][j + shift];
          const std::string& value = json[i][j];
          const bool is_key = table.keys.size() == 1 && j == 0;
          if (value == "(blob)") {
            // A key is shown as the text of its row's link.
            EXPECT_TRUE(shown.starts_with("&lt;Binary:") || is_key) << shown;
          } else if (!value.empty()) {
            EXPECT_EQ(shown, base::escape_html(value)) << path << ' ' << query;
          } else {
            EXPECT_TRUE(shown == "&nbsp;" || shown == "inf" || shown == "-inf" || shown == "-")
                << shown;
          }
        }
      }
    }
  }
}

TEST_F(PagingTest, ACsvStreamIsThePagesJoined) {
  for (const GeneratedTable& table : tables()) {
    for (const char* query : {"_sort=u", "_sort_desc=t", "i__notnull=1", "_header=off"}) {
      const std::string path = "/db/" + std::string(table.name);
      const std::string whole = support::body_of(site().get(path + ".csv?_stream=1&" + query));
      std::string joined;
      std::string next;
      for (int page = 0; page <= kRows / 30 + 1; ++page) {
        std::string arguments = "_size=30&" + std::string(query);
        if (page > 0) arguments += "&_header=off&_next=" + next;
        joined += support::body_of(site().get(path + ".csv?" + arguments));
        const boost::json::value document = get_json(path + ".json?" + arguments);
        if (document.at("next").is_null()) break;
        const std::string url(document.at("next_url").as_string());
        next = url.substr(url.find("_next=") + 6);
        next = next.substr(0, next.find('&'));
      }
      EXPECT_EQ(joined, whole) << path << ' ' << query;
    }
  }
}

}  // namespace
}  // namespace tapedeck
