#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "data/label_lookup.hpp"
#include "data/row_cursor.hpp"
#include "instance/instance.hpp"
#include "render/html_page.hpp"
#include "sqlite/connection.hpp"

namespace tapedeck::render {

/// A text that would break out of every place a page has: element, attribute, comment, title.
inline constexpr const char* kHostile =
    "\"'><script>alert(1)</script></title></textarea></pre>--><img src=x onerror=alert(1)>";

/// A database file, and an instance with the project's own templates.
class HtmlTest : public testing::Test {
 protected:
  HtmlTest() {
    std::string pattern = testing::TempDir() + "html-XXXXXX";
    folder_ = mkdtemp(pattern.data());
    assets_ = {.templates = TAPEDECK_SOURCE_DIR "/templates",
               .static_files = TAPEDECK_SOURCE_DIR "/static"};
  }
  ~HtmlTest() override {
    lookup_.reset();
    connection_.reset();
    std::filesystem::remove_all(folder_);
  }

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

  /// Templates of a user's come from folder()/templates when that exists.
  instance::Instance& instance() {
    if (!instance_) {
      auto configuration = std::make_shared<config::Configuration>();
      if (std::filesystem::exists(folder_ / "templates")) {
        configuration->template_dir = (folder_ / "templates").string();
      }
      instance_ = std::make_unique<instance::Instance>(
          configuration,
          instance::Instance::Options{
              .lane = {}, .assets = assets_, .monitor = nullptr, .scoreboard = nullptr});
    }
    return *instance_;
  }

  void make_database(const std::string& sql) {
    const std::string path = (folder_ / "db.db").string();
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(db);
    sqlite3_close(db);
    sqlite::OpenOptions options;
    options.path = path;
    connection_ = std::make_unique<sqlite::Connection>(options);
    catalogue_ = sqlite::read_catalogue(*connection_);
    lookup_ = std::make_unique<data::LabelLookup>(
        *connection_, catalogue_, [](std::string_view /*table*/) { return data::TableConfig{}; });
  }

  /// The rows of `sql`, whose result columns are those of `table`.
  std::unique_ptr<data::RowCursor> rows(std::string_view sql, const std::string& table,
                                        std::vector<int> key_columns,
                                        std::int64_t page_size = 100) {
    data::RowCursor::Options options;
    sqlite::CachedStatement statement = connection_->prepare(sql);
    const sqlite::Table* known = catalogue_.find(table);
    for (int index = 0; index < statement->column_count(); ++index) {
      data::ResultColumn column;
      column.name = statement->column_name(index);
      column.column = known == nullptr ? nullptr : known->find_column(column.name);
      column.is_pk = column.column != nullptr && column.column->pk_position > 0;
      if (known != nullptr) {
        for (const sqlite::ForeignKey& key : known->outgoing) {
          if (key.column == column.name) column.foreign_key = &key;
        }
      }
      options.columns.push_back(column);
    }
    options.page_size = page_size;
    options.key_columns = std::move(key_columns);
    options.labels = lookup_.get();
    return std::make_unique<data::RowCursor>(std::move(statement), std::move(options));
  }

  static PageFrame frame(std::string name) {
    PageFrame result;
    result.title = "A title";
    result.body_class = "table db-db";
    result.crumbs = {{"home", "/"}, {"db", "/db"}};
    result.template_candidates = {std::move(name)};
    return result;
  }

  /// What must not stand in a page made of kHostile texts.
  static void expect_harmless(const std::string& html) {
    for (const char* bad : {"<script", "<img", "onerror=alert(1)>", "\"'>", "</pre>--"}) {
      const std::size_t at = html.find(bad);
      EXPECT_EQ(at, std::string::npos) << bad << " in " << html.substr(at < 80 ? 0 : at - 80, 200);
    }
  }

 private:
  std::filesystem::path folder_;
  instance::AssetPaths assets_;
  std::unique_ptr<instance::Instance> instance_;
  std::unique_ptr<sqlite::Connection> connection_;
  sqlite::Catalogue catalogue_;
  std::unique_ptr<data::LabelLookup> lookup_;
};

}  // namespace tapedeck::render
