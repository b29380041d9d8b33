#include "reports/trace.hpp"

#include <string>

#include "engine/base/json.hpp"
#include "reports/journal_reader.hpp"

namespace plugproof::reports {

namespace {

using base::Value;

constexpr const char* kVersion = "1.1";

// The body, or the error, of a frame that could be read as OCPP-J. False when there is none.
bool add_body(const Value::List& frame, const std::string& type, Value& out) {
  if (type == "call") {
    if (frame.size() < 4) return false;
    out.set("payload", frame[3]);
  } else if (type == "result") {
    if (frame.size() < 3) return false;
    out.set("payload", frame[2]);
  } else {
    if (frame.size() < 3) return false;
    Value error = Value::object({});
    if (frame[2].is_string()) error.set("code", frame[2]);
    if (frame.size() > 3 && frame[3].is_string()) error.set("description", frame[3]);
    if (frame.size() > 4) error.set("details", frame[4]);
    out.set("error", std::move(error));
  }
  return true;
}

// Nothing for a frame that the format cannot say.
Value trace_record(const Value& record) {
  const std::string kind = record.string_or("kind", "");
  const std::string type = record.string_or("type", "");
  const char* message = type == "call"     ? "CALL"
                        : type == "result" ? "CALLRESULT"
                        : type == "error"  ? "CALLERROR"
                                           : nullptr;
  if ((kind != "in" && kind != "out") || !message) return {};
  const std::string raw = record.string_or("text", "");
  const base::JsonResult frame = base::read_json(raw);
  if (!frame.value || !frame.value->is_list()) return {};

  Value out = Value::object({{"schemaVersion", kVersion},
                             {"timestamp", record.string_or("utc", "")},
                             {"ocppVersion", "1.6"},
                             {"transport", "json"}});
  if (const Value* dut = record.find("dut")) out.set("chargePointId", *dut);
  if (type == "call" && frame.value->as_list().size() > 3) {
    const Value* connector = frame.value->as_list()[3].find("connectorId");
    if (connector && connector->is_int() && connector->as_int() >= 0)
      out.set("connectorId", *connector);
  }
  out.set("direction", kind == "in" ? "cp-to-csms" : "csms-to-cp");
  out.set("messageType", message);
  if (const Value* id = record.find("id")) out.set("messageId", *id);
  const Value* action = record.find("action");
  if (type == "call" && !action) return {};
  if (action) out.set("action", *action);
  if (!add_body(frame.value->as_list(), type, out)) return {};
  out.set("raw", raw);
  Value meta = Value::object({{"journalSeq", record.int_or("seq", 0)}});
  if (const Value* id = record.find("case")) meta.set("testCase", *id);
  if (const Value* step = record.find("step")) meta.set("step", *step);
  out.set("meta", std::move(meta));
  return out;
}

}  // namespace

void write_trace(const Results& results, std::ostream& out) {
  JournalReader reader(results.journal);
  while (const auto record = reader.next()) {
    const Value line = trace_record(*record);
    if (!line.is_null()) out << base::write_json(line) << '\n';
  }
}

}  // namespace plugproof::reports
