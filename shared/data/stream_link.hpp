#pragma once

#include <string>

namespace tapedeck::data {

/// Every row as one stream in a format.
struct StreamLink {
  std::string format;
  std::string path;
};

}  // namespace tapedeck::data
