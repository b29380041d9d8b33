// OpenSSL 3 calls the way in which a generator is put in its place deprecated; that of providers
// needs some hundred lines and cannot be taken back.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "certs/reproducible.hpp"

#include <openssl/rand.h>

#include "certs/openssl.hpp"
#include "engine/base/random.hpp"

namespace plugproof::certs {

namespace {

base::Random& generator() {
  static base::Random one(0);
  return one;
}

int draw(unsigned char* bytes, int size) {
  for (int i = 0; i < size; ++i) bytes[i] = static_cast<unsigned char>(generator().bits() >> 32);
  return 1;
}

int ready() {
  return 1;
}

const RAND_METHOD kMethod{nullptr, draw, nullptr, nullptr, draw, ready};

}  // namespace

ReproducibleRandom::ReproducibleRandom(std::uint64_t seed)
    : before_(RAND_get_rand_method()), state_before_(generator().bits()) {
  generator() = base::Random(seed);
  need(RAND_set_rand_method(&kMethod) == 1, "draw from a seed");
}

ReproducibleRandom::~ReproducibleRandom() {
  RAND_set_rand_method(static_cast<const RAND_METHOD*>(before_));
  generator() = base::Random(state_before_);
}

}  // namespace plugproof::certs
