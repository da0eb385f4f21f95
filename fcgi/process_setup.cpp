#include "fcgi/process_setup.hpp"

#include <csignal>
#include <ctime>
#include <sys/resource.h>

namespace tapedeck::fcgi {

void set_up_process(const config::Settings& settings) {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  if (settings.sql_temp_file_limit_mb != 0) {
    const rlim_t bytes = static_cast<rlim_t>(settings.sql_temp_file_limit_mb) * 1024 * 1024;
    const rlimit limit{bytes, bytes};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  tzset();
}

}  // namespace tapedeck::fcgi
