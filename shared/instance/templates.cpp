#include "instance/templates.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <utility>
#include <vector>

#include <ctemplate/template_cache.h>
#include <ctemplate/template_dictionary.h>
#include <ctemplate/template_enums.h>

#include "base/digest.hpp"
#include "base/escape.hpp"
#include "base/text.hpp"
#include "config/config_error.hpp"
#include "instance/template_source.hpp"

namespace tapedeck::instance {
namespace {

namespace fs = std::filesystem;

/// In front of a candidate: the built-in template, even where the user has one of that name.
constexpr std::string_view kBuiltinPrefix = "default:";
constexpr ctemplate::Strip kStrip = ctemplate::STRIP_BLANK_LINES;
/// The built-in and the user's template of one name lie in the cache side by side.
constexpr std::string_view kBuiltin = "built-in:";
constexpr std::string_view kUser = "user:";
/// Holds nothing but {{>BASE}}, so that base.html is included like every other part.
constexpr const char* kRoot = "root";
/// Digits of a SHA-256 in an address.
constexpr std::size_t kHashDigits = 12;

std::string read_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) throw config::ConfigError("cannot read the template " + path.string());
  return std::move(text).str();
}

std::string without_double_hyphens(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == '-' && out.ends_with('-')) out += ' ';
    out += c;
  }
  return out;
}

constexpr std::string_view kPagesFolder = "pages/";

/// By name: sorted, so that the digest is the same in every process.
using TemplateFiles = std::map<std::string, fs::path>;

template <class Iterator>
void add_template_files(TemplateFiles& files, const fs::path& directory, std::string_view prefix) {
  std::error_code error;
  for (Iterator it(directory, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() != ".html") continue;
    std::error_code ignored;
    const fs::file_type type = it->status(ignored).type();
    // Below pages/ a folder of that name holds addresses such as /about.html/us.
    if (type == fs::file_type::directory && !prefix.empty() && !it->is_symlink(ignored)) continue;
    if (type != fs::file_type::regular) {
      throw config::ConfigError(it->path().string() +
                                (type == fs::file_type::not_found
                                     ? ": the template is a link that leads nowhere"
                                     : ": the template is not a regular file"));
    }
    files.emplace(std::string(prefix) + it->path().lexically_relative(directory).generic_string(),
                  it->path());
  }
  if (error) {
    throw config::ConfigError("cannot read the templates of " + directory.string() + ": " +
                              error.message());
  }
}

/// The *.html directly in `directory` and everywhere below its folder pages/.
TemplateFiles template_files(const std::string& directory) {
  TemplateFiles files;
  add_template_files<fs::directory_iterator>(files, directory, "");
  const fs::path pages = fs::path(directory) / kPagesFolder;
  std::error_code error;
  if (fs::is_directory(pages, error)) {
    add_template_files<fs::recursive_directory_iterator>(files, pages, kPagesFolder);
  }
  return files;
}

struct ReadTemplate {
  TemplateSource source;
  std::optional<CustomPage> page;
};

ReadTemplate read_template(const std::string& name, const fs::path& path,
                           const StaticUrl& static_url) {
  const std::string text = read_text(path);
  ReadTemplate read{check_template(path.string(), text, static_url), std::nullopt};
  parse_or_throw(path.string(), read.source);
  if (name.starts_with(kPagesFolder)) read.page = read_custom_page(path.string(), name, text);
  return read;
}

/// As urls.static() of the guide: the program's own file, else that of the mount called "static",
/// else that of the only mount.
class StaticFiles {
 public:
  StaticFiles(const std::string& bundled, const StaticMounts& mounts)
      : bundled_(bundled), mounts_(mounts) {}

  [[nodiscard]] std::optional<std::string> url_of(std::string_view file,
                                                  std::string_view mount_name) const {
    if (mount_name.empty()) {
      if (auto url = url_in(bundled_, "-/static", file)) return url;
    }
    const config::StaticMount* mount = find_mount(mount_name);
    return mount == nullptr ? std::nullopt : url_in(mount->directory, mount->mount, file);
  }

 private:
  [[nodiscard]] const config::StaticMount* find_mount(std::string_view name) const {
    const std::string_view wanted = name.empty() ? "static" : name;
    for (const config::StaticMount& mount : mounts_.mounts) {
      if (mount.mount == wanted) return &mount;
    }
    const bool is_only = name.empty() && mounts_.mounts.size() == 1;
    return is_only ? &mounts_.mounts.front() : nullptr;
  }

  [[nodiscard]] std::optional<std::string> url_in(const std::string& folder, std::string_view place,
                                                  std::string_view file) const {
    const fs::path path = fs::path(folder) / ("./" + std::string(file));
    std::error_code error;
    if (folder.empty() || !fs::is_regular_file(path, error)) return std::nullopt;
    const base::Result<std::string> hash = base::sha256_hex_of_file(path.string());
    if (!hash) return std::nullopt;
    return mounts_.base_url + std::string(place) + '/' + std::string(file) +
           "?_hash=" + hash.value().substr(0, kHashDigits);
  }

  const std::string& bundled_;
  const StaticMounts& mounts_;
};

}  // namespace

struct Templates::State {
  struct Entry {
    bool builtin = false;
    bool user = false;
    /// Whether the user's one asks for the built-in one.
    bool uses_default = false;
  };

  ctemplate::TemplateCache cache;
  std::map<std::string, Entry, std::less<>> entries;
  std::map<std::string, std::string, std::less<>> asset_hashes;
  std::string digest;

  /// Exact file names first, then those with values, each sorted.
  std::vector<CustomPage> pages;

  void load(const std::string& directory, std::string_view origin, const StaticUrl& static_url,
            base::Sha256& digest_of_all);
  void hash_assets(const std::string& directory, base::Sha256& digest_of_all);
  const std::string* first_builtin(std::span<const std::string> candidates) const;
};

void Templates::State::load(const std::string& directory, std::string_view origin,
                            const StaticUrl& static_url, base::Sha256& digest_of_all) {
  for (const auto& [name, path] : template_files(directory)) {
    ReadTemplate read = read_template(name, path, static_url);
    const TemplateSource& source = read.source;
    if (read.page) pages.push_back(*std::move(read.page));
    const std::string key = std::string(origin) + name;
    if (!cache.StringToTemplateCache(key, source.text, kStrip)) {
      throw config::ConfigError(path.string() + ": the template cannot be used");
    }
    digest_of_all.update(key);
    digest_of_all.update(base::sha256_hex(source.text));
    if (origin == kBuiltin) entries[std::string(kBuiltinPrefix) + name].builtin = true;
    Entry& entry = entries[name];
    (origin == kUser ? entry.user : entry.builtin) = true;
    if (origin == kUser) entry.uses_default = source.uses_default;
  }
}

void Templates::State::hash_assets(const std::string& directory, base::Sha256& digest_of_all) {
  std::error_code error;
  for (fs::recursive_directory_iterator it(directory, error), end; !error && it != end;
       it.increment(error)) {
    if (!fs::is_regular_file(it->path())) continue;
    const base::Result<std::string> hash = base::sha256_hex_of_file(it->path().string());
    if (!hash) throw config::ConfigError(hash.error().message());
    asset_hashes.emplace(fs::relative(it->path(), directory).generic_string(),
                         hash.value().substr(0, kHashDigits));
  }
  if (error) {
    throw config::ConfigError("cannot read the static files of " + directory + ": " +
                              error.message());
  }
  for (const auto& [name, hash] : asset_hashes) {
    digest_of_all.update(name);
    digest_of_all.update(hash);
  }
}

const std::string* Templates::State::first_builtin(std::span<const std::string> candidates) const {
  for (const std::string& name : candidates) {
    const auto found = entries.find(name);
    if (found != entries.end() && found->second.builtin) return &name;
  }
  return nullptr;
}

Templates::Templates(const std::string& builtin_dir, const std::optional<std::string>& user_dir,
                     const std::string& static_dir, const StaticMounts& mounts)
    : state_(std::make_unique<State>()) {
  base::Sha256 digest_of_all;
  const StaticFiles static_files(static_dir, mounts);
  const StaticUrl static_url = [&static_files](std::string_view file, std::string_view mount) {
    return static_files.url_of(file, mount);
  };
  state_->load(builtin_dir, kBuiltin, static_url, digest_of_all);
  for (const char* part : {"base.html", "extra_head.html", "_crumbs.html", "_footer.html"}) {
    if (!has(part)) throw config::ConfigError(builtin_dir + " lacks the template " + part);
  }
  if (user_dir) state_->load(*user_dir, kUser, static_url, digest_of_all);
  // Not std::ranges: clang-tidy 14 cannot read libstdc++'s subrange.
  std::stable_partition(state_->pages.begin(), state_->pages.end(), [](const CustomPage& page) {
    return page.file.find('{') == std::string::npos;
  });
  if (!static_dir.empty()) state_->hash_assets(static_dir, digest_of_all);
  state_->digest = digest_of_all.hex();
  state_->cache.StringToTemplateCache(kRoot, "{{>BASE}}", kStrip);
  state_->cache.Freeze();
}

Templates::~Templates() = default;

std::vector<std::string> Templates::faults_in(const std::optional<std::string>& user_dir) {
  std::vector<std::string> faults;
  if (!user_dir) return faults;
  try {
    for (const auto& [name, path] : template_files(*user_dir)) {
      try {
        static_cast<void>(read_template(name, path, {}));
      } catch (const config::ConfigError& error) {
        faults.emplace_back(error.what());
      }
    }
  } catch (const config::ConfigError& error) {
    faults.emplace_back(error.what());
  }
  return faults;
}

bool Templates::has(std::string_view name) const {
  return state_->entries.contains(name);
}

bool Templates::is_users_own(std::string_view name) const {
  const auto found = state_->entries.find(name);
  return found != state_->entries.end() && found->second.user;
}

std::string_view Templates::choose(std::span<const std::string> candidates) const {
  for (const std::string& name : candidates) {
    if (has(name)) return name;
  }
  throw std::logic_error("no template among " +
                         base::join({candidates.begin(), candidates.end()}, ", "));
}

void Templates::include(ctemplate::TemplateDictionary& parent, const char* marker,
                        std::span<const std::string> candidates, const Filler& fill) const {
  const std::string_view name = choose(candidates);
  const State::Entry& entry = state_->entries.find(name)->second;
  const auto add = [&](ctemplate::TemplateDictionary& to, const char* place,
                       std::string_view origin, std::string_view file) {
    ctemplate::TemplateDictionary* child = to.AddIncludeDictionary(place);
    if (file.starts_with(kBuiltinPrefix)) file.remove_prefix(kBuiltinPrefix.size());
    child->SetFilename(std::string(origin).append(file));
    fill(*child);
    return child;
  };
  if (!entry.user) {
    add(parent, marker, kBuiltin, name);
    return;
  }
  ctemplate::TemplateDictionary* own = add(parent, marker, kUser, name);
  const std::string* builtin = state_->first_builtin(candidates);
  if (entry.uses_default && builtin != nullptr) add(*own, "DEFAULT", kBuiltin, *builtin);
}

void Templates::render(std::string& out, const Page& page) const {
  const std::string base[] = {"base.html"};
  const std::string extra_head[] = {"extra_head.html"};
  const std::string crumbs[] = {"_crumbs.html"};
  const std::string footer[] = {"_footer.html"};

  ctemplate::TemplateDictionary root(kRoot);
  page.globals(root);
  include(root, "BASE", base, [&](ctemplate::TemplateDictionary& frame) {
    page.frame(frame);
    include(frame, "EXTRA_HEAD", extra_head, page.frame);
    include(frame, "CRUMBS", crumbs, page.frame);
    include(frame, "CONTENT", page.candidates, page.content);
    include(frame, "FOOTER", footer, page.frame);
  });
  if (page.shows_values) {
    root.DumpToString(&out);
    return;
  }
  if (!state_->cache.ExpandNoLoad(kRoot, kStrip, &root, nullptr, &out)) {
    throw std::logic_error("a template part was not found");
  }

  // Names of databases and tables stand in the candidates, and "--" could end the comment.
  const std::string_view used = choose(page.candidates);
  std::string_view separator = " ";
  out += "<!-- Templates considered:";
  for (const std::string& name : page.candidates) {
    out += separator;
    if (name == used) out += '*';
    base::append_html(out, without_double_hyphens(name));
    separator = ", ";
  }
  out += " -->\n";
}

void Templates::render_alone(std::string& out, const Page& page) const {
  ctemplate::TemplateDictionary root(kRoot);
  page.globals(root);
  include(root, "BASE", page.candidates, page.content);
  if (!state_->cache.ExpandNoLoad(kRoot, kStrip, &root, nullptr, &out)) {
    throw std::logic_error("a template part was not found");
  }
}

std::optional<Templates::FoundPage> Templates::find_page(std::string_view path) const {
  for (const CustomPage& page : state_->pages) {
    if (auto values = match_page(page, path)) return FoundPage{&page, *std::move(values)};
  }
  return std::nullopt;
}

std::string Templates::asset_url(std::string_view name) const {
  std::string url = "-/static/" + std::string(name);
  const auto found = state_->asset_hashes.find(name);
  if (found != state_->asset_hashes.end()) url += "?_hash=" + found->second;
  return url;
}

const std::string& Templates::digest() const {
  return state_->digest;
}

}  // namespace tapedeck::instance
