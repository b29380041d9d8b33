// The checks that a bundle and a run's folder have in common, and those of a bundle's attachments.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "evidence/contents.hpp"
#include "evidence/verification.hpp"

namespace plugproof::evidence {

// The bytes of a file of the bundle or the folder; nothing when it is not there.
using Held = std::function<std::optional<std::string>(const std::string& name)>;

void check_chain(const reports::Results& results, Verification& out);

void check_uploads(const RunJournal& journal, const Held& held, Verification& out);

// Those that are there; `report` can leave some out.
void check_reports(const RunJournal& journal, const Held& held, Verification& out);
// What to say where the reports are of another version than this one.
void note_other_tool(const std::string& made_by, const std::string& tool, Verification& out);

void check_pixit(const Members& members, const RunJournal& journal, Verification& out);
void check_pics(const Members& members, const reports::RunInfo& run, Verification& out);
void check_suite(const Members& members, const reports::RunInfo& run, Verification& out);
// Every member must be one that a bundle has, and every report must be there.
void check_names(const Members& members, const RunJournal& journal, Verification& out);

}  // namespace plugproof::evidence
