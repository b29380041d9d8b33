// The textual forms of message rules. A mistake is told with the text, the reason and an example.
#include <cstdlib>

#include "engine/base/diagnostics.hpp"
#include "engine/base/json.hpp"
#include "engine/ocpp/frame.hpp"
#include "engine/ocpp/schema.hpp"
#include "simulator/message_rule.hpp"

namespace plugproof::simulator {

namespace {

using base::Value;

struct Form {
  const char* name;
  RuleKind kind;
  bool response;
  const char* example;
  const char* explanation;
};

constexpr Form kForms[] = {
    {"omit", RuleKind::omit, false, "omit:StatusNotification[status=Preparing]",
     "never sends that request; the state goes on as if it had been answered Accepted"},
    {"omit-response", RuleKind::omit, true, "omit-response:GetConfiguration",
     "never answers that request of the central system"},
    {"alter", RuleKind::alter, false, "alter:StopTransaction.reason=Other",
     "changes or adds a field of a request it sends"},
    {"alter-response", RuleKind::alter, true, "alter-response:Reset.status=Rejected",
     "changes or adds a field of an answer"},
    {"drop", RuleKind::drop, false, "drop:StatusNotification.errorCode",
     "leaves a field out of a request it sends"},
    {"drop-response", RuleKind::drop, true, "drop-response:UnlockConnector.status",
     "leaves a field out of an answer"},
    {"error-response", RuleKind::error, true, "error-response:ClearCache=InternalError",
     "answers with a CALLERROR of that code and does nothing"},
    {"delay", RuleKind::delay, false, "delay:StartTransaction=20",
     "sends a request that many seconds late"},
    {"delay-response", RuleKind::delay, true, "delay-response:Reset=60",
     "answers that many seconds late"},
    {"duplicate", RuleKind::duplicate, false, "duplicate:StopTransaction",
     "sends a request twice, the second time with a new message id"},
    {"extra", RuleKind::extra, false,
     "extra:Authorize {\"idTag\":\"X\"} after StopTransaction[reason=Remote]",
     "sends one more request after the named one was sent or answered"},
    {"swap", RuleKind::swap, false, "swap:Authorize,StatusNotification[status=Preparing]",
     "holds the first request back until the second was sent"},
    {"rename", RuleKind::rename, false, "rename:Heartbeat=HeartBeat",
     "sends a request under another action name"},
    {"raw", RuleKind::raw, false, "raw:Heartbeat=[2,\"$id\",\"Heartbeat\"]",
     "sends this text in place of a request; $id stands for the message id"},
    {"raw-response", RuleKind::raw, true, "raw-response:GetConfiguration=[3,\"$id\"]",
     "sends this text in place of an answer; $id stands for the message id"},
    {"reuse-id", RuleKind::reuse_id, false, "reuse-id:Heartbeat",
     "sends a request with the message id of the request before"},
    {"wrong-id-response", RuleKind::wrong_id, true, "wrong-id-response:Reset",
     "answers with a message id that nobody used"},
    {"string-number", RuleKind::string_number, false, "string-number:MeterValues",
     "writes every number of a request as a text"},
    {"string-number-response", RuleKind::string_number, true,
     "string-number-response:GetLocalListVersion", "writes every number of an answer as a text"},
};

[[noreturn]] void refuse(const std::string& text, const std::string& reason,
                         const std::string& remedy) {
  throw base::InputError("defect '" + text + "': " + reason + "; " + remedy);
}

// A reader over the text of one defect.
class Reader {
 public:
  Reader(const std::string& text, const Form& form, std::size_t at)
      : text_(text), form_(form), at_(at) {}

  [[noreturn]] void fail(const std::string& reason) const {
    refuse(text_, reason, std::string("write it like ") + form_.example);
  }
  bool at_end() const { return at_ >= text_.size(); }
  bool take(char c) {
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  std::string until(std::string_view stops) {
    const std::size_t end = std::min(text_.find_first_of(stops, at_), text_.size());
    std::string out = text_.substr(at_, end - at_);
    at_ = end;
    return out;
  }
  std::string rest() {
    std::string out = text_.substr(std::min(at_, text_.size()));
    at_ = text_.size();
    return out;
  }
  const Form& form() const { return form_; }
  void expect_end() const {
    if (!at_end()) fail("'" + text_.substr(at_) + "' is too much");
  }

  MessageMatcher matcher() {
    MessageMatcher out;
    out.action = until("[#.=, ");
    if (out.action.empty()) fail("the action is missing");
    if (!ocpp::is_action(out.action))
      fail("'" + out.action + "' is no action of OCPP 1.6" +
           base::did_you_mean(out.action, ocpp::all_actions()));
    if (take('[')) conditions(out);
    if (take('#')) {
      const std::string number = until(".=, ");
      out.occurrence = std::atoi(number.c_str());
      if (out.occurrence < 1) fail("'#" + number + "' is no occurrence from 1 on");
    }
    return out;
  }

  base::FieldPath path(std::string_view stops) {
    if (!take('.')) fail("a field path is missing after the action");
    const std::string words = until(stops);
    auto parsed = base::FieldPath::parse(words);
    if (!parsed) fail("'" + words + "' is no field path");
    return *parsed;
  }

 private:
  void conditions(MessageMatcher& out) {
    do {
      const std::string name = until("=]");
      auto parsed = base::FieldPath::parse(name);
      if (!parsed) fail("'" + name + "' is no field path");
      if (!take('=')) fail("the condition on '" + name + "' has no '='");
      out.conditions.push_back({*parsed, until(",]")});
    } while (take(','));
    if (!take(']')) fail("a ']' is missing");
  }

  const std::string& text_;
  const Form& form_;
  std::size_t at_;
};

// JSON where the text is JSON, else the text itself.
Value json_or_text(const std::string& text) {
  auto parsed = base::read_json(text);
  return parsed.value ? *parsed.value : Value(text);
}

base::Nanos seconds(Reader& reader) {
  const std::string words = reader.rest();
  char* end = nullptr;
  const double value = std::strtod(words.c_str(), &end);
  if (words.empty() || *end != '\0' || !(value >= 0 && value <= 1e6))
    reader.fail("'" + words + "' is no number of seconds");
  return base::from_seconds(value);
}

void check_senders(const MessageRule& rule, const Reader& reader) {
  const auto sender = ocpp::sender_of(rule.matcher.action);
  if (!sender) return;
  if (rule.response && *sender == ocpp::Sender::charge_point)
    reader.fail("a charge point never answers " + rule.matcher.action);
  const bool extra = rule.kind == RuleKind::extra;
  if (!rule.response && !extra && *sender == ocpp::Sender::central_system)
    reader.fail("a charge point never sends " + rule.matcher.action);
}

void parse_extra(MessageRule& rule, Reader& reader) {
  const std::string words = reader.rest();
  const auto after = words.rfind(" after ");
  if (after == std::string::npos) reader.fail("'after <Action>' is missing");
  const std::string json = words.substr(0, after);
  auto payload = base::read_json(json);
  if (!payload.value || !payload.value->is_object())
    reader.fail("'" + json + "' is no JSON object");
  rule.value = *payload.value;
  rule.word = rule.matcher.action;
  const std::string tail = words.substr(after + std::string_view(" after ").size());
  Reader second(tail, reader.form(), 0);
  rule.other = second.matcher();
  second.expect_end();
}

void parse_tail(MessageRule& rule, Reader& reader) {
  const auto equals = [&] {
    if (!reader.take('=')) reader.fail("'=' is missing");
  };
  switch (rule.kind) {
    case RuleKind::alter:
      rule.path = reader.path("=");
      equals();
      rule.value = json_or_text(reader.rest());
      break;
    case RuleKind::drop:
      rule.path = reader.path("=");
      break;
    case RuleKind::error:
      equals();
      rule.word = reader.rest();
      if (!ocpp::is_error_code(rule.word))
        reader.fail("'" + rule.word + "' is no error code of OCPP-J 1.6");
      break;
    case RuleKind::delay:
      equals();
      rule.delay = seconds(reader);
      break;
    case RuleKind::extra:
      if (!reader.take(' ')) reader.fail("the payload is missing");
      parse_extra(rule, reader);
      break;
    case RuleKind::swap:
      if (!reader.take(',')) reader.fail("the second message is missing");
      rule.other = reader.matcher();
      break;
    case RuleKind::rename:
    case RuleKind::raw:
      equals();
      rule.word = reader.rest();
      if (rule.kind == RuleKind::rename && rule.word.empty())
        reader.fail("the new name is missing");
      break;
    default:
      break;
  }
  reader.expect_end();
}

}  // namespace

std::optional<MessageRule> parse_message_rule(const std::string& text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos) return std::nullopt;
  const std::string name = text.substr(0, colon);
  for (const Form& form : kForms) {
    if (name != form.name) continue;
    MessageRule rule;
    rule.text = text;
    rule.kind = form.kind;
    rule.response = form.response;
    Reader reader(text, form, colon + 1);
    rule.matcher = reader.matcher();
    check_senders(rule, reader);
    parse_tail(rule, reader);
    return rule;
  }
  return std::nullopt;
}

const std::vector<RuleForm>& message_rule_forms() {
  static const std::vector<RuleForm> kList = [] {
    std::vector<RuleForm> list;
    for (const Form& form : kForms)
      list.push_back({form.name, std::string(form.explanation) + " (" + form.example + ")"});
    return list;
  }();
  return kList;
}

}  // namespace plugproof::simulator
