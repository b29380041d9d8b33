// Reads a journal record by record, in bounded memory, as docs/journal.md fixes the format. A torn
// last record is recognised and left out; the chain of digests and the sequence numbers are
// followed on the way.
#pragma once

#include <cstdint>
#include <fstream>
#include <optional>
#include <string>

#include "engine/base/value.hpp"

namespace plugproof::reports {

// Longer lines are refused: the longest honest record, the `run` record, has some hundred
// kilobytes.
inline constexpr std::size_t kMaxJournalLine = std::size_t{64} << 20;

enum class Chain { note, refuse };  // what to do where the chain is broken

class JournalReader {
 public:
  // Throws base::InputError when the file cannot be opened.
  explicit JournalReader(std::string path, Chain chain = Chain::note);

  // The next record; nothing at the end. Throws base::InputError with file:line for a damaged
  // record that is not the last one and, under Chain::refuse, for the first record that does not
  // continue the chain.
  std::optional<base::Value> next();

  // Of the record that was returned last.
  std::int64_t line() const { return line_; }
  std::uint64_t offset() const { return record_offset_; }  // of its first byte
  std::size_t length() const { return text_.size(); }      // without the newline

  std::int64_t records() const { return records_; }
  bool torn() const { return torn_; }
  // Line of the first record that does not continue the chain; 0 while the chain holds.
  std::int64_t broken_at() const { return broken_at_; }
  const std::string& broken_reason() const { return broken_reason_; }
  // SHA-256 of the last whole record: names the state of the whole journal.
  const std::string& head() const { return head_; }

 private:
  bool read_line();  // false at the end of the file
  void follow_chain(const base::Value& record);
  [[noreturn]] void refuse(const std::string& problem) const;

  std::string path_;
  Chain chain_;
  std::ifstream file_;
  std::string text_;
  bool ended_by_newline_ = false;
  bool done_ = false;
  std::uint64_t record_offset_ = 0;
  std::uint64_t next_offset_ = 0;
  std::int64_t line_ = 0;
  std::int64_t records_ = 0;
  bool torn_ = false;
  std::int64_t broken_at_ = 0;
  std::string broken_reason_;
  std::string head_ = std::string(64, '0');
};

// The record at a place that a reader passed before; nothing when it cannot be read again.
std::optional<base::Value> read_record_at(std::ifstream& file, std::uint64_t offset,
                                          std::size_t length);

// What `plugproof verify` says about a journal.
struct JournalState {
  std::int64_t records = 0;
  bool torn = false;
  std::int64_t broken_at = 0;  // line; 0: the chain holds
  std::string broken_reason;
  std::string head;
};
// Reads the whole journal. Throws base::InputError like JournalReader.
JournalState inspect_journal(const std::string& path);

}  // namespace plugproof::reports
