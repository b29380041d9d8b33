#include "reports/html/template.hpp"

#include <kainjow/mustache.hpp>
#include <stdexcept>
#include <utility>

#include "engine/base/encoding.hpp"
#include "engine/base/json.hpp"
#include "engine/base/sha256.hpp"
#include "reports/text.hpp"

namespace plugproof::reports::html {

namespace {

namespace mustache = kainjow::mustache;
using base::Value;

mustache::data data_of(const Value& value) {
  if (value.is_null()) return mustache::data(false);
  if (value.is_bool()) return mustache::data(value.as_bool());
  if (value.is_string()) {
    // An empty text is false in the library's sections only where it is told so.
    return value.as_string().empty() ? mustache::data(false) : mustache::data(value.as_string());
  }
  if (value.is_list()) {
    mustache::list list;
    list.reserve(value.as_list().size());
    for (const auto& item : value.as_list()) list.push_back(data_of(item));
    return mustache::data(list);
  }
  if (value.is_object()) {
    mustache::data object;
    for (const auto& [name, member] : value.as_object()) object[name] = data_of(member);
    return object;
  }
  return mustache::data(base::write_json(value));
}

}  // namespace

struct Template::Engine {
  mustache::mustache compiled;
};

Template::Template(std::string_view text)
    : engine_(new Engine{mustache::mustache(std::string(text))}) {
  if (!engine_->compiled.is_valid())
    throw std::logic_error("report template: " + engine_->compiled.error_message());
  engine_->compiled.set_custom_escape([](const std::string& raw) { return xml(raw); });
}

Template::~Template() = default;
Template::Template(Template&&) noexcept = default;

void Template::render(const Value& data, std::ostream& out) {
  engine_->compiled.render(data_of(data), out);
}

Template part(std::string_view name) {
  const std::string_view whole = embedded_template();
  const std::string mark = "{{! part: " + std::string(name) + " }}\n";
  const std::size_t begin = whole.find(mark);
  if (begin == std::string_view::npos)
    throw std::logic_error("report template: there is no part " + std::string(name));
  const std::string_view rest = whole.substr(begin + mark.size());
  return Template(rest.substr(0, rest.find("{{! part: ")));
}

std::string policy_digest(std::string_view text) {
  return "sha256-" + base::base64(*base::from_hex(base::sha256_hex(text)));
}

}  // namespace plugproof::reports::html
