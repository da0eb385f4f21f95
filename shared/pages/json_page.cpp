#include "pages/json_page.hpp"

#include <string>

#include "pages/answer.hpp"
#include "render/html_json.hpp"
#include "render/json_text.hpp"

namespace tapedeck::pages {

http::Response json_page(Call& call, std::string_view title, const boost::json::value& document) {
  if (call.format == "json") return json_answer(document);
  render::PageFrame frame = make_frame(call, std::string(title), "show-json", {"show_json.html"});
  add_crumbs(call, frame);
  frame.noindex = true;
  frame.alternate_json_url = path_with_format(call, "json");
  return html_answer(call, render::json_html(call.instance, frame, render::pretty_json(document)));
}

}  // namespace tapedeck::pages
