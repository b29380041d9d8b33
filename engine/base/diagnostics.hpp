// What is wrong with a file that a person wrote, and where. Loaders collect diagnostics and go on,
// so that one look shows all mistakes; nothing that has an error is ever used.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace plugproof::base {

struct SourcePos {
  std::string file;
  int line = 0;    // 1-based; 0: the file as a whole
  int column = 0;  // 1-based

  std::string to_string() const;  // file:line:column
};

enum class Severity { error, warning };

struct Diagnostic {
  Severity severity = Severity::error;
  SourcePos pos;
  std::string message;  // what is wrong, one sentence without a full stop
  std::string remedy;   // what to do about it; may be empty
};

class Diagnostics {
 public:
  void error(SourcePos pos, std::string message, std::string remedy = {});
  void warning(SourcePos pos, std::string message, std::string remedy = {});

  bool has_errors() const { return errors_ > 0; }
  std::size_t error_count() const { return errors_; }
  const std::vector<Diagnostic>& all() const { return all_; }

  // Every diagnostic as `file:line:column: error: message`, the source line with a caret where the
  // file can be read, and the remedy.
  std::string render() const;

 private:
  std::vector<Diagnostic> all_;
  std::size_t errors_ = 0;
};

// A file or an argument that cannot be used. what() is complete: place, reason, remedy.
class InputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The candidate that differs least from `name`, for "did you mean"; empty when none is near.
std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates);
// "; did you mean 'X'?" as a remedy sentence, or an empty text.
std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace plugproof::base
