#include "pics_fixture.hpp"

namespace plugproof::pics {
namespace {

using base::Severity;
using base::Value;

TEST(PicsLoader, MissingFile__Refused) {
  const Loaded loaded = load_file("pics/no-such-file.yaml");
  EXPECT_FALSE(loaded.pics);
  EXPECT_NE(loaded.find("cannot be read"), nullptr) << loaded.diagnostics.render();
}

TEST(PicsLoader, ListInsteadOfMap__Refused) {
  expect_at("- 1\n", "- 1", Severity::error, "must be a map");
}

TEST(PicsLoader, NoGeneration__Refused) {
  const Loaded loaded = load_text("product: {}\n");
  EXPECT_FALSE(loaded.pics);
  EXPECT_NE(loaded.find("to which generation"), nullptr);
}

TEST(PicsLoader, UnknownGeneration__Refused) {
  expect_at("generation: '2021'\n", "'2021'", Severity::error, "no such generation");
}

TEST(PicsLoader, UnknownSection__RefusedWithNearestName) {
  expect_at(edited(k2025, "hardware:\n", "hardwares:\n"), "hardwares:", Severity::error,
            "unknown key 'hardwares'", "hardware");
}

TEST(PicsLoader, SectionOfAnotherGeneration__Refused) {
  expect_at(read_text(k2025) + "limits: {}\n", "limits:", Severity::error,
            "of generation 2025 has no 'limits'");
}

TEST(PicsLoader, UnknownKey__RefusedWithNearestName) {
  expect_at(edited(k2025, "  vendor: CAST", "  vendr: CAST"), "vendr:", Severity::error,
            "has no key 'vendr'", "vendor");
  expect_at(edited(k2025, "remote_stop: 60", "remote_end: 60"), "remote_end", Severity::error,
            "has no key 'remote_end'");
  expect_at(edited(k2025, "phases: 1, type", "phase: 1, type"), "phase: 1", Severity::error,
            "has no key 'phase'", "phases");
}

TEST(PicsLoader, UnknownId__RefusedWithNearestName) {
  expect_at(edited(k2025, "  C-07: yes", "  C-77: yes"), "C-77", Severity::error,
            "there is no 'C-77' in a PICS", "did you mean");
}

TEST(PicsLoader, UnknownProfile__RefusedWithNearestName) {
  expect_at(edited(k2025, "SmartCharging]", "SmartCharing]"), "SmartCharing]", Severity::error,
            "'SmartCharing' is no known value", "SmartCharging");
}

TEST(PicsLoader, ProfileOfAnotherGeneration__Refused) {
  expect_at(edited(k2025, "SmartCharging]", "Reservation]"), "Reservation]", Severity::error,
            "'Reservation' is no known value");
}

TEST(PicsLoader, UnknownEnumValue__RefusedWithNearestName) {
  expect_at(edited(k2025, "ORS-16: [FTP]", "ORS-16: [FTPX]"), "FTPX", Severity::error,
            "'FTPX' is no known value", "FTP");
  expect_at(edited(k2025, "current: AC", "current: XC"), "XC", Severity::error,
            "'XC' is no known value");
  expect_at(edited(k2025, "supported: [Energy.Active.Import.Interval",
                   "supported: [Energy.Active.Import.Intervall"),
            "Energy.Active.Import.Intervall", Severity::error, "is no known value",
            "Energy.Active.Import.Interval");
}

TEST(PicsLoader, NewValueOfAnOpenList__Remarked) {
  expect_at(edited(k2025, "HFS-10: Single", "HFS-10: Several"), "Several", Severity::warning,
            "'Several' is not among the values known so far");
}

TEST(PicsLoader, IdOfAnotherGeneration__RemarkedAndNotUsed) {
  const std::string text = edited(k2024, "  C-08: yes\n", "  C-08: yes\n  C-11: yes\n");
  expect_at(text, "C-11", Severity::warning, "does not belong to generation 2024");
  EXPECT_FALSE(load_text(text).pics->lookup("C-11"));
}

TEST(PicsLoader, IdUnderTheWrongSection__Refused) {
  expect_at(edited(k2025, "  C-08: yes\n", "  C-08: yes\n  AQ-2: yes\n"), "AQ-2: yes",
            Severity::error, "AQ-2 does not belong under 'features'", "questions");
}

TEST(PicsLoader, MissingId__RefusedAndNotTakenForNo) {
  expect_at(edited(k2025, "  C-04: yes\n", ""), "features:", Severity::error,
            "C-04 (Authorization Cache) is not answered");
}

TEST(PicsLoader, DashEmptyOrNothing__CountsAsNotAnswered) {
  for (const char* given : {"'-'", "''", "", "~"}) {
    const Loaded loaded = load_text(edited(k2025, "C-04: yes", std::string("C-04: ") + given));
    EXPECT_FALSE(loaded.pics) << given;
    EXPECT_NE(loaded.find("C-04 (Authorization Cache) is not answered"), nullptr) << given;
  }
}

TEST(PicsLoader, FormOfTheAbstract__OneOfItsGeneration) {
  EXPECT_TRUE(load_text(edited(k2024, "form: '2024-09'", "form: '2025-04'")).pics);
  EXPECT_TRUE(load_text(edited(k2024, "form: '2024-09'\n", "")).pics);
  const Loaded foreign = load_text(edited(k2024, "form: '2024-09'", "form: '2022-03'"));
  EXPECT_FALSE(foreign.pics);
  EXPECT_NE(foreign.find("generation 2024 has no such form of the abstract"), nullptr);
}

TEST(PicsLoader, EveryRequiredId__IsMissedWhenAbsent) {
  for (const char* file : {k2025, k2024, k2024All}) {
    const Loaded original = load_file(file);
    ASSERT_TRUE(original.pics);
    for (const auto& table : printed_tables(original.pics->generation())) {
      if (!table.profile.empty() && !original.pics->claims(table.profile)) continue;
      for (const auto& id : table.ids) {
        const IdInfo& info = *find_id(id);
        if (info.type == IdType::group) continue;
        // The row goes with the lines below it that belong to it.
        const std::string marker = "\n  " + id + ":";
        std::string text = read_text(file);
        const auto at = text.find(marker);
        ASSERT_NE(at, std::string::npos) << id << " in " << file;
        auto end = text.find("\n  ", at + 1);
        while (text[end + 3] == ' ') end = text.find("\n  ", end + 1);
        end = std::min(end, text.find("\n\n", at + 1));
        text.erase(at, end - at);
        const Loaded loaded = load_text(text);
        EXPECT_FALSE(loaded.pics) << id << " in " << file;
        EXPECT_NE(loaded.find(id + " ("), nullptr) << id << " in " << file << "\n"
                                                   << loaded.diagnostics.render();
      }
    }
  }
}

TEST(PicsLoader, MissingSection__NamesWhatItMustAnswer) {
  const Loaded loaded = load_text("generation: '2025'\n");
  EXPECT_FALSE(loaded.pics);
  const base::Diagnostic* found = loaded.find("the section 'questions' is missing");
  ASSERT_NE(found, nullptr) << loaded.diagnostics.render();
  EXPECT_NE(found->remedy.find("AQ-7.1"), std::string::npos);
  for (const char* section :
       {"'product'", "'profiles'", "'hardware'", "'features'", "'settings'", "'performance'"})
    EXPECT_NE(loaded.find(section), nullptr) << section;
}

TEST(PicsLoader, RowsThatMeanNothingWithoutTheFeature__MayBeLeftOut) {
  std::string text = edited(k2025, "LA-0: yes", "LA-0: no");
  for (const char* row : {"  ORS-12: 10\n", "  ORS-13: 10\n"})
    text.erase(text.find(row), std::string(row).size());
  const Loaded loaded = load_text(text);
  ASSERT_TRUE(loaded.pics) << loaded.diagnostics.render();
  EXPECT_FALSE(loaded.pics->lookup("ORS-12"));
}

struct BooleanForm {
  const char* text;
  bool value;
};
void PrintTo(const BooleanForm& form, std::ostream* out) {
  *out << form.text;
}

class BooleanForms : public testing::TestWithParam<BooleanForm> {};

TEST_P(BooleanForms, EveryPrintedForm__Read) {
  const Loaded loaded =
      load_text(edited(k2025, "C-04: yes", std::string("C-04: ") + GetParam().text));
  ASSERT_TRUE(loaded.pics) << GetParam().text << loaded.diagnostics.render();
  EXPECT_TRUE(answers(*loaded.pics, "C-04", GetParam().value)) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(Forms, BooleanForms,
                         testing::Values(BooleanForm{"yes", true}, BooleanForm{"No", false},
                                         BooleanForm{"YES", true}, BooleanForm{"'no'", false},
                                         BooleanForm{"<Yes>", true}, BooleanForm{"\"<no>\"", false},
                                         BooleanForm{"true", true}, BooleanForm{"False", false},
                                         BooleanForm{"tRuE", true}));

TEST(PicsLoader, NoBoolean__Refused) {
  for (const char* text : {"maybe", "1", "[yes]", "{a: b}", "on"})
    expect_at(edited(k2025, "C-04: yes", std::string("C-04: ") + text),
              std::string(text) + "\n  C-05", Severity::error, "C-04 must be yes or no");
}

TEST(PicsLoader, NoWholeNumber__Refused) {
  for (const char* text :
       {"-1", "1.5", "many", "2147483648", "99999999999999999999", "1e3", "0x10", "[4]"})
    expect_at(edited(k2025, "ORS-1: 4", std::string("ORS-1: ") + text),
              std::string(text) + "\n  ORS-2", Severity::error, "ORS-1 must be a whole number");
}

TEST(PicsLoader, QuotedNumber__Read) {
  const Loaded loaded = load_text(edited(k2025, "ORS-1: 4", "ORS-1: '4'"));
  ASSERT_TRUE(loaded.pics);
  EXPECT_TRUE(answers(*loaded.pics, "ORS-1", 4));
}

TEST(PicsLoader, TextInsteadOfList__Refused) {
  expect_at(edited(k2025, "HFS-9: [Ethernet]", "HFS-9: Ethernet, WiFi"), "Ethernet, WiFi",
            Severity::error, "HFS-9 must be a list");
}

TEST(PicsLoader, SameEntryTwice__Refused) {
  expect_at(edited(k2025, "HFS-9: [Ethernet]", "HFS-9: [WiFi, ethernet, Ethernet]"), "Ethernet]",
            Severity::error, "HFS-9 holds 'Ethernet' twice");
}

TEST(PicsLoader, HeadingWithAnswer__Refused) {
  expect_at(edited(k2025, "  C-06:\n", "  C-06: perhaps\n"), "perhaps", Severity::error,
            "is a heading");
}

TEST(PicsLoader, MeasurandWithPhase__Read) {
  const Loaded loaded =
      load_text(edited(k2024, "supported: [Energy", "supported: [Voltage.L1-N, Energy"));
  ASSERT_TRUE(loaded.pics) << loaded.diagnostics.render();
  EXPECT_EQ(loaded.pics->sampled_measurands().front(), "Voltage.L1-N");
}

TEST(PicsLoader, PlainMeasurandList__IsWhatIsSupported) {
  const std::string text =
      edited(k2024,
             "C-09.1:\n    tested: [Energy.Active.Import.Register]\n    supported: ["
             "Energy.Active.Import.Register]",
             "C-09.1: [Voltage]");
  const Loaded loaded = load_text(text);
  ASSERT_TRUE(loaded.pics) << loaded.diagnostics.render();
  EXPECT_EQ(loaded.pics->sampled_measurands(), std::vector<std::string>{"Voltage"});
  EXPECT_TRUE(loaded.pics->tested_sampled_measurands().empty());
}

TEST(PicsLoader, DeadlineOutOfRange__Refused) {
  for (const char* text : {"0", "86401"})
    expect_at(edited(k2025, "remote_start: 60", std::string("remote_start: ") + text),
              std::string(text) + "\n  remote_stop", Severity::error,
              "must lie between 1 and 86400 seconds");
}

TEST(PicsLoader, SecondsWithUnit__Read) {
  const Loaded loaded =
      load_text(edited(k2025, "ocpp_response_timeout: 120", "ocpp_response_timeout: 90 s"));
  ASSERT_TRUE(loaded.pics);
  EXPECT_EQ(loaded.pics->performance().response, std::chrono::seconds(90));
}

TEST(PicsLoader, MissingDeadline__Refused) {
  expect_at(edited(k2025, "  remote_stop: 60\n", ""), "performance:", Severity::error,
            "'performance' does not state 'remote_stop'");
}

TEST(PicsLoader, ProductWithoutVersion__Refused) {
  expect_at(edited(k2025, "  firmware_version: 1.7.01.F\n", ""), "product:", Severity::error,
            "the product has no firmware_version");
}

TEST(PicsLoader, VersionTwice__Refused) {
  expect_at(edited(k2025, "  firmware_version: 1.7.01.F\n",
                   "  firmware_version: '1'\n  software_version: 2\n"),
            "2\n  config", Severity::error, "the version is given twice");
}

TEST(PicsLoader, VersionThatLooksLikeANumber__KeptAsWritten) {
  const Loaded loaded = load_text(edited(k2025, "1.7.01.F", "1.10"));
  ASSERT_TRUE(loaded.pics);
  EXPECT_EQ(loaded.pics->product().version, "1.10");
}

TEST(PicsLoader, SecurityCertificateOf2019__NeedsItsQuestions) {
  const std::string text = edited(k2019, "certificates: []", "certificates: [Security]");
  const Loaded without = load_text(text);
  EXPECT_FALSE(without.pics);
  EXPECT_NE(without.find("the section 'questions' is missing"), nullptr)
      << without.diagnostics.render();
  const Loaded with =
      load_text(text + "questions: {SEC-1: no, SEC-2: yes, SEC-3: no, AQ-7.1: yes, AQ-7.2: no}\n");
  ASSERT_TRUE(with.pics) << with.diagnostics.render();
  EXPECT_TRUE(answers(*with.pics, "certificate.Security", true));
  EXPECT_TRUE(answers(*with.pics, "SEC-2", true));
  EXPECT_TRUE(answers(*with.pics, "AQ-7.1", true));
  EXPECT_TRUE(answers(*with.pics, "AQ-7.2", false));
  EXPECT_TRUE(answers(*with.pics, "supports.SecurityProfile2", true));
}

TEST(PicsLoader, Key2019__UnknownNameOrWrongTypeRefused) {
  expect_at(edited(k2019, "  BlinkRepeat:", "  BlinkRepeats:"), "BlinkRepeats", Severity::error,
            "has no key 'BlinkRepeats'", "BlinkRepeat");
  expect_at(edited(k2019, "HeartbeatInterval: 90", "HeartbeatInterval: often"), "often",
            Severity::error, "HeartbeatInterval must be a whole number of seconds");
  expect_at(edited(k2019, "SupportedFeatureProfiles: [Core]", "SupportedFeatureProfiles: Core"),
            "Core\n  SupportedFeatureProfilesMaxLength", Severity::error,
            "SupportedFeatureProfiles must be a list");
}

TEST(PicsLoader, Key2019ThatSessionsNeed__RefusedWhenAbsent) {
  expect_at(edited(k2019, "  NumberOfConnectors: 2\n", ""), "configuration:\n  Allow",
            Severity::error, "NumberOfConnectors has no value");
  expect_at(edited(k2019, "NumberOfConnectors: 2", "NumberOfConnectors: 2000000000"), "2000000000",
            Severity::error, "NumberOfConnectors must lie between");
}

TEST(PicsLoader, Reservation2019__ClaimAndValueTogetherMeanYes) {
  const std::string text = edited(k2019, "profiles: [Core]", "profiles: [Core, Reservation]");
  const Loaded loaded = load_text(text);
  ASSERT_TRUE(loaded.pics);
  EXPECT_TRUE(answers(*loaded.pics, "R-1", true));
  EXPECT_NE(loaded.find("the profile Reservation is claimed but not reported"), nullptr);
}

// A run is judged again from the PICS in its journal.
TEST(FromDocument, VersionThatLooksLikeANumber__AsItStandsInTheFile) {
  const auto loaded =
      load_text(edited(k2025, "firmware_version: 1.7.01.F", "firmware_version: 1.10"));
  ASSERT_TRUE(loaded.pics) << loaded.diagnostics.render();
  base::Diagnostics diagnostics;
  const auto again =
      Pics::from_document(loaded.pics->document(), "its.yaml", "its digest", diagnostics);
  ASSERT_TRUE(again) << diagnostics.render();
  EXPECT_EQ(again->product().version, "1.10");
  EXPECT_EQ(again->document(), loaded.pics->document());
  EXPECT_EQ(again->path(), "its.yaml");
  EXPECT_EQ(again->sha256(), "its digest");
}

}  // namespace
}  // namespace plugproof::pics
