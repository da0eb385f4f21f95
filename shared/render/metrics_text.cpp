#include "render/metrics_text.hpp"

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace tapedeck::render {

namespace {

void append_label_value(std::string& out, std::string_view value) {
  for (const char c : base::to_valid_utf8(value)) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
}

}  // namespace

void MetricsText::family(std::string_view name, std::string_view type, std::string_view help) {
  name_ = name;
  text_ += "# HELP " + name_ + " ";
  text_ += help;
  text_ += "\n# TYPE " + name_ + " ";
  text_ += type;
  text_ += '\n';
}

void MetricsText::begin_sample(Labels labels, std::string_view suffix) {
  text_ += name_;
  text_ += suffix;
  char before = '{';
  for (const auto& [label, value] : labels) {
    text_ += before;
    text_ += label;
    text_ += "=\"";
    append_label_value(text_, value);
    text_ += '"';
    before = ',';
  }
  text_ += before == ',' ? "} " : " ";
}

void MetricsText::sample(Labels labels, std::uint64_t value, std::string_view suffix) {
  begin_sample(labels, suffix);
  text_ += std::to_string(value) + "\n";
}

void MetricsText::sample(Labels labels, double value, std::string_view suffix) {
  begin_sample(labels, suffix);
  base::append_double(text_, value);
  text_ += '\n';
}

}  // namespace tapedeck::render
