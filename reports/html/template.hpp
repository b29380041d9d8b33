// Templates of the HTML report behind the project's own value type. Every value passes one escape,
// reports::xml: what a device or a user wrote appears as text and never as markup.
#pragma once

#include <memory>
#include <ostream>
#include <string>
#include <string_view>

#include "engine/base/value.hpp"

namespace plugproof::reports::html {

// The files of reports/html, put into the program when it is built.
std::string_view embedded_template();
std::string_view embedded_style();
std::string_view embedded_script();

class Template {
 public:
  // Throws std::logic_error when the text is no template: ours are part of the program.
  explicit Template(std::string_view text);
  ~Template();
  Template(Template&&) noexcept;
  Template& operator=(Template&&) = delete;

  // Texts, numbers and truth values by their names; lists repeat a section; an empty text, list,
  // false and null leave it out. A name that an object does not have is looked up in the object
  // around it, so every optional member of a repeated object has to be set.
  void render(const base::Value& data, std::ostream& out);

 private:
  struct Engine;
  std::unique_ptr<Engine> engine_;
};

// The part of the page's template between its own `{{! part: name }}` line and the next one.
// Throws std::logic_error when there is none.
Template part(std::string_view name);

// `sha256-...`, as a Content-Security-Policy names a script or a style.
std::string policy_digest(std::string_view text);

}  // namespace plugproof::reports::html
