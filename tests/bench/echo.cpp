// The measure that the workers are held against: a FastCGI program that answers from memory.
//
//   bench_echo DIRECTORY < listening socket
//
// Every pair N.key, N.answer of the directory is one answer: the key is the REQUEST_URI, with
// " 304" behind it for requests that carry If-None-Match; the answer is the bytes that a worker
// wrote for that request, headers and body. Anything else is 404.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <unordered_map>

#include <fcgiapp.h>

namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

using Answers = std::unordered_map<std::string, std::string>;

Answers read_answers(const std::filesystem::path& directory) {
  Answers answers;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (entry.path().extension() != ".key") continue;
    std::filesystem::path answer = entry.path();
    answers[read_file(entry.path())] = read_file(answer.replace_extension(".answer"));
  }
  return answers;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 || FCGX_Init() != 0) return 2;
  const Answers answers = read_answers(argv[1]);
  const std::string not_found = "Status: 404 Not Found\r\nContent-Type: text/plain\r\n\r\n";

  FCGX_Request request;
  if (FCGX_InitRequest(&request, 0, 0) != 0) return 1;
  while (FCGX_Accept_r(&request) == 0) {
    const char* uri = FCGX_GetParam("REQUEST_URI", request.envp);
    std::string key = uri == nullptr ? "" : uri;
    if (FCGX_GetParam("HTTP_IF_NONE_MATCH", request.envp) != nullptr) key += " 304";
    const auto found = answers.find(key);
    const std::string& answer = found == answers.end() ? not_found : found->second;
    FCGX_PutStr(answer.data(), static_cast<int>(answer.size()), request.out);
    FCGX_Finish_r(&request);
  }
  return 0;
}
