// The bench for a real charge point: real time, a WebSocket server, the rigs of the PIXIT.
#pragma once

#include <functional>

#include "cli/console.hpp"
#include "engine/run/runner.hpp"

namespace plugproof::cli {

// Runs until everything is over or SIGINT or SIGTERM comes; the exit status. Throws
// base::InputError when the port cannot be had, run::JournalError when the record cannot be
// written. `ready` is called when nothing can be refused any more, before the first record.
int run_listening(
    const pics::Pics& pics, const run::Pixit& pixit, const suite::Suite& suite,
    std::vector<suite::Selected> selection, run::RunSettings settings, const std::string& folder,
    run::JournalSink& sink, Console& console, const std::function<void()>& ready = [] {});

}  // namespace plugproof::cli
