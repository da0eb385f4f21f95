#include <algorithm>
#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>

#include "http/request_error.hpp"
#include "support/site.hpp"

/// .csv, .tsv, .ndjson and .geojson of tables, rows and queries, as pages and as streams.
namespace tapedeck {
namespace {

using support::body_of;

using support::Site;
using testing::HasSubstr;
using testing::Not;

constexpr auto kFormats = std::to_array<std::string_view>({"csv", "tsv", "ndjson", "geojson"});

constexpr const char* kPlaces = R"(
  create table place(id integer primary key, name text, Latitude real, Longitude real, b blob);
  insert into place values
    (1, 'Fiji', -17.7, 178.1, null), (2, 'Samoa', -13.8, -171.8, x'00ff'),
    (3, 'Bern', 46.9, 7.4, null), (4, 'nowhere', null, 8, null), (5, 'text', 'x', 7.5, null),
    (6, 'beyond', 91, 7.5, null), (7, 'blob', 46.5, x'37', null);
  create table loose(id integer primary key, lat, lng);
  insert into loose values (1, '46.9', 7.4), (2, 50, '7.5'), (3, 'n/a', 7), (4, 46, 8);
  create view seen as select id, lat, lng from loose;
  create table shape(id integer primary key, name text, geojson text);
  insert into shape values
    (1, 'point', '{"type": "Point", "coordinates": [7.4, 46.9]}'),
    (2, 'far', '{"type":"Point","coordinates":[100,0]}'),
    (3, 'line', '{"type":"LineString","coordinates":[[0,40],[10,50]]}'),
    (4, 'broken', '{"type":"Point","coordinates":"x"}'),
    (5, 'none', null),
    (6, 'empty', '{"type":"GeometryCollection","geometries":[]}'),
    (7, 'many', '{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[7,47]}]}');
  create table many(id integer primary key, lat real, lon real);
  with recursive n(i) as (select 1 union all select i + 1 from n where i < 2500)
    insert into many select i, 1.5, 2.5 from n;
)";

class ExportTest : public testing::Test {
 protected:
  ExportTest() {
    site_.add_database("db", kPlaces);
    site_.configure(R"({"databases": {"db": {"queries": {
      "all": "select * from many",
      "agent": "select :_header_user_agent as agent, 1 as lat, 2 as lon"}}}})");
  }
  http::Response get(std::string_view target) { return site_.get(target); }
  std::string text(std::string_view target) { return body_of(get(target)); }
  /// The ids in a FeatureCollection.
  std::string ids(std::string_view target) {
    const http::Response response = get(target);
    if (response.status != 200) return response.body;
    const boost::json::value document = boost::json::parse(body_of(response));
    std::string list;
    for (const boost::json::value& feature : document.at("features").as_array()) {
      if (!list.empty()) list += ' ';
      list += std::to_string(feature.at("properties").at("id").as_int64());
    }
    return list;
  }
  Site& site() { return site_; }

 private:
  Site site_;
};

std::size_t lines_in(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

TEST_F(ExportTest, EachFormatHasItsTypeAndItsDownload) {
  struct Case {
    const char* extension;
    const char* type;
    const char* download_type;
  };
  constexpr const char* kTsv = "text/tab-separated-values; charset=utf-8";
  constexpr const char* kNdjson = "application/x-ndjson; charset=utf-8";
  const Case cases[] = {{"csv", "text/plain; charset=utf-8", "text/csv; charset=utf-8"},
                        {"tsv", kTsv, kTsv},
                        {"ndjson", kNdjson, kNdjson},
                        {"geojson", "application/geo+json", "application/geo+json"}};
  for (const auto& [extension, type, download_type] : cases) {
    for (const char* const stream : {"", "&_stream=1"}) {
      const std::string path = std::string("/db/place.") + extension + "?_size=2" + stream;
      const http::Response response = get(path);
      EXPECT_EQ(response.status, 200) << path;
      EXPECT_EQ(response.headers.value("Content-Type"), type) << path;
      EXPECT_FALSE(response.headers.has("Content-Disposition")) << path;
      EXPECT_EQ(response.headers.value("Cache-Control"), "max-age=5") << path;
      EXPECT_EQ(response.headers.has("ETag"), *stream == '\0') << path;
      const http::Response download = get(path + "&_dl=1");
      EXPECT_EQ(download.headers.value("Content-Type"), download_type) << path;
      EXPECT_EQ(download.headers.value("Content-Disposition"),
                std::string("attachment; filename=\"place.") + extension + "\"")
          << path;
    }
  }
}

TEST_F(ExportTest, TheSameRowsInEveryFormat) {
  EXPECT_EQ(text("/db/place.tsv?_size=2"),
            "id\tname\tLatitude\tLongitude\tb\n"
            "1\tFiji\t-17.7\t178.1\t\n"
            "2\tSamoa\t-13.8\t-171.8\thttp://site.example/db/place/2.blob?_blob_column=b\n");
  EXPECT_EQ(text("/db/place.tsv?_size=1&_header=off&_nocol=b"), "1\tFiji\t-17.7\t178.1\n");
  EXPECT_EQ(text("/db/place.ndjson?id__in=2,4"),
            "{\"id\":2,\"name\":\"Samoa\",\"Latitude\":-13.8,\"Longitude\":-171.8,"
            "\"b\":{\"$base64\":true,\"encoded\":\"AP8=\"}}\n"
            "{\"id\":4,\"name\":\"nowhere\",\"Latitude\":null,\"Longitude\":8.0,\"b\":null}\n");
  EXPECT_EQ(text("/db/-/query.ndjson?sql=select+9e999+a,+1+b,+2+b&_json_infinity=on"),
            "{\"a\":null,\"b\":2}\n");
  EXPECT_EQ(text("/db/place/1.ndjson"), text("/db/place.ndjson?_size=1"));
  EXPECT_EQ(
      text("/db/shape.ndjson?id=2&_json=geojson"),
      "{\"id\":2,\"name\":\"far\",\"geojson\":{\"type\":\"Point\",\"coordinates\":[100,0]}}\n");
  EXPECT_EQ(get("/db/place/99.ndjson").status, 404);
}

TEST_F(ExportTest, PagesSayWhereTheNextOneIs) {
  for (const std::string_view format : kFormats) {
    const std::string path = "/db/place." + std::string(format) + "?_size=2";
    const http::Response response = get(path);
    const std::string link = "<http://site.example" + path + "&_next=2>; rel=\"next\"";
    EXPECT_EQ(response.headers.value("Link"), format == "csv" ? "" : link) << path;
  }
  EXPECT_EQ(ids("/db/place.geojson?_size=2&_next=2"), "3 4");
}

TEST_F(ExportTest, StreamsHaveEveryRow) {
  for (const char* const path : {"/db/many", "/db/all", "/db/-/query"}) {
    const std::string sql =
        std::string_view(path).ends_with("query") ? "&sql=select+*+from+many" : "";
    EXPECT_EQ(lines_in(text(std::string(path) + ".csv?_stream=1" + sql)), 2501U) << path;
    EXPECT_EQ(lines_in(text(std::string(path) + ".tsv?_stream=1" + sql)), 2501U) << path;
    EXPECT_EQ(lines_in(text(std::string(path) + ".ndjson?_stream=1" + sql)), 2500U) << path;
    const boost::json::value places =
        boost::json::parse(text(std::string(path) + ".geojson?_stream=1" + sql));
    EXPECT_EQ(places.at("features").as_array().size(), 2500U) << path;
  }
  EXPECT_EQ(lines_in(text("/db/all.csv")), 1001U) << "a page is cut";
  EXPECT_EQ(lines_in(text("/db/all.ndjson")), 1000U);
}

TEST_F(ExportTest, AnEmptyResultIsStillADocument) {
  EXPECT_EQ(text("/db/place.ndjson?id=0"), "");
  EXPECT_EQ(text("/db/place.ndjson?id=0&_stream=1"), "");
  EXPECT_EQ(ids("/db/place.geojson?id=0"), "");
  EXPECT_EQ(ids("/db/place.geojson?id=0&_stream=1"), "");
}

TEST_F(ExportTest, StreamsMayBeForbiddenAndHaveNoMiddle) {
  for (const std::string_view format : kFormats) {
    const std::string path = "/db/place." + std::string(format) + "?_stream=1";
    EXPECT_EQ(get(path + "&_next=2").status, 400) << path;
    EXPECT_EQ(get(path + "&_next=").status, 200) << path;
  }
  site().settings().allow_csv_stream = false;
  for (const std::string_view format : kFormats) {
    const http::Response response = get("/db/place." + std::string(format) + "?_stream=1");
    EXPECT_EQ(response.status, 400) << format;
    EXPECT_THAT(response.body, HasSubstr("streaming is disabled")) << format;
  }
  EXPECT_EQ(get("/db/place.csv?_stream=").status, 200);
}

TEST_F(ExportTest, WhatIsWrongBeforeTheFirstRowIsAnAnswer) {
  site().settings().sql_time_limit_ms = 300;
  EXPECT_EQ(get("/db/-/query.csv?_stream=1&sql=select+nonsense").status, 400);
  EXPECT_EQ(get("/db/-/query.csv?_stream=1&sql=select+json('{')").status, 400);
  EXPECT_EQ(get("/db/-/query.csv?_stream=1").status, 400);
  const std::string endless =
      "with+recursive+n(i)+as+(select+1+union+all+select+i%2B1+from+n)+select+i+from+n";
  EXPECT_EQ(get("/db/-/query.ndjson?_stream=1&sql=" + endless + "+where+i<0").status, 400);
}

TEST_F(ExportTest, WhatGoesWrongLaterIsNoEndOfTheStream) {
  const std::string sql =
      "select+1+as+lat,2+as+lon,json(value)+as+v+from+json_each('[\"1\",\"{\"]')";
  for (const std::string_view format : kFormats) {
    const http::Response response =
        get("/db/-/query." + std::string(format) + "?_stream=1&sql=" + sql);
    ASSERT_EQ(response.status, 200) << format << response.body;
    EXPECT_ANY_THROW(static_cast<void>(body_of(response))) << format;
  }
}

TEST_F(ExportTest, AStreamBeyondMaxCsvMbBreaksOff) {
  site().settings().max_csv_mb = 1;
  for (const std::string_view format : kFormats) {
    const http::Response response =
        get("/db/-/query." + std::string(format) +
            "?_stream=1&sql=select+lat,lon,hex(zeroblob(500))+from+many");
    ASSERT_EQ(response.status, 200) << format;
    EXPECT_THROW(static_cast<void>(body_of(response)), std::runtime_error) << format;
  }
}

TEST_F(ExportTest, SqlOfAStrangerThatGivesTooLittleForItsTimeIsEnded) {
  site().settings().request_time_limit_ms = 200;
  site().settings().sql_time_limit_ms = 1000;
  const std::string sql =
      "with+recursive+b(i)+as+(select+1+union+all+select+i%2B1+from+b)+select+i,("
      "with+recursive+n(i)+as+(select+b.i+union+all+select+i%2B1+from+n+where+i<b.i%2B300000)+"
      "select+count(*)+from+n)+from+b";
  const http::Response response = get("/db/-/query.csv?_stream=1&sql=" + sql);
  ASSERT_EQ(response.status, 200) << response.body;
  EXPECT_THROW(static_cast<void>(body_of(response)), http::RequestError);
}

TEST_F(ExportTest, AFirstRowThatIsTooLargeIsAnAnswer) {
  site().settings().max_answer_mb = 1;
  for (const std::string_view format : kFormats) {
    const http::Response response = get("/db/-/query." + std::string(format) +
                                        "?_stream=1&sql=select+lat,lon,hex(zeroblob(300000))+as+a,"
                                        "hex(zeroblob(300000))+as+b+from+many");
    EXPECT_EQ(response.status, 400) << format;
    EXPECT_THAT(response.body, testing::HasSubstr("max_answer_mb")) << format;
  }
}

TEST_F(ExportTest, HeadOfAStreamRunsNothing) {
  site().settings().sql_time_limit_ms = 100;
  const std::uint64_t before = sqlite::statements_run();
  const http::Response response =
      site().send("HEAD",
                  "/db/-/query.csv?_stream=1&sql=with+recursive+n(i)+as+(select+1+union+all+select+"
                  "i%2B1+from+n)+select+i+from+n+where+i<0");
  EXPECT_EQ(response.status, 200);
  EXPECT_TRUE(response.stream);
  EXPECT_EQ(body_of(response), "");
  EXPECT_LT(sqlite::statements_run() - before, 20U);
}

TEST_F(ExportTest, MagicParametersWork) {
  const http::Response response =
      site().send("GET", "/db/agent.csv?_stream=1", {{"User-Agent", "a,b"}});
  EXPECT_EQ(body_of(response), "agent,lat,lon\r\n\"a,b\",1,2\r\n");
  EXPECT_FALSE(response.headers.has("ETag"));
}

TEST_F(ExportTest, PagesOfTablesLinkToTheirStreams) {
  const std::string place = text("/db/place?_size=1&_next=1&name__contains=a");
  for (const char* const format : {"tsv", "ndjson", "geojson"}) {
    EXPECT_THAT(place, HasSubstr(std::string("href=\"/db/place.") + format +
                                 "?name__contains=a&amp;_stream=on\""))
        << format;
  }
  EXPECT_THAT(text("/db/place?_nocol=Latitude"), Not(HasSubstr("place.geojson")));
  site().settings().allow_csv_stream = false;
  EXPECT_THAT(text("/db/place"), Not(HasSubstr("place.tsv")));
}

// ---- GeoJSON --------------------------------------------------------------------------------

TEST_F(ExportTest, FeaturesHaveTheirPlaceAndTheOtherColumns) {
  EXPECT_EQ(text("/db/place.geojson?_size=1&_nocol=b"),
            "{\"type\":\"FeatureCollection\",\"features\":[\n"
            "{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[178.1,-17.7]},"
            "\"properties\":{\"id\":1,\"name\":\"Fiji\"}}\n]}\n");
  EXPECT_EQ(text("/db/shape.geojson?id=1"),
            "{\"type\":\"FeatureCollection\",\"features\":[\n"
            "{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[7.4,46.9]},"
            "\"properties\":{\"id\":1,\"name\":\"point\"}}\n]}\n");
  const boost::json::value places = boost::json::parse(text("/db/place.geojson"));
  std::string null;
  for (const boost::json::value& feature : places.at("features").as_array()) {
    if (feature.at("geometry").is_null()) {
      null += feature.at("properties").at("name").as_string().c_str() + std::string(" ");
    }
  }
  EXPECT_EQ(null, "nowhere text beyond blob ");
  EXPECT_THAT(text("/db/-/query.geojson?sql=select+1+as+a,2+as+b&_lat=a&_lon=b"),
              HasSubstr("[2.0,1.0]},\"properties\":{}}"));
}

TEST_F(ExportTest, TheBoxKeepsWhatLiesInIt) {
  struct Case {
    const char* target;
    const char* ids;
  };
  const Case cases[] = {
      {"/db/place.geojson?_bbox=5,45,10,48", "3"},
      {"/db/place.geojson?_bbox=-180,-90,180,90", "1 2 3"},
      {"/db/place.geojson?_bbox=170,-20,-170,-10", "1 2"},
      {"/db/place.geojson?_bbox=-170,-20,170,-10", ""},
      {"/db/place.geojson?_bbox=7.4,46.9,7.4,46.9", "3"},
      {"/db/place.geojson?_bbox=170,-20,-170,-10&_stream=1", "1 2"},
      {"/db/loose.geojson?_bbox=7,46,8,47", "1 4"},
      {"/db/loose.geojson?_bbox=7,46,8,60&_size=1", "1"},
      {"/db/loose.geojson?_bbox=7,46,8,60&_size=1&_next=1", "2"},
      {"/db/loose.geojson?_bbox=7,46,8,60&_size=1&_next=2", "4"},
      {"/db/seen.geojson?_bbox=7,46,8,60&_size=2", "1 2"},
      {"/db/seen.geojson?_bbox=7,46,8,60&_size=2&_next=2", "4"},
      {"/db/shape.geojson?_bbox=7,46,8,47", "1 3 7"},
      {"/db/shape.geojson?_bbox=99,-1,-179,1", "2"},
      {"/db/shape.geojson?_bbox=7,46,8,47&_size=1&_sort_desc=id", "7"},
      {"/db/-/query.geojson?sql=select+*+from+place&_bbox=5,45,10,48", "3"},
      {"/db/-/query.geojson?sql=select+*+from+place&_bbox=5,45,10,48&_stream=1", "3"},
      {"/db/all.geojson?_bbox=5,45,10,48&_stream=1", ""},
  };
  for (const auto& [target, expected] : cases) EXPECT_EQ(ids(target), expected) << target;
}

TEST_F(ExportTest, PagesOfABoxJoinedAreTheWhole) {
  std::string all;
  std::string target = "/db/loose.geojson?_bbox=7,46,8,60&_size=1&_sort=lng";
  for (int pages = 0; pages < 5 && !target.empty(); ++pages) {
    all += ids(target) + " ";
    const std::string link(get(target).headers.value("Link"));
    target = link.empty() ? ""
                          : link.substr(1 + std::string_view("http://site.example").size(),
                                        link.find('>') - 1 - 19);
  }
  EXPECT_EQ(all, "1 4 2 ");
}

TEST_F(ExportTest, BadPlacesAndBoxesAreRefused) {
  struct Case {
    const char* target;
    const char* message;
  };
  const Case cases[] = {
      {"/db/-/query.geojson?sql=select+1+as+a", "GeoJSON needs columns latitude and longitude"},
      {"/db/place.geojson?_col=name", "GeoJSON needs columns"},
      {"/db/place.geojson?_lat=nope", "_lat=nope"},
      {"/db/place.geojson?_geometry=nope", "_geometry=nope"},
      {"/db/shape.geojson?_lat=id", "GeoJSON needs columns"},
      {"/db/place.geojson?_bbox=1,2,3", "_bbox must be four numbers"},
      {"/db/place.geojson?_bbox=1,2,3,x", "_bbox must be four numbers"},
      {"/db/place.geojson?_bbox=1,2,3,nan", "_bbox must be four numbers"},
      {"/db/place.geojson?_bbox=1,5,3,4", "south is above north"},
      {"/db/place.geojson?_bbox=-181,5,3,6", "must lie within"},
      {"/db/place.geojson?_bbox=1,-91,3,6&_stream=1", "must lie within"},
  };
  for (const auto& [target, message] : cases) {
    const http::Response response = get(target);
    EXPECT_EQ(response.status, 400) << target;
    EXPECT_THAT(response.body, HasSubstr(message)) << target;
  }
}

}  // namespace
}  // namespace tapedeck
