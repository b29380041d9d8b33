// The body of one PUT or POST on its way into the run's folder: a file as it is, or a form with
// files in it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/transfer/http_places.hpp"
#include "engine/transfer/multipart.hpp"
#include "engine/transfer/upload_store.hpp"

namespace plugproof::transfer {

std::string too_large(std::uint64_t limit);

class HttpUpload {
 public:
  struct Context {
    std::shared_ptr<HttpPlace> place;
    HttpSocket& socket;
    UploadStore& uploads;
    const Tell& tell;
    std::uint64_t largest;  // bytes of one body
  };
  // `name`: what the URL says, may be empty.
  HttpUpload(const Context& context, const std::string& name, const std::string& content_type);

  // The next bytes of the body; false when no more are wanted.
  bool add(std::string_view bytes);
  // The body is over, `whole` or not. The status to answer with.
  int finish(bool whole);
  // The connection was broken on purpose or is lost.
  bool abandoned() const { return abandoned_; }

 private:
  struct Part {
    std::string name;
    std::unique_ptr<UploadStore::File> file;
  };
  bool begin(const std::string& name);
  bool keep(std::string_view bytes);
  bool hold_back(std::string_view& bytes);
  void fail_all(const std::string& reason);

  HttpTransfer transfer_;
  HttpSocket& socket_;
  UploadStore& uploads_;
  const std::uint64_t largest_;
  std::optional<MultipartReader> form_;
  std::vector<Part> parts_;
  std::uint64_t bytes_ = 0;
  std::string problem_;
  bool bench_ = false;  // the problem is ours
  int status_ = 400;    // of a body that is not whole
  bool abandoned_ = false;
};

}  // namespace plugproof::transfer
