#include "engine/base/path.hpp"

#include <cctype>

namespace plugproof::base {

std::optional<FieldPath> FieldPath::parse(std::string_view text) {
  FieldPath path;
  path.text_ = std::string(text);
  std::size_t i = 0;
  const auto is_name = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
  };
  while (i < text.size()) {
    if (text[i] == '[') {
      const std::size_t end = text.find(']', i);
      if (end == std::string_view::npos || path.parts_.empty()) return std::nullopt;
      const std::string_view inside = text.substr(i + 1, end - i - 1);
      PathPart part;
      if (inside == "*") {
        part.index = PathPart::kEvery;
      } else {
        if (inside.empty() || inside.size() > 4 ||
            inside.find_first_not_of("0123456789") != std::string_view::npos)
          return std::nullopt;
        part.index = std::stoi(std::string(inside));
      }
      path.parts_.push_back(part);
      i = end + 1;
      continue;
    }
    if (!path.parts_.empty()) {
      if (text[i] != '.') return std::nullopt;
      ++i;
    }
    const std::size_t begin = i;
    while (i < text.size() && is_name(text[i])) ++i;
    if (i == begin) return std::nullopt;
    path.parts_.push_back({std::string(text.substr(begin, i - begin)), PathPart::kMember});
  }
  if (path.parts_.empty()) return std::nullopt;
  return path;
}

std::vector<FieldPath::Hit> FieldPath::resolve(const Value& root) const {
  std::vector<Hit> hits{{"", &root}};
  for (const auto& part : parts_) {
    std::vector<Hit> next;
    for (const auto& hit : hits) {
      if (part.index == PathPart::kMember) {
        const std::string place = hit.place.empty() ? part.member : hit.place + "." + part.member;
        next.push_back({place, hit.value ? hit.value->find(part.member) : nullptr});
        continue;
      }
      const bool is_list = hit.value && hit.value->is_list();
      if (part.index >= 0) {
        const auto index = static_cast<std::size_t>(part.index);
        const bool there = is_list && index < hit.value->as_list().size();
        next.push_back({hit.place + "[" + std::to_string(index) + "]",
                        there ? &hit.value->as_list()[index] : nullptr});
      } else if (is_list) {
        for (std::size_t i = 0; i < hit.value->as_list().size(); ++i)
          next.push_back({hit.place + "[" + std::to_string(i) + "]", &hit.value->as_list()[i]});
      }
    }
    hits = std::move(next);
  }
  return hits;
}

}  // namespace plugproof::base
