// The HTTP adapter against servers on real sockets in this process.
#include "engine/rig/http.hpp"

#include <gtest/gtest.h>
#include <httplib.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <asio/ip/tcp.hpp>
#include <asio/read_until.hpp>
#include <asio/streambuf.hpp>
#include <asio/write.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace plugproof::rig {
namespace {

using base::Nanos;
using base::Value;
using namespace std::chrono_literals;

// A laboratory's server: notes what it is asked and answers as it is told.
class LabServer {
 public:
  LabServer() : LabServer(std::make_unique<httplib::Server>()) {}
  explicit LabServer(std::unique_ptr<httplib::Server> server) : server_(std::move(server)) {
    server_->Post(".*", [this](const httplib::Request& request, httplib::Response& response) {
      std::unique_lock lock(mutex_);
      targets_.push_back(request.target);
      last_ = request;
      arrived_.notify_all();
      released_.wait(lock, [this] { return !hang_; });
      response.status = status_;
      response.set_content(body_, "text/plain");
    });
    port_ = server_->bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_->listen_after_bind(); });
    server_->set_keep_alive_max_count(1);
  }
  ~LabServer() {
    release();
    while (!server_->is_running()) std::this_thread::yield();
    server_->stop();
    thread_.join();
  }
  LabServer(const LabServer&) = delete;
  LabServer& operator=(const LabServer&) = delete;

  HttpBase base(const std::string& prefix = "", bool tls = false) const {
    HttpBase base;
    base.tls = tls;
    base.host = "127.0.0.1";
    base.port = static_cast<std::uint16_t>(port_);
    base.prefix = prefix;
    return base;
  }
  void answer(int status, const std::string& body = "") {
    const std::lock_guard lock(mutex_);
    status_ = status;
    body_ = body;
  }
  void hang() {
    const std::lock_guard lock(mutex_);
    hang_ = true;
  }
  void release() {
    const std::lock_guard lock(mutex_);
    hang_ = false;
    released_.notify_all();
  }
  void wait_for_call() {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [this] { return !targets_.empty(); });
  }
  std::vector<std::string> targets() {
    const std::lock_guard lock(mutex_);
    return targets_;
  }
  httplib::Request last() {
    const std::lock_guard lock(mutex_);
    return last_;
  }

 private:
  std::unique_ptr<httplib::Server> server_;
  int port_ = 0;
  std::mutex mutex_;
  std::condition_variable arrived_, released_;
  std::vector<std::string> targets_;
  httplib::Request last_;
  int status_ = 200;
  std::string body_;
  bool hang_ = false;
  std::thread thread_;
};

// Says one fixed text to whoever connects, whatever was asked.
class RawServer {
 public:
  explicit RawServer(std::string text)
      : acceptor_(io_, {asio::ip::make_address("127.0.0.1"), 0}), text_(std::move(text)) {
    thread_ = std::thread([this] {
      std::error_code error;
      asio::ip::tcp::socket socket(io_);
      acceptor_.accept(socket, error);
      asio::streambuf request;
      if (!error) asio::read_until(socket, request, "\r\n\r\n", error);
      if (!error) asio::write(socket, asio::buffer(text_), error);
    });
  }
  ~RawServer() { thread_.join(); }
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;
  HttpBase base() const {
    HttpBase base;
    base.host = "127.0.0.1";
    base.port = acceptor_.local_endpoint().port();
    return base;
  }

 private:
  asio::io_context io_;
  asio::ip::tcp::acceptor acceptor_;
  std::string text_;
  std::thread thread_;
};

const Value kOne = Value::object({{"connector", 1}});

class HttpRig : public testing::Test {
 protected:
  Result perform(const std::string& action, const Value& arguments, const HttpSettings& settings,
                 Nanos timeout = 60s) {
    HttpAdapter adapter(loop, settings, timeout);
    std::optional<Result> result;
    adapter.perform(*find_action(action), arguments, [&](Result r) {
      EXPECT_FALSE(result) << "answered twice";
      result = std::move(r);
    });
    EXPECT_FALSE(result) << "answered from inside the call";
    EXPECT_TRUE(loop.run_until([&] { return result.has_value(); }, 60s));
    return result.value_or(Result{});
  }
  HttpSettings to(const HttpBase& station) {
    HttpSettings settings;
    settings.station = station;
    return settings;
  }
  base::EventLoop loop;
  LabServer lab;
};

TEST_F(HttpRig, AnyStatusFrom200To299__Done) {
  for (const int status : {200, 202, 204}) {
    lab.answer(status);
    EXPECT_EQ(perform("plug_out", kOne, to(lab.base())).outcome, Outcome::done) << status;
  }
  EXPECT_EQ(lab.targets().front(), "/api/v1/plugout?evse_id=1&connector_id=1");
  EXPECT_EQ(lab.last().method, "POST");
  EXPECT_EQ(lab.last().body, "");
  EXPECT_EQ(lab.last().get_header_value("Content-Length"), "0");
}

TEST_F(HttpRig, EveryAction__AskedForOrUnsupported) {
  HttpSettings settings = to(lab.base());
  settings.vehicle = lab.base("/ev");
  for (const auto& action : all_actions()) {
    const std::size_t before = lab.targets().size();
    const Result result = perform(
        action.name,
        Value::object(
            {{"connector", 1}, {"on", true}, {"ready", true}, {"id_tag", "TAG"}, {"limit", "16A"}}),
        settings);
    const bool asked = lab.targets().size() > before;
    EXPECT_EQ(result.outcome, asked ? Outcome::done : Outcome::unsupported) << action.name;
    const bool beyond =
        action.name == "press_stop" || action.name == "power" || action.name == "network";
    EXPECT_EQ(asked, !beyond) << action.name;
  }
}

TEST_F(HttpRig, BothEnds__TwoServersInOrder) {
  LabServer vehicle;
  HttpSettings settings = to(lab.base("/lab"));
  settings.vehicle = vehicle.base("/ev");
  EXPECT_EQ(perform("plug_in", kOne, settings).outcome, Outcome::done);
  EXPECT_EQ(
      lab.targets(),
      (std::vector<std::string>{"/lab/api/v1/plugin?halfway=false&evse_id=1&connector_id=1"}));
  EXPECT_EQ(vehicle.targets(), (std::vector<std::string>{"/ev/api/v1/plugin"}));
}

TEST_F(HttpRig, FirstEndFails__SecondIsNotAsked) {
  LabServer vehicle;
  HttpSettings settings = to(lab.base());
  settings.vehicle = vehicle.base();
  lab.answer(500, "the arm is stuck\nat joint 3");
  const Result result = perform("plug_in", kOne, settings);
  EXPECT_EQ(result.outcome, Outcome::failed);
  EXPECT_EQ(result.reason,
            "the server at " + lab.base().url() + " answered 500 to plugin: the arm is stuck");
  EXPECT_TRUE(vehicle.targets().empty());
}

TEST_F(HttpRig, VehicleActionWithoutItsServer__Unsupported) {
  const Result result = perform("ev_plug_out", kOne, to(lab.base()));
  EXPECT_EQ(result.outcome, Outcome::unsupported);
  EXPECT_EQ(result.reason, "the PIXIT names no server of the vehicle's side");
}

TEST_F(HttpRig, StatusThatMeansUnknown__FallsThroughToTheNextAdapter) {
  for (const int status : {404, 405, 501}) {
    lab.answer(status);
    std::vector<std::unique_ptr<Adapter>> adapters;
    adapters.push_back(std::make_unique<HttpAdapter>(loop, to(lab.base()), 60s));
    adapters.push_back(std::make_unique<FunctionAdapter>(
        "person", loop, [](const std::string&, const Value&) { return Result{}; }));
    Rig rig(loop, std::move(adapters), 60s);
    std::optional<Result> result;
    rig.perform("power_cycle", Value(Value::Object{}), [&](Result r) { result = std::move(r); });
    ASSERT_TRUE(loop.run_until([&] { return result.has_value(); }, 60s));
    EXPECT_EQ(result->outcome, Outcome::done) << status;
    EXPECT_EQ(result->adapter, "person") << status;
  }
}

TEST_F(HttpRig, OtherStatuses__FailedAndNeverDone) {
  for (const int status : {302, 400, 401, 403, 409, 500, 503}) {
    lab.answer(status);
    const Result result = perform("plug_out", kOne, to(lab.base()));
    EXPECT_EQ(result.outcome, Outcome::failed) << status;
    EXPECT_NE(result.reason.find("answered " + std::to_string(status)), std::string::npos);
  }
}

TEST_F(HttpRig, TextOfAnError__OneShortPrintableLine) {
  lab.answer(400, "\n\x1b[31m" + std::string(1000, 'x') + "\xFF");
  const Result result = perform("plug_out", kOne, to(lab.base()));
  EXPECT_LT(result.reason.size(), 300U);
  EXPECT_EQ(result.reason.find('\x1b'), std::string::npos);
  EXPECT_EQ(result.reason.find('\xFF'), std::string::npos);
}

TEST_F(HttpRig, Headers__SentWithEveryCall) {
  HttpSettings settings = to(lab.base());
  settings.headers = {{"Authorization", "Bearer abc"}, {"X-Bench", "7"}};
  perform("plug_out", kOne, settings);
  EXPECT_EQ(lab.last().get_header_value("Authorization"), "Bearer abc");
  EXPECT_EQ(lab.last().get_header_value("X-Bench"), "7");
  EXPECT_EQ(lab.last().get_header_value("Host"), "127.0.0.1:" + std::to_string(lab.base().port));
}

TEST_F(HttpRig, NobodyListens__FailedWithTheAddress) {
  HttpBase gone;
  gone.host = "127.0.0.1";
  {
    asio::io_context io;
    const asio::ip::tcp::acceptor freed(io, {asio::ip::make_address("127.0.0.1"), 0});
    gone.port = freed.local_endpoint().port();
  }
  const Result result = perform("plug_in", kOne, to(gone));
  EXPECT_EQ(result.outcome, Outcome::failed);
  EXPECT_EQ(result.reason, "the server at " + gone.url() + " cannot be reached");
}

TEST_F(HttpRig, HostThatDoesNotExist__Failed) {
  HttpBase nowhere;
  nowhere.host = "no-such-host.invalid";  // RFC 2606
  EXPECT_EQ(perform("plug_in", kOne, to(nowhere)).outcome, Outcome::failed);
}

TEST_F(HttpRig, AnswerThatIsNoHttp__Failed) {
  for (const char* text : {"garbage\r\n\r\n", "", "HTTP/1.1 banana\r\n\r\n", "\x16\x03\x01"}) {
    RawServer raw(text);
    const Result result = perform("plug_in", kOne, to(raw.base()), 2s);
    EXPECT_EQ(result.outcome, Outcome::failed) << text;
    EXPECT_NE(result.reason.find("gave no HTTP answer"), std::string::npos) << result.reason;
  }
}

TEST_F(HttpRig, AnswerThatBreaksOff__ItsStatusCounts) {
  RawServer raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort");
  EXPECT_EQ(perform("plug_in", kOne, to(raw.base())).outcome, Outcome::done);
}

TEST_F(HttpRig, EndlessAnswer__NotListenedTo) {
  lab.answer(500, std::string(50 << 20, 'x'));
  EXPECT_EQ(perform("plug_in", kOne, to(lab.base())).outcome, Outcome::failed);
}

TEST_F(HttpRig, NoAnswerInTime__Failed) {
  lab.hang();
  const Result result = perform("plug_in", kOne, to(lab.base()), 50ms);
  EXPECT_EQ(result.outcome, Outcome::failed);
  EXPECT_NE(result.reason.find("gave no HTTP answer within"), std::string::npos) << result.reason;
}

TEST_F(HttpRig, CancelledWhileItHangs__NoAnswerAndTheNextActionWorks) {
  lab.hang();
  HttpAdapter adapter(loop, to(lab.base()), 60s);
  adapter.perform(*find_action("plug_in"), kOne, [](const Result&) { FAIL(); });
  lab.wait_for_call();
  adapter.cancel();
  loop.run_for(20ms);
  lab.release();
  std::optional<Result> result;
  adapter.perform(*find_action("plug_out"), kOne, [&](Result r) { result = std::move(r); });
  ASSERT_TRUE(loop.run_until([&] { return result.has_value(); }, 60s));
  EXPECT_EQ(result->outcome, Outcome::done);
}

TEST_F(HttpRig, AdapterGoneWhileItHangs__NeitherBlocksNorAnswers) {
  lab.hang();
  {
    HttpAdapter adapter(loop, to(lab.base()), 60s);
    adapter.perform(*find_action("plug_in"), kOne, [](const Result&) { FAIL(); });
    lab.wait_for_call();
  }
  loop.run_for(20ms);
}

TEST_F(HttpRig, AdapterGoneAtOnce__NeitherBlocksNorAnswers) {
  for (int i = 0; i < 50; ++i) {
    HttpAdapter adapter(loop, to(lab.base()), 60s);
    adapter.perform(*find_action("plug_in"), kOne, [](const Result&) { FAIL(); });
  }
  loop.run_for(20ms);
}

TEST_F(HttpRig, RigTimeout__EndsTheCall) {
  lab.hang();
  std::vector<std::unique_ptr<Adapter>> adapters;
  adapters.push_back(std::make_unique<HttpAdapter>(loop, to(lab.base()), 60s));
  Rig rig(loop, std::move(adapters), 50ms);
  std::optional<Result> result;
  rig.perform("plug_in", kOne, [&](Result r) { result = std::move(r); });
  ASSERT_TRUE(loop.run_until([&] { return result.has_value(); }, 60s));
  EXPECT_EQ(result->outcome, Outcome::timeout);
}

// A server with a certificate that it signed itself.
std::unique_ptr<httplib::Server> tls_server() {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  X509_NAME* name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("127.0.0.1"), -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  X509_sign(certificate, key, EVP_sha256());
  auto server = std::make_unique<httplib::SSLServer>(certificate, key);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return server;
}

TEST_F(HttpRig, CertificateOfNobodyKnown__RefusedUnlessToldOtherwise) {
  LabServer secure(tls_server());
  HttpSettings settings = to(secure.base("", true));
  const Result refused = perform("plug_out", kOne, settings);
  EXPECT_EQ(refused.outcome, Outcome::failed);
  EXPECT_NE(refused.reason.find("not trusted"), std::string::npos) << refused.reason;
  EXPECT_TRUE(secure.targets().empty());
  settings.insecure = true;
  EXPECT_EQ(perform("plug_out", kOne, settings).outcome, Outcome::done);
}

TEST(HttpBase, Urls__PartsAndProblems) {
  std::string problem;
  const auto plain = HttpBase::parse("http://lab.example", problem);
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->url(), "http://lab.example");
  EXPECT_EQ(plain->port, 80);
  const auto full = HttpBase::parse("https://192.168.1.20:8443/csOcpp/", problem);
  ASSERT_TRUE(full);
  EXPECT_TRUE(full->tls);
  EXPECT_EQ(full->host, "192.168.1.20");
  EXPECT_EQ(full->port, 8443);
  EXPECT_EQ(full->prefix, "/csOcpp");
  const auto ipv6 = HttpBase::parse("http://[fe80::1]:8080/x", problem);
  ASSERT_TRUE(ipv6);
  EXPECT_EQ(ipv6->host, "fe80::1");
  EXPECT_EQ(ipv6->url(), "http://[fe80::1]:8080/x");
  for (const char* wrong :
       {"", "lab:8080", "ftp://lab", "http://", "http://:80", "http://lab:0", "http://lab:70000",
        "http://lab:8x", "http://a:b@lab", "http://lab/?x=1", "http://lab/#a", "http://la b",
        "http://lab/api/v1", "http://lab/rig/api/v1/"}) {
    problem.clear();
    EXPECT_FALSE(HttpBase::parse(wrong, problem)) << wrong;
    EXPECT_FALSE(problem.empty()) << wrong;
  }
}

}  // namespace
}  // namespace plugproof::rig
