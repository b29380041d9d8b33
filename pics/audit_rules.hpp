// Which claims of a PICS show in the configuration of the charge point, and how: the table behind
// the audit of a run. A row is a fact of the specification, no test.
#pragma once

#include <string_view>
#include <vector>

namespace plugproof::pics {

enum class Comparison {
  equals,   // the key has the claimed value; lists as sets, without regard to case
  setting,  // the same, unless the key may be written: then its value is no property of the product
  exists,   // yes when the key is there: the specification ties the function to the key
  can_be,   // yes when the key has `value` or may be written; no when it has another
  is_true,  // yes when the key is there and true
  shows,    // the key has `value`: then the claim is yes; any other value says nothing
  names,    // yes when the list of the key holds `value`
  among,    // every entry of the key's list is claimed; all of them stand there if it is read-only
  at_least,  // the number of the key is not below the claimed one; 0 switches the function off
  at_most    // ... not above it
};

struct AuditRule {
  const char* id;  // whose answer is meant: see Pics::lookup
  const char* key;
  Comparison comparison;
  const char* value = "";     // of can_be, shows and names
  const char* only_if = "";   // a name that the PICS must answer with yes; empty: always
  bool key_required = false;  // OCPP 1.6 section 9 asks for the key: without it the claim is broken
};

const std::vector<AuditRule>& audit_rules();

// The feature (`supports.X`) without which a key need not be there; empty for keys of Core.
std::string_view feature_of_key(std::string_view key);

}  // namespace plugproof::pics
