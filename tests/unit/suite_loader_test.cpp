// What is wrong in a file is said with its place, its reason and the remedy.
#include "suite_folder.hpp"

namespace plugproof::suite {
namespace {

constexpr const char* kFile = "core/T_1.yaml";
// The head has ten lines, `scenario:` is the eleventh: the first step stands on line 12, column 5.

struct Broken {
  const char* name;
  const char* steps;    // two spaces of indentation are put before each line
  int line, column;     // line 1 is the first of the steps
  const char* message;  // part of it
  const char* remedy;   // part of it; empty: any
};

void PrintTo(const Broken& broken, std::ostream* out) {
  *out << broken.name;
}

std::string indented(const std::string& text) {
  std::string out = "  ";
  for (const char c : text) {
    out += c;
    if (c == '\n') out += "  ";
  }
  return out + "\n";
}

class BrokenStep : public testing::TestWithParam<Broken> {};

TEST_P(BrokenStep, Loaded__RefusedAtItsPlace) {
  const Broken& broken = GetParam();
  SuiteFolder folder;
  folder.write("states/Ready.yaml",
               "name: Ready\nkind: reusable\npurpose: P.\nparams: {id_tag: "
               "$valid_id_tag}\nsteps:\n  - wait: 1\n");
  folder.add_case("T_1", "scenario:\n" + indented(broken.steps));
  base::Diagnostics diagnostics;
  EXPECT_FALSE(folder.load(diagnostics));
  const std::string place = folder.path(kFile) + ":" + std::to_string(11 + broken.line) + ":" +
                            std::to_string(2 + broken.column);
  for (const auto& d : diagnostics.all())
    if (d.pos.to_string() == place && d.message.find(broken.message) != std::string::npos &&
        d.remedy.find(broken.remedy) != std::string::npos)
      return;
  ADD_FAILURE() << "not said at " << place << ": " << broken.message << " / " << broken.remedy
                << "\n"
                << diagnostics.render();
}

const Broken kBroken[] = {
    {"UnknownKind", "- recieve: Heartbeat", 1, 3, "no kind of step is named 'recieve'",
     "did you mean 'receive'?"},
    {"NoMap", "- Heartbeat", 1, 3, "a step must be a map", ""},
    {"UnknownKey", "- receive: Heartbeat\n  chek: {}", 2, 3, "a receive step has no key 'chek'",
     "did you mean 'check'?"},
    {"TwoKinds", "- receive: Heartbeat\n  send: ClearCache", 2, 3,
     "a receive step has no key 'send'", ""},
    {"UnknownMessage", "- receive: Heartbeet", 1, 12, "there is no message 'Heartbeet' in OCPP 1.6",
     "did you mean 'Heartbeat'?"},
    {"ReceiveOfWrongSender", "- receive: UnlockConnector", 1, 12,
     "UnlockConnector is not sent by the charge point", ""},
    {"SendOfWrongSender", "- send: BootNotification", 1, 9,
     "BootNotification is not sent by the central system", ""},
    {"UnknownField", "- receive: StartTransaction\n  check: {conectorId: 1}", 2, 11,
     "StartTransaction.req has no field 'conectorId'", "did you mean 'connectorId'?"},
    {"UnknownResultField", "- send: ClearCache\n  result: {state: Accepted}", 2, 12,
     "ClearCache.conf has no field 'state'", "did you mean 'status'?"},
    {"UnknownNestedField", "- receive: MeterValues\n  check: {'meterValue[*].time': x}", 2, 11,
     "MeterValues.req has no field", ""},
    {"NoPath", "- receive: MeterValues\n  check: {'meterValue[': x}", 2, 11, "is no field path",
     "write it like"},
    {"BadEnumValue", "- send: Reset\n  payload: {type: Warm}", 2, 19, "'Warm' is no value of type",
     ""},
    {"BadEnumInCheck", "- receive: StatusNotification\n  check: {status: [Available, Chargin]}", 2,
     31, "'Chargin' is no value of status", "did you mean 'Charging'?"},
    {"WrongType", "- receive: StartTransaction\n  check: {connectorId: 'one'}", 2, 24,
     "connectorId is of type integer, not string", ""},
    {"NumberForText", "- receive: Authorize\n  check: {idTag: 17}", 2, 18,
     "idTag is of type string, not integer", "put the value in quotes"},
    {"PayloadNoMap", "- send: Reset\n  payload: [Soft]", 2, 12, "a payload must be a map", ""},
    {"UnknownPayloadField", "- send: Reset\n  payload: {kind: Soft}", 2, 19,
     "Reset.req has no field 'kind'", ""},
    {"UnknownReplyField", "- receive: Heartbeat\n  reply: {time: x}", 2, 17,
     "Heartbeat.conf has no field 'time'", ""},
    {"UnknownErrorCode", "- receive: Heartbeat\n  reply_error: {code: Broken}", 2, 16,
     "'Broken' is no CALLERROR code", ""},
    {"UnknownReplyErrorKey", "- receive: Heartbeat\n  reply_error: {cod: GenericError}", 2, 17,
     "has no key 'cod'", "did you mean 'code'?"},
    {"UnknownSendErrorCode", "- send: ClearCache\n  error: [Broken]", 2, 10,
     "'Broken' is no CALLERROR code", ""},
    {"UnknownRigAction", "- rig: plugin", 1, 8, "there is no rig action 'plugin'",
     "did you mean 'plug_in'?"},
    {"UnknownRigArgument", "- rig: plug_in\n  with: {connector: 1, half: true}", 2, 30,
     "rig action 'plug_in' has no argument 'half'", ""},
    {"MissingRigArgument", "- rig: plug_in", 1, 3,
     "rig action 'plug_in' needs the argument 'connector'", ""},
    {"UnknownState", "- state: Redy", 1, 3, "there is no state 'Redy'", "did you mean 'Ready'?"},
    {"UnknownParam", "- state: Ready\n  with: {idtag: X}", 2, 17,
     "the state 'Ready' has no parameter 'idtag'", "did you mean 'id_tag'?"},
    {"UnknownName", "- receive: Authorize\n  check: {idTag: $valid_idtag}", 2, 18,
     "nothing gives 'valid_idtag' a value", "did you mean 'valid_id_tag'?"},
    {"UnknownPicsId", "- wait: 1\n  when: C-99", 2, 9, "there is no PICS id 'C-99'", ""},
    {"UnknownFunction", "- wait: 1\n  when: legn(connectors) == 1", 2, 9,
     "there is no function 'legn'", ""},
    {"BadExpression", "- wait: $connector +", 1, 9, "the expression ends too early", ""},
    {"UnknownOperator", "- receive: StartTransaction\n  check: {meterStart: {atleast: 1}}", 2, 23,
     "'atleast' is no check operator", "did you mean 'at_least'?"},
    {"ForeignOperatorKey",
     "- receive: StartTransaction\n  check: {meterStart: {at_least: 1, seconds: 2}}", 2, 37,
     "'seconds' does not belong to the operator 'at_least'", ""},
    {"BadRegex", "- receive: Authorize\n  check: {idTag: {matches: 'a('}}", 2, 28,
     "'a(' is no regular expression", ""},
    {"DefaultAlone", "- receive: Authorize\n  check: {idTag: {default: x}}", 2, 18,
     "'default' needs a check beside it", "{default: X, is: Y}"},
    {"CloseToAlone", "- receive: StartTransaction\n  check: {timestamp: {close_to: $now}}", 2, 22,
     "'close_to' needs 'seconds'", ""},
    {"CloseToThree",
     "- receive: StartTransaction\n  check: {timestamp: {close_to: [$now, $now, $now], seconds: "
     "5}}",
     2, 33, "'close_to' needs one instant or two", "[EARLIEST, LATEST]"},
    {"CompositeElsewhere",
     "- receive: StartTransaction\n  check: {timestamp: {composite: {connector: 1, duration: 5, "
     "unit: A}}}",
     2, 11, "'composite' is a check on the answer to GetCompositeSchedule alone",
     "chargingSchedule.chargingSchedulePeriod"},
    {"CompositeOfOtherField",
     "- send: GetCompositeSchedule\n  result: {chargingSchedule: {composite: {connector: 1, "
     "duration: 5, unit: A}}}",
     2, 12, "'composite' is a check on the answer to GetCompositeSchedule alone", ""},
    {"CompositeWithoutUnit",
     "- send: GetCompositeSchedule\n  result: {chargingSchedule.chargingSchedulePeriod: "
     "{composite: {connector: 1, duration: 5}}}",
     2, 65, "the composite lacks the key 'unit'", ""},
    {"CompositeUnknownKey",
     "- send: GetCompositeSchedule\n  result: {chargingSchedule.chargingSchedulePeriod: "
     "{composite: {connector: 1, duration: 5, units: A, unit: A}}}",
     2, 93, "a composite has no key 'units'", "did you mean 'unit'?"},
    {"MessageOutsideACheck", "- wait: $message.idTag", 1, 9, "nothing gives 'message' a value", ""},
    {"EitherWithoutReceive", "- either:\n    - [{wait: 1}]\n    - [{receive: Heartbeat}]", 2, 7,
     "must begin with a 'receive'", "put the message that decides first"},
    {"EitherOfOne", "- either:\n    - [{receive: Heartbeat}]", 2, 5, "at least two items", ""},
    {"OptionalWithoutReceive", "- optional:\n    - wait: 1", 2, 5, "must begin with a 'receive'",
     ""},
    {"BadDuration", "- receive: Heartbeat\n  within: soon", 2, 11,
     "'within' must be a number of seconds", ""},
    {"NegativeWait", "- wait: -1", 1, 9, "'wait' must be a number of seconds", ""},
    {"BadStepNumber", "- wait: 1\n  step: two", 2, 9, "'step' must be a whole number", ""},
    {"UnknownKpi", "- receive: Heartbeat\n  kpi: triggerd", 1, 3, "'triggerd' is no KPI",
     "did you mean 'triggered'?"},
    {"MeanwhileInASequence", "- receive: Heartbeat\n  optional: meanwhile", 1, 3,
     "'optional: meanwhile' belongs to an item of any_order", "elsewhere write optional: true"},
    {"MeanwhileInEither",
     "- either:\n    - receive: Heartbeat\n      optional: meanwhile\n    - receive: Authorize", 2,
     7, "'optional: meanwhile' belongs to an item of any_order", "elsewhere write optional: true"},
    {"OptionalOfAnotherWord", "- receive: Heartbeat\n  optional: sometimes", 2, 13,
     "must be true or false", ""},
    {"UnknownFault", "- link: cut", 1, 9, "'cut' is no link fault", ""},
    {"MisspeltFault", "- link: stal", 1, 9, "'stal' is no link fault", "did you mean 'stall'?"},
    {"DelayOfNoReply", "- receive: Heartbeat\n  no_reply: true\n  reply_after: 5", 1, 3,
     "'reply_after' delays a reply, but 'no_reply' says there is none", "leave one of them out"},
    {"BadReplyAfter", "- receive: Heartbeat\n  reply_after: soon", 2, 16,
     "'reply_after' must be a number of seconds", ""},
    {"UnknownFieldToWarnOf", "- send: ClearCache\n  warn: {state: {not: Accepted}}", 2, 10,
     "ClearCache.conf has no field 'state'", "did you mean 'status'?"},
    {"UnknownAwaited", "- await: conected", 1, 10, "'conected' is no thing to await",
     "did you mean 'connected'?"},
    {"UnknownOffered", "- offer: firmwre\n  into: x", 1, 10, "'firmwre' is no thing to offer",
     "did you mean 'firmware'?"},
    {"OfferWithoutName", "- offer: folder", 1, 3, "the offer step lacks the key 'into'", ""},
    {"UnknownOfferKey", "- offer: folder\n  into: x\n  with: {image: valid}", 3, 17,
     "an offered folder has no 'image'", ""},
    {"UnknownConduct", "- offer: folder\n  into: x\n  with: {conduct: stuck}", 3, 19,
     "'stuck' is no conduct of an offer", ""},
    {"UnknownImage", "- offer: firmware\n  into: x\n  with: {image: vald}", 3, 17,
     "'vald' is no image of an offer", "did you mean 'valid'?"},
    {"UnknownProtocol", "- offer: firmware\n  into: x\n  with: {protocol: SFTP}", 3, 20,
     "'SFTP' is no protocol of an offer", "did you mean"},
    {"TransferOfNothing", "- transfer: download\n  of: image", 1, 3,
     "'of' names 'image', which no 'offer: firmware' of this file gives", ""},
    {"TransferTheWrongWay", "- transfer: upload\n  of: image\n- offer: firmware\n  into: image", 1,
     3, "which no 'offer: folder' of this file gives", ""},
    {"UnknownTransferFact",
     "- offer: folder\n  into: box\n- transfer: upload\n  of: box\n  check: {size: 1}", 5, 11,
     "a transfer has no fact 'size'", ""},
    {"UnknownMark", "- receive: Heartbeat\n  not_before: {of: nothing, seconds: 1}", 1, 3,
     "'not_before' names 'nothing'", ""},
    {"ForEachWithoutName", "- for_each: $connectors\n  steps: []", 1, 13,
     "'for_each' must name one variable and its list", "write for_each"},
    {"ExpectWithoutSentence", "- expect: 1 == 1", 1, 3, "the expect step lacks the key 'says'", ""},
    {"CaptureNoMap", "- receive: StartTransaction\n  capture: [connectorId]", 2, 12,
     "'capture' must be a map", ""},
    {"EmptyScenario", "[]", -10, -1, "the scenario is empty", ""},
};

INSTANTIATE_TEST_SUITE_P(Table, BrokenStep, testing::ValuesIn(kBroken),
                         [](const auto& row) { return std::string(row.param.name); });

struct BrokenHead {
  const char* name;
  const char* from;
  const char* to;
  const char* message;
};
void PrintTo(const BrokenHead& broken, std::ostream* out) {
  *out << broken.name;
}
class BrokenCase : public testing::TestWithParam<BrokenHead> {};

TEST_P(BrokenCase, Loaded__Refused) {
  const BrokenHead& broken = GetParam();
  std::string text = SuiteFolder::head("T_1") + "scenario:\n  - send: ClearCache\n";
  const auto at = text.find(broken.from);
  ASSERT_NE(at, std::string::npos);
  text.replace(at, std::string(broken.from).size(), broken.to);
  SuiteFolder folder;
  folder.add_case("T_1", "");
  folder.write(kFile, text);
  base::Diagnostics diagnostics;
  EXPECT_FALSE(folder.load(diagnostics));
  EXPECT_NE(diagnostics.render().find(broken.message), std::string::npos) << diagnostics.render();
  EXPECT_NE(diagnostics.render().find(folder.path(kFile) + ":"), std::string::npos)
      << diagnostics.render();
}

const BrokenHead kBrokenHeads[] = {
    {"OtherId", "id: T_1", "id: T_2", "the test case is 'T_2', its file 'T_1'"},
    {"NoId", "id: T_1\n", "", "the test case lacks the key 'id'"},
    {"EmptyTitle", "title: A title", "title: ''", "'title' must not be empty"},
    {"UnknownKey", "advice:", "advise:", "a test case has no key 'advise'"},
    {"UnknownEdition", "'2025-11'", "'2025-12'", "'2025-12' is no edition of the test document"},
    {"UnknownGeneration", "applies: 'true'", "applies: {'2018': 'true'}",
     "'2018' is no programme generation"},
    {"GenerationLeftOut", "applies: 'true'", "applies: {'2019': 'true', '2024': 'true'}",
     "says nothing for the generation 2025"},
    {"UnknownPicsId", "applies: 'true'", "applies: C-99", "there is no PICS id 'C-99'"},
    {"UnknownName", "applies: 'true'", "applies: connector == 1",
     "'connector' is no PICS id, profile or configuration key"},
    {"BrokenApplies", "applies: 'true'", "applies: C-04 and", "the expression ends too early"},
    {"OtherGroup", "group: core/x", "group: core/y",
     "group is 'core/y' here, but 'core/x' in programme.yaml"},
    {"OtherApplies", "applies: 'true'", "applies: C-04", "but 'true' in programme.yaml"},
    {"RepeatedKey", "title: A title", "title: A title\ntitle: B", "key 'title' occurs twice"},
    {"ScenarioNoList", "scenario:\n  - send: ClearCache", "scenario: {send: ClearCache}",
     "a list of steps is expected here"},
    {"UnknownBeforeKey", "scenario:", "before: {memry: []}\nscenario:", "has no key 'memry'"},
    {"UnknownMemoryState",
     "scenario:", "before: {memory: [{state: Nowhere}]}\nscenario:", "there is no state 'Nowhere'"},
};
INSTANTIATE_TEST_SUITE_P(Table, BrokenCase, testing::ValuesIn(kBrokenHeads),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Suite, GoodCase__LoadedWithLabels) {
  SuiteFolder folder;
  folder.add_case(
      "T_1",
      "scenario:\n  - {step: 1, send: ClearCache}\n  - rig: plug_in\n    with: {connector: 1}\n  - "
      "rig: plug_in\n    with: {connector: 2}\n  - never: Heartbeat\n");
  base::Diagnostics diagnostics;
  const auto suite = folder.load(diagnostics);
  ASSERT_TRUE(suite) << diagnostics.render();
  const TestCase* c = suite->find_case("T_1");
  ASSERT_TRUE(c);
  std::string labels;
  for (const auto& step : c->scenario) labels += step.label + ";";
  EXPECT_EQ(labels, "1;rig plug_in;rig plug_in#2;never Heartbeat;");
  EXPECT_EQ(suite->find_case("T_2"), nullptr);
  EXPECT_EQ(suite->sha256().size(), 64u);
}

TEST(Suite, CaseOutsideTheProgramme__Refused) {
  SuiteFolder folder;
  folder.add_case("T_1", "scenario:\n  - send: ClearCache\n");
  folder.write("core/T_2.yaml", SuiteFolder::head("T_2") + "scenario:\n  - send: ClearCache\n");
  base::Diagnostics diagnostics;
  EXPECT_FALSE(folder.load(diagnostics));
  EXPECT_NE(diagnostics.render().find("'T_2' is not in programme.yaml"), std::string::npos)
      << diagnostics.render();
}

TEST(Suite, StateTwice__Refused) {
  const std::string state = "name: Ready\nkind: reusable\npurpose: P.\nsteps:\n  - wait: 1\n";
  SuiteFolder folder;
  folder.add_case("T_1", "scenario:\n  - send: ClearCache\n");
  folder.write("states/Ready.yaml", state);
  folder.write("more/Ready.yaml", state);
  base::Diagnostics diagnostics;
  EXPECT_FALSE(folder.load(diagnostics));
  EXPECT_NE(diagnostics.render().find("the state 'Ready' exists twice"), std::string::npos)
      << diagnostics.render();
}

TEST(Suite, FolderWithoutSuite__Refused) {
  SuiteFolder folder;
  base::Diagnostics empty, missing;
  EXPECT_FALSE(folder.load(empty));
  EXPECT_NE(empty.render().find("there is no programme.yaml"), std::string::npos) << empty.render();
  EXPECT_FALSE(Suite::load(folder.path("nowhere"), missing));
  EXPECT_NE(missing.render().find("cannot be read"), std::string::npos) << missing.render();
}

TEST(Suite, TheSuiteOfTheProject__LoadsWithoutAWord) {
  base::Diagnostics diagnostics;
  EXPECT_TRUE(Suite::load("testcases", diagnostics));
  EXPECT_EQ(diagnostics.render(), "");
}

}  // namespace
}  // namespace plugproof::suite
