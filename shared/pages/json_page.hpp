#pragma once

#include <string_view>

#include <boost/json.hpp>

#include "pages/call.hpp"

namespace tapedeck::pages {

/// A document that the program makes about itself: as it is for ".json", else indented on an HTML
/// page of that title.
[[nodiscard]] http::Response json_page(Call& call, std::string_view title,
                                       const boost::json::value& document);

}  // namespace tapedeck::pages
