#include "instance/generation.hpp"

#include <string_view>

namespace tapedeck::instance {

void Generation::append_to(std::string& out) const {
  const auto add = [&out](const auto& field) {
    out.append(reinterpret_cast<const char*>(&field), sizeof field);
  };
  add(device);
  add(inode);
  add(size);
  add(mtime_ns);
  add(format);
  add(change_counter);
  add(wal);
}

}  // namespace tapedeck::instance
