#include "fcgi/sandbox.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <filesystem>
#include <linux/landlock.h>
#include <memory>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <system_error>
#include <unistd.h>

#include <seccomp.h>

namespace tapedeck::fcgi {

namespace {

// Rights that came with later versions of the interface than Debian 12's header knows.
constexpr std::uint64_t kAccessTruncate = 1ULL << 14U;     // version 3
constexpr std::uint64_t kAccessIoctlDevice = 1ULL << 15U;  // version 5
constexpr std::uint64_t kAccessVersion1 = (1ULL << 13U) - 1;

constexpr std::uint64_t kReadFile = LANDLOCK_ACCESS_FS_READ_FILE;
constexpr std::uint64_t kRead = kReadFile | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr std::uint64_t kWrite = kRead | LANDLOCK_ACCESS_FS_WRITE_FILE |
                                 LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REMOVE_FILE |
                                 kAccessTruncate;

class Descriptor {
 public:
  explicit Descriptor(long value) : value_(static_cast<int>(value)) {}
  ~Descriptor() {
    if (value_ >= 0) close(value_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return value_; }

 private:
  int value_;
};

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

/// Version of the interface; 0 when the kernel has none.
long landlock_version() {
  const long version =
      syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  return std::max(version, 0L);
}

std::uint64_t handled_rights(long version) {
  std::uint64_t rights = kAccessVersion1;
  if (version >= 2) rights |= LANDLOCK_ACCESS_FS_REFER;
  if (version >= 3) rights |= kAccessTruncate;
  if (version >= 5) rights |= kAccessIoctlDevice;
  return rights;
}

void allow(const Descriptor& rules, const std::string& path, std::uint64_t rights) {
  const Descriptor target(open(path.c_str(), O_PATH | O_CLOEXEC));
  // A folder that is not there now gives nothing; the database in it answers 503 until a reload.
  if (target.get() < 0) return;
  struct stat status {};
  if (fstat(target.get(), &status) != 0) fail(path);
  landlock_path_beneath_attr rule{};
  rule.parent_fd = target.get();
  rule.allowed_access = S_ISDIR(status.st_mode) ? rights : rights & kReadFile;
  if (syscall(SYS_landlock_add_rule, rules.get(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0) {
    fail("landlock: " + path);
  }
}

/// What a worker never does. Everything else stays allowed: an allow-list would have to follow
/// every library's every version.
constexpr std::array kForbiddenCalls{
    SCMP_SYS(execve),
    SCMP_SYS(execveat),
    SCMP_SYS(fork),
    SCMP_SYS(vfork),
    SCMP_SYS(clone),
    SCMP_SYS(clone3),
    SCMP_SYS(socket),
    SCMP_SYS(socketpair),
    SCMP_SYS(connect),
    SCMP_SYS(bind),
    SCMP_SYS(listen),
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(kcmp),
    SCMP_SYS(pidfd_open),
    SCMP_SYS(pidfd_getfd),
    SCMP_SYS(pidfd_send_signal),
    SCMP_SYS(kill),
    SCMP_SYS(tkill),
    SCMP_SYS(rt_sigqueueinfo),
    SCMP_SYS(rt_tgsigqueueinfo),
    SCMP_SYS(mount),
    SCMP_SYS(umount2),
    SCMP_SYS(pivot_root),
    SCMP_SYS(chroot),
    SCMP_SYS(unshare),
    SCMP_SYS(setns),
    SCMP_SYS(move_mount),
    SCMP_SYS(open_tree),
    SCMP_SYS(fsopen),
    SCMP_SYS(open_by_handle_at),
    SCMP_SYS(name_to_handle_at),
    SCMP_SYS(bpf),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(io_uring_enter),
    SCMP_SYS(io_uring_register),
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(delete_module),
    SCMP_SYS(kexec_load),
    SCMP_SYS(kexec_file_load),
    SCMP_SYS(reboot),
    SCMP_SYS(swapon),
    SCMP_SYS(swapoff),
    SCMP_SYS(keyctl),
    SCMP_SYS(add_key),
    SCMP_SYS(request_key),
    SCMP_SYS(setuid),
    SCMP_SYS(setgid),
    SCMP_SYS(setresuid),
    SCMP_SYS(setresgid),
    SCMP_SYS(settimeofday),
    SCMP_SYS(clock_settime),
    SCMP_SYS(clock_adjtime),
    SCMP_SYS(sethostname),
    SCMP_SYS(setdomainname),
    SCMP_SYS(acct),
    SCMP_SYS(quotactl),
    SCMP_SYS(iopl),
    SCMP_SYS(ioperm),
    SCMP_SYS(personality),
    SCMP_SYS(memfd_create),
};

}  // namespace

FileAccess file_access(const config::Configuration& configuration,
                       const instance::AssetPaths& assets, const std::string& temporary_folder) {
  namespace fs = std::filesystem;
  FileAccess access;
  const auto add_folder_of = [&access](const fs::path& file) {
    const fs::path folder = file.parent_path();
    access.readable.push_back(folder.empty() ? "." : folder.string());
  };
  for (const config::DatabaseFile& database : configuration.databases) {
    if (database.path.empty()) continue;
    add_folder_of(database.path);
    std::error_code error;
    const fs::path target = fs::canonical(database.path, error);
    if (!error) add_folder_of(target);
  }
  for (const config::StaticMount& mount : configuration.static_mounts) {
    access.readable.push_back(mount.directory);
  }
  if (configuration.template_dir) access.readable.push_back(*configuration.template_dir);
  access.readable.push_back(assets.templates);
  access.readable.push_back(assets.static_files);
  // SQLite seeds random() and the names of its temporary files from here.
  access.readable.emplace_back("/dev/urandom");
  std::ranges::sort(access.readable);
  // Not std::ranges::unique: clang-tidy 14 cannot read libstdc++'s subrange.
  access.readable.erase(std::unique(access.readable.begin(), access.readable.end()),
                        access.readable.end());
  access.writable.push_back(temporary_folder);
  return access;
}

bool landlock_is_available() {
  return landlock_version() > 0;
}

Restriction restrict_files(const FileAccess& access) {
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) fail("no_new_privs");
  const long version = landlock_version();
  if (version == 0) return Restriction::kUnavailable;
  landlock_ruleset_attr attributes{};
  attributes.handled_access_fs = handled_rights(version);
  const Descriptor rules(syscall(SYS_landlock_create_ruleset, &attributes, sizeof(attributes), 0));
  if (rules.get() < 0) fail("landlock");
  for (const std::string& path : access.readable) allow(rules, path, kRead);
  for (const std::string& path : access.writable) {
    allow(rules, path, kWrite & attributes.handled_access_fs);
  }
  if (syscall(SYS_landlock_restrict_self, rules.get(), 0) != 0) fail("landlock");
  return Restriction::kApplied;
}

Restriction restrict_system_calls() {
  const std::unique_ptr<void, decltype(&seccomp_release)> filter(seccomp_init(SCMP_ACT_ALLOW),
                                                                 &seccomp_release);
  if (!filter) return Restriction::kUnavailable;
  // The watchdog's thread runs already.
  if (seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_TSYNC, 1) != 0) {
    return Restriction::kUnavailable;
  }
  for (const int call : kForbiddenCalls) {
    // Calls that this processor's interface lacks are negative and cannot be made either.
    if (call >= 0) seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(EPERM), call, 0);
  }
  return seccomp_load(filter.get()) == 0 ? Restriction::kApplied : Restriction::kUnavailable;
}

}  // namespace tapedeck::fcgi
