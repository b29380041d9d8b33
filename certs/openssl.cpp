#include "certs/openssl.hpp"

#include <openssl/err.h>

#include <limits>
#include <stdexcept>

namespace plugproof::certs {

std::string last_error() {
  const unsigned long code = ERR_peek_last_error();
  const char* words = code == 0 ? nullptr : ERR_reason_error_string(code);
  std::string text = words ? words : "no reason given";
  ERR_clear_error();
  return text;
}

void need(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string("OpenSSL cannot ") + what + ": " + last_error());
}

OwnedBio reading(std::string_view text) {
  need(text.size() <= static_cast<std::size_t>(std::numeric_limits<int>::max()),
       "read a text of this length");
  OwnedBio bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  need(bio != nullptr, "make a buffer");
  return bio;
}

OwnedBio writing() {
  OwnedBio bio(BIO_new(BIO_s_mem()));
  need(bio != nullptr, "make a buffer");
  return bio;
}

std::string text_of(BIO* written) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(written, &data);
  return {data, static_cast<std::size_t>(size)};
}

}  // namespace plugproof::certs
