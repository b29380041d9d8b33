#include "engine/replay/recording.hpp"

#include <algorithm>
#include <map>

#include "engine/base/encoding.hpp"
#include "engine/base/json.hpp"
#include "engine/link/handshake.hpp"
#include "engine/ocpp/frame.hpp"
#include "engine/replay/fields.hpp"

namespace plugproof::replay {

using base::Nanos;
using base::Value;

namespace {

constexpr std::int64_t kFormat = 1;

link::ConnectionId connection_of(const Fields& in) {
  return static_cast<link::ConnectionId>(in.number("connection"));
}

std::string bytes_of(const Fields& in, const std::string& hex) {
  const auto bytes = base::from_hex(hex);
  // As the journal writes it.
  if (!bytes || base::to_hex(*bytes) != hex) in.refuse("'text' is not hexadecimal");
  return *bytes;
}

link::Handshake handshake_of(const Fields& in) {
  link::Handshake handshake;
  handshake.path = in.text("path");
  handshake.identity = link::identity_of(handshake.path).value;
  handshake.remote = in.text("remote");
  const Value& offered = in.any("offered");
  if (!offered.is_list()) in.refuse("'offered' is no list");
  for (const auto& name : offered.as_list()) {
    if (!name.is_string()) in.refuse("'offered' is no list of texts");
    handshake.offered_subprotocols.push_back(name.as_string());
  }
  handshake.subprotocol = in.text("subprotocol");
  if (in.record().find("authorization")) handshake.authorization = in.text("authorization");
  if (const Value* tls = in.record().find("tls")) handshake.tls = *tls;
  if (const Value* shown = in.record().find("credentials")) handshake.credentials = *shown;
  return handshake;
}

link::Event event_of(const Fields& in, link::EventKind kind) {
  link::Event event;
  event.kind = kind;
  switch (kind) {
    case link::EventKind::connected:
    case link::EventKind::refused:
      event.connection = connection_of(in);
      event.handshake = handshake_of(in);
      if (kind == link::EventKind::connected) break;
      event.status = static_cast<int>(in.number("status", 0, 999));
      event.reason = in.text("reason");
      break;
    case link::EventKind::failed:
      event.handshake.remote = in.text("remote");
      if (const Value* tls = in.record().find("tls")) event.handshake.tls = *tls;
      event.reason = in.text("reason");
      break;
    case link::EventKind::text:
    case link::EventKind::binary:
      event.connection = connection_of(in);
      if (in.flag("binary")) event.kind = link::EventKind::binary;
      event.text = in.flag("binary") ? bytes_of(in, in.text("text")) : in.text("text");
      break;
    case link::EventKind::ping:
    case link::EventKind::pong:
      event.connection = connection_of(in);
      event.text = bytes_of(in, in.text("text"));
      break;
    case link::EventKind::closed:
      event.connection = connection_of(in);
      event.how = in.word<link::ClosedHow>("how", 5, link::to_string);
      event.code = static_cast<int>(in.number("code", 0, 65535));
      event.reason = in.text("reason");
      break;
  }
  return event;
}

transfer::Event transfer_of(const Fields& in) {
  transfer::Event event;
  event.place = static_cast<transfer::PlaceId>(in.number("place"));
  event.way = in.word<transfer::Way>("way", 2, transfer::to_string);
  event.kind = in.word<transfer::EventKind>("event", 3, transfer::to_string);
  event.protocol = in.word<transfer::Protocol>("protocol", 5, transfer::to_string);
  event.name = in.text("name");
  event.bytes = static_cast<std::uint64_t>(in.number("bytes"));
  event.sha256 = in.text_or("sha256", "");
  event.kept = in.text_or("kept", "");
  event.remote = in.text_or("remote", "");
  event.reason = in.text_or("reason", "");
  return event;
}

Offered offered_of(const Fields& in) {
  Offered offered;
  offered.way = in.word<transfer::Way>("way", 2, transfer::to_string);
  offered.protocol = in.text("protocol");
  offered.conduct = in.text("conduct");
  offered.name = in.text_or("name", "");
  if (in.record().find("place")) {
    offered.opened.id = static_cast<transfer::PlaceId>(in.number("place", 1));
    offered.opened.url = in.text("url");
  } else {
    offered.opened.reason = in.text("reason");
  }
  return offered;
}

Made made_of(const Fields& in) {
  Made made{in.text("thing"), in.any("arguments"), {}};
  if (const Value* value = in.record().find("value"))
    made.made.value = *value;
  else
    made.made.reason = in.text("reason");
  return made;
}

using Reader = What (*)(const Fields&);
template <link::EventKind kind>
What event_reader(const Fields& in) {
  return event_of(in, kind);
}

// Records of other kinds follow from these.
const std::map<std::string, Reader, std::less<>>& readers() {
  static const std::map<std::string, Reader, std::less<>> table{
      {"connected", event_reader<link::EventKind::connected>},
      {"refused", event_reader<link::EventKind::refused>},
      {"failed", event_reader<link::EventKind::failed>},
      {"closed", event_reader<link::EventKind::closed>},
      {"ping", event_reader<link::EventKind::ping>},
      {"pong", event_reader<link::EventKind::pong>},
      {"in", event_reader<link::EventKind::text>},
      {"transfer", [](const Fields& in) -> What { return transfer_of(in); }},
      {"rig_done",
       [](const Fields& in) -> What {
         return RigDone{in.text("action"),
                        {in.word<rig::Outcome>("outcome", 4, rig::to_string),
                         in.text_or("reason", ""), in.text("adapter"), in.time("t")}};
       }},
      {"out",
       [](const Fields& in) -> What {
         const bool result = in.text_or("type", "") == "result";
         return Sent{connection_of(in), in.text("text"), in.flag("lost"),
                     in.text_or("type", "") == "call",
                     result && in.text_or("action", "") == "StartTransaction"};
       }},
      {"rig",
       [](const Fields& in) -> What {
         return Asked{in.text("action"), in.any("arguments")};
       }},
      {"link",
       [](const Fields& in) -> What {
         return Fault{in.text("fault"), {}};
       }},
      {"serve",
       [](const Fields& in) -> What {
         return serving({static_cast<int>(in.number("profile", 0, 3)), in.text("certificate"),
                         in.text_or("tls", link::kProfileOffer)},
                        in.text_or("reason", ""));
       }},
      {"make", [](const Fields& in) -> What { return made_of(in); }},
      {"offer", [](const Fields& in) -> What { return offered_of(in); }},
      {"case", [](const Fields& in) -> What { return CaseBegun{in.text("id")}; }},
      {"shared",
       [](const Fields& in) -> What {
         return Shared{Value::object({{"state", in.text("state")},
                                      {"arguments", in.any("arguments")},
                                      {"from", in.text("from")}})};
       }},
      {"verdict",
       [](const Fields& in) -> What {
         return Judged{in.text("id"), in.text("verdict"), in.text("reason"), in.any("failures")};
       }},
  };
  return table;
}

RunFacts run_of(const Fields& in) {
  if (in.text("kind") != "run") in.refuse("the first record is not of the kind 'run'");
  if (in.number("format") != kFormat)
    in.refuse("the format " + std::to_string(in.number("format")) + " is not known here");
  RunFacts run;
  const auto utc = base::parse_utc(in.text("utc"));
  if (!utc) in.refuse("'utc' is no time");
  run.utc_start = *utc - std::chrono::duration_cast<base::Micros>(in.time("t"));
  run.name = in.text("name");
  run.tool = in.text("tool");
  run.clock = in.text("clock");
  run.dut_kind = in.text("dut_kind");
  run.edition = in.text("edition");
  run.seed =
      static_cast<std::uint64_t>(in.number("seed", std::numeric_limits<std::int64_t>::min()));
  run.isolate = in.flag("isolate");
  const auto copy = [&](const char* name, Value& value) {
    if (const Value* found = in.record().find(name)) value = *found;
  };
  copy("firmware_image", run.firmware_image);
  copy("simulator", run.simulator);
  copy("files", run.files);
  copy("security", run.security);
  const Fields suite = in.object("suite");
  run.suite_folder = suite.text("folder");
  run.suite_path = suite.text_or("path", "");
  run.suite_sha256 = suite.text("sha256");
  const Fields pics = in.object("pics");
  run.pics_path = pics.text("path");
  run.pics_sha256 = pics.text("sha256");
  run.pics = pics.any("document");
  const Fields pixit = in.object("pixit");
  run.pixit_path = pixit.text_or("path", "");
  run.pixit_sha256 = pixit.text_or("sha256", "");
  run.pixit = pixit.any("document");
  const auto shard_number = [](const Value& record, const char* name) {
    return static_cast<int>(std::clamp<std::int64_t>(record.int_or(name, 0), 0, suite::kMaxShards));
  };
  if (const Value* shard = in.record().find("shard"); shard && shard->is_object())
    run.shard = {shard_number(*shard, "index"), shard_number(*shard, "of")};
  if (const Value* merged = in.record().find("merged"); merged && merged->is_list())
    run.merged = merged->as_list().size();
  const Value& selection = in.any("selection");
  if (!selection.is_list()) in.refuse("'selection' is no list");
  for (const auto& entry : selection.as_list()) {
    const Fields selected(entry, in.place());
    run.selection.push_back(
        {selected.text("id"), selected.text("decision"), shard_number(entry, "shard")});
  }
  return run;
}

Attempt attempt_of(const Fields& in, std::int64_t line) {
  Attempt attempt;
  attempt.first = attempt.last = line;
  attempt.begun = in.time("t");
  attempt.tool = in.text("tool");
  attempt.command_line = in.text_or("command_line", "");
  attempt.instance = in.text_or("instance", "");
  return attempt;
}

std::string told_of(const Sent& sent) {
  const auto frame = ocpp::read_frame(sent.text).frame;
  if (!frame) return "the message " + sent.text;
  const std::string payload = " " + frame->payload.to_display();
  if (frame->type == ocpp::MessageType::call) return frame->action + ".req" + payload;
  if (frame->type == ocpp::MessageType::error) return "the answer CALLERROR " + frame->error_code;
  return "the answer" + payload;
}

}  // namespace

Fault serving(const run::Serving& served, std::string reason) {
  std::string name = "serve security profile " + std::to_string(served.profile) +
                     " with the certificate '" + served.certificate + "'";
  if (served.tls != link::kProfileOffer) name += " and the TLS '" + served.tls + "'";
  return {std::move(name), served, std::move(reason)};
}

std::string Entry::told() const {
  std::string text = "what happened there";
  if (const auto* sent = std::get_if<Sent>(&what)) text = told_of(*sent);
  if (const auto* asked = std::get_if<Asked>(&what))
    text = "the action " + asked->action + " " + asked->arguments.to_display();
  if (const auto* fault = std::get_if<Fault>(&what))
    text = fault->served ? "to " + fault->name : "the fault '" + fault->name + "'";
  if (const auto* offered = std::get_if<Offered>(&what))
    text = std::string("a place for an ") + transfer::to_string(offered->way) + " over " +
           offered->protocol;
  if (const auto* made = std::get_if<Made>(&what)) text = "the making of a " + made->thing;
  if (std::get_if<CleanUp>(&what)) text = "the end of the scenario";
  if (text.size() > 300) text = std::string(link::clip_utf8(text, 300)) + "...";
  return text;
}

std::string_view Recording::line(std::int64_t number) const {
  const auto& [from, length] = lines_.at(static_cast<std::size_t>(number - 1));
  return std::string_view(text_).substr(from, length);
}

Attempt Recording::taken_up_again(const Value& record, std::int64_t line) const {
  const Fields in(record, name_ + ":" + std::to_string(line));
  // Each is begun by a person, or by a script that gives up.
  constexpr std::int64_t kMost = 1000;
  if (in.number("attempt", 2, kMost) != static_cast<std::int64_t>(attempts_.size()) + 1)
    in.refuse("it is not the attempt " + std::to_string(attempts_.size() + 1));
  Attempt attempt = attempt_of(in, line);
  run::ResumptionReader reader;
  try {
    for (std::int64_t earlier = 1; earlier < line; ++earlier)
      reader.take(*base::read_json(this->line(earlier)).value);
  } catch (const base::InputError& e) {
    in.refuse(e.what());
  }
  auto before = std::make_shared<run::Resumption>(reader.finish(in.text("prev")));
  if (record.find("torn")) {
    const Fields torn = in.object("torn");
    before->torn = run::TornRecord{static_cast<std::uint64_t>(torn.number("bytes")),
                                   torn.text("sha256"), torn.text("file")};
  }
  if (run_.dut_kind == "simulated") run::begin_in_a_new_world(*before);
  attempt.before = std::move(before);
  return attempt;
}

Recording Recording::read(std::string text, const std::string& name) {
  Recording recording;
  recording.name_ = name;
  recording.text_ = std::move(text);
  const std::string_view all = recording.text_;
  for (std::size_t from = 0; from < all.size();) {
    const std::size_t end = all.find('\n', from);
    const auto number = static_cast<std::int64_t>(recording.lines_.size()) + 1;
    const std::string place = name + ":" + std::to_string(number);
    const std::string_view line = all.substr(from, end - from);
    base::JsonResult read;
    if (end != std::string_view::npos) read = base::read_json(line);
    if (!read.value) {
      // Only the last one may be torn.
      if (end == std::string_view::npos || end + 1 == all.size()) break;
      throw base::InputError(place + ": the record cannot be read: " + read.error.message);
    }
    const Value record = *std::move(read.value);
    const Fields in(record, place);
    if (!record.is_object()) in.refuse("the record is no object");
    if (in.number("seq") != number)
      in.refuse("the sequence number is not " + std::to_string(number) + ": a record is missing");
    recording.lines_.emplace_back(from, line.size());
    from = end + 1;
    if (number == 1) {
      recording.run_ = run_of(in);
      recording.attempts_.push_back(attempt_of(in, number));
      if (recording.run_.merged > 0) break;
      continue;
    }
    const std::string& kind = in.text("kind");
    if (kind == "resume") {
      recording.attempts_.push_back(recording.taken_up_again(record, number));
      recording.complete_ = recording.ended_ = false;  // an end that something follows was none
      continue;
    }
    Attempt& attempt = recording.attempts_.back();
    attempt.last = number;
    Entry entry;
    entry.at = in.time("t");
    entry.due = record.find("handled") ? in.time("handled") : entry.at;
    entry.line = number;
    if (kind == "end") {
      recording.ended_ = true;
      recording.complete_ = in.text("outcome") != "interrupted";
      if (recording.complete_) continue;
      entry.what = Interrupted{in.text("reason")};
    } else if (kind == "phase") {
      if (in.text("phase") != "cleanup") continue;
      entry.what = CleanUp{};
    } else {
      const auto reader = readers().find(kind);
      if (reader == readers().end()) continue;
      entry.what = reader->second(in);
      if (auto* event = std::get_if<link::Event>(&entry.what)) event->at = entry.at;
      if (auto* event = std::get_if<transfer::Event>(&entry.what)) event->at = entry.at;
    }
    attempt.entries.push_back(std::move(entry));
  }
  if (recording.lines_.empty())
    throw base::InputError(name + ": the journal is empty; name the folder of a run");
  return recording;
}

}  // namespace plugproof::replay
