#include "engine/run/journal.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "engine/base/json.hpp"
#include "engine/base/sha256.hpp"

namespace plugproof::run {

namespace {

class FileSink final : public JournalSink {
 public:
  explicit FileSink(const std::string& path)
      : path_(path),
        fd_(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0644)) {
    if (fd_ < 0)
      throw JournalError("cannot create " + path + ": " + std::strerror(errno) +
                         "; name another folder with --out");
  }
  ~FileSink() override {
    try {
      flush();
    } catch (const JournalError&) {
      // The error was or will be seen by a sync; a destructor cannot report it.
    }
    ::close(fd_);
  }
  void append(std::string_view line) override {
    buffer_.append(line);
    if (buffer_.size() >= kFlushAt) flush();
  }
  void sync() override {
    flush();
    if (::fdatasync(fd_) != 0)
      throw JournalError("cannot sync " + path_ + ": " + std::strerror(errno) + kRemedy);
  }

  void flush() override {
    std::size_t done = 0;
    while (done < buffer_.size()) {
      const ssize_t written = ::write(fd_, buffer_.data() + done, buffer_.size() - done);
      if (written < 0) {
        if (errno == EINTR) continue;
        const int error = errno;
        buffer_.erase(0, done);
        throw JournalError("cannot write " + path_ + ": " + std::strerror(error) + kRemedy);
      }
      done += static_cast<std::size_t>(written);
    }
    buffer_.clear();
  }

 private:
  static constexpr std::size_t kFlushAt = std::size_t{64} * 1024;
  static constexpr const char* kRemedy = "; make room there, or name another folder with --out";

  std::string path_;
  int fd_;
  std::string buffer_;
};

void member(std::string& line, std::string_view key, const std::string& json) {
  line += line.size() == 1 ? "\"" : ",\"";
  line += key;
  line += "\":";
  line += json;
}

}  // namespace

std::unique_ptr<JournalSink> open_journal_file(const std::string& path) {
  return std::make_unique<FileSink>(path);
}

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
  // Whoever watches a run sees every step of it; frames and checks come with the next one.
  if (kind != "in" && kind != "out" && kind != "check" && kind != "match" && kind != "sample")
    sink_.flush();
  return sequence_;
}

}  // namespace plugproof::run
