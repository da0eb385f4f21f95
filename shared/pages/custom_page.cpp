#include "pages/custom_page.hpp"

#include <string>

#include "base/text.hpp"
#include "http/url.hpp"
#include "pages/answer.hpp"
#include "render/html_custom.hpp"

namespace tapedeck::pages {

namespace {

constexpr std::string_view kHtml = "text/html; charset=utf-8";

http::Response redirect(const instance::CustomPage& page, const instance::PathValues& values) {
  std::string target = instance::with_values(page.redirect, values);
  // "/{slug}" with a slug of "\host" would lead to another site.
  if (target.starts_with('/')) target = http::local_redirect_target(target);
  http::Response response = http::redirect_response(page.redirect_status, target);
  response.headers.set("Content-Type", kHtml);
  return response;
}

}  // namespace

std::optional<http::Response> custom_page(Call& call) {
  const auto found = call.instance.templates().find_page(call.path);
  if (!found) return std::nullopt;
  const instance::CustomPage& page = *found->page;
  if (page.not_found) throw http::RequestError(404, *page.not_found);
  if (!page.redirect.empty()) return redirect(page, found->values);
  render::PageFrame frame = make_frame(call, page.title, "page", {page.file});
  add_crumbs(call, frame);
  const data::PageMetadata metadata = data::read_page_metadata(&call.configuration().metadata);
  frame.footer_metadata = &metadata;
  http::Response response = http::text_response(
      page.status, kHtml, render::custom_html(call.instance, frame, page, found->values));
  for (const auto& [name, value] : page.headers) {
    if (base::equals_ignoring_case(name, "content-type")) {
      response.headers.set(name, value);
    } else {
      response.headers.add(name, value);
    }
  }
  return response;
}

}  // namespace tapedeck::pages
