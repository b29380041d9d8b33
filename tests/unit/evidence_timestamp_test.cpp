// Time stamps: OpenSSL's own authority stamps, ours asks and checks, OpenSSL checks ours.
#include <gtest/gtest.h>
#include <httplib.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <future>
#include <thread>

#include "evidence/timestamp_service.hpp"
#include "tests/unit/evidence_fixture.hpp"

namespace plugproof::evidence {
namespace {

const Authority& authority() {
  static const Authority one;
  return one;
}

// A service over HTTP that answers as a test wants.
class Service {
 public:
  using Handler = std::function<void(const httplib::Request&, httplib::Response&)>;
  explicit Service(Handler handler) {
    server_.Post("/tsr", std::move(handler));
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
  }
  ~Service() {
    server_.stop();
    thread_.join();
  }
  std::string url() const {
    return "http://user:hidden@127.0.0.1:" + std::to_string(port_) + "/tsr";
  }

 private:
  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
};

std::string problem_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const ServiceError& problem) {
    return problem.what();
  }
  return "nothing";
}

TEST(Timestamp, OfASignedBundle__HoldsAndOpensslAgrees) {
  const SmallRun run;
  const BenchKey key = new_key();
  const std::string bundle = seal(run.contents(), kThisTool, &key, authority().stamper());
  const Verification unchecked = verify_bundle(bundle, demands());
  EXPECT_TRUE(unchecked.intact()) << told(unchecked);
  ASSERT_TRUE(unchecked.stamp);
  EXPECT_EQ(unchecked.stamp->authority, "Test stamps");
  EXPECT_FALSE(unchecked.stamp->chain_checked);

  Demands chained = demands();
  chained.stamp_authorities = authority().root();
  chained.stamp_authorities_source = "ca.pem";
  const Verification checked = verify_bundle(bundle, chained);
  EXPECT_TRUE(checked.intact()) << told(checked);
  ASSERT_TRUE(checked.stamp);
  EXPECT_TRUE(checked.stamp->chain_checked);

  const Members members = unpack(bundle);
  const ScratchFolder folder;
  for (const char* name : {kTimestamp, kSignature})
    std::ofstream(folder.file(name), std::ios::binary) << find(members, name)->bytes;
  EXPECT_TRUE(ran("cd " + folder.path() +
                  " && openssl ts -verify -data manifest.sig -in manifest.tsr -CAfile " +
                  authority().root_file()));
}

TEST(Timestamp, OfAnUnsignedBundle__IsOverTheManifest) {
  const SmallRun run;
  const std::string bundle = seal(run.contents(), kThisTool, nullptr, authority().stamper());
  EXPECT_TRUE(verify_bundle(bundle, demands()).intact());
  const Members members = unpack(bundle);
  EXPECT_NO_THROW(
      read_timestamp(find(members, kTimestamp)->bytes, find(members, kManifest)->bytes));
}

TEST(Timestamp, AnotherAuthorityTrusted__DoesNotHold) {
  const SmallRun run;
  const Authority other;
  Demands chained = demands();
  chained.stamp_authorities = other.root();
  chained.stamp_authorities_source = "other.pem";
  EXPECT_FALSE(
      verify_bundle(seal(run.contents(), kThisTool, nullptr, authority().stamper()), chained)
          .intact());
  // Asked for a stamp, a bundle without one will not do.
  EXPECT_FALSE(verify_bundle(seal(run.contents(), kThisTool, nullptr, {}), chained).intact());
}

TEST(Timestamp, TakenAwayOrOfOtherBytes__Seen) {
  const SmallRun run;
  const BenchKey key = new_key();
  const Members members = unpack(seal(run.contents(), kThisTool, &key, authority().stamper()));
  EXPECT_FALSE(verify_bundle(repacked(without(members, kTimestamp)), demands()).intact());
  const std::string foreign = authority().reply(timestamp_request("other bytes"));
  EXPECT_FALSE(verify_bundle(repacked(with(members, kTimestamp, foreign)), demands()).intact());
}

TEST(Timestamp, ReplyToAnotherRequest__Refused) {
  const std::string request = timestamp_request("data");
  const std::string reply = authority().reply(request);
  EXPECT_NO_THROW(check_reply(request, reply));
  // The same bytes asked for again: only the nonce differs.
  EXPECT_THROW(check_reply(timestamp_request("data"), reply), BadTimestamp);
  EXPECT_THROW(check_reply(timestamp_request("other"), reply), BadTimestamp);
  EXPECT_THROW(read_timestamp(reply, "other"), BadTimestamp);
  EXPECT_THROW(read_timestamp(reply + "x", "data"), BadTimestamp);
}

// The signed part of a token: time, imprint, serial number.
TEST(Timestamp, ItsTimeChanged__DoesNotHold) {
  std::string reply = authority().reply(timestamp_request("data"));
  const std::size_t time = reply.find(
      "\x18\x0f"
      "20");  // GeneralizedTime of 15 characters
  ASSERT_NE(time, std::string::npos);
  reply[time + 5] = static_cast<char>(reply[time + 5] ^ 1);
  EXPECT_THROW(read_timestamp(reply, "data"), BadTimestamp);
}

TEST(TimestampService, Asked__GivesACheckedReply) {
  std::string type;
  const Service service([&](const httplib::Request& request, httplib::Response& response) {
    type = request.get_header_value("Content-Type");
    response.set_content(authority().reply(request.body), "application/timestamp-reply");
  });
  const std::string reply = ask_service(service.url(), "data");
  EXPECT_EQ(type, "application/timestamp-query");
  EXPECT_EQ(read_timestamp(reply, "data").authority, "Test stamps");
}

TEST(TimestampService, BadAnswers__OneMessageWithoutThePassword) {
  const auto answer = [](const std::string& content, int status = 200) {
    const Service service([=](const httplib::Request&, httplib::Response& response) {
      response.status = status;
      response.set_content(content, "application/timestamp-reply");
    });
    std::string problem = problem_of([&] { ask_service(service.url(), "data"); });
    EXPECT_EQ(problem.find("hidden"), std::string::npos) << problem;
    EXPECT_NE(problem.find("the time-stamp service http://127.0.0.1:"), std::string::npos);
    return problem;
  };
  EXPECT_NE(answer("<html>rubbish</html>").find("it is no TimeStampResp"), std::string::npos);
  EXPECT_NE(answer("").find("it is no TimeStampResp"), std::string::npos);
  EXPECT_NE(answer("", 503).find("HTTP status 503"), std::string::npos);
  EXPECT_NE(answer(std::string(3 << 20, 'x')).find("more than 1048576 bytes"), std::string::npos);
  // A TimeStampResp that says no: PKIStatusInfo with the status 2, rejection.
  EXPECT_NE(
      answer(std::string("\x30\x05\x30\x03\x02\x01\x02", 7)).find("refused the request (status 2)"),
      std::string::npos);
  EXPECT_NE(answer(authority().reply(timestamp_request("data"))).find("proves nothing"),
            std::string::npos);
}

// A port that is taken, so that nobody else gets it, and at which nobody listens.
TEST(TimestampService, NobodyThere__SaysSo) {
  const int taken = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(taken, reinterpret_cast<const sockaddr*>(&address), size), 0);
  ASSERT_EQ(::getsockname(taken, reinterpret_cast<sockaddr*>(&address), &size), 0);
  const std::string url = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/tsr";
  EXPECT_NE(problem_of([&] { ask_service(url, "data"); }).find("cannot be reached"),
            std::string::npos);
  ::close(taken);
}

TEST(TimestampService, NeverAnswers__GivenUpAfterTheTimeSet) {
  std::promise<void> over;
  const std::shared_future<void> waits = over.get_future().share();
  {
    const Service service([&](const httplib::Request&, httplib::Response&) { waits.wait(); });
    EXPECT_NE(problem_of([&] { ask_service(service.url(), "data", 1); }).find("cannot be reached"),
              std::string::npos);
    over.set_value();
  }
}

TEST(TimestampService, UrlThatCannotBeAsked__SaysWhy) {
  EXPECT_EQ(service_url_problem("https://tsa.example/tsr"), "");
  for (const char* url : {"", "tsa.example", "ftp://tsa.example", "file:///etc/passwd", "http://"})
    EXPECT_NE(service_url_problem(url), "") << url;
}

}  // namespace
}  // namespace plugproof::evidence
