// What the Central System answers by itself, and which transaction ids it gives.
#include <gtest/gtest.h>

#include "engine/run/responder.hpp"

namespace plugproof::run {
namespace {

using base::Value;

std::int64_t given(Responder& responder) {
  const auto answer =
      responder.respond("StartTransaction", Value::object({{"idTag", "TAG"}}), base::Micros{0});
  return answer->int_or("transactionId", 0);
}

Pixit pixit() {
  Pixit pixit;
  pixit.values["valid_id_tag"] = "TAG";
  pixit.values["valid_id_tag_2"] = "TAG2";
  return pixit;
}

// An attempt that goes on keeps away from the ids of those before it, also when it is judged again.
TEST(Responder, Restarted__CountsFromTheFirstIdOfTheAttempt) {
  const Pixit values = pixit();
  Responder responder(values, 4321);
  EXPECT_EQ(given(responder), 4321);
  EXPECT_EQ(given(responder), 4322);
  responder.restart(1);
  EXPECT_EQ(given(responder), 4322);
}

TEST(Responder, FirstTransactionId__FarFromThoseGivenBefore) {
  for (std::uint64_t seed = 1; seed < 200; ++seed) {
    const std::int64_t first = first_transaction_id(seed, {});
    ProtocolState before;
    before.answered_by_us("StartTransaction", Value::object({{"connectorId", 1}, {"idTag", "TAG"}}),
                          Value::object({{"transactionId", first + 7}}), base::Nanos{0});
    ASSERT_TRUE(before.was_given(first + 7));
    EXPECT_GT(std::abs(first_transaction_id(seed, before) - first - 7), 5000) << seed;
  }
}

}  // namespace
}  // namespace plugproof::run
