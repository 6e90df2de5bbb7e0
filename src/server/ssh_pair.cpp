#include "server/ssh_pair.h"

#include <memory>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "server/text.h"

namespace leasehold::server {

namespace {

constexpr unsigned kBits = 3072;

// Strings of RFC 4251: a length of four bytes, the highest first, and the bytes.
void add_string(std::string& out, const std::string& bytes) {
  for (int shift = 24; shift >= 0; shift -= 8)
    out += static_cast<char>((bytes.size() >> shift) & 0xFF);
  out += bytes;
}

std::string number_of(const EVP_PKEY* key, const char* name) {
  BIGNUM* number = nullptr;
  EVP_PKEY_get_bn_param(key, name, &number);
  std::string bytes(static_cast<size_t>(BN_num_bytes(number)), '\0');
  BN_bn2bin(number, reinterpret_cast<unsigned char*>(bytes.data()));
  BN_free(number);
  bool would_be_negative = (static_cast<unsigned char>(bytes.front()) & 0x80) != 0;
  return would_be_negative ? std::string(1, '\0') + bytes : bytes;
}

}  // namespace

SshPair make_ssh_pair() {
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_RSA_gen(kBits), EVP_PKEY_free);
  std::string blob;
  add_string(blob, "ssh-rsa");
  add_string(blob, number_of(key.get(), OSSL_PKEY_PARAM_RSA_E));
  add_string(blob, number_of(key.get(), OSSL_PKEY_PARAM_RSA_N));
  std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), BIO_free);
  PEM_write_bio_PrivateKey_traditional(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  char* pem = nullptr;
  auto length = BIO_get_mem_data(out.get(), &pem);
  return {"ssh-rsa " + to_base64(blob), std::string(pem, static_cast<size_t>(length))};
}

}  // namespace leasehold::server
