#include "base/digest.hpp"

#include <cerrno>
#include <fcntl.h>
#include <span>
#include <stdexcept>
#include <sys/random.h>
#include <system_error>
#include <unistd.h>
#include <vector>

#include <openssl/evp.h>

#include "base/hex.hpp"

namespace tapedeck::base {
namespace {

constexpr std::size_t kFilePiece = std::size_t{256} * 1024;

// Fetched once: the implicit fetch behind EVP_sha256() costs more than hashing a short text.
const EVP_MD* sha256_algorithm() {
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return algorithm;
}

const EVP_MD* md5_algorithm() {
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "MD5", nullptr);
  return algorithm;
}

std::string to_hex(std::span<const unsigned char> bytes) {
  std::string result;
  result.reserve(bytes.size() * 2);
  for (const unsigned char byte : bytes) append_hex_byte(result, byte, kLowerHexDigits);
  return result;
}

std::string digest_hex(const EVP_MD* algorithm, std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (algorithm == nullptr ||
      EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, algorithm, nullptr) != 1) {
    throw std::runtime_error("libcrypto cannot make a digest");
  }
  return to_hex({digest.data(), size});
}

class FileDescriptor {
 public:
  explicit FileDescriptor(int number) : number_(number) {}
  ~FileDescriptor() {
    if (number_ >= 0) ::close(number_);
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

Error file_error(const std::string& path) {
  return Error("cannot read " + path + ": " + std::generic_category().message(errno));
}

}  // namespace

struct Sha256::State {
  struct Free {
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
  };
  std::unique_ptr<EVP_MD_CTX, Free> context{EVP_MD_CTX_new()};
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  if (!state_->context || sha256_algorithm() == nullptr ||
      EVP_DigestInit_ex2(state_->context.get(), sha256_algorithm(), nullptr) != 1) {
    throw std::runtime_error("libcrypto cannot start SHA-256");
  }
}

Sha256::~Sha256() = default;

void Sha256::update(std::string_view bytes) {
  if (EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) != 1) {
    throw std::runtime_error("libcrypto cannot continue SHA-256");
  }
}

std::string Sha256::hex() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_DigestFinal_ex(state_->context.get(), digest.data(), &size) != 1) {
    throw std::runtime_error("libcrypto cannot finish SHA-256");
  }
  return to_hex({digest.data(), size});
}

std::string sha256_hex(std::string_view bytes) {
  return digest_hex(sha256_algorithm(), bytes);
}

Result<std::string> sha256_hex_of_file(const std::string& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0) return file_error(path);
  Sha256 sha256;
  std::vector<char> piece(kFilePiece);
  while (true) {
    const ssize_t count = ::read(file.number(), piece.data(), piece.size());
    if (count == 0) return {boost::system::in_place_value, sha256.hex()};
    if (count < 0) {
      if (errno == EINTR) continue;
      return file_error(path);
    }
    sha256.update({piece.data(), static_cast<std::size_t>(count)});
  }
}

std::string md5_hex(std::string_view bytes) {
  return digest_hex(md5_algorithm(), bytes);
}

std::string random_hex(std::size_t count) {
  std::vector<unsigned char> bytes(count);
  std::size_t filled = 0;
  while (filled < count) {
    const ssize_t got = ::getrandom(bytes.data() + filled, count - filled, 0);
    if (got > 0) {
      filled += static_cast<std::size_t>(got);
    } else if (errno != EINTR) {
      throw std::system_error(errno, std::generic_category(), "getrandom");
    }
  }
  return to_hex(bytes);
}

std::uint64_t fast_hash(std::string_view bytes, std::uint64_t seed) {
  constexpr std::uint64_t kPrime = 0x100000001b3U;
  for (const char byte : bytes) seed = (seed ^ static_cast<unsigned char>(byte)) * kPrime;
  return seed;
}

}  // namespace tapedeck::base
