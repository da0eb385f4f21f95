#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace tapedeck::render {

/// Prometheus' text form, version 0.0.4: families of samples, one after the other.
/// Source: prometheus.io/docs/instrumenting/exposition_formats.
class MetricsText {
 public:
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  /// Begins a family; `type` is counter, gauge or histogram.
  void family(std::string_view name, std::string_view type, std::string_view help);
  /// A sample of the family: `suffix` is "" or a histogram's "_bucket", "_sum", "_count". Values of
  /// labels may hold anything.
  void sample(Labels labels, std::uint64_t value, std::string_view suffix = {});
  void sample(Labels labels, double value, std::string_view suffix = {});

  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  void begin_sample(Labels labels, std::string_view suffix);

  std::string name_;
  std::string text_;
};

}  // namespace tapedeck::render
