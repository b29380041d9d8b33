// Copies what came in by FTP into the run's folder, on a thread of its own: a large file must not
// keep the clock waiting. A copy, since the charge point may look at its file, rename it or write
// it again.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "engine/transfer/place.hpp"
#include "engine/transfer/upload_store.hpp"

namespace plugproof::transfer {

class UploadKeeper {
 public:
  // Both must live longer. `tell` is called on the keeper's thread.
  UploadKeeper(UploadStore& uploads, Tell tell);
  // Waits for the copy under way and forgets the others.
  ~UploadKeeper();
  UploadKeeper(const UploadKeeper&) = delete;
  UploadKeeper& operator=(const UploadKeeper&) = delete;

  // Takes the descriptor of a complete upload and the event that tells of it, `done`, which goes on
  // with digest and place, or as `failed` when the file cannot be kept.
  void keep(int descriptor, Event event);

 private:
  struct Job {
    int descriptor;
    Event event;
  };
  void run();
  void copy(Job& job);

  UploadStore& uploads_;
  Tell tell_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job> jobs_;
  std::atomic<bool> ends_{false};
  std::thread thread_;
};

}  // namespace plugproof::transfer
