// The PDF of the abstract with programs of the test's own in the search path: found, failing,
// missing.
#include <cstdlib>

#include "engine/base/diagnostics.hpp"
#include "reports/abstract_html.hpp"
#include "reports/abstract_pdf.hpp"
#include "reports_fixture.hpp"

namespace plugproof::reports {
namespace {

namespace fs = std::filesystem;

// A search path of one folder, for as long as a test runs.
class PdfProgramTest : public testing::Test {
 protected:
  void SetUp() override {
    before_ = std::getenv("PATH");
    setenv("PATH", programs_.path().c_str(), 1);
  }
  void TearDown() override { setenv("PATH", before_.c_str(), 1); }

  void install(const std::string& name, const std::string& script) {
    const std::string file = programs_.file(name);
    std::ofstream(file) << "#!/bin/sh\n" << script << "\n";
    fs::permissions(file, fs::perms::owner_all);
  }
  std::string problem() {
    try {
      write_abstract_pdf(run_.results(), run_.path());
    } catch (const base::InputError& e) {
      return e.what();
    }
    return "";
  }

  ScratchFolder programs_;
  RunFolder run_{sample_2025()};
  std::string before_;
};

TEST_F(PdfProgramTest, NothingInstalled__SaysWhatToInstall) {
  const std::string text = problem();
  EXPECT_NE(text.find("install weasyprint"), std::string::npos) << text;
  EXPECT_NE(text.find("chromium"), std::string::npos) << text;
  EXPECT_FALSE(fs::exists(run_.file("abstract.pdf")));
}

TEST_F(PdfProgramTest, Weasyprint__DrawsOurPageAndLeavesNothingBehind) {
  install("weasyprint", "while read -r line; do printf '%s\\n' \"$line\"; done < \"$1\" > \"$2\"");
  install("chromium", "exit 1");
  EXPECT_EQ(write_abstract_pdf(run_.results(), run_.path()), "weasyprint");
  EXPECT_EQ(read_text(run_.file("abstract.pdf")).substr(0, 15), "<!DOCTYPE html>");
  EXPECT_FALSE(fs::exists(run_.file("abstract.pdf.html")));
  EXPECT_FALSE(fs::exists(run_.file("abstract.pdf.part")));
}

TEST_F(PdfProgramTest, Chromium__TakesThePlaceOfWeasyprint) {
  install("chromium",
          "for a in \"$@\"; do case $a in --print-to-pdf=*) echo pdf > \"${a#*=}\";; file:///*) "
          "seen=1;; "
          "esac; done; test -n \"$seen\"");
  EXPECT_EQ(write_abstract_pdf(run_.results(), run_.path()), "chromium");
  EXPECT_EQ(read_text(run_.file("abstract.pdf")), "pdf\n");
}

TEST_F(PdfProgramTest, ProgramThatFails__NamedAndNoFileLeft) {
  install("weasyprint", "echo half > \"$2\"; exit 3");
  const std::string text = problem();
  EXPECT_NE(text.find(programs_.file("weasyprint") + " did not make it"), std::string::npos)
      << text;
  EXPECT_FALSE(fs::exists(run_.file("abstract.pdf")));
  EXPECT_FALSE(fs::exists(run_.file("abstract.pdf.part")));
}

TEST_F(PdfProgramTest, ProgramThatWritesNothing__IsNoSuccess) {
  install("weasyprint", "exit 0");
  EXPECT_NE(problem(), "");
}

}  // namespace
}  // namespace plugproof::reports
