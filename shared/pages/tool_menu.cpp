#include "pages/tool_menu.hpp"

#include <array>

namespace tapedeck::pages {

namespace {

constexpr auto kToolPages = std::to_array<ToolPage>({
    {"Databases", "-/databases", "The databases of this server, with their files and sizes"},
    {"Installed plugins", "-/plugins", "What extends this server, and the hooks in use"},
    {"Version info", "-/versions", "Versions of the program, of SQLite and of its extensions"},
    {"Settings", "-/settings", "The value that every setting has"},
    {"Debug permissions", "-/permissions", "Ask for a permission, see the last checks"},
    {"Debug messages", "-/messages", "Send yourself a message that the next page shows"},
    {"Debug allow rules", "-/allow-debug", "Try an allow block against an actor"},
    {"Debug autocomplete", "-/debug/autocomplete", "Try the completion of row names in a table"},
    {"Debug threads", "-/threads", "The workers and the SQL that they run now"},
    {"Debug actor", "-/actor", "Who you are to this server"},
    {"Pattern portfolio", "-/patterns", "The parts of which pages are made"},
});

}  // namespace

std::span<const ToolPage> tool_pages() {
  return kToolPages;
}

}  // namespace tapedeck::pages
