// Field paths as test cases write them: `idTagInfo.status`, `configurationKey[0].key`,
// `meterValue[*].sampledValue[*].context`, where [*] means every element.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/value.hpp"

namespace plugproof::base {

struct PathPart {
  static constexpr int kMember = -1;
  static constexpr int kEvery = -2;
  std::string member;   // for kMember
  int index = kMember;  // or an index from 0, or kEvery
};

class FieldPath {
 public:
  // Nothing when the text is no path.
  static std::optional<FieldPath> parse(std::string_view text);

  const std::string& text() const { return text_; }
  const std::vector<PathPart>& parts() const { return parts_; }

  struct Hit {
    std::string place;             // the path with the indices that were taken
    const Value* value = nullptr;  // nullptr: absent at this place
  };
  // All places the path leads to. A list that is empty or missing under [*] gives no hit at all.
  std::vector<Hit> resolve(const Value& root) const;

 private:
  std::string text_;
  std::vector<PathPart> parts_;
};

}  // namespace plugproof::base
