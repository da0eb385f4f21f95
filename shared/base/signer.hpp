#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace tapedeck::base {

/// Signed texts in the format that Datasette's cookies and tokens have (URLSafeSerializer of the
/// Python package itsdangerous 2). The content can be read by everybody and changed by nobody
/// without the secret.
///
/// Shape:   PAYLOAD "." SIGNATURE, both in base64url without padding. A payload that begins with
///          "." is deflated (zlib). SIGNATURE is HMAC-SHA1 over the payload's text with the key
///          SHA1(salt "signer" secret).
/// Source:  spec/auth-permissions.md section 2, with its test vectors.
class Signer {
 public:
  /// `salt` names what is signed ("actor", "token", "messages"), so that a cookie is no token.
  Signer(std::string_view secret, std::string_view salt);

  [[nodiscard]] std::string sign(std::string_view text) const;
  /// The text that was signed, compressed or not. Errors: a wrong signature, a payload that is no
  /// base64url, one that does not inflate or is longer than 1 MiB when inflated.
  [[nodiscard]] Result<std::string> unsign(std::string_view signed_text) const;

 private:
  [[nodiscard]] std::string signature_of(std::string_view payload) const;

  std::string key_;
};

/// Whether two secrets are equal, in a time that depends on their lengths alone.
[[nodiscard]] bool equals_in_constant_time(std::string_view a, std::string_view b);

}  // namespace tapedeck::base
