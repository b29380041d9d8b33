#include "engine/base/diagnostics.hpp"
#include "simulator/behaviours.hpp"
#include "simulator/message_rule.hpp"
#include "simulator_tour.hpp"

namespace plugproof::simulator {
namespace {

constexpr const char* kTag = R"({"id_tag":"TAG"})";

std::string message_of(const std::string& defect) {
  try {
    Bench bench(pics_of(k2024All), {defect});
  } catch (const base::InputError& error) {
    return error.what();
  }
  return "accepted";
}

// One session with that defect, started and stopped by a tag.
std::unique_ptr<Bench> session_with(const std::string& defect) {
  auto bench = std::make_unique<Bench>(pics_of(k2024All), std::vector<std::string>{defect});
  bench->boot();
  bench->act("plug_in");
  bench->act("present_id", kTag);
  bench->act("present_id", kTag);
  bench->pass(30s);
  return bench;
}

TEST(Defects, Omit__OnlyTheMatchingMessageIsMissing) {
  const auto bench = session_with("omit:StatusNotification[status=Preparing]");
  EXPECT_EQ(bench->count("StatusNotification:Preparing"), 0);
  EXPECT_EQ(bench->count("StatusNotification:Charging"), 1);
  EXPECT_EQ(bench->hits("omit:StatusNotification[status=Preparing]"), 1);
}

TEST(Defects, OmitAuthorize__SessionGoesOnAsIfAccepted) {
  const auto bench = session_with("omit:Authorize");
  EXPECT_EQ(bench->count("Authorize"), 0);
  EXPECT_EQ(bench->count("StatusNotification:Charging"), 1);
}

TEST(Defects, OmitStart__StopStillFollows) {
  const auto bench = session_with("omit:StartTransaction");
  EXPECT_EQ(bench->count("StartTransaction"), 0);
  EXPECT_EQ(bench->count("StopTransaction"), 1);
}

TEST(Defects, Occurrence__OnlyThatOneIsHit) {
  Bench bench(pics_of(k2024All), {"omit:Heartbeat#2"});
  bench.answer("BootNotification",
               R"({"status":"Accepted","currentTime":"2026-01-01T00:00:00Z","interval":60})");
  bench.boot();
  bench.forget();
  bench.pass(240s);
  EXPECT_EQ(bench.count("Heartbeat"), 3);
  EXPECT_EQ(bench.hits("omit:Heartbeat#2"), 1);
}

TEST(Defects, AlterAndDrop__ChangeFields) {
  const auto altered = session_with("alter:StopTransaction[reason=Local].reason=Other");
  EXPECT_EQ(altered->last("StopTransaction")->string_or("reason", ""), "Other");
  const auto typed = session_with("alter:StartTransaction.connectorId=\"one\"");
  EXPECT_EQ(typed->last("StartTransaction")->string_or("connectorId", ""), "one");
  const auto nested = session_with("alter:StopTransaction.extra.deep=[1,2]");
  EXPECT_EQ(nested->last("StopTransaction")->find("extra")->find("deep")->as_list().size(), 2u);
  const auto dropped = session_with("drop:StatusNotification[status=Charging].errorCode");
  EXPECT_EQ(dropped->problems().size(), 1u);
}

TEST(Defects, AlterToTheSameValue__IsNoHit) {
  const auto bench = session_with("alter:StopTransaction.reason=Local");
  EXPECT_EQ(bench->hits("alter:StopTransaction.reason=Local"), 0);
}

TEST(Defects, Duplicate__SentTwiceWithNewId) {
  const auto bench = session_with("duplicate:StopTransaction");
  ASSERT_EQ(bench->count("StopTransaction"), 2);
  std::vector<std::string> ids;
  for (const auto& seen : bench->seen())
    if (seen.frame.action == "StopTransaction") ids.push_back(seen.frame.id);
  EXPECT_NE(ids[0], ids[1]);
}

TEST(Defects, Extra__SentAfterTheNamedMessage) {
  const auto bench =
      session_with(R"(extra:Authorize {"idTag":"X"} after StopTransaction[reason=Local])");
  const auto words = bench->words();
  const auto stop = std::find(words.begin(), words.end(), "StopTransaction:Local");
  EXPECT_NE(std::find(stop, words.end(), "Authorize"), words.end());
  EXPECT_EQ(bench->last("Authorize")->string_or("idTag", ""), "X");
}

TEST(Defects, ExtraAfterARequest__SentWhenItWasAnswered) {
  Bench bench(pics_of(k2024All), {"extra:Heartbeat {} after ClearCache"});
  bench.boot();
  bench.forget();
  bench.ask("ClearCache", "{}");
  EXPECT_EQ(bench.words(), Words{"Heartbeat"});
}

TEST(Defects, Swap__FirstComesAfterSecond) {
  const auto bench = session_with("swap:Authorize,StartTransaction");
  const auto words = bench->words();
  const auto start = std::find(words.begin(), words.end(), "StartTransaction");
  const auto authorize = std::find(words.begin(), words.end(), "Authorize");
  ASSERT_NE(authorize, words.end());
  EXPECT_LT(start, authorize);
  const auto stored = session_with("swap:StopTransaction,StatusNotification[status=Finishing]");
  const auto order = stored->words();
  EXPECT_LT(std::find(order.begin(), order.end(), "StatusNotification:Finishing"),
            std::find(order.begin(), order.end(), "StopTransaction:Local"));
  EXPECT_EQ(stored->count("StopTransaction"), 1);
}

TEST(Defects, RenameRawAndIds__ChangeTheFrame) {
  EXPECT_EQ(session_with("rename:Authorize=Authorise")->count("Authorise"), 2);
  const auto raw = session_with(R"(raw:Authorize=[2,"$id","Authorize"])");
  EXPECT_EQ(raw->problems().size(), 1u);
  const auto reused = session_with("reuse-id:StartTransaction");
  std::map<std::string, int> ids;
  for (const auto& seen : reused->seen()) ++ids[seen.frame.id];
  EXPECT_TRUE(
      std::any_of(ids.begin(), ids.end(), [](const auto& entry) { return entry.second == 2; }));
  const auto text = session_with("string-number:StartTransaction");
  EXPECT_EQ(text->last("StartTransaction")->string_or("connectorId", ""), "1");
}

TEST(Defects, Delay__LaterByThatMuch) {
  const auto plain = session_with("no-reset");
  const auto late = session_with("delay:StartTransaction=2");
  const auto when = [](const Bench& bench) {
    for (const auto& seen : bench.seen())
      if (seen.frame.action == "StartTransaction") return seen.at;
    return base::Nanos{0};
  };
  EXPECT_EQ(when(*late) - when(*plain), 2s);
}

TEST(Defects, Responses__OmittedAlteredRefusedDelayedMisnumbered) {
  const auto ask = [](const std::string& defect, const std::string& action,
                      const std::string& payload) {
    Bench bench(pics_of(k2024All), {defect});
    bench.boot();
    Value answer = bench.ask(action, payload);
    EXPECT_EQ(bench.hits(defect), 1) << defect;
    return answer;
  };
  EXPECT_EQ(ask("omit-response:ClearCache", "ClearCache", "{}"), Value());
  EXPECT_EQ(ask("wrong-id-response:ClearCache", "ClearCache", "{}"), Value());
  EXPECT_EQ(ask("delay-response:ClearCache=100", "ClearCache", "{}"), Value());
  EXPECT_EQ(
      ask("alter-response:ClearCache.status=Perhaps", "ClearCache", "{}").string_or("status", ""),
      "Perhaps");
  EXPECT_EQ(ask("drop-response:ClearCache.status", "ClearCache", "{}").find("status"), nullptr);
  EXPECT_EQ(
      ask("error-response:ClearCache=InternalError", "ClearCache", "{}").string_or("error", ""),
      "InternalError");
  EXPECT_EQ(ask("alter-response:UnlockConnector[connectorId=1].status=Unlocked", "UnlockConnector",
                R"({"connectorId":1})")
                .string_or("status", ""),
            "Unlocked");
}

TEST(Defects, SeveralAtOnce__AllApply) {
  Bench bench(pics_of(k2024All),
              {"drop:Authorize.idTag", "omit:StatusNotification[status=Preparing]",
               "stop-reason:Other", "no-samples"});
  bench.boot();
  bench.act("plug_in");
  bench.act("present_id", kTag);
  bench.act("present_id", kTag);
  for (const auto& [defect, hits] : bench.charge_point().defect_hits())
    EXPECT_EQ(hits, 1) << defect;
}

TEST(Defects, MistakesInTheText__RefusedWithReasonAndExample) {
  EXPECT_NE(message_of("omit:StatusNotfication").find("did you mean 'StatusNotification'"),
            std::string::npos);
  EXPECT_NE(message_of("ommit:Heartbeat").find("did you mean 'omit'"), std::string::npos);
  EXPECT_NE(message_of("omit-response:Heartbeat").find("never answers"), std::string::npos);
  EXPECT_NE(message_of("omit:Reset").find("never sends"), std::string::npos);
  EXPECT_NE(message_of("omit:Heartbeat[x").find("no '='"), std::string::npos);
  EXPECT_NE(message_of("omit:Heartbeat#0").find("no occurrence"), std::string::npos);
  EXPECT_NE(message_of("omit:Heartbeat=3").find("too much"), std::string::npos);
  EXPECT_NE(message_of("alter:Heartbeat=3").find("field path"), std::string::npos);
  EXPECT_NE(message_of("delay:Heartbeat=soon").find("number of seconds"), std::string::npos);
  EXPECT_NE(message_of("error-response:Reset=Nonsense").find("no error code"), std::string::npos);
  EXPECT_NE(message_of("extra:Heartbeat {} later").find("after <Action>"), std::string::npos);
  EXPECT_NE(message_of("stop-reason").find("needs an argument"), std::string::npos);
  EXPECT_NE(message_of("no-reset:really").find("takes no argument"), std::string::npos);
}

// Arguments for the behaviours that need one.
std::string with_argument(const Behaviour& behaviour) {
  static const std::map<std::string, std::string> kArguments{
      {"clock-wrong", "3600"},          {"clock-jumps", "600"},
      {"stop-reason", "Other"},         {"readonly-wrong", "ResetRetries"},
      {"missing-key", "ResetRetries"},  {"wrong-value", "ResetRetries=99"},
      {"missing-measurand", "Voltage"}, {"extra-measurand", "Frequency"}};
  const auto it = kArguments.find(behaviour.name);
  if (behaviour.argument != Argument::required) return behaviour.name;
  EXPECT_NE(it, kArguments.end()) << behaviour.name;
  return it == kArguments.end() ? behaviour.name : behaviour.name + ":" + it->second;
}

class EveryBehaviour : public testing::TestWithParam<Behaviour> {};

TEST_P(EveryBehaviour, OnTour__HitsAndChangesWhatIsSeen) {
  static const std::vector<std::string> kPlainSocket = [] {
    Bench bench(pics_of(k2024All, detachable()));
    tour(bench);
    return bench.raw();
  }();
  static const std::vector<std::string> kPlainCable = [] {
    Bench bench(pics_of(k2024All));
    tour(bench);
    return bench.raw();
  }();
  const std::string defect = with_argument(GetParam());
  Bench socket(pics_of(k2024All, detachable()), {defect});
  tour(socket);
  Bench cable(pics_of(k2024All), {defect});
  tour(cable);
  EXPECT_GT(socket.hits(defect) + cable.hits(defect), 0);
  if (socket.hits(defect) > 0)
    EXPECT_TRUE(socket.raw() != kPlainSocket) << "nothing else was seen";
  else
    EXPECT_TRUE(cable.raw() != kPlainCable) << "nothing else was seen";
}

INSTANTIATE_TEST_SUITE_P(Defects, EveryBehaviour, testing::ValuesIn(all_behaviours()),
                         [](const auto& behaviour) {
                           std::string name = behaviour.param.name;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(KnownDefects, Documentation__NamesEveryOne) {
  std::ifstream in("docs/simulator.md");
  std::ostringstream text;
  text << in.rdbuf();
  for (const auto& behaviour : all_behaviours())
    EXPECT_NE(text.str().find("| `" + behaviour.name), std::string::npos) << behaviour.name;
  for (const auto& form : message_rule_forms())
    EXPECT_NE(text.str().find("`" + form.name + ":"), std::string::npos) << form.name;
}

TEST(Tour, WithoutDefects__EveryMessageIsValid) {
  for (const char* path : {k2025, k2024, k2024All, k2019}) {
    Bench bench(pics_of(path));
    tour(bench);
    EXPECT_TRUE(bench.problems().empty()) << path << ": " << bench.problems().front();
    EXPECT_GT(bench.count("StopTransaction"), 10) << path;
  }
}

}  // namespace
}  // namespace plugproof::simulator
