#pragma once

#include "config/settings.hpp"

namespace tapedeck::fcgi {

/// What every process that answers requests does first: a broken pipe and a full temporary file are
/// errors of a call and no signal, one temporary file is bounded (a log on standard error that is a
/// plain file falls under the bound too), and the time zone is read, which the sandbox forbids
/// later.
void set_up_process(const config::Settings& settings);

}  // namespace tapedeck::fcgi
