// The journal on disk. One process at a time writes it: the file is locked as long as it is open,
// and the lock ends with the process, however that ends.
#pragma once

#include <memory>
#include <string>

#include "engine/run/journal.hpp"

namespace plugproof::run {

class JournalFile final : public JournalSink {
 public:
  // Creates the file; an existing one is an error. Throws JournalError.
  static std::unique_ptr<JournalFile> create(const std::string& path);
  // Opens an existing one to go on behind its end; nothing is changed yet. Throws JournalError when
  // another process writes it, too.
  static std::unique_ptr<JournalFile> reopen(const std::string& path);
  ~JournalFile() override;
  JournalFile(const JournalFile&) = delete;
  JournalFile& operator=(const JournalFile&) = delete;

  void append(std::string_view line) override;
  void flush() override;
  void sync() override;

  // Takes what lies behind the first `whole` bytes, a record that was not written to its end, out
  // of the journal and keeps it beside it as torn-N.bin. The name of that file. Throws
  // JournalError; the journal is then as it was.
  std::string cut(std::uint64_t whole);

 private:
  JournalFile(std::string path, int fd);
  void lock();
  [[noreturn]] void refuse(const std::string& what) const;

  std::string path_;
  int fd_;
  std::string buffer_;
};

}  // namespace plugproof::run
