// What expressions can find in certificates and signing requests, which come as texts in PEM.
#pragma once

namespace plugproof::suite {

// certificate_facts(), request_facts() and listed_certificate(): see docs/writing-a-test-case.md.
// To be called before expressions are read; calling it again does nothing.
void add_certificate_functions();

}  // namespace plugproof::suite
