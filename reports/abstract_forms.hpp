// What differs between the forms of the abstract, as data. A form is named by the month of the
// certificate that shows it.
#pragma once

#include <string_view>

#include "pics/pics.hpp"
#include "reports/results.hpp"

namespace plugproof::reports {

struct AbstractForm {
  const char* name;
  pics::Generation generation;
  const char* report_title;       // of the first table
  const char* version_label;      // of the version in it
  bool config_id;                 // whether that table ends with a Config ID
  const char* optional_heading;   // 2019: above the rows behind Core
  const char* measurands_column;  // 2024, 2025; nullptr: as pics::printed_tables has it
  const char* sampled_name;       // of C-09.1
  const char* aligned_name;       // of C-09.2
  const char* questions_column;   // title of the answers to AQ rows
  const char* technology_label;
  bool tool_table;  // version, instance and image at the end of the statement of approval
};

// The form that the PICS of a run names, else the newest of its generation.
const AbstractForm& form_of(const RunInfo& run);

}  // namespace plugproof::reports
