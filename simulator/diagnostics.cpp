#include "simulator/diagnostics.hpp"

#include <algorithm>

#include "simulator/station.hpp"

namespace plugproof::simulator {

using base::Micros;
using base::Value;

namespace {

using namespace std::chrono_literals;

// What section 6.25 leaves to the charge point when the request says nothing.
constexpr std::int64_t kOwnRetries = 2;
constexpr std::int64_t kOwnRetryInterval = 30;
constexpr std::int64_t kLongestWait = 30LL * 86400;
constexpr std::size_t kLongFile = 1 << 20;  // bytes

// diagnostics-20260101T000000Z.log
std::string file_name(Micros now) {
  std::string name = "diagnostics-";
  for (const char c : base::format_utc_millis(now).substr(0, 19))
    if (c != '-' && c != ':') name += c;
  return name + "Z.log";
}

}  // namespace

Diagnostics::Diagnostics(Station& station)
    : station_(station), transfer_(station.context), timer_(station.context.clock) {}

void Diagnostics::stop() {
  transfer_.stop();
  timer_.stop();
}

std::string Diagnostics::status() const {
  const DiagnosticsUpload& upload = station_.context.memory.diagnostics;
  return upload.under_way ? "Uploading" : "Idle";
}

std::string Diagnostics::write_log(Micros from, Micros to) const {
  std::string lines;
  for (const auto& line : station_.context.memory.log)
    if (line.at >= from && line.at <= to)
      lines += base::format_utc_millis(line.at) + " " + line.text + "\n";
  if (lines.empty()) return {};
  const Capabilities& can = station_.context.capabilities;
  return can.vendor + " " + can.model + ", firmware " + station_.context.firmware_version() + "\n" +
         lines;
}

std::string Diagnostics::requested(const Value& request) {
  Context& context = station_.context;
  DiagnosticsUpload& upload = context.memory.diagnostics;
  if (upload.under_way) {
    context.log("diagnostics are being uploaded: not a second time");
    return {};
  }
  const Micros now = context.now_utc();
  const Micros from = base::parse_utc(request.string_or("startTime", "")).value_or(Micros{0});
  const Micros to = base::parse_utc(request.string_or("stopTime", "")).value_or(now);
  upload = DiagnosticsUpload();
  upload.content = write_log(from, to);
  if (upload.content.empty()) return {};
  upload.under_way = true;
  upload.location = request.string_or("location", "");
  if (upload.location.empty() || upload.location.back() != '/') upload.location += '/';
  upload.name = file_name(now);
  upload.retries = std::max<std::int64_t>(0, request.int_or("retries", kOwnRetries));
  upload.retry_interval =
      std::clamp<std::int64_t>(request.int_or("retryInterval", kOwnRetryInterval), 0, kLongestWait);
  return upload.name;
}

void Diagnostics::begin() {
  if (!station_.context.memory.diagnostics.under_way) return;
  timer_.start(station_.context.variations.diagnostics_time, [this] { attempt(); });
}

void Diagnostics::registered() {
  begin();
}

void Diagnostics::attempt() {
  Context& context = station_.context;
  tell("Uploading");
  if (context.defects.hit("no-upload")) {
    timer_.start(1s, [this] { uploaded({true, {}, {}}); });
    return;
  }
  send(context.defects.hit("empty-upload") ? "" : context.memory.diagnostics.content);
}

void Diagnostics::send(const std::string& content) {
  Context& context = station_.context;
  const DiagnosticsUpload& upload = context.memory.diagnostics;
  const std::string name =
      context.defects.hit("other-upload-name") ? "other-" + upload.name : upload.name;
  const bool broken = context.defects.hit("broken-upload");
  transfer_.upload(upload.location, name, broken ? std::string(kLongFile, '.') : content,
                   [this](const transfer::Fetched& result) { uploaded(result); });
  // The first bytes of a long file are under way when it is given up.
  if (broken)
    timer_.start(20ms, [this] {
      transfer_.stop();
      uploaded({true, {}, {}});
    });
}

void Diagnostics::uploaded(const transfer::Fetched& result) {
  Context& context = station_.context;
  DiagnosticsUpload& upload = context.memory.diagnostics;
  if (result.ok) return finish("Uploaded");
  context.log("upload failed: " + result.reason);
  if (context.defects.hit("uploaded-despite-failure")) return finish("Uploaded");
  if (upload.retries <= 0) return finish("UploadFailed");
  --upload.retries;
  timer_.start(std::chrono::seconds(upload.retry_interval), [this] { attempt(); });
}

void Diagnostics::finish(const std::string& status) {
  station_.context.memory.diagnostics = DiagnosticsUpload();
  tell(status);
}

void Diagnostics::tell(const std::string& status) {
  station_.messenger.call("DiagnosticsStatusNotification", Value::object({{"status", status}}));
}

}  // namespace plugproof::simulator
