// What the charge point shows of itself when it connects (security whitepaper, section 2), and how
// its settings for that change.
#pragma once

#include <string>

#include "engine/link/client.hpp"
#include "simulator/context.hpp"

namespace plugproof::simulator {

// As the installer leaves it. Throws base::InputError for what the PICS does not claim, and for a
// profile that lacks its key.
void install_security(Context& context, int profile, const std::string& authorization_key);

// Where to connect to and with what: the Authorization header of profiles 1 and 2.
link::ClientOptions connection_options(Context& context, const std::string& url);

// Why that profile cannot be taken up; empty when it can.
std::string profile_problem(const Context& context, std::int64_t profile);

// The central system turned the credentials away: whether there are former ones, which count again
// from now on.
bool return_to_former_key(Context& context);
// It took them: there is no way back.
void keep_key(Context& context);

}  // namespace plugproof::simulator
