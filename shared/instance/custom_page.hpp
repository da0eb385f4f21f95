#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tapedeck::instance {

/// A page of the publisher's own: `pages/about.html` in the template folder is /about, and
/// `pages/about/{slug}.html` any /about/X with `slug` set.
///
/// What Datasette's templates say by calling functions stands in a comment at the top of the file:
///
///   {{!page
///   title: About these data
///   status: 418
///   header: X-Robots-Tag: noindex
///   redirect: /sample/{slug} 301
///   not-found: There is no such chapter
///   frame: none
///   }}
///
/// title     of the page; the file's name without it
/// status    200 to 599, default 200
/// header    repeatable; content-type too
/// redirect  location, not prefixed by base_url, with the values of the path in braces; and a
///           status 301, 302, 303, 307 or 308, default 302
/// not-found the normal page of error 404, with this message
/// frame     none: the file is the whole answer, without base.html around it
struct CustomPage {
  /// Name of its template: "pages/about/{slug}.html".
  std::string file;
  std::string title;
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  /// "" without.
  std::string redirect;
  int redirect_status = 302;
  std::optional<std::string> not_found;
  bool has_frame = true;
};

using PathValues = std::vector<std::pair<std::string, std::string>>;

/// Reads the comment at the top of `text`. Throws config::ConfigError naming file and line for one
/// that is not understood, and for braces in `name` that hold no name.
[[nodiscard]] CustomPage read_custom_page(std::string_view file, std::string_view name,
                                          std::string_view text);

/// The values of `path` ("/about/x") in the page's file name, each without "/" and as encoded as
/// it was; nothing when they do not fit each other.
[[nodiscard]] std::optional<PathValues> match_page(const CustomPage& page, std::string_view path);

/// `text` with "{name}" replaced by the value of that name.
[[nodiscard]] std::string with_values(std::string_view text, const PathValues& values);

}  // namespace tapedeck::instance
