#include "sqlite/trace.hpp"

#include <algorithm>

namespace tapedeck::sqlite {

Trace* Trace::active_ = nullptr;

TracedStatement* Trace::running(const void* statement) {
  for (const auto& [key, place] : running_) {
    if (key == statement) return &statements_[place];
  }
  return nullptr;
}

void Trace::bound(const void* statement, std::string name, const Value& value) {
  if (statements_.size() < kMost) bound_.push_back({statement, {std::move(name), value}});
}

void Trace::begins(const void* statement, std::string_view file, std::string_view sql) {
  ++count_;
  if (statements_.size() >= kMost) return;
  TracedStatement traced;
  traced.file = file;
  traced.sql = sql;
  for (auto& [key, param] : bound_) {
    if (key == statement) traced.params.push_back(std::move(param));
  }
  std::erase_if(bound_, [statement](const auto& bound) { return bound.first == statement; });
  traced.start = std::chrono::steady_clock::now();
  traced.end = traced.start;
  running_.emplace_back(statement, statements_.size());
  statements_.push_back(std::move(traced));
}

void Trace::fails(const void* statement, std::string_view message) {
  if (TracedStatement* traced = running(statement)) traced->error = message;
}

void Trace::ends(const void* statement) noexcept {
  if (TracedStatement* traced = running(statement)) {
    traced->end = std::chrono::steady_clock::now();
  }
  std::erase_if(running_, [statement](const auto& entry) { return entry.first == statement; });
}

}  // namespace tapedeck::sqlite
