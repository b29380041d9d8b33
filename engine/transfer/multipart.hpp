// Reads a multipart/form-data body (RFC 7578) as it comes in: the parts that are files. Forgiving
// where embedded clients differ: order of parameters, no line end after the last boundary, text
// before the first. cpp-httplib's own reader refuses the last two.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace plugproof::transfer {

// The boundary that a Content-Type names; nothing when it is no multipart/form-data.
std::optional<std::string> multipart_boundary(std::string_view content_type);

class MultipartReader {
 public:
  struct Handlers {
    // A part with a file name begins; the text is that name.
    std::function<bool(const std::string& file_name)> begin;
    std::function<bool(std::string_view bytes)> content;
  };
  MultipartReader(const std::string& boundary, Handlers handlers);

  // False when a handler said so or the body is no multipart body.
  bool add(std::string_view bytes);
  // The last boundary was seen.
  bool complete() const { return state_ == State::after; }

 private:
  enum class State { before, header, content, border, after };
  bool step(bool& more);
  bool read_header(std::string_view header);

  std::string delimiter_;  // with the line end before it
  Handlers handlers_;
  State state_ = State::before;
  bool is_file_ = false;
  std::string held_;  // what may be part of a delimiter
};

}  // namespace plugproof::transfer
