// What the charge point shows of itself when it connects, whom it trusts then (security whitepaper,
// section 2), and what becomes of credentials that were replaced.
#pragma once

#include <string>

#include "engine/link/client.hpp"
#include "simulator/context.hpp"

namespace plugproof::simulator {

struct Options;

// As the installer leaves it. Throws base::InputError for what the PICS does not claim, for a
// profile that lacks something, and for certificates and keys that are none. Whether certificates
// are good is not looked at: who wants to see what a bad one leads to may have it.
void install_security(Context& context, const Options& options);

// The security profile in force.
std::int64_t security_profile(const Context& context);

// A defect whose argument is the number of the connection from which on it shows.
bool shows_defect(Context& context, const char* defect);

// Where to connect to and with what: the scheme, the Authorization header and TLS as the profile in
// force has them.
link::ClientOptions connection_options(Context& context, const std::string& url);

// Why that profile cannot be taken up; empty when it can.
std::string profile_problem(const Context& context, std::int64_t profile);

// Whether there is a former key, which counts again from now on; the same of the certificate and of
// the profile.
bool return_to_former_key(Context& context);
bool return_to_former_certificate(Context& context);
bool return_to_former_profile(Context& context);
// The central system took what was shown: there is no way back.
void keep_credentials(Context& context);

}  // namespace plugproof::simulator
