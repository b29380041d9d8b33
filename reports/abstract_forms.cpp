#include "reports/abstract_forms.hpp"

#include <array>

#include "reports/text.hpp"

namespace plugproof::reports {

namespace {

using pics::Generation;

constexpr const char* kTechnology = "Communication technology used during performance measurement";
constexpr const char* kTechnologyColon =
    "Communication technology used during performance measurement:";

// The newest of a generation last.
constexpr std::array<AbstractForm, 5> kForms = {{
    {.name = "2022-03",
     .generation = Generation::g2019,
     .report_title = "Test Report OCPP 1.6 Certification",
     .version_label = "OCPP Software version:",
     .config_id = false,
     .optional_heading = "Optional functionalities",
     .measurands_column = nullptr,
     .sampled_name = "",
     .aligned_name = "",
     .questions_column = "",
     .technology_label = "",
     .tool_table = false},
    {.name = "2024-05",
     .generation = Generation::g2019,
     .report_title = "Test Report OCPP 1.6 Certification",
     .version_label = "OCPP Software version:",
     .config_id = false,
     .optional_heading = "Optional features",
     .measurands_column = nullptr,
     .sampled_name = "",
     .aligned_name = "",
     .questions_column = "",
     .technology_label = "",
     .tool_table = false},
    {.name = "2024-09",
     .generation = Generation::g2024,
     .report_title = "Test Report OCPP 1.6 Certification",
     .version_label = "OCPP Software Version",
     .config_id = false,
     .optional_heading = "",
     .measurands_column = "MeterValues",
     .sampled_name = "MeterValuesSampledData",
     .aligned_name = "MeterValuesAlignedData",
     .questions_column = "Supported / Present",
     .technology_label = kTechnologyColon,
     .tool_table = false},
    {.name = "2025-04",
     .generation = Generation::g2024,
     .report_title = "Test Report OCPP 1.6 Certification",
     .version_label = "Firmware Version:",
     .config_id = true,
     .optional_heading = "",
     .measurands_column = nullptr,
     .sampled_name = "MeterValuesSampled Data",
     .aligned_name = "MeterValuesAligned Data",
     .questions_column = "Answer",
     .technology_label = kTechnology,
     .tool_table = true},
    {.name = "2026-01",
     .generation = Generation::g2025,
     .report_title = "Test Report OCPP1.6 Certification",
     .version_label = "Firmware Version:",
     .config_id = true,
     .optional_heading = "",
     .measurands_column = nullptr,
     .sampled_name = "MeterValuesSampled Data",
     .aligned_name = "MeterValuesAligned Data",
     .questions_column = "Answer",
     .technology_label = kTechnology,
     .tool_table = true},
}};

}  // namespace

const AbstractForm& form_of(const RunInfo& run) {
  const std::string named = plain_member(run.pics, "form");
  const AbstractForm* newest = &kForms.back();
  for (const AbstractForm& form : kForms) {
    if (pics::to_string(form.generation) != run.generation) continue;
    newest = &form;
    if (named == form.name) break;
  }
  return *newest;
}

}  // namespace plugproof::reports
