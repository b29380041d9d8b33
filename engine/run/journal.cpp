#include "engine/run/journal.hpp"

#include <algorithm>

#include "engine/base/json.hpp"
#include "engine/base/sha256.hpp"

namespace plugproof::run {

namespace {

void member(std::string& line, std::string_view key, const std::string& json) {
  line += line.size() == 1 ? "\"" : ",\"";
  line += key;
  line += "\":";
  line += json;
}

}  // namespace

void Journal::hide(const std::string& secret, const std::string& instead) {
  constexpr std::size_t kLong = 8;
  const bool known = std::any_of(hidden_.begin(), hidden_.end(), [&](const auto& entry) {
    return entry.second.find(instead) != std::string::npos;
  });
  if (secret.empty() || known) return;
  if (secret.size() >= kLong)
    hidden_.emplace_back(secret, instead);
  else
    hidden_.emplace_back(":" + secret + "@", ":" + instead + "@");
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
  std::string line = "{";
  member(line, "seq", std::to_string(++sequence_));
  member(line, "t", std::to_string(at.count()));
  member(line, "utc", "\"" + base::format_utc_micros(utc(at)) + "\"");
  member(line, "kind", base::quote_json(kind));
  if (const auto handled = std::exchange(handled_, std::nullopt))
    member(line, "handled", std::to_string(handled->count()));
  if (!dut_.empty()) member(line, "dut", base::quote_json(dut_));
  if (!case_.empty()) member(line, "case", base::quote_json(case_));
  for (const auto& [key, value] : fields) member(line, key, base::write_json(value));
  member(line, "prev", "\"" + previous_ + "\"");
  line += "}";
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
