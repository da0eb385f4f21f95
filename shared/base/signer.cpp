#include "base/signer.hpp"

#include <array>
#include <optional>
#include <stdexcept>
#include <zlib.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/base64.hpp"

namespace tapedeck::base {

namespace {

/// A token of a few bytes must not become a gigabyte.
constexpr std::size_t kLongestText = std::size_t{1} << 20U;
/// No honest signed text is longer; what is, is not even hashed.
constexpr std::size_t kLongestSigned = std::size_t{2} << 20U;

std::string as_text(const unsigned char* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

const unsigned char* as_bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string deflated(std::string_view text) {
  uLongf size = compressBound(static_cast<uLong>(text.size()));
  std::string out(size, '\0');
  const int code = compress(reinterpret_cast<Bytef*>(out.data()), &size, as_bytes(text),
                            static_cast<uLong>(text.size()));
  if (code != Z_OK) throw std::runtime_error("zlib cannot deflate");
  out.resize(size);
  return out;
}

/// Nothing when `bytes` are no whole zlib stream of at most kLongestText bytes.
std::optional<std::string> inflated(std::string_view bytes) {
  std::string out(kLongestText, '\0');
  uLongf size = out.size();
  auto taken = static_cast<uLong>(bytes.size());
  const int code =
      uncompress2(reinterpret_cast<Bytef*>(out.data()), &size, as_bytes(bytes), &taken);
  if (code != Z_OK || taken != bytes.size()) return std::nullopt;
  out.resize(size);
  out.shrink_to_fit();
  return out;
}

}  // namespace

Signer::Signer(std::string_view secret, std::string_view salt) {
  std::string material(salt);
  material += "signer";
  material += secret;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(material.data(), material.size(), digest.data(), &size, EVP_sha1(), nullptr) !=
      1) {
    throw std::runtime_error("libcrypto cannot make SHA-1");
  }
  key_ = as_text(digest.data(), size);
}

std::string Signer::signature_of(std::string_view payload) const {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (HMAC(EVP_sha1(), key_.data(), static_cast<int>(key_.size()), as_bytes(payload),
           payload.size(), digest.data(), &size) == nullptr) {
    throw std::runtime_error("libcrypto cannot make HMAC-SHA1");
  }
  return encode_base64url(as_text(digest.data(), size));
}

std::string Signer::sign(std::string_view text) const {
  const std::string small = deflated(text);
  const bool is_smaller = small.size() + 1 < text.size();
  const std::string payload = is_smaller ? "." + encode_base64url(small) : encode_base64url(text);
  return payload + "." + signature_of(payload);
}

Result<std::string> Signer::unsign(std::string_view signed_text) const {
  const std::size_t dot = signed_text.rfind('.');
  if (dot == std::string_view::npos || signed_text.size() > kLongestSigned) {
    return Error("is not signed");
  }
  const std::string_view payload = signed_text.substr(0, dot);
  if (!equals_in_constant_time(signature_of(payload), signed_text.substr(dot + 1))) {
    return Error("has a wrong signature");
  }
  const bool is_deflated = payload.starts_with('.');
  auto bytes = decode_base64url(is_deflated ? payload.substr(1) : payload);
  if (!bytes || !is_deflated) return bytes;
  auto text = inflated(*bytes);
  if (!text) return Error("does not inflate");
  return {boost::system::in_place_value, *std::move(text)};
}

bool equals_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace tapedeck::base
