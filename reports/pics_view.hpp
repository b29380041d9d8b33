// The PICS document of a journal, read for printing. The journal carries the file as it was
// written, so that a report can be rebuilt without it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/value.hpp"

namespace plugproof::reports {

class PicsView {
 public:
  // `document` must outlive the view.
  explicit PicsView(const base::Value& document) : document_(document) {}

  // A text of a section such as `product` or `laboratory`; empty when not given.
  std::string text(std::string_view section, std::string_view key) const;
  // A text of a block of the statement of approval: `vendor` or `laboratory`.
  std::string approval(std::string_view block, std::string_view key) const;

  // The answer to an id, printed: Yes, No, 24, "HTTP FTP", a dash where the file has one; empty
  // when not given.
  std::string answer(std::string_view id) const;
  // Of C-09.1 or C-09.2: what the vendor claims.
  std::vector<std::string> measurands(std::string_view id) const;
  // 2019: the value of a configuration key, printed.
  std::string configuration(std::string_view key) const;

  // 2019: a yes or no of the hardware table or of the other limits, printed.
  std::string hardware_boolean(std::string_view key) const;
  std::string limit(std::string_view key) const;

  // A profile, or as `Security` the extension (2024) or the certificate (2019).
  bool claims(std::string_view profile) const;
  // Rows of the connector table, as the abstract orders the columns.
  std::vector<std::vector<std::string>> connectors() const;
  // 2019: settings beside OCPP, in the order of the file.
  std::vector<std::vector<std::string>> other_configuration() const;

 private:
  const base::Value* find(std::string_view section, std::string_view key) const;

  const base::Value& document_;
};

}  // namespace plugproof::reports
