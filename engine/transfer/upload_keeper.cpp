#include "engine/transfer/upload_keeper.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace plugproof::transfer {

UploadKeeper::UploadKeeper(UploadStore& uploads, Tell tell)
    : uploads_(uploads), tell_(std::move(tell)), thread_([this] { run(); }) {}

UploadKeeper::~UploadKeeper() {
  {
    const std::scoped_lock lock(mutex_);
    ends_ = true;
  }
  wake_.notify_one();
  thread_.join();
  for (const auto& job : jobs_) ::close(job.descriptor);
}

void UploadKeeper::keep(int descriptor, Event event) {
  {
    const std::scoped_lock lock(mutex_);
    jobs_.push_back({descriptor, std::move(event)});
  }
  wake_.notify_one();
}

void UploadKeeper::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return ends_ || !jobs_.empty(); });
    if (ends_) return;
    Job job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    copy(job);
    ::close(job.descriptor);
    lock.lock();
  }
}

void UploadKeeper::copy(Job& job) {
  Event& event = job.event;
  struct stat facts {};
  ::fstat(job.descriptor, &facts);
  const auto file = uploads_.begin();
  std::array<char, 65536> piece{};
  bool whole = false;
  while (true) {
    const ssize_t count = ::read(job.descriptor, piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      event.reason = std::string("the upload cannot be read: ") + std::strerror(errno);
      event.bench = true;
    }
    whole = count == 0;
    if (count <= 0 || !file->write({piece.data(), static_cast<std::size_t>(count)})) break;
  }
  // An interrupted upload may have been taken up again: the file is what counts, not the transfer.
  if (whole && static_cast<off_t>(file->bytes()) != facts.st_size)
    event.reason = "the client changed the file before it could be kept";
  if (event.reason.empty()) event.kept = file->finish(event.name);
  event.bytes = file->bytes();
  event.sha256 = file->sha256();
  if (event.kept.empty()) {
    event.kind = EventKind::failed;
    event.sha256.clear();
    if (event.reason.empty()) {
      event.reason = file->reason();
      event.bench = true;
    }
  }
  tell_(std::move(event));
}

}  // namespace plugproof::transfer
