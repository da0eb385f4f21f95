#include "data/filter.hpp"

#include <gmock/gmock.h>

#include "http/request_error.hpp"

namespace tapedeck::data {
namespace {

using sqlite::Value;
using testing::ElementsAre;
using testing::IsEmpty;

struct Built {
  FilterClauses clauses;
  std::vector<Value> values;
};

Built build(std::string_view query, std::string_view table = "t") {
  NamedParams params;
  Built built{build_filters(http::QueryString(query), table, params), {}};
  int number = 0;
  for (const auto& [name, value] : params.pairs()) {
    EXPECT_EQ(name, "p" + std::to_string(number++));
    built.values.push_back(value);
  }
  return built;
}

struct OperatorCase {
  std::string_view query;
  std::string_view sql;
  std::string_view words;
  std::vector<Value> values;
};

Value text(std::string_view value) {
  return std::string(value);
}
Value number(std::int64_t value) {
  return value;
}

TEST(Filter, EveryOperatorHasItsSqlItsWordsAndItsBoundValue) {
  const OperatorCase cases[] = {
      {"c=5", R"("c" = :p0)", "c = 5", {text("5")}},
      {"c=x", R"("c" = :p0)", R"(c = "x")", {text("x")}},
      {"c=", R"("c" = :p0)", R"(c = "")", {text("")}},
      {"c__exact=-5", R"("c" = :p0)", R"(c = "-5")", {text("-5")}},
      {"c__not=5", R"("c" != :p0)", "c != 5", {text("5")}},
      {"c__not=x", R"("c" != :p0)", R"(c != "x")", {text("x")}},
      {"c__contains=a%25b", R"("c" like :p0)", R"(c contains "a%b")", {text("%a%b%")}},
      {"c__notcontains=a", R"("c" not like :p0)", R"(c does not contain "a")", {text("%a%")}},
      {"c__endswith=a", R"("c" like :p0)", R"(c ends with "a")", {text("%a")}},
      {"c__startswith=a", R"("c" like :p0)", R"(c starts with "a")", {text("a%")}},
      {"c__gt=5", R"("c" > :p0)", "c > 5", {number(5)}},
      {"c__gt=4.5", R"("c" > :p0)", "c > 4.5", {text("4.5")}},
      {"c__gt=-5", R"("c" > :p0)", "c > -5", {text("-5")}},
      {"c__gte=5", R"("c" >= :p0)", "c \u2265 5", {number(5)}},
      {"c__lt=5", R"("c" < :p0)", "c < 5", {number(5)}},
      {"c__lte=5", R"("c" <= :p0)", "c \u2264 5", {number(5)}},
      {"c__gt=99999999999999999999", R"("c" > :p0)", "c > 99999999999999999999", {Value(1e20)}},
      {"c__like=a_", R"("c" like :p0)", R"(c like "a_")", {text("a_")}},
      {"c__notlike=a_", R"("c" not like :p0)", R"(c not like "a_")", {text("a_")}},
      {"c__glob=a*", R"("c" glob :p0)", R"(c glob "a*")", {text("a*")}},
      {"c__in=a,+b", "c in (:p0, :p1)", R"(c in ["a", "b"])", {text("a"), text("b")}},
      {"c__in=", "c in (:p0)", R"(c in [""])", {text("")}},
      {"c__in=[]", "c in ()", "c in []", {}},
      {"c__in=[1,\"a,b\",2.5,null,true]",
       "c in (:p0, :p1, :p2, :p3, :p4)",
       R"(c in [1, "a,b", 2.5, null, true])",
       {number(1), text("a,b"), Value(2.5), Value(sqlite::Null{}), number(1)}},
      {"c__notin=a,b", "c not in (:p0, :p1)", R"(c not in ["a", "b"])", {text("a"), text("b")}},
      {"c__arraycontains=a",
       R"(:p0 in (select value from json_each([t].[c])))",
       R"(c contains "a")",
       {text("a")}},
      {"c__arraynotcontains=a",
       R"(:p0 not in (select value from json_each([t].[c])))",
       R"(c does not contain "a")",
       {text("a")}},
      {"c__date=2024-01-02",
       R"(date("c") = :p0)",
       R"("c" is on date 2024-01-02)",
       {text("2024-01-02")}},
      {"c__isnull=1", R"("c" is null)", "c is null", {}},
      {"c__notnull=1", R"("c" is not null)", "c is not null", {}},
      {"c__isblank=1", R"(("c" is null or "c" = ""))", "c is blank", {}},
      {"c__notblank=1", R"(("c" is not null and "c" != ""))", "c is not blank", {}},
  };
  for (const OperatorCase& test : cases) {
    const Built built = build(test.query);
    EXPECT_THAT(built.clauses.sql, ElementsAre(test.sql)) << test.query;
    EXPECT_THAT(built.clauses.descriptions, ElementsAre(test.words)) << test.query;
    EXPECT_EQ(built.values, test.values) << test.query;
    EXPECT_EQ(built.clauses.filters.size(), 1U) << test.query;
  }
}

TEST(Filter, TheMenuNamesEveryOperatorOnce) {
  std::vector<std::string_view> names;
  for (const FilterOperator& op : filter_operators()) {
    names.push_back(op.name);
    const std::string name(op.name.substr(0, op.name.find("__")));
    EXPECT_EQ(build("c__" + name + "=1").clauses.sql.size(), 1U) << name;
  }
  EXPECT_THAT(names, ElementsAre("exact", "not", "contains", "notcontains", "endswith",
                                 "startswith", "gt", "gte", "lt", "lte", "like", "notlike", "glob",
                                 "in", "notin", "arraycontains", "arraynotcontains", "date",
                                 "isnull__1", "notnull__1", "isblank__1", "notblank__1"));
}

TEST(Filter, ArgumentsInFrontOfWhichAnUnderscoreStandsNeedTwoMoreInside) {
  EXPECT_THAT(build("_c=5&_size=1").clauses.sql, IsEmpty());
  EXPECT_THAT(build("_c__exact=5").clauses.sql, ElementsAre(R"("_c" = :p0)"));
  EXPECT_THAT(build("a__b__gt=5").clauses.sql, ElementsAre(R"("a__b" > :p0)"));
  EXPECT_THAT(build("__exact=5").clauses.sql, ElementsAre(R"("" = :p0)"));
}

TEST(Filter, UnknownOperatorsAreIgnored) {
  EXPECT_THAT(build("c__nope=5&c__=5&c__GT=5&c__isnull__1=1").clauses.sql, IsEmpty());
}

TEST(Filter, PairsAreSortedBeforeTheyAreNumbered) {
  const Built built = build("b=2&a=9&a=10");
  EXPECT_THAT(built.clauses.sql, ElementsAre(R"("a" = :p0)", R"("a" = :p1)", R"("b" = :p2)"));
  EXPECT_THAT(built.values, ElementsAre(text("10"), text("9"), text("2")));
}

TEST(Filter, NamesNeverBreakOutOfTheirQuotes) {
  const Built built = build("a%22+or+1=1--=5", R"(t"u)");
  EXPECT_THAT(built.clauses.sql, ElementsAre(R"("a"" or 1" = :p0)"));
  EXPECT_THAT(built.values, ElementsAre(text("1--=5")));
  EXPECT_THAT(build("a%22b__in=1").clauses.sql, ElementsAre(R"("a""b" in (:p0))"));
  EXPECT_THAT(build("a%22b__isblank=1").clauses.sql,
              ElementsAre(R"(("a""b" is null or "a""b" = ""))"));
  EXPECT_THAT(build("a]__arraycontains=1", R"(t"u)").clauses.sql,
              ElementsAre(R"(:p0 in (select value from json_each([t"u]."a]")))"));
}

TEST(Filter, BracesInNamesAndValuesAreNoPlaceholders) {
  const Built built = build("{p}__gt={v}{n}");
  EXPECT_THAT(built.clauses.sql, ElementsAre(R"("{p}" > :p0)"));
  EXPECT_THAT(built.clauses.descriptions, ElementsAre("{p} > {v}{n}"));
}

TEST(Filter, ABrokenListIs400) {
  for (const char* query : {"c__in=[", "c__in=[1,", "c__notin=[1]x", "c__in=[[1]]", "c__in=[{}]",
                            "c__in=[1e]", "c__in=[\"\\ud800\"]"}) {
    try {
      static_cast<void>(build(query));
      ADD_FAILURE() << query;
    } catch (const http::RequestError& error) {
      EXPECT_EQ(error.status, 400) << query;
      EXPECT_NE(error.message.find("in: "), std::string::npos) << error.message;
    }
  }
}

}  // namespace
}  // namespace tapedeck::data
