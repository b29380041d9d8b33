// A time-stamp service over HTTP (RFC 3161 section 3.4).
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace plugproof::evidence {

// The service did not give a time stamp. what() is complete but for the remedy.
class ServiceError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Empty where `url` can be asked: http or https, with a host.
std::string service_url_problem(std::string_view url);

// Asks the service for a time stamp over `data` and returns the TimeStampResp, checked against the
// request. At most `seconds` and a megabyte; redirections are not followed. Throws ServiceError.
std::string ask_service(const std::string& url, std::string_view data, long seconds = 30);

}  // namespace plugproof::evidence
