#include "http/request.hpp"

#include "base/text.hpp"

namespace tapedeck::http {
namespace {

/// The target without scheme and authority (absolute-form, RFC 9112 section 3.2.2); the Host header
/// names the host, because the front server has already chosen the site by it.
std::string_view path_and_query(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!base::equals_ignoring_case(target.substr(0, scheme.size()), scheme)) continue;
    const std::size_t end = target.find_first_of("/?", scheme.size());
    return end == std::string_view::npos ? std::string_view() : target.substr(end);
  }
  return target;
}

}  // namespace

void Request::set_target(std::string_view target) {
  const std::string_view local = path_and_query(target);
  const std::size_t mark = local.find('?');
  const std::string_view path = local.substr(0, mark);
  std::string new_path = path.starts_with('/') ? std::string() : std::string("/");
  new_path += path;
  std::string new_query(mark == std::string_view::npos ? std::string_view()
                                                       : local.substr(mark + 1));
  raw_path = std::move(new_path);
  raw_query = std::move(new_query);
  query = QueryString(raw_query);
}

std::string_view Request::host() const {
  const std::string_view host = headers.value("host");
  return host.empty() ? std::string_view("localhost") : host;
}

bool Request::is_from_this_machine() const {
  constexpr std::string_view kMapped = "::ffff:";
  std::string_view address = remote_address;
  if (address.starts_with("unix:") || address == "::1") return true;
  if (address.starts_with(kMapped)) address.remove_prefix(kMapped.size());
  return address.starts_with("127.");
}

std::string Request::target() const {
  if (raw_query.empty()) return raw_path;
  return raw_path + "?" + raw_query;
}

}  // namespace tapedeck::http
