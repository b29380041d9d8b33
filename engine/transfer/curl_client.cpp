#include "engine/transfer/curl_client.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <cstring>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace plugproof::transfer {

namespace {

constexpr const char* kProtocols = "http,https,ftp,ftps";

struct FreeEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
using Easy = std::unique_ptr<CURL, FreeEasy>;

// One transfer. Made on the loop's thread, from then on the worker's.
struct Transfer {
  Easy easy;
  std::string content;  // what came, or what goes
  std::size_t sent = 0;
  std::uint64_t limit = 0;
  bool is_upload = false, too_large = false;
  char error[CURL_ERROR_SIZE] = "";
  std::function<void(Fetched)> deliver;  // any thread
};

std::size_t take(char* data, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  transfer.too_large = transfer.content.size() + size * count > transfer.limit;
  if (transfer.too_large) return 0;
  transfer.content.append(data, size * count);
  return size * count;
}

std::size_t give(char* data, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const std::size_t piece = std::min(size * count, transfer.content.size() - transfer.sent);
  std::memcpy(data, transfer.content.data() + transfer.sent, piece);
  transfer.sent += piece;
  return piece;
}

Fetched outcome(Transfer& transfer, CURLcode code) {
  if (code == CURLE_OK)
    return {true, transfer.is_upload ? std::string() : std::move(transfer.content), {}};
  if (transfer.too_large) return {false, {}, "the file is larger than the memory set aside for it"};
  const char* reason = transfer.error[0] != '\0' ? transfer.error : curl_easy_strerror(code);
  return {false, {}, reason};
}

// The thread that libcurl runs on.
class Worker {
 public:
  using Id = std::uint64_t;

  Worker() : multi_(curl_multi_init()), thread_([this] { run(); }) {}
  ~Worker() {
    {
      const std::scoped_lock lock(mutex_);
      ends_ = true;
    }
    curl_multi_wakeup(multi_);
    thread_.join();
    for (auto& [id, transfer] : running_) curl_multi_remove_handle(multi_, transfer->easy.get());
    running_.clear();
    curl_multi_cleanup(multi_);
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  Id start(std::unique_ptr<Transfer> transfer) {
    Id id = 0;
    {
      const std::scoped_lock lock(mutex_);
      id = ++last_id_;
      fresh_.emplace_back(id, std::move(transfer));
    }
    curl_multi_wakeup(multi_);
    return id;
  }
  // May come after its end.
  void give_up(Id id) {
    {
      const std::scoped_lock lock(mutex_);
      given_up_.push_back(id);
    }
    curl_multi_wakeup(multi_);
  }

 private:
  void run() {
    while (take_orders()) {
      int active = 0, left = 0;
      curl_multi_perform(multi_, &active);
      while (const CURLMsg* message = curl_multi_info_read(multi_, &left))
        if (message->msg == CURLMSG_DONE) finish(message->easy_handle, message->data.result);
      curl_multi_poll(multi_, nullptr, 0, 1000, nullptr);
    }
  }

  bool take_orders() {
    std::vector<std::pair<Id, std::unique_ptr<Transfer>>> fresh;
    std::vector<Id> given_up;
    {
      const std::scoped_lock lock(mutex_);
      if (ends_) return false;
      fresh.swap(fresh_);
      given_up.swap(given_up_);
    }
    for (auto& [id, transfer] : fresh) {
      curl_multi_add_handle(multi_, transfer->easy.get());
      running_.emplace(id, std::move(transfer));
    }
    for (const Id id : given_up) {
      const auto it = running_.find(id);
      if (it == running_.end()) continue;
      curl_multi_remove_handle(multi_, it->second->easy.get());
      running_.erase(it);
    }
    return true;
  }

  void finish(CURL* easy, CURLcode code) {
    const auto it = std::find_if(running_.begin(), running_.end(), [&](const auto& entry) {
      return entry.second->easy.get() == easy;
    });
    curl_multi_remove_handle(multi_, easy);
    const std::unique_ptr<Transfer> transfer = std::move(it->second);
    running_.erase(it);
    transfer->deliver(outcome(*transfer, code));
  }

  CURLM* multi_;
  std::map<Id, std::unique_ptr<Transfer>> running_;  // the thread's own
  std::mutex mutex_;                                 // of all below
  std::vector<std::pair<Id, std::unique_ptr<Transfer>>> fresh_;
  std::vector<Id> given_up_;
  Id last_id_ = 0;
  bool ends_ = false;
  std::thread thread_;
};

class CurlClient final : public FileClient {
 public:
  CurlClient(base::EventLoop& loop, std::shared_ptr<Worker> worker,
             std::shared_ptr<const CurlOptions> options)
      : loop_(loop), worker_(std::move(worker)), options_(std::move(options)) {}
  ~CurlClient() override { cancel(); }

  void download(const std::string& url, Done done) override {
    auto transfer = make(url, std::move(done));
    CURL* easy = transfer->easy.get();
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer.get());
    transfer_ = worker_->start(std::move(transfer));
  }

  void upload(const std::string& folder, const std::string& name, std::string content,
              Done done) override {
    auto transfer = make(folder, std::move(done));
    CURL* easy = transfer->easy.get();
    char* escaped = curl_easy_escape(easy, name.c_str(), static_cast<int>(name.size()));
    curl_easy_setopt(easy, CURLOPT_URL, (folder + (escaped ? escaped : "")).c_str());
    curl_free(escaped);
    transfer->content = std::move(content);
    transfer->is_upload = true;
    curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(easy, CURLOPT_READDATA, transfer.get());
    curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE,
                     static_cast<curl_off_t>(transfer->content.size()));
    // What a server answers to an upload is of no interest.
    curl_easy_setopt(
        easy, CURLOPT_WRITEFUNCTION,
        +[](char*, std::size_t size, std::size_t count, void*) { return size * count; });
    transfer_ = worker_->start(std::move(transfer));
  }

  void cancel() override {
    alive_ = std::make_shared<const bool>(true);  // what is under way finds nobody any more
    if (transfer_ != 0) worker_->give_up(std::exchange(transfer_, 0));
  }

 private:
  std::unique_ptr<Transfer> make(const std::string& url, Done done) {
    cancel();
    auto transfer = std::make_unique<Transfer>();
    transfer->limit = options_->largest_download;
    transfer->deliver = [&loop = loop_, alive = std::weak_ptr<const bool>(alive_),
                         done = std::move(done)](Fetched fetched) {
      asio::post(loop.context(), [alive, done, fetched = std::move(fetched)]() mutable {
        if (!alive.expired()) done(std::move(fetched));
      });
    };
    transfer->easy.reset(curl_easy_init());
    CURL* easy = transfer->easy.get();
    const auto seconds = [](base::Nanos span) {
      return std::max(1L, static_cast<long>(base::to_seconds(span)));
    };
    curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, kProtocols);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->error);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY,
                     "");  // the bench is next door, whatever the environment says
    curl_easy_setopt(easy, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_TRY));
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, seconds(options_->connect_timeout));
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, seconds(options_->stall_timeout));
    if (!options_->ca_file.empty())
      curl_easy_setopt(easy, CURLOPT_CAINFO, options_->ca_file.c_str());
    if (options_->insecure) {
      curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
      curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
    }
    return transfer;
  }

  base::EventLoop& loop_;
  std::shared_ptr<Worker> worker_;
  std::shared_ptr<const CurlOptions> options_;
  Worker::Id transfer_ = 0;
  std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
};

}  // namespace

FileClientFactory make_curl_clients(base::EventLoop& loop, CurlOptions options) {
  static std::once_flag initialised;
  std::call_once(initialised, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  return [&loop, worker = std::make_shared<Worker>(),
          shared = std::make_shared<const CurlOptions>(std::move(options))] {
    return std::make_unique<CurlClient>(loop, worker, shared);
  };
}

}  // namespace plugproof::transfer
