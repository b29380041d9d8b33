#include "engine/transfer/http_upload.hpp"

#include <utility>

namespace plugproof::transfer {

namespace {
constexpr std::size_t kMostParts = 16;

// The last segment, whichever way the client writes paths.
std::string without_folders(const std::string& name) {
  const auto slash = name.find_last_of("/\\");
  return slash == std::string::npos ? name : name.substr(slash + 1);
}
}  // namespace

std::string too_large(std::uint64_t limit) {
  return "the file is larger than the bench takes (" + std::to_string(limit) + " bytes)";
}

HttpUpload::HttpUpload(const Context& context, const std::string& name,
                       const std::string& content_type)
    : transfer_(context.place, context.socket, context.tell),
      socket_(context.socket),
      uploads_(context.uploads),
      largest_(context.largest) {
  if (const auto boundary = multipart_boundary(content_type)) {
    form_.emplace(*boundary,
                  MultipartReader::Handlers{
                      [this](const std::string& file) { return begin(without_folders(file)); },
                      [this](std::string_view bytes) { return keep(bytes); }});
  } else {
    begin(name);
  }
}

bool HttpUpload::begin(const std::string& name) {
  if (parts_.size() == kMostParts) {
    problem_ = "the form has more files than the bench takes (" + std::to_string(kMostParts) + ")";
    bench_ = true;
    return false;
  }
  parts_.push_back({name, uploads_.begin()});
  transfer_.started(name);
  return true;
}

bool HttpUpload::keep(std::string_view bytes) {
  UploadStore::File& file = *parts_.back().file;
  if (file.write(bytes)) return true;
  problem_ = file.reason();
  bench_ = true;
  status_ = 507;
  return false;
}

// What the place does on purpose after so many bytes of a body; true when it was done.
bool HttpUpload::hold_back(std::string_view& bytes) {
  const Place& place = transfer_.place();
  if (place.conduct != Conduct::broken && place.conduct != Conduct::stalled) return false;
  if (bytes_ + bytes.size() < place.after) return false;
  bytes = bytes.substr(0, place.after - bytes_);
  return true;
}

bool HttpUpload::add(std::string_view bytes) {
  const bool last = hold_back(bytes);
  bytes_ += bytes.size();
  if (bytes_ > largest_) {
    problem_ = too_large(largest_);
    bench_ = true;
    status_ = 413;
    return false;
  }
  if (form_ ? !form_->add(bytes) : !keep(bytes)) {
    if (problem_.empty()) problem_ = "the body is no multipart/form-data body";
    return false;
  }
  if (!last) return true;
  abandoned_ = true;
  if (transfer_.place().conduct == Conduct::stalled) {
    socket_.wait_for_the_end();
    problem_ = reasons::kClientLeft;
  } else {
    socket_.reset();
    problem_ = reasons::kDropped;
  }
  return false;
}

int HttpUpload::finish(bool whole) {
  if (whole && form_ && (!form_->complete() || parts_.empty()))
    problem_ = parts_.empty() ? "the form has no part with a file name"
                              : "the form ends before its last boundary";
  if (!whole && problem_.empty()) {
    problem_ = reasons::kClientLeft;
    abandoned_ = true;
  }
  if (!problem_.empty()) {
    fail_all(problem_);
    return status_;
  }
  for (auto& [name, file] : parts_) {
    const std::string kept = file->finish(name);
    if (kept.empty()) {
      transfer_.failed(name, file->bytes(), file->reason(), true);
      status_ = 507;
      continue;
    }
    Event event = transfer_.event(EventKind::done, name, file->bytes());
    event.sha256 = file->sha256();
    event.kept = kept;
    transfer_.tell(std::move(event));
    if (status_ == 400) status_ = 201;
  }
  return status_;
}

void HttpUpload::fail_all(const std::string& reason) {
  for (const auto& [name, file] : parts_) transfer_.failed(name, file->bytes(), reason, bench_);
  if (parts_.empty()) transfer_.failed("", bytes_, reason, bench_);
}

}  // namespace plugproof::transfer
