#include "simulator/file_transfer.hpp"

#include <algorithm>

namespace plugproof::simulator {

namespace {

using namespace std::chrono_literals;

// A server that says nothing more must not keep the charge point busy for ever.
constexpr base::Nanos kLongest = 5min;

bool contains(const std::vector<std::string>& list, const char* word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

}  // namespace

FileTransfer::FileTransfer(Context& context) : context_(context), limit_(context.clock) {}

std::string FileTransfer::refusal(const std::string& url) const {
  if (!context_.files) return "this charge point cannot transfer files";
  const auto supported = split_list(context_.configuration.text("SupportedFileTransferProtocols"));
  const auto scheme = url.substr(0, std::min(url.find("://"), url.size()));
  // ftp:// is FTP, or FTPS that begins in clear (RFC 4217).
  const bool known =
      (scheme == "http" && contains(supported, "HTTP")) ||
      (scheme == "https" && contains(supported, "HTTPS")) ||
      (scheme == "ftp" && (contains(supported, "FTP") || contains(supported, "FTPS"))) ||
      (scheme == "ftps" && contains(supported, "FTPS"));
  return known ? "" : "no transfers over " + scheme;
}

bool FileTransfer::begin(const std::string& url, const Done& done) {
  stop();
  if (const std::string reason = refusal(url); !reason.empty()) {
    limit_.start(0s, [done, reason] { done({false, {}, reason}); });
    return false;
  }
  client_ = context_.files();
  limit_.start(kLongest, [this, done] {
    client_->cancel();
    done({false, {}, "it took too long"});
  });
  return true;
}

transfer::FileClient::Done FileTransfer::ends(Done done) {
  return [this, done = std::move(done)](const transfer::Fetched& result) {
    limit_.stop();
    done(result);
  };
}

void FileTransfer::download(const std::string& url, Done done) {
  if (begin(url, done)) client_->download(url, ends(std::move(done)));
}

void FileTransfer::upload(const std::string& folder, const std::string& name, std::string content,
                          Done done) {
  if (begin(folder, done)) client_->upload(folder, name, std::move(content), ends(std::move(done)));
}

void FileTransfer::stop() {
  limit_.stop();
  if (client_) client_->cancel();
}

}  // namespace plugproof::simulator
