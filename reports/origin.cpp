#include "reports/origin.hpp"

#include <algorithm>

#include "engine/base/json.hpp"
#include "reports/run_record.hpp"
#include "reports/text.hpp"

namespace plugproof::reports {

namespace {

using base::Value;

constexpr std::size_t kMaxIntroductions = 50;
constexpr std::size_t kMaxText = 200;  // bytes of one text of a charge point

const Value::List& list_member(const Value& object, std::string_view key) {
  static const Value::List none;
  const Value* member = object.find(key);
  return member && member->is_list() ? member->as_list() : none;
}

Value texts(const std::vector<std::string>& items) {
  Value::List list;
  for (const auto& item : items) list.emplace_back(item);
  return Value(std::move(list));
}

// Every value but the first of `of` that differs from it, joined for a sentence.
template <typename Of>
std::string differing(const std::vector<SourceRun>& sources, const Of& of) {
  std::vector<std::string> seen;
  for (const auto& source : sources)
    if (!source.charge_points.empty()) {
      const std::string& text = of(source.charge_points.front());
      if (std::find(seen.begin(), seen.end(), text) == seen.end()) seen.push_back(text);
    }
  for (auto& text : seen)
    if (text.empty()) text = "none";
  return seen.size() > 1 ? join(seen, ", ") : std::string();
}

}  // namespace

std::string ShardOf::text() const {
  return of > 0 ? "shard " + std::to_string(index) + " of " + std::to_string(of) : std::string();
}

std::string Introduction::text() const {
  std::string out = vendor + (vendor.empty() || model.empty() ? "" : " ") + model;
  if (!serial.empty()) out += ", serial number " + serial;
  if (!firmware.empty()) out += ", firmware " + firmware;
  return out;
}

void collect_introduction(std::string_view frame, std::vector<Introduction>& known) {
  const auto read = base::read_json(frame);
  if (!read.value || !read.value->is_list() || read.value->as_list().size() != 4) return;
  const Value& action = read.value->as_list()[2];
  const Value& payload = read.value->as_list()[3];
  if (!action.is_string() || action.as_string() != "BootNotification") return;
  const auto text = [&](std::string_view key) {
    return std::string(head_of(payload.string_or(key, ""), kMaxText));
  };
  Introduction one{text("chargePointVendor"), text("chargePointModel"),
                   text("chargePointSerialNumber"), text("firmwareVersion")};
  if (one.serial.empty()) one.serial = text("chargeBoxSerialNumber");
  if (known.size() < kMaxIntroductions && std::find(known.begin(), known.end(), one) == known.end())
    known.push_back(std::move(one));
}

Value introductions_value(const std::vector<Introduction>& all) {
  Value::List list;
  for (const auto& one : all)
    list.push_back(Value::object({{"vendor", one.vendor},
                                  {"model", one.model},
                                  {"serial", one.serial},
                                  {"firmware", one.firmware}}));
  return Value(std::move(list));
}

std::string SourceRun::text() const {
  std::vector<std::string> parts;
  if (shard.of > 0) parts.push_back(shard.text());
  parts.push_back("run " + name);
  parts.push_back(counted(static_cast<std::size_t>(std::max<std::int64_t>(cases, 0)), "case"));
  parts.push_back(started + " to " + ended);
  parts.push_back(outcome + (outcome == "complete" || outcome_reason.empty() ? "" : ": ") +
                  (outcome == "complete" ? "" : outcome_reason));
  if (torn) parts.emplace_back("its last record is torn");
  if (!duts.empty()) parts.push_back("charge point " + join(duts, ", "));
  for (const auto& one : charge_points) parts.push_back(one.text());
  if (!instance.empty()) parts.push_back("instance of the tool " + instance);
  return join(parts, "; ");
}

ShardOf read_shard(const Value& record) {
  const Value* shard = record.find("shard");
  if (!shard) return {};
  const ShardOf out{shard->int_or("index", 0), shard->int_or("of", 0)};
  return out.index >= 1 && out.index <= out.of ? out : ShardOf{};
}

std::vector<SourceRun> read_sources(const Value& record) {
  std::vector<SourceRun> out;
  for (const auto& row : list_member(record, "merged")) {
    SourceRun source;
    source.name = text_of(row, "name");
    if (const Value* journal = row.find("journal")) {
      source.journal_sha256 = text_of(*journal, "sha256");
      source.head = text_of(*journal, "head");
      source.records = journal->int_or("records", 0);
      const Value* torn = journal->find("torn");
      source.torn = torn && torn->is_bool() && torn->as_bool();
    }
    source.outcome = text_of(row, "outcome");
    source.outcome_reason = text_of(row, "reason");
    source.instance = text_of(row, "instance");
    source.command_line = text_of(row, "command_line");
    source.started = text_of(row, "started");
    source.ended = text_of(row, "ended");
    source.seed = row.int_or("seed", 0);
    source.cases = row.int_or("cases", 0);
    source.shard = read_shard(row);
    for (const auto& dut : list_member(row, "duts")) source.duts.push_back(plain(dut));
    for (const auto& one : list_member(row, "charge_points"))
      source.charge_points.push_back({text_of(one, "vendor"), text_of(one, "model"),
                                      text_of(one, "serial"), text_of(one, "firmware")});
    out.push_back(std::move(source));
  }
  return out;
}

Value source_value(const SourceRun& source) {
  Value out = Value::object({{"name", source.name},
                             {"journal", Value::object({{"sha256", source.journal_sha256},
                                                        {"records", source.records},
                                                        {"torn", source.torn},
                                                        {"head", source.head}})},
                             {"outcome", source.outcome},
                             {"reason", source.outcome_reason},
                             {"cases", source.cases},
                             {"started", source.started},
                             {"ended", source.ended},
                             {"seed", source.seed},
                             {"instance", source.instance},
                             {"command_line", source.command_line},
                             {"duts", texts(source.duts)},
                             {"charge_points", introductions_value(source.charge_points)}});
  if (source.shard.of > 0)
    out.set("shard", Value::object({{"index", source.shard.index}, {"of", source.shard.of}}));
  return out;
}

std::vector<std::string> source_warnings(const std::vector<SourceRun>& sources) {
  std::vector<std::string> out;
  const std::string firmware = differing(
      sources, [](const Introduction& one) -> const std::string& { return one.firmware; });
  if (!firmware.empty())
    out.push_back("The joined runs met different firmware versions: " + firmware + ".");
  const std::string model =
      differing(sources, [](const Introduction& one) -> const std::string& { return one.model; });
  if (!model.empty()) out.push_back("The joined runs met different models: " + model + ".");
  for (const auto& source : sources)
    if (source.torn)
      out.push_back("The last record of the run " + source.name +
                    ", from which this one was joined, is torn.");
  return out;
}

}  // namespace plugproof::reports
