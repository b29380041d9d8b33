// Pieces that the abstracts of all generations share.
#pragma once

#include <string>
#include <vector>

#include "reports/abstract.hpp"
#include "reports/abstract_forms.hpp"
#include "reports/pics_view.hpp"

namespace plugproof::reports {

AbstractSection section(std::string title, int level = 2);
void add_text(AbstractSection& section, std::string text);
void add_remark(AbstractSection& section, std::string text);

// The row of the result summary for one profile.
Cells profile_row(const Results& results, const ProfileResult& profile);
// The same as a table for one profile alone; without rows when it is not judged.
AbstractTable profile_table(const Results& results, const Cells& header, std::string_view profile);

// "Charging Station", unless the PICS says something else.
std::string device_of(const PicsView& pics);
std::string version_of(const PicsView& pics);

// Whether a measured maximum is above the declared one: a remark of the section.
void remark_on_kpi(AbstractSection& section, const Kpi& kpi);

// Vendor and laboratory. Company and place come from the PICS; names too, where it gives them; the
// places for dates and signatures stay empty.
AbstractSection statement_of_approval(const Results& results, const PicsView& pics);

// plugproof's own sections at the end: how it was judged, the audit of the claims, the evidence.
std::vector<AbstractSection> own_sections(const Results& results);

// The layouts: 2019 (abstract_2019.cpp), and 2024 and 2025 (abstract_ids.cpp).
std::vector<AbstractSection> sections_2019(const Results& results);
std::vector<AbstractSection> sections_with_ids(const Results& results);

}  // namespace plugproof::reports
