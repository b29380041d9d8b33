// Defects of single messages, as data: which message is meant (matcher) and what happens to it
// (rule). docs/simulator.md has the forms in words.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/path.hpp"
#include "engine/base/time.hpp"
#include "engine/base/value.hpp"

namespace plugproof::simulator {

// `StatusNotification[connectorId=1,status=Charging]#2`: an action, conditions on fields, an
// occurrence.
struct MessageMatcher {
  struct Condition {
    base::FieldPath path;
    std::string expected;
  };
  std::string action;
  std::vector<Condition> conditions;
  int occurrence = 0;  // 0: every one; n: only the n-th since power on
  int seen = 0;        // how many fitted since power on

  // Whether action and conditions fit; does not count.
  bool fits(std::string_view name, const base::Value& payload) const;
  // The same, counting occurrences.
  bool takes(std::string_view name, const base::Value& payload);
};

enum class RuleKind {
  omit,
  alter,
  drop,
  error,  // responses only
  delay,
  duplicate,
  extra,
  swap,
  rename,
  raw,
  reuse_id,
  wrong_id,  // responses only
  string_number,
};

struct MessageRule {
  std::string text;  // as it was given: the name under which hits are counted
  RuleKind kind = RuleKind::omit;
  bool response = false;  // applies to our answers, not to our requests
  MessageMatcher matcher;
  std::optional<base::FieldPath> path;  // alter, drop
  base::Value value;                    // alter; extra: the payload
  std::string word;                     // error code, new action name, raw text
  base::Nanos delay{0};
  std::optional<MessageMatcher> other;  // extra: after what; swap: what must come first
};

// Reads one defect text of a message form; nothing when the text is of no such form. Throws
// base::InputError for a form with a mistake in it.
std::optional<MessageRule> parse_message_rule(const std::string& text);
// The forms with an explanation each, for --help and docs.
struct RuleForm {
  std::string name, explanation;
};
const std::vector<RuleForm>& message_rule_forms();

// Changes fields of a payload; true when something really changed. Members that are missing on the
// way are made, elements of lists are not.
bool set_field(base::Value& root, const base::FieldPath& path, const base::Value& value);
bool drop_field(base::Value& root, const base::FieldPath& path);
// Numbers become texts, everywhere; true when there was one.
bool numbers_to_text(base::Value& root);

}  // namespace plugproof::simulator
