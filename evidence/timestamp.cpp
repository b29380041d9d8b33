#include "evidence/timestamp.hpp"

#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/pkcs7.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <openssl/ts.h>

#include <array>
#include <cstring>
#include <ctime>
#include <memory>

#include "certs/certificate.hpp"
#include "certs/openssl.hpp"

namespace plugproof::evidence {

namespace {

using certs::Free;
using certs::need;
using Request = std::unique_ptr<TS_REQ, Free<TS_REQ_free>>;
using Reply = std::unique_ptr<TS_RESP, Free<TS_RESP_free>>;
using Imprint = std::unique_ptr<TS_MSG_IMPRINT, Free<TS_MSG_IMPRINT_free>>;
using Algorithm = std::unique_ptr<X509_ALGOR, Free<X509_ALGOR_free>>;
using Number = std::unique_ptr<ASN1_INTEGER, Free<ASN1_INTEGER_free>>;
using Context = std::unique_ptr<TS_VERIFY_CTX, Free<TS_VERIFY_CTX_free>>;
using Store = std::unique_ptr<X509_STORE, Free<X509_STORE_free>>;
struct FreeStack {
  void operator()(STACK_OF(X509) * certificates) const { sk_X509_free(certificates); }
};
using BorrowedCertificates = std::unique_ptr<STACK_OF(X509), FreeStack>;

Request request_over(std::string_view data) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(data.data()), data.size(), digest.data());
  Request request(TS_REQ_new());
  const Imprint imprint(TS_MSG_IMPRINT_new());
  const Algorithm algorithm(X509_ALGOR_new());
  need(request && imprint && algorithm, "make a time-stamp request");
  X509_ALGOR_set_md(algorithm.get(), EVP_sha256());
  need(TS_MSG_IMPRINT_set_algo(imprint.get(), algorithm.get()) == 1 &&
           TS_MSG_IMPRINT_set_msg(imprint.get(), digest.data(), static_cast<int>(digest.size())) ==
               1 &&
           TS_REQ_set_version(request.get(), 1) == 1 &&
           TS_REQ_set_msg_imprint(request.get(), imprint.get()) == 1 &&
           TS_REQ_set_cert_req(request.get(), 1) == 1,
       "fill a time-stamp request");
  return request;
}

Reply parse_reply(std::string_view bytes) {
  const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
  const auto* end = at + bytes.size();
  Reply reply(d2i_TS_RESP(nullptr, &at, static_cast<long>(bytes.size())));
  if (!reply || at != end) {
    certs::last_error();
    throw BadTimestamp("it is no TimeStampResp (RFC 3161)");
  }
  const TS_STATUS_INFO* status = TS_RESP_get_status_info(reply.get());
  const long code = ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(status));
  if (code != TS_STATUS_GRANTED && code != TS_STATUS_GRANTED_WITH_MODS)
    throw BadTimestamp("the service refused the request (status " + std::to_string(code) + ")");
  if (!TS_RESP_get_token(reply.get()) || !TS_RESP_get_tst_info(reply.get()))
    throw BadTimestamp("it holds no time stamp");
  return reply;
}

void verify_against(TS_REQ* request, TS_RESP* reply, Store trusted) {
  const Context context(TS_REQ_to_TS_VERIFY_CTX(request, nullptr));
  need(context != nullptr, "check a time stamp");
  if (trusted) {
    TS_VERIFY_CTX_add_flags(context.get(), TS_VFY_SIGNATURE);
    TS_VERIFY_CTX_set_store(context.get(), trusted.release());  // freed with the context
  }
  ERR_clear_error();
  if (TS_RESP_verify_response(context.get(), reply) != 1) {
    const unsigned long code = ERR_peek_error();
    const char* words = ERR_reason_error_string(code);
    const char* more = nullptr;
    int flags = 0;
    ERR_peek_error_data(&more, &flags);
    std::string problem = words ? words : "no reason given";
    if (more && (flags & ERR_TXT_STRING) != 0 && *more != '\0')
      problem += std::string(" (") + more + ")";
    ERR_clear_error();
    throw BadTimestamp(problem);
  }
  ERR_clear_error();
}

std::tm time_of(TS_RESP* reply) {
  std::tm time{};
  if (ASN1_TIME_to_tm(TS_TST_INFO_get_time(TS_RESP_get_tst_info(reply)), &time) != 1) {
    certs::last_error();
    throw BadTimestamp("its time cannot be read");
  }
  return time;
}

// The signature by the certificate that the token itself carries, whoever issued that.
certs::Certificate check_own_signature(PKCS7* token) {
  const certs::OwnedBio ignored(BIO_new(BIO_s_null()));
  if (PKCS7_type_is_signed(token) != 1 ||
      PKCS7_verify(token, nullptr, nullptr, nullptr, ignored.get(), PKCS7_NOVERIFY) != 1)
    throw BadTimestamp("the signature of the time stamp does not hold: " + certs::last_error());
  const BorrowedCertificates signers(PKCS7_get0_signers(token, nullptr, 0));
  if (!signers || sk_X509_num(signers.get()) != 1)
    throw BadTimestamp("the time stamp is not signed by exactly one certificate");
  return certs::Certificate::held(sk_X509_value(signers.get(), 0));
}

// The certificates that are trusted, as they are at `time`: a stamp is to hold when the
// certificate behind it has long expired.
Store store_of(std::string_view trusted, const std::string& source, std::tm time) {
  Store store(X509_STORE_new());
  need(store != nullptr, "make a store of certificates");
  for (const auto& certificate : certs::Certificate::all_from_pem(trusted, source))
    need(X509_STORE_add_cert(store.get(), certificate.get()) == 1, "trust a certificate");
  X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store.get()), ::timegm(&time));
  return store;
}

}  // namespace

std::string timestamp_request(std::string_view data) {
  const Request request = request_over(data);
  std::uint64_t drawn = 0;
  const Number nonce(ASN1_INTEGER_new());
  need(nonce && RAND_bytes(reinterpret_cast<unsigned char*>(&drawn), sizeof drawn) == 1 &&
           ASN1_INTEGER_set_uint64(nonce.get(), drawn) == 1 &&
           TS_REQ_set_nonce(request.get(), nonce.get()) == 1,
       "draw a nonce");
  const certs::OwnedBio out = certs::writing();
  need(i2d_TS_REQ_bio(out.get(), request.get()) == 1, "write a time-stamp request");
  return certs::text_of(out.get());
}

void check_reply(std::string_view request, std::string_view reply) {
  const auto* at = reinterpret_cast<const unsigned char*>(request.data());
  const Request asked(d2i_TS_REQ(nullptr, &at, static_cast<long>(request.size())));
  need(asked != nullptr, "read its own time-stamp request");
  const Reply answer = parse_reply(reply);
  verify_against(asked.get(), answer.get(), nullptr);
  check_own_signature(TS_RESP_get_token(answer.get()));
}

Stamp read_timestamp(std::string_view reply, std::string_view data, std::string_view trusted,
                     const std::string& source) {
  const Reply answer = parse_reply(reply);
  const std::tm time = time_of(answer.get());
  verify_against(request_over(data).get(), answer.get(),
                 trusted.empty() ? nullptr : store_of(trusted, source, time));
  const certs::Certificate signer = check_own_signature(TS_RESP_get_token(answer.get()));
  char text[sizeof "2026-01-01T00:00:00Z"];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &time);
  return {text, signer.name(), !trusted.empty()};
}

}  // namespace plugproof::evidence
