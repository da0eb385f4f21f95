#include "data/query_list.hpp"

#include <gmock/gmock.h>

namespace tapedeck::data {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

StoredQuery query(const std::string& database, const std::string& name, const std::string& title,
                  bool is_write = false) {
  StoredQuery made;
  made.database = database;
  made.name = name;
  made.title = title;
  made.sql = "select 1 from " + name + "_table";
  made.is_write = is_write;
  return made;
}

std::vector<StoredQuery> some_queries() {
  return {query("b", "z", "apple"), query("a", "Pear", ""), query("b", "x", "Apple, again"),
          query("a", "writer", "", true)};
}

std::vector<std::string> names(const QueryListPage& page) {
  std::vector<std::string> list;
  for (const StoredQuery& each : page.queries) list.push_back(each.name);
  return list;
}

TEST(QueryList, SortsByTitleOrNameWithoutCaseAndByDatabaseFirstInTheInstance) {
  EXPECT_THAT(names(list_queries(some_queries(), {}, QueryScope::kDatabase, "", 9)),
              ElementsAre("z", "x", "Pear", "writer"));
  EXPECT_THAT(names(list_queries(some_queries(), {}, QueryScope::kInstance, "", 9)),
              ElementsAre("Pear", "writer", "z", "x"));
}

TEST(QueryList, PagesJoinToTheWholeList) {
  for (const QueryScope scope : {QueryScope::kDatabase, QueryScope::kInstance}) {
    std::vector<std::string> joined;
    std::string token;
    for (int page_number = 0; page_number < 9; ++page_number) {
      const QueryListPage page = list_queries(some_queries(), {}, scope, token, 1);
      for (const std::string& name : names(page)) joined.push_back(name);
      if (!page.next) break;
      token = *page.next;
    }
    EXPECT_EQ(joined, names(list_queries(some_queries(), {}, scope, "", 9)));
  }
}

TEST(QueryList, TokensAreTildeEncodedAndWrongOnesMeanTheBeginning) {
  const QueryListPage page = list_queries(some_queries(), {}, QueryScope::kDatabase, "", 2);
  EXPECT_EQ(page.next, "apple~2C+again,x");
  for (const char* token : {"nope", "a,b,c", ","}) {
    EXPECT_EQ(list_queries(some_queries(), {}, QueryScope::kDatabase, token, 9).queries.size(), 4U)
        << token;
  }
}

TEST(QueryList, FiltersByTextAndFlags) {
  struct Case {
    QueryFilter filter;
    std::vector<std::string> names;
  };
  const Case cases[] = {
      {{.q = "APPLE"}, {"z", "x"}},     {{.q = "pear_T"}, {"Pear"}},
      {{.is_write = true}, {"writer"}}, {{.is_write = false}, {"z", "x", "Pear"}},
      {{.is_private = true}, {}},       {{.source = "config"}, {"z", "x", "Pear", "writer"}},
      {{.source = "user"}, {}},         {{.owner_id = "ann"}, {}},
  };
  for (const auto& [filter, expected] : cases) {
    EXPECT_EQ(names(list_queries(some_queries(), filter, QueryScope::kDatabase, "", 9)), expected)
        << filter.q;
  }
}

TEST(QueryList, FacetsCountWhatIsAdmittedAndKeepTheChosenValue) {
  const auto labels = [](const QueryFacet& facet) {
    std::vector<std::string> list;
    for (const QueryFacetItem& item : facet.items) {
      list.push_back(item.label + " " + std::to_string(item.count) + (item.is_active ? "*" : ""));
    }
    return list;
  };
  const auto all = list_queries(some_queries(), {}, QueryScope::kDatabase, "", 1).facets;
  EXPECT_THAT(labels(all.at(0)), ElementsAre("Read-only 3", "Writable 1"));
  EXPECT_THAT(labels(all.at(1)), ElementsAre("Not private 4"));
  const auto none = list_queries({}, {.is_write = true}, QueryScope::kDatabase, "", 1).facets;
  EXPECT_THAT(labels(none.at(0)), ElementsAre("Writable 0*"));
  EXPECT_THAT(labels(none.at(1)), IsEmpty());
}

}  // namespace
}  // namespace tapedeck::data
