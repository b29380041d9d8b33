#include "engine/run/verdict.hpp"

namespace plugproof::run {

const char* to_string(Verdict verdict) {
  static constexpr const char* kNames[] = {"pass", "inconc", "fail", "error"};
  return kNames[static_cast<int>(verdict)];
}

base::Value Failure::to_value() const {
  base::Value::Object object{{"check", check}, {"kind", kind}, {"message", message}};
  const auto add = [&](const char* key, const std::string& text) {
    if (!text.empty()) object.emplace_back(key, text);
  };
  add("field", field);
  add("expected", expected);
  add("actual", actual);
  if (frame) object.emplace_back("frame", *frame);
  add("place", place);
  add("requirement", requirement);
  add("reference", reference);
  add("advice", advice);
  return base::Value(std::move(object));
}

}  // namespace plugproof::run
