#include "reports/journal_reader.hpp"

#include <utility>

#include "engine/base/diagnostics.hpp"
#include "engine/base/json.hpp"
#include "engine/base/sha256.hpp"

namespace plugproof::reports {

JournalReader::JournalReader(std::string path, Chain chain)
    : path_(std::move(path)), chain_(chain), file_(path_, std::ios::binary) {
  if (!file_)
    throw base::InputError(path_ + ": the journal cannot be opened; name the folder of a run");
}

bool JournalReader::read_line() {
  text_.clear();
  record_offset_ = next_offset_;
  ended_by_newline_ = false;
  std::streambuf* buffer = file_.rdbuf();
  for (int c = buffer->sbumpc(); c != std::char_traits<char>::eof(); c = buffer->sbumpc()) {
    ++next_offset_;
    if (c == '\n') {
      ended_by_newline_ = true;
      break;
    }
    if (text_.size() >= kMaxJournalLine) {
      ++line_;
      refuse("the record is longer than " + std::to_string(kMaxJournalLine) + " bytes");
    }
    text_.push_back(static_cast<char>(c));
  }
  return ended_by_newline_ || !text_.empty();
}

void JournalReader::refuse(const std::string& problem) const {
  throw base::InputError(path_ + ":" + std::to_string(line_) + ": " + problem +
                         "; the journal was changed or damaged after it was written");
}

std::optional<base::Value> JournalReader::next() {
  if (done_) return std::nullopt;
  if (!read_line()) {
    done_ = true;
    return std::nullopt;
  }
  ++line_;
  base::JsonResult read;
  if (ended_by_newline_) read = base::read_json(text_);
  if (!read.value || !read.value->is_object()) {
    const bool last = file_.rdbuf()->sgetc() == std::char_traits<char>::eof();
    if (!last) {
      refuse(read.value ? "the record is no JSON object"
                        : "the record cannot be read: " + read.error.message);
    }
    torn_ = true;
    done_ = true;
    return std::nullopt;
  }
  ++records_;
  follow_chain(*read.value);
  head_ = base::sha256_hex(text_);
  return std::move(*read.value);
}

void JournalReader::follow_chain(const base::Value& record) {
  if (broken_at_ != 0) return;
  if (record.string_or("prev", "") != head_) {
    broken_reason_ = "the record does not carry the SHA-256 of the record before it";
  } else if (record.int_or("seq", 0) != records_) {
    broken_reason_ = "the sequence number is not " + std::to_string(records_);
  } else {
    return;
  }
  broken_at_ = line_;
  if (chain_ == Chain::refuse) refuse(broken_reason_);
}

std::optional<base::Value> read_record_at(std::ifstream& file, std::uint64_t offset,
                                          std::size_t length) {
  std::string text(length, '\0');
  file.clear();
  file.seekg(static_cast<std::streamoff>(offset));
  if (!file.read(text.data(), static_cast<std::streamsize>(length))) return std::nullopt;
  return base::read_json(text).value;
}

JournalState inspect_journal(const std::string& path) {
  JournalReader reader(path);
  while (reader.next()) {
  }
  return {reader.records(), reader.torn(), reader.broken_at(), reader.broken_reason(),
          reader.head()};
}

}  // namespace plugproof::reports
