// The journal: the append-only record of one run (docs/journal.md). Every record carries the
// SHA-256 of the one before, so that a later change anywhere is seen.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/time.hpp"
#include "engine/base/value.hpp"

namespace plugproof::run {

// The journal cannot be written (disk full, permission): a run without its record is worth nothing.
class JournalError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Where the lines go: a file, or memory in tests.
class JournalSink {
 public:
  virtual ~JournalSink() = default;
  virtual void append(std::string_view line) = 0;  // with its newline
  virtual void flush() {}                          // to the operating system: others can read it
  virtual void sync() = 0;                         // to disk
};

class MemorySink final : public JournalSink {
 public:
  void append(std::string_view line) override { text_.append(line); }
  void sync() override {}
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

// Where a journal ends that is continued: what the next record builds on.
struct JournalEnd {
  std::int64_t sequence = 0;                  // of the last record
  std::string digest = std::string(64, '0');  // its SHA-256
};

class Journal {
 public:
  // `utc_start`: the wall clock when the run's clock stood at zero.
  Journal(JournalSink& sink, base::Micros utc_start, JournalEnd end = {})
      : sink_(sink),
        utc_start_(utc_start),
        sequence_(end.sequence),
        previous_(std::move(end.digest)) {}

  // Writes one record and returns its sequence number. `fields` must not hold seq, t, utc, kind or
  // prev.
  std::int64_t write(base::Nanos at, std::string_view kind, const base::Value::Object& fields);
  void sync() { sink_.sync(); }

  // Puts `instead` in the place of a secret in every record that follows, however JSON writes it.
  // One of less than eight characters only where it stands as the password of a URL: it could be a
  // part of any word.
  void hide(const std::string& secret, const std::string& instead);
  // A text with the hidden secrets replaced, as the records show it.
  std::string masked(std::string text) const;

  std::int64_t last_sequence() const { return sequence_; }
  // The next record gets the number after this one: where a record is judged again, findings name
  // the frames of that record.
  void set_last_sequence(std::int64_t sequence) { sequence_ = sequence; }
  base::Micros utc(base::Nanos at) const {
    return utc_start_ + std::chrono::duration_cast<base::Micros>(at);
  }

  // Put into every record that follows, until changed; empty: left out.
  void set_dut(std::string identity) { dut_ = std::move(identity); }
  void set_case(std::string id) { case_ = std::move(id); }
  // The event whose record follows is handled after the deadlines before `handled`; nothing: in its
  // time. Put into that record alone.
  void set_handled(std::optional<base::Nanos> handled) { handled_ = handled; }

 private:
  JournalSink& sink_;
  base::Micros utc_start_;
  std::int64_t sequence_;
  std::string dut_, case_;
  std::optional<base::Nanos> handled_;
  std::string previous_;
  std::vector<std::pair<std::string, std::string>> hidden_;  // what, and what stands for it
};

}  // namespace plugproof::run
