#include "evidence/timestamp_service.hpp"

#include <curl/curl.h>

#include <memory>

#include "evidence/timestamp.hpp"
#include "reports/text.hpp"

namespace plugproof::evidence {

namespace {

constexpr std::size_t kMost = std::size_t{1} << 20;  // of a reply; real ones have some kilobytes

struct Free {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

std::size_t take(char* data, std::size_t size, std::size_t count, void* user) {
  auto& reply = *static_cast<std::string*>(user);
  if (reply.size() + size * count > kMost) return 0;
  reply.append(data, size * count);
  return size * count;
}

// The URL as it may be shown: without user and password.
std::string shown(const std::string& url) {
  const std::size_t host = url.find("://") + 3;
  const std::size_t end = std::min(url.find_first_of("/?#", host), url.size());
  const std::size_t at = url.rfind('@', end);
  return reports::printable(
      at == std::string::npos || at < host ? url : url.substr(0, host) + url.substr(at + 1));
}

}  // namespace

std::string service_url_problem(std::string_view url) {
  const std::size_t scheme = url.find("://");
  const std::string_view name = url.substr(0, scheme);
  if (scheme == std::string_view::npos || (name != "http" && name != "https"))
    return "it must be the http:// or https:// URL of a time-stamp service (RFC 3161)";
  const std::string_view rest = url.substr(scheme + 3);
  if (rest.empty() || rest.find_first_of("/?#") == 0) return "it names no host";
  return {};
}

std::string ask_service(const std::string& url, std::string_view data, long seconds) {
  const std::string request = timestamp_request(data);
  const std::unique_ptr<CURL, Free> easy(curl_easy_init());
  const std::unique_ptr<curl_slist, Free> headers(
      curl_slist_append(nullptr, "Content-Type: application/timestamp-query"));
  if (!easy || !headers) throw std::bad_alloc();
  std::string reply;
  char error[CURL_ERROR_SIZE] = "";
  CURL* handle = easy.get();
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.data());
  curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE, static_cast<long>(request.size()));
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &reply);
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, error);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT, seconds);
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  const std::string service = "the time-stamp service " + shown(url);
  const CURLcode code = curl_easy_perform(handle);
  if (code == CURLE_WRITE_ERROR)
    throw ServiceError(service + " sent more than " + std::to_string(kMost) + " bytes");
  if (code != CURLE_OK)
    throw ServiceError(service + " cannot be reached: " +
                       reports::printable(error[0] != '\0' ? error : curl_easy_strerror(code)));
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  if (status != 200)
    throw ServiceError(service + " answered with the HTTP status " + std::to_string(status));
  try {
    check_reply(request, reply);
  } catch (const BadTimestamp& problem) {
    throw ServiceError(service + " sent a reply that proves nothing: " + problem.what());
  }
  return reply;
}

}  // namespace plugproof::evidence
