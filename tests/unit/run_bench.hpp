// A run on virtual time against a charge point whose every move a test writes down.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/json.hpp"
#include "engine/link/memory.hpp"
#include "engine/run/runner.hpp"
#include "engine/transfer/memory_files.hpp"
#include "suite_folder.hpp"

namespace plugproof::run {

using base::Nanos;
using base::Value;
using namespace std::chrono_literals;

inline constexpr Nanos kLatency = std::chrono::milliseconds(1);  // one way

// Boots when it connects, reports every connector Available, and answers requests with Accepted
// unless told otherwise.
class ScriptedDut {
 public:
  using Answer = std::function<void(const std::string& id, const Value& payload)>;

  ScriptedDut(base::VirtualClock& clock, link::MemoryLink& link, std::vector<int> connectors)
      : clock_(clock), link_(link), connectors_(std::move(connectors)) {}

  void connect(const std::string& path = "/CP001", bool boot = true) {
    if (client_) old_.push_back(std::move(client_));
    client_ = link_.make_client();
    client_->set_handlers({[this, boot] {
                             if (boot)
                               boot_ = call("BootNotification",
                                            R"({"chargePointVendor":"V","chargePointModel":"M"})");
                           },
                           [this](std::string_view text) { take(text); }, nullptr,
                           [this](int, const std::string&) {
                             if (on_closed) on_closed();
                           }});
    client_->connect({"ws://memory" + path, {"ocpp1.6"}, std::nullopt});
  }
  // Sends a request now; its message id.
  std::string call(const std::string& action, const std::string& payload) {
    const std::string id = "d" + std::to_string(++last_id_);
    raw("[2,\"" + id + "\",\"" + action + "\"," + payload + "]");
    return id;
  }
  void result(const std::string& id, const std::string& payload) {
    raw("[3,\"" + id + "\"," + payload + "]");
  }
  void error(const std::string& id, const std::string& code) {
    raw("[4,\"" + id + "\",\"" + code + "\",\"\",{}]");
  }
  void raw(std::string_view text) { client_->send(text); }
  void status(int connector, const std::string& status) {
    call("StatusNotification", R"({"connectorId":)" + std::to_string(connector) +
                                   R"(,"errorCode":"NoError","status":")" + status + "\"}");
  }
  void start(int connector, const std::string& tag = "PLUGPROOF01", int meter = 0) {
    call("StartTransaction", R"({"connectorId":)" + std::to_string(connector) + R"(,"idTag":")" +
                                 tag + R"(","meterStart":)" + std::to_string(meter) +
                                 R"(,"timestamp":")" + base::format_utc_millis(clock_.utc()) +
                                 "\"}");
  }
  void on(const std::string& action, Answer answer) { answers_[action] = std::move(answer); }
  void after(Nanos delay, std::function<void()> what) { clock_.after(delay, std::move(what)); }
  link::Client& client() { return *client_; }

  std::map<std::string, std::string> configuration{{"HeartbeatInterval", "0"},
                                                   {"ConnectionTimeOut", "60"}};
  std::vector<std::string> readonly;
  std::vector<std::string> requests;             // "Action payload", as they came
  std::map<std::string, std::string> responses;  // to our requests, by id: the frame
  std::function<void()> on_closed;

 private:
  void take(std::string_view text) {
    const auto frame = base::read_json(text);
    ASSERT_TRUE(frame.value) << text;
    const auto& parts = frame.value->as_list();
    const std::string& id = parts[1].as_string();
    if (parts[0] != Value(2)) {
      responses[id] = std::string(text);
      if (id == boot_ && text.find("\"Accepted\"") != std::string_view::npos) report_next_ = 0;
      if ((id == boot_ || id == reported_) && report_next_ < connectors_.size()) {
        status(connectors_[report_next_++], "Available");
        reported_ = "d" + std::to_string(last_id_);
      }
      return;
    }
    const std::string& action = parts[2].as_string();
    requests.push_back(action + " " + base::write_json(parts[3]));
    if (const auto it = answers_.find(action); it != answers_.end())
      return it->second(id, parts[3]);
    if (action == "GetConfiguration") return result(id, configuration_text());
    if (action == "ChangeConfiguration")
      configuration[parts[3].string_or("key", "")] = parts[3].string_or("value", "");
    result(id, R"({"status":"Accepted"})");
  }
  std::string configuration_text() const {
    std::string keys;
    for (const auto& [key, value] : configuration) {
      const bool fixed = std::find(readonly.begin(), readonly.end(), key) != readonly.end();
      keys += (keys.empty() ? "" : ",") + std::string(R"({"key":")") + key + R"(","readonly":)" +
              (fixed ? "true" : "false") + R"(,"value":")" + value + "\"}";
    }
    return R"({"configurationKey":[)" + keys + "]}";
  }

  base::VirtualClock& clock_;
  link::MemoryLink& link_;
  std::vector<int> connectors_;
  std::unique_ptr<link::Client> client_;
  std::vector<std::unique_ptr<link::Client>> old_;  // still connected, if nobody ended it
  std::map<std::string, Answer> answers_;
  std::string boot_, reported_;  // ids of requests
  std::size_t report_next_ = 0;
  int last_id_ = 0;
};

// Acts a moment later, like a program that has to be started, and says at once that it was asked.
class ScriptedRig final : public rig::Adapter {
 public:
  ScriptedRig(base::Clock& clock, rig::FunctionAdapter::Function function,
              std::function<void()> asked)
      : acting_("scripted", clock, std::move(function)), asked_(std::move(asked)) {}
  std::string name() const override { return acting_.name(); }
  void perform(const rig::ActionInfo& action, const Value& arguments, Done done) override {
    asked_();
    acting_.perform(action, arguments, std::move(done));
  }
  void cancel() override { acting_.cancel(); }

 private:
  rig::FunctionAdapter acting_;
  std::function<void()> asked_;
};

class RunBench : public testing::Test {
 public:
  explicit RunBench(const std::string& folder_name = {})
      : pics(load_pics()), pixit(*Pixit::load("", pics, diagnostics)), folder(folder_name) {
    pixit.values["response_timeout"] = 10.0;
    pixit.values["triggered_timeout"] = 20.0;
    pixit.values["reboot_timeout"] = 60.0;
    pixit.values["quiet_time"] = 10.0;
    std::vector<int> connectors{0};
    for (const auto& connector : pics.connectors()) connectors.push_back(connector.id);
    dut = std::make_unique<ScriptedDut>(clock, link, connectors);
    std::vector<std::unique_ptr<rig::Adapter>> adapters;
    adapters.push_back(std::make_unique<ScriptedRig>(
        clock,
        [this](const std::string& action, const Value& arguments) {
          actions.push_back(action);
          return act ? act(action, arguments) : rig::Result{};
        },
        [this] {
          if (on_asked) on_asked();
        }));
    rig = std::make_unique<rig::Rig>(clock, std::move(adapters), 30s);
  }

  static pics::Pics load_pics() {
    base::Diagnostics problems;
    auto loaded = pics::Pics::load("pics/certified/CSC-07A7-1.yaml", problems);
    EXPECT_TRUE(loaded) << problems.render();
    return *std::move(loaded);
  }

  // A case whose scenario has these lines, indented by two spaces here.
  void add(const std::string& id, const std::string& scenario, const std::string& before = "") {
    folder.add_case(id, (before.empty() ? "" : "before:\n" + before) + "scenario:\n" + scenario);
  }
  void add_state(const std::string& name, const std::string& body) {
    folder.write("states/" + name + ".yaml",
                 "name: " + name + "\nkind: reusable\npurpose: P.\n" + body);
  }

  // Runs what was added. The charge point connects at once.
  void run(bool connects = true) {
    prepare();
    if (connects) dut->connect();
    EXPECT_TRUE(clock.run_until([this] { return done; }));
    clock.advance(1s);  // the last answer is still on its way
  }
  void prepare() {
    suite = folder.load(diagnostics);
    ASSERT_TRUE(suite) << diagnostics.render();
    auto selection = suite::select(*suite, pics, "2025-11", {}, diagnostics);
    ASSERT_FALSE(diagnostics.has_errors()) << diagnostics.render();
    RunSettings settings;
    settings.name = "test";
    settings.edition = "2025-11";
    settings.mask_key = "a key of the test";
    settings.file_host = serves_files ? &files : host;
    settings.images = images;
    settings.isolate = isolate;
    runner = std::make_unique<Runner>(clock, link, journal, pics, pixit, *suite,
                                      std::move(selection), *rig, observer, settings);
    runner->start([this] { done = true; });
  }
  // The result of the only case of a run with this scenario.
  const CaseResult& play(const std::string& scenario, const std::string& before = "") {
    add("T_1", scenario, before);
    run();
    return result();
  }
  const CaseResult& result(std::size_t index = 0) const {
    static const CaseResult kNone{"none", Verdict::error, "the case was not run", {}, {}, 0, 0};
    return runner && index < runner->results().size() ? runner->results()[index] : kNone;
  }
  static std::string kind(const CaseResult& result) {
    return result.failures.empty() ? "" : result.failures[0].kind;
  }
  static const Failure* failure(const CaseResult& result, const std::string& check) {
    for (const auto& f : result.failures)
      if (f.check == check) return &f;
    return nullptr;
  }
  static const Finding* remark(const CaseResult& result, const std::string& monitor) {
    for (const auto& finding : result.remarks)
      if (finding.monitor == monitor) return &finding;
    return nullptr;
  }
  // The records of one kind, in order.
  std::vector<Value> records(const std::string& kind) const {
    std::vector<Value> out;
    std::string_view rest = sink.text();
    while (!rest.empty()) {
      const std::size_t end = rest.find('\n');
      auto record = base::read_json(rest.substr(0, end));
      EXPECT_TRUE(record.value) << rest.substr(0, end);
      if (record.value && (kind.empty() || record.value->string_or("kind", "") == kind))
        out.push_back(*std::move(record.value));
      rest.remove_prefix(end + 1);
    }
    return out;
  }
  // The reply to the charge point's request of that id, as it came there.
  std::string reply(const std::string& id) const {
    const auto it = dut->responses.find(id);
    return it == dut->responses.end() ? "" : it->second;
  }

  base::Diagnostics diagnostics;
  base::VirtualClock clock;
  link::MemoryLink link{clock, {kLatency, 1 << 20}};
  MemorySink sink;
  Journal journal{sink, clock.utc()};
  pics::Pics pics;
  Pixit pixit;
  suite::SuiteFolder folder;
  std::unique_ptr<ScriptedDut> dut;
  std::vector<std::string> actions;
  std::function<rig::Result(const std::string&, const Value&)> act;
  std::function<void()> on_asked;  // the moment at which the world begins to change
  std::unique_ptr<rig::Rig> rig;
  transfer::MemoryFiles files{clock};
  FirmwareImages images{make_image("good.bin", std::string(3000, 'g')), {}};
  bool serves_files = true;
  transfer::FileHost* host = nullptr;  // in its place
  RunObserver observer;
  std::optional<suite::Suite> suite;
  std::unique_ptr<Runner> runner;
  bool done = false;
  bool isolate = false;  // of the run's settings
};

// How a verdict is compared and shown.
inline void expect_verdict(const std::string& wanted, const CaseResult& result,
                           const std::string& where) {
  EXPECT_EQ(to_string(result.verdict), wanted) << result.reason << "\n" << where;
}
#define EXPECT_VERDICT(wanted, result) \
  expect_verdict(wanted, result, std::string(__FILE__) + ":" + std::to_string(__LINE__))

}  // namespace plugproof::run
