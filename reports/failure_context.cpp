#include "reports/failure_context.hpp"

#include <algorithm>
#include <array>

#include "reports/journal_reader.hpp"
#include "reports/text.hpp"

namespace plugproof::reports {

namespace {

// A flood within one case forgets its beginning; the record is still in the journal.
constexpr std::size_t kMaxPlaces = 200'000;
constexpr std::size_t kMaxLines = 12;
constexpr std::size_t kMaxFrameBytes = 4000;

std::string joined(const base::Value* list) {
  std::string text;
  if (list && list->is_list())
    for (const auto& item : list->as_list()) text += (text.empty() ? "" : ", ") + plain(item);
  return text;
}

// What was agreed on, or else what was offered.
std::string told_of_tls(const base::Value& record) {
  const base::Value* tls = record.find("tls");
  if (!tls || !tls->is_object()) return {};
  const std::string suite = plain_member(*tls, "cipher_suite");
  if (!suite.empty()) return plain_member(*tls, "version") + " with " + suite;
  const std::string versions = joined(tls->find("offered_versions"));
  return versions.empty()
             ? ""
             : "offered were " + versions + " with " + joined(tls->find("offered_cipher_suites"));
}

std::string described_credentials(const base::Value& record) {
  const base::Value* shown = record.find("credentials");
  if (!shown || !shown->is_object()) return {};
  const std::string scheme = plain_member(*shown, "scheme");
  if (scheme != "Basic") return "authorization: " + scheme;
  const base::Value* user = shown->find("user_is_identity");
  return std::string("password: the ") + plain_member(*shown, "key") + " one" +
         (user && *user == base::Value(true) ? "" : ", of another user");
}

std::string describe(const base::Value& record) {
  const std::string kind = record.string_or("kind", "");
  const auto text = [&](std::string_view key) { return plain_member(record, key); };
  const auto with = [](const std::string& head, const std::string& tail) {
    return tail.empty() ? head : head + ": " + tail;
  };
  const auto also = [](std::string head, const std::string& tail) {
    return tail.empty() ? head : head + "; " + tail;
  };
  if (kind == "connected")
    return also(also(with("connected", text("path")), told_of_tls(record)),
                described_credentials(record));
  if (kind == "refused")
    return also(with("connection refused with " + text("status"), text("reason")),
                told_of_tls(record));
  if (kind == "failed") return also(with("connection failed", text("reason")), told_of_tls(record));
  if (kind == "serve") {
    const bool refused = record.find("reason");
    std::string told = std::string(refused ? "bench: cannot serve" : "bench: serves") +
                       " security profile " + text("profile") +
                       ", certificate: " + text("certificate");
    if (record.find("tls")) told += ", TLS: " + text("tls");
    return with(std::move(told), text("reason"));
  }
  if (kind == "make") return with("bench: made a " + text("thing"), text("reason"));
  if (kind == "closed") {
    const std::string code = text("code");
    return with("connection closed (" + text("how") + (code.empty() ? "" : ", code " + code) + ")",
                text("reason"));
  }
  if (kind == "link") return "harness: " + text("fault") + " the connection";
  if (kind == "rig") {
    const base::Value* arguments = record.find("arguments");
    const bool any = arguments && arguments->is_object() && !arguments->as_object().empty();
    return "rig: " + text("action") + (any ? " " + plain(*arguments) : "");
  }
  if (kind == "offer") return "bench: a place for a file " + text("way") + ", " + text("url");
  if (kind == "transfer")
    return with("file server: " + text("way") + " of " + text("name") + " " + text("event") + ", " +
                    text("bytes") + " bytes",
                text("reason"));
  return with("rig: " + text("action") + " " + text("outcome"), text("reason"));
}

ContextLine line_of(const base::Value& record, bool frame) {
  ContextLine line;
  line.seq = record.int_or("seq", 0);
  line.t = record.int_or("t", 0);
  line.utc = record.string_or("utc", "");
  line.kind = record.string_or("kind", "");
  line.text = shorten_raw(frame ? record.string_or("text", "") : describe(record), kMaxFrameBytes);
  if (frame && record.find("binary")) line.text = "binary, as hex: " + line.text;
  return line;
}

}  // namespace

bool FailureContext::wanted(std::string_view kind) {
  static constexpr std::array<std::string_view, 13> kKinds = {
      "in",  "out",      "connected", "refused",  "failed", "closed", "link",
      "rig", "rig_done", "offer",     "transfer", "serve",  "make"};
  return std::find(kKinds.begin(), kKinds.end(), kind) != kKinds.end();
}

std::string FailureContext::words(const base::Value& record) {
  return describe(record);
}

void FailureContext::remember(const base::Value& record, std::uint64_t offset, std::size_t length) {
  const std::string kind = record.string_or("kind", "");
  if (places_.size() >= kMaxPlaces) places_.pop_front();
  places_.push_back({record.int_or("seq", 0), offset, static_cast<std::uint32_t>(length),
                     kind == "in" || kind == "out"});
}

std::vector<ContextLine> FailureContext::around(std::int64_t seq, bool is_frame,
                                                std::ifstream& journal) const {
  const auto at =
      std::lower_bound(places_.begin(), places_.end(), seq,
                       [](const Place& place, std::int64_t s) { return place.seq < s; });
  const bool found = is_frame && at != places_.end() && at->seq == seq;

  auto first = at;
  for (int frames = found ? 2 : 4; first != places_.begin() && frames > 0;) {
    --first;
    if (first->frame) --frames;
    if (at - first >= static_cast<std::ptrdiff_t>(kMaxLines / 2)) break;
  }
  auto last = found ? at + 1 : at;
  const auto after = last;
  for (int frames = 2; last != places_.end() && frames > 0; ++last) {
    if (last->frame) --frames;
    if (last - after >= static_cast<std::ptrdiff_t>(kMaxLines / 2)) break;
  }

  std::vector<ContextLine> lines;
  for (auto place = first; place != last; ++place) {
    const auto record = read_record_at(journal, place->offset, place->length);
    if (!record) continue;
    lines.push_back(line_of(*record, place->frame));
    lines.back().subject = found && place == at;
  }
  return lines;
}

}  // namespace plugproof::reports
