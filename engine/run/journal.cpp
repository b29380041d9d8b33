#include "engine/run/journal.hpp"

#include <algorithm>

#include "engine/base/journal_line.hpp"
#include "engine/base/json.hpp"
#include "engine/base/sha256.hpp"

namespace plugproof::run {

void Journal::hide(const std::string& secret, const std::string& instead) {
  constexpr std::size_t kLong = 8;
  const bool known = std::any_of(hidden_.begin(), hidden_.end(), [&](const auto& entry) {
    return entry.second.find(instead) != std::string::npos;
  });
  if (secret.empty() || known) return;
  if (secret.size() < kLong) {
    hidden_.emplace_back(":" + secret + "@", ":" + instead + "@");
  } else {
    // A record quotes texts that quote a frame: what needs an escape has one more each time.
    constexpr int kQuotedIn = 3;
    std::string written = secret;
    for (int depth = 0; depth <= kQuotedIn; ++depth) {
      hidden_.emplace_back(written, instead);
      const std::string quoted = base::write_json(base::Value(written));
      const std::string once_more = quoted.substr(1, quoted.size() - 2);
      if (once_more == written) break;
      written = once_more;
    }
  }
  // One may be a part of another.
  std::stable_sort(hidden_.begin(), hidden_.end(),
                   [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
}

std::string Journal::masked(std::string text) const {
  for (const auto& [secret, instead] : hidden_)
    for (auto at = text.find(secret); at != std::string::npos;
         at = text.find(secret, at + instead.size()))
      text.replace(at, secret.size(), instead);
  return text;
}

std::int64_t Journal::write(base::Nanos at, std::string_view kind,
                            const base::Value::Object& fields) {
  base::JournalLine record(++sequence_, at.count(), base::format_utc_micros(utc(at)), kind);
  if (const auto handled = std::exchange(handled_, std::nullopt))
    record.add("handled", static_cast<std::int64_t>(handled->count()));
  if (!dut_.empty()) record.add("dut", dut_);
  if (!case_.empty()) record.add("case", case_);
  for (const auto& [key, value] : fields) record.add(key, value);
  std::string line = std::move(record).finish(previous_);
  if (!hidden_.empty()) line = masked(std::move(line));
  previous_ = base::sha256_hex(line);
  line += "\n";
  sink_.append(line);
  // Whoever watches a run sees every step of it; what we heard and judged comes with the next one.
  // What we sent has changed the charge point: that must be known even if this process ends now.
  if (kind != "in" && kind != "check" && kind != "match" && kind != "sample") sink_.flush();
  return sequence_;
}

}  // namespace plugproof::run
