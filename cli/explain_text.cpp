#include "cli/explain_text.hpp"

#include <functional>

#include "engine/rig/actions.hpp"

namespace plugproof::cli {

using base::Value;
using suite::Step;
using suite::Steps;
using suite::TestCase;
using Kind = Step::Kind;

namespace {

std::string wrapped(const std::string& text, const std::string& indent, std::size_t width = 96) {
  std::string out, line = indent, word;
  const auto flush_word = [&] {
    if (line.size() > indent.size() && line.size() + 1 + word.size() > width) {
      out += line + "\n";
      line = indent;
    }
    line += (line.size() > indent.size() ? " " : "") + word;
    word.clear();
  };
  for (const char c : text) {
    if (c != ' ' && c != '\n') {
      word.push_back(c);
    } else if (!word.empty()) {
      flush_word();
    }
  }
  if (!word.empty()) flush_word();
  return out + line + "\n";
}

std::string checks_text(const std::vector<suite::FieldCheck>& checks) {
  std::string out;
  for (const auto& check : checks)
    out += (out.empty() ? "" : ", ") + check.path.text() + " is " + check.condition.to_display();
  return out;
}

// " NotSupported or NotImplemented"; empty when any code will do.
std::string codes_text(const Step& step) {
  std::string out;
  for (const auto& code : step.error_codes) out += (out.empty() ? " " : " or ") + code;
  return out;
}

std::string numbered(const Step& step) {
  return step.number ? std::to_string(*step.number) + ". " : "-  ";
}

std::string sentence(const Step& step) {
  std::string out;
  switch (step.kind) {
    case Kind::rig: {
      const rig::ActionInfo* action = rig::find_action(step.name);
      out = "Bench: " + (action ? rig::prompt_for(*action, step.arguments.to_value()) : step.name);
      break;
    }
    case Kind::receive:
      out = std::string(step.may_miss ? "The charge point may send " : "The charge point sends ") +
            step.name + ".req";
      if (step.meanwhile) out += " until the others have come";
      if (!step.select.empty()) out += " (the one where " + checks_text(step.select) + ")";
      if (!step.checks.empty()) out += "; " + checks_text(step.checks);
      if (step.not_before)
        out += "; not before " + step.not_before->second.to_display() + " s after " +
               step.not_before->first;
      if (step.within) out += "; within " + step.within->to_display() + " s";
      if (!step.warnings.empty()) out += "; a remark unless " + checks_text(step.warnings);
      if (!step.reply.is_null()) out += ". We answer with " + step.reply.to_display();
      if (step.reply_error)
        out += ". We answer with the CALLERROR " + step.reply_error->to_display();
      if (step.no_reply) out += ". We do not answer";
      if (step.reply_after)
        out += ". Our answer comes after " + step.reply_after->to_display() + " s";
      break;
    case Kind::send:
      out = "We send " + step.name + ".req";
      if (!step.arguments.is_null()) out += " " + step.arguments.to_display();
      if (!step.checks.empty()) out += "; in the answer " + checks_text(step.checks);
      if (!step.warnings.empty()) out += "; a remark unless " + checks_text(step.warnings);
      if (step.error_allowed) out += "; a CALLERROR" + codes_text(step) + " is as good";
      if (step.error_required) out += "; a CALLERROR" + codes_text(step) + " is required";
      break;
    case Kind::any_order:
      out = "In any order:";
      break;
    case Kind::either:
      out = "One of these, as the charge point decides:";
      break;
    case Kind::optional:
      out = "If it comes:";
      break;
    case Kind::choice:
      out = "If " + step.condition->text() + ":";
      break;
    case Kind::for_each:
      out = "For each " + step.variable + " of " + step.list.to_display() +
            (step.unordered ? ", in any order:" : ":");
      break;
    case Kind::never:
      out = step.name == suite::kConnection ? "The charge point does not connect"
                                            : "No " + step.name + ".req";
      if (!step.select.empty()) out += " (where " + checks_text(step.select) + ")";
      out += " for " + (step.duration ? step.duration->to_display() : "$quiet_time") + " s";
      if (!step.variable.empty())
        out += "; what came all the same is called " + step.variable + " here";
      break;
    case Kind::collect:
      out = "For " + step.duration->to_display() + " s, every " + step.name + ".req is collected";
      if (!step.checks.empty()) out += "; " + checks_text(step.checks);
      if (step.at_least) out += "; at least " + step.at_least->to_display();
      break;
    case Kind::wait:
      out = "Wait " + step.duration->to_display() + " s";
      break;
    case Kind::set:
      out = "Note: " + step.arguments.to_display();
      break;
    case Kind::expect:
      out = (step.remarks ? "A remark unless it holds: " : "It must hold: ") + step.says + " (" +
            step.condition->text() + ")";
      break;
    case Kind::state:
      out = "State " + step.name +
            (step.arguments.is_null() ? "" : " with " + step.arguments.to_display());
      break;
    case Kind::configure:
      out = "Set the configuration " + step.arguments.to_display();
      break;
    case Kind::link:
      out = "The harness acts on the connection: " + step.name;
      break;
    case Kind::await:
      out = "Wait until the charge point is " + step.name;
      if (!step.checks.empty()) out += "; " + checks_text(step.checks);
      if (step.within) out += "; within " + step.within->to_display() + " s";
      if (step.may_miss) out += ", or the time is over";
      if (!step.variable.empty()) out += "; how long it took is called " + step.variable + " here";
      break;
    case Kind::serve:
      out = "The bench serves new connections with " + step.arguments.to_display();
      break;
    case Kind::make:
      out = "The bench makes a " + step.name;
      if (!step.arguments.is_null()) out += " " + step.arguments.to_display();
      out += ", called " + step.variable + " here";
      break;
    case Kind::offer:
      out = step.name == "firmware" ? "The bench offers a firmware image for download"
                                    : "The bench offers a folder to upload into";
      if (!step.arguments.is_null()) out += " " + step.arguments.to_display();
      out += ", called " + step.variable + " here";
      break;
    case Kind::transfer:
      out = std::string("The file server has seen a complete ") + step.name + " of " + step.place;
      if (step.name == "upload")
        out = "The file server has received a complete file in " + step.place;
      if (!step.checks.empty()) out += "; " + checks_text(step.checks);
      out += "; within " + (step.within ? step.within->to_display() : "$transfer_timeout") + " s";
      break;
  }
  if (step.when) out += " (only when " + step.when->text() + ")";
  return out;
}

void write_steps(const Steps& steps, const suite::Suite& suite, int depth, std::string& out) {
  const std::string indent(static_cast<std::size_t>(depth) * 3 + 2, ' ');
  for (const auto& step : steps) {
    std::string text = wrapped(numbered(step) + sentence(step), indent);
    out += text;
    for (std::size_t i = 0; i < step.branches.size(); ++i) {
      if (step.branches[i].empty()) continue;
      if (step.kind == Kind::choice && i == 1) out += indent + "otherwise:\n";
      if (step.kind == Kind::either && i > 0) out += indent + "or:\n";
      write_steps(step.branches[i], suite, depth + 1, out);
    }
    if (step.kind == Kind::state)
      if (const auto* state = suite.find_state(step.name))
        write_steps(state->steps, suite, depth + 1, out);
  }
}

void draw_steps(const Steps& steps, const suite::Suite& suite, std::string& out) {
  constexpr std::size_t kSpan = 56;
  const auto arrow = [&](const std::string& label, bool to_us) {
    std::string middle = " " + label.substr(0, kSpan - 6) + " ";
    std::string line(kSpan, '-');
    line.replace((kSpan - middle.size()) / 2, middle.size(), middle);
    line[to_us ? 0 : kSpan - 1] = to_us ? '<' : '>';
    out += "      |" + line + "|\n";
  };
  const auto remark = [&](const std::string& text) {
    out += "      | " + text.substr(0, kSpan - 2) +
           std::string(kSpan - 1 - std::min(text.size(), kSpan - 2), ' ') + "|\n";
  };
  for (const auto& step : steps) {
    const std::string number = step.number ? std::to_string(*step.number) + ": " : "";
    switch (step.kind) {
      case Kind::receive:
        arrow(number + step.name + ".req" + (step.may_miss ? " (optional)" : ""), true);
        arrow((step.number ? std::to_string(*step.number + 1) + ": " : "") + step.name + ".conf",
              false);
        break;
      case Kind::send:
        arrow(number + step.name + ".req", false);
        arrow((step.number ? std::to_string(*step.number + 1) + ": " : "") + step.name + ".conf",
              true);
        break;
      case Kind::never:
        arrow(step.name == suite::kConnection ? "no connection" : "no " + step.name + ".req", true);
        break;
      case Kind::collect:
        arrow(number + step.name + ".req, repeatedly", true);
        break;
      case Kind::rig:
        remark("[bench: " + step.name + "]");
        break;
      case Kind::offer:
        remark("[bench offers: " + step.name + "]");
        break;
      case Kind::transfer:
        remark("[file server: " + step.name + " of " + step.place + "]");
        break;
      case Kind::serve:
        remark("[bench serves: " + step.arguments.to_display() + "]");
        break;
      case Kind::make:
        remark("[bench makes: " + step.name + "]");
        break;
      case Kind::state:
        remark("[state " + step.name + "]");
        if (const auto* state = suite.find_state(step.name)) draw_steps(state->steps, suite, out);
        break;
      case Kind::set:
      case Kind::expect:
        break;
      default:
        remark("[" + sentence(step) + "]");
        break;
    }
    for (std::size_t i = 0; i < step.branches.size(); ++i) {
      if (step.branches[i].empty()) continue;
      if (i > 0 && step.kind == Kind::choice) remark("[otherwise]");
      if (i > 0 && step.kind == Kind::either) remark("[or]");
      draw_steps(step.branches[i], suite, out);
    }
    if (!step.branches.empty()) remark("[end]");
  }
}

const char* operator_name(suite::Condition::Op op) {
  static constexpr const char* kNames[] = {
      "equals", "one_of",   "not",    "at_least", "at_most",  "matches",   "absent", "present",
      "length", "contains", "covers", "default",  "close_to", "composite", "holds"};
  return kNames[static_cast<int>(op)];
}

Value check_data(const suite::FieldCheck& check) {
  const auto& condition = check.condition;
  Value::Object object{{"path", check.path.text()}, {"operator", operator_name(condition.op)}};
  if (condition.expression)
    object.emplace_back("value", condition.expression->text());
  else if (condition.inner)
    object.emplace_back("value", condition.inner->to_display());
  else
    object.emplace_back("value", condition.operand.to_value());
  return Value(std::move(object));
}

Value::List checks_data(const std::vector<suite::FieldCheck>& checks) {
  Value::List list;
  for (const auto& check : checks) list.push_back(check_data(check));
  return list;
}

struct Context {
  bool optional = false, unordered = false;
  std::string state, condition;
};

void collect_data(const Steps& steps, const suite::Suite& suite, const Context& context,
                  Value::List& out) {
  for (const auto& step : steps) {
    Context inner = context;
    if (step.when) inner.condition += (inner.condition.empty() ? "" : " and ") + step.when->text();
    const auto entry = [&](const char* part, int document_number) {
      Value::Object object{
          {"kind", suite::to_string(step.kind)}, {"message", step.name}, {"part", part}};
      if (document_number > 0) object.insert(object.begin(), {"number", document_number});
      object.emplace_back("optional", inner.optional || step.may_miss);
      if (step.meanwhile) object.emplace_back("meanwhile", true);
      object.emplace_back("unordered", inner.unordered);
      if (!inner.state.empty()) object.emplace_back("state", inner.state);
      if (!inner.condition.empty()) object.emplace_back("condition", inner.condition);
      return object;
    };
    // The response has the number after the request's; 0: the step has none.
    const int number = step.number.value_or(0);
    const int next = number > 0 ? number + 1 : 0;
    if (step.kind == Kind::receive || step.kind == Kind::collect || step.kind == Kind::never) {
      auto request = entry("request", number);
      Value::List checks = checks_data(step.checks);
      request.emplace_back("select", Value(checks_data(step.select)));
      request.emplace_back("checks", Value(std::move(checks)));
      if (!step.warnings.empty()) request.emplace_back("warn", Value(checks_data(step.warnings)));
      if (step.not_before)
        request.emplace_back("not_before",
                             Value::object({{"of", step.not_before->first},
                                            {"seconds", step.not_before->second.to_value()}}));
      if (step.duration) request.emplace_back("for", step.duration->to_value());
      out.emplace_back(std::move(request));
      const bool told =
          !step.reply.is_null() || step.reply_error || step.no_reply || step.reply_after;
      if (step.kind == Kind::receive) {
        auto response = entry("response", next);
        if (!told) response.emplace_back("default", true);  // what a Central System answers
        if (!step.reply.is_null()) response.emplace_back("with", step.reply.to_value());
        if (step.reply_error) response.emplace_back("call_error", step.reply_error->to_value());
        if (step.no_reply) response.emplace_back("omitted", true);
        if (step.reply_after) response.emplace_back("after", step.reply_after->to_value());
        out.emplace_back(std::move(response));
      }
    } else if (step.kind == Kind::send) {
      auto request = entry("request", number);
      request.emplace_back("with", step.arguments.to_value());
      out.emplace_back(std::move(request));
      auto response = entry("response", next);
      response.emplace_back("checks", Value(checks_data(step.checks)));
      if (!step.warnings.empty()) response.emplace_back("warn", Value(checks_data(step.warnings)));
      if (step.error_allowed || step.error_required) {
        Value::List codes;
        for (const auto& code : step.error_codes) codes.emplace_back(code);
        response.emplace_back("error", step.error_required ? "required" : "allowed");
        if (!codes.empty()) response.emplace_back("error_codes", Value(std::move(codes)));
      }
      out.emplace_back(std::move(response));
    } else if (step.branches.empty()) {
      auto other = entry("action", number);
      if (!step.arguments.is_null()) other.emplace_back("with", step.arguments.to_value());
      if (!step.place.empty()) other.emplace_back("of", step.place);
      if (!step.checks.empty()) other.emplace_back("checks", Value(checks_data(step.checks)));
      if (step.condition) other.emplace_back("expression", step.condition->text());
      if (step.duration) other.emplace_back("for", step.duration->to_value());
      out.emplace_back(std::move(other));
    }
    inner.optional = inner.optional || step.kind == Kind::optional || step.kind == Kind::either;
    inner.unordered = inner.unordered || step.kind == Kind::any_order || step.unordered;
    for (std::size_t i = 0; i < step.branches.size(); ++i) {
      Context branch = inner;
      if (step.kind == Kind::choice)
        branch.condition += (branch.condition.empty() ? "" : " and ") +
                            std::string(i == 0 ? "" : "not ") + "(" + step.condition->text() + ")";
      collect_data(step.branches[i], suite, branch, out);
    }
    if (step.kind == Kind::state)
      if (const auto* state = suite.find_state(step.name)) {
        inner.state += (inner.state.empty() ? "" : "/") + step.name;
        collect_data(state->steps, suite, inner, out);
      }
  }
}

std::string uses_text(const std::vector<suite::StateUse>& uses) {
  std::string out;
  for (const auto& use : uses)
    out += (out.empty() ? "" : ", ") + use.name +
           (use.arguments.is_null() ? "" : " " + use.arguments.to_display()) +
           (use.when ? " (only when " + use.when->text() + ")" : "");
  return out;
}

Value use_data(const suite::StateUse& use) {
  Value::Object object{{"state", use.name}, {"with", use.arguments.to_value()}};
  if (use.when) object.emplace_back("condition", use.when->text());
  return Value(std::move(object));
}

}  // namespace

std::string explain_words(const TestCase& c, const suite::Suite& suite) {
  std::string out = c.id + "  " + c.title + "\n\n";
  out += wrapped(c.purpose, "  ") + "\n";
  out += "Requirement\n" + wrapped(c.requirement, "  ");
  out += "Reference\n";
  for (const auto& section : c.reference) out += "  " + section + "\n";
  out += "Applies\n";
  for (const auto& [generation, expression] : c.applies)
    out += "  " + generation + ": " + expression.text() + "\n";
  out += "Editions\n  ";
  for (const auto& edition : c.editions) out += edition + " ";
  out += "\n";
  if (!c.configuration.empty() || !c.memory.empty() || !c.state.empty()) out += "Before\n";
  for (const auto& entry : c.configuration)
    out += "  configuration " + entry.key + " = " + entry.value.to_display() +
           (entry.needed ? " (needed)" : "") + "\n";
  if (!c.memory.empty()) out += "  memory " + uses_text(c.memory) + "\n";
  if (!c.state.empty()) out += "  state " + uses_text(c.state) + "\n";
  out += "Scenario\n";
  write_steps(c.scenario, suite, 0, out);
  if (!c.note.empty()) out += "Decisions\n" + wrapped(c.note, "  ");
  if (!c.advice.empty()) out += "When it fails\n" + wrapped(c.advice, "  ");
  return out;
}

std::string explain_diagram(const TestCase& c, const suite::Suite& suite) {
  std::string out = "Central System (plugproof)                         Charge Point\n";
  draw_steps(c.scenario, suite, out);
  return out;
}

Value explain_data(const TestCase& c, const suite::Suite& suite) {
  Value::List editions, steps, memory, state;
  for (const auto& edition : c.editions) editions.emplace_back(edition);
  Value::Object applies, configuration;
  for (const auto& [generation, expression] : c.applies)
    applies.emplace_back(generation, expression.text());
  for (const auto& entry : c.configuration)
    configuration.emplace_back(entry.key, entry.value.to_value());
  for (const auto& use : c.memory) memory.push_back(use_data(use));
  for (const auto& use : c.state) state.push_back(use_data(use));
  collect_data(c.scenario, suite, {}, steps);
  return Value::object(
      {{"id", c.id},
       {"title", c.title},
       {"group", c.group},
       {"editions", Value(std::move(editions))},
       {"applies", Value(std::move(applies))},
       {"requirement", c.requirement},
       {"before", Value::object({{"configuration", Value(std::move(configuration))},
                                 {"memory", Value(std::move(memory))},
                                 {"state", Value(std::move(state))}})},
       {"steps", Value(std::move(steps))}});
}

}  // namespace plugproof::cli
