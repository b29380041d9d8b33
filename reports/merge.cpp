#include "reports/merge.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <system_error>
#include <utility>

#include "engine/base/diagnostics.hpp"
#include "engine/base/journal_line.hpp"
#include "engine/base/sha256.hpp"
#include "reports/journal_reader.hpp"
#include "reports/render.hpp"

namespace plugproof::reports {

namespace fs = std::filesystem;
using base::InputError;
using base::Value;

namespace {

// A run of 30 years: a time beyond that is no time of a run.
constexpr std::int64_t kLongest = 1'000'000'000'000'000'000;

std::string place_of(std::size_t number) {
  return "shards/" + std::to_string(number);
}

// Chains records and gives them their numbers.
class Numbering {
 public:
  explicit Numbering(const LineSink& sink) : sink_(sink) {}

  void write(std::int64_t t, const std::string& utc, const std::string& kind,
             const Value::Object& members) {
    base::JournalLine record(++seq_, t, utc, kind);
    for (const auto& [key, value] : members) record.add(key, value);
    const std::string line = std::move(record).finish(head_);
    head_ = base::sha256_hex(line);
    sink_(line + "\n");
  }
  std::int64_t seq() const { return seq_; }

 private:
  const LineSink& sink_;
  std::int64_t seq_ = 0;
  std::string head_ = std::string(64, '0');
};

// Numbers that count from 1 in every run: connections, places of the file servers.
struct Numbers {
  std::int64_t before = 0, highest = 0;

  std::int64_t of(std::int64_t number) {
    const std::int64_t moved = std::clamp<std::int64_t>(number, 0, kLongest) + before;
    highest = std::max(highest, moved);
    return moved;
  }
  void next_run() { before = highest; }
};

// Puts the records of the sources behind one another.
class Joiner {
 public:
  Joiner(const std::string& name, const LineSink& sink) : name_(name), chain_(sink) {}

  void join(const std::vector<MergeSource>& sources) {
    const MergePlan plan = plan_merge(sources, name_);
    std::string first = sources.front().results.run.started;
    std::string last = sources.front().results.run.ended;
    for (const auto& source : sources) {
      first = std::min(first, source.results.run.started);
      last = std::max(last, source.results.run.ended);
    }
    chain_.write(0, first, "run", plan.run);
    for (std::size_t i = 0; i < sources.size(); ++i) append(sources[i], i + 1);
    chain_.write(now_, last, "end", plan.end);
  }

 private:
  void append(const MergeSource& source, std::size_t number);
  void append(const Value& record);
  Value::Object moved(const Value& record);
  Value moved_frame(const Value& frame) const;
  std::int64_t moved_time(std::int64_t t) const;

  std::string name_;
  Numbering chain_;
  std::int64_t now_ = 0;  // the latest time that was written
  Numbers connections_, places_;
  // Of the source that is being written.
  std::string folder_, place_;
  std::int64_t shift_ = 0;   // of its clock
  std::int64_t before_ = 0;  // records before its first one
  std::int64_t records_ = 0;
};

// Every record of a source has one in the merged journal, so that all numbers move alike: the mark
// of the source stands for its first record.
void Joiner::append(const MergeSource& source, std::size_t number) {
  folder_ = source.folder;
  place_ = place_of(number);
  records_ = source.results.records;
  before_ = chain_.seq();
  connections_.next_run();
  places_.next_run();
  chain_.write(now_, source.results.run.started, "source",
               {{"source", static_cast<std::int64_t>(number)},
                {"name", source.results.run.name},
                {"journal", place_ + "/journal.jsonl"}});
  JournalReader reader(journal_of(source.folder), reports::Chain::refuse);
  const auto run = reader.next();
  shift_ = 0;
  shift_ = now_ - moved_time(run ? run->int_or("t", 0) : 0);
  while (const auto record = reader.next()) append(*record);
}

void Joiner::append(const Value& record) {
  const std::int64_t t = moved_time(record.int_or("t", 0));
  now_ = std::max(now_, t);
  std::string kind = record.string_or("kind", "");
  // One run has one first and one last record.
  if (kind == "run" || kind == "end") kind = "source_" + kind;
  chain_.write(t, record.string_or("utc", ""), kind, moved(record));
}

Value::Object Joiner::moved(const Value& record) {
  Value::Object out;
  for (const auto& [key, value] : record.as_object()) {
    if (key == "seq" || key == "t" || key == "utc" || key == "kind" || key == "prev") continue;
    const bool number = value.is_int();
    if (number && (key == "frame" || key == "from" || key == "to")) {
      out.emplace_back(key, moved_frame(value));
    } else if (number && (key == "deadline" || key == "handled")) {
      out.emplace_back(key, moved_time(value.as_int()));
    } else if (number && key == "connection") {
      out.emplace_back(key, connections_.of(value.as_int()));
    } else if (number && key == "place") {
      out.emplace_back(key, places_.of(value.as_int()));
    } else if (key == "kept" && value.is_string()) {
      out.emplace_back(key, place_ + "/" + value.as_string());
    } else if (key == "failures" && value.is_list()) {
      Value failures = value;
      for (auto& failure : failures.as_list())
        if (const Value* frame = failure.find("frame"); frame && frame->is_int())
          failure.set("frame", moved_frame(*frame));
      out.emplace_back(key, std::move(failures));
    } else {
      out.emplace_back(key, value);
    }
  }
  return out;
}

// A number that names no record of the source must not come to name one of another.
Value Joiner::moved_frame(const Value& frame) const {
  const std::int64_t seq = frame.as_int();
  return seq >= 1 && seq <= records_ ? seq + before_ : std::int64_t{0};
}

std::int64_t Joiner::moved_time(std::int64_t t) const {
  std::int64_t out = 0;
  if (t < -kLongest || t > kLongest || __builtin_add_overflow(t, shift_, &out))
    throw InputError(folder_ + ": the time " + std::to_string(t) +
                     " ns in its journal is longer than any run; it was not written by a run");
  return out;
}

void copy_one(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::copy_file(from, to, error);
  if (error)
    throw InputError(to.string() + ": cannot be copied from " + from.string() + ": " +
                     error.message());
}

void copy_source(const MergeSource& source, const fs::path& to) {
  std::error_code error;
  fs::create_directories(to, error);
  copy_one(journal_of(source.folder), to / "journal.jsonl");
  const fs::path uploads = fs::path(source.folder) / "uploads";
  if (!fs::is_directory(fs::symlink_status(uploads, error))) return;
  fs::copy(uploads, to / "uploads", fs::copy_options::recursive | fs::copy_options::skip_symlinks,
           error);
  if (error)
    throw InputError(uploads.string() + ": cannot be copied to " + to.string() + ": " +
                     error.message());
}

// Removes what was made of a merged run when it does not come to its end.
class Draft {
 public:
  explicit Draft(const std::string& folder) : folder_(folder) {
    std::error_code error;
    existed_ = fs::exists(folder_, error);
    if (existed_ && (!fs::is_directory(folder_, error) || !fs::is_empty(folder_, error)))
      throw InputError(folder + " exists and is not empty; name another folder with --out");
    fs::create_directories(folder_ / "shards", error);
    if (error)
      throw InputError("cannot create " + folder + ": " + error.message() +
                       "; name another folder with --out");
  }
  ~Draft() {
    if (kept_) return;
    std::error_code ignored;
    fs::remove_all(folder_ / "shards", ignored);
    fs::remove(folder_ / "journal.jsonl", ignored);
    if (!existed_) fs::remove(folder_, ignored);
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  void keep() { kept_ = true; }

 private:
  fs::path folder_;
  bool existed_ = false;
  bool kept_ = false;
};

// What differs between a journal and the lines that it should hold.
class Comparison {
 public:
  explicit Comparison(const std::string& path) : file_(path, std::ios::binary) {}

  void expect(std::string_view line) {
    if (differs_) return;
    ++line_;
    there_.resize(line.size());
    file_.read(there_.data(), static_cast<std::streamsize>(line.size()));
    differs_ = !file_ || there_ != line;
  }
  // Of the first line that differs; 0: none does.
  std::int64_t line() {
    if (!differs_ && file_.peek() != std::char_traits<char>::eof()) return line_ + 1;
    return differs_ ? line_ : 0;
  }

 private:
  std::ifstream file_;
  std::string there_;
  std::int64_t line_ = 0;
  bool differs_ = false;
};

}  // namespace

void write_merged(const std::vector<MergeSource>& sources, const std::string& name,
                  const LineSink& sink) {
  Joiner(name, sink).join(sources);
}

std::string merged_journal(const std::vector<MergeSource>& sources, const std::string& name) {
  std::string text;
  write_merged(sources, name, [&](std::string_view line) { text += line; });
  return text;
}

MergePlan merge_runs(const std::vector<std::string>& folders, const std::string& out,
                     const std::string& name) {
  const auto sources = read_merge_sources(folders);
  Draft draft(out);
  const fs::path folder(out);
  for (std::size_t i = 0; i < sources.size(); ++i)
    copy_source(sources[i], folder / place_of(i + 1));
  write_whole((folder / "journal.jsonl").string(), [&](std::ostream& file) {
    write_merged(sources, name, [&](std::string_view line) { file << line; });
  });
  draft.keep();
  return plan_merge(sources, name);
}

std::optional<std::string> check_merged(const std::string& folder) {
  const std::string path = journal_of(folder);
  const auto run = JournalReader(path).next();
  const Value* merged = run ? run->find("merged") : nullptr;
  if (!merged || !merged->is_list()) return std::nullopt;
  std::vector<std::string> folders;
  for (const auto& source : merged->as_list()) {
    const std::string place = place_of(folders.size() + 1);
    folders.push_back((fs::path(folder) / place).string());
    std::ifstream file(journal_of(folders.back()), std::ios::binary);
    if (!file) return place + "/journal.jsonl, from which it was merged, is not there";
    const Value* journal = source.find("journal");
    if (!journal || journal->string_or("sha256", "") != base::sha256_hex(file))
      return place + "/journal.jsonl is not the one from which it was merged";
  }
  try {
    Comparison comparison(path);
    write_merged(read_merge_sources(folders), run->string_or("name", ""),
                 [&](std::string_view line) { comparison.expect(line); });
    if (comparison.line() > 0)
      return "line " + std::to_string(comparison.line()) +
             " of its journal does not follow from the runs in shards/";
  } catch (const InputError& e) {
    return std::string(e.what());
  }
  return std::nullopt;
}

}  // namespace plugproof::reports
