// The parts of `plugproof pki`, each in the file of its subject.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace plugproof::cli {

void add_pki_folder(CLI::App& pki, int& status);  // init, root
void add_pki_issue(CLI::App& pki, int& status);   // issue
void add_pki_sign(CLI::App& pki, int& status);    // sign-csr, sign-firmware

// `pki show FOLDER`.
int show_pki(const std::string& folder, bool json);

}  // namespace plugproof::cli
