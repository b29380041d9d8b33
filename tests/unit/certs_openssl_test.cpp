// The same certificates, requests and signatures in the eyes of the program openssl.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "certs/hash_data.hpp"
#include "tests/unit/certs_fixture.hpp"

namespace plugproof::certs {
namespace {

namespace fs = std::filesystem;

class Openssl : public ::testing::Test {
 protected:
  Openssl() {
    std::string name = (fs::temp_directory_path() / "plugproof-certs-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~Openssl() override { fs::remove_all(folder_); }

  std::string file(const std::string& name, const std::string& text) {
    const std::string path = (folder_ / name).string();
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  // Standard output and error of `openssl <words>`; `status` is what it must end with.
  std::string openssl(const std::string& words, int status = 0) {
    FILE* pipe = ::popen(("openssl " + words + " 2>&1").c_str(), "r");
    if (!pipe) throw std::runtime_error("openssl cannot be started");
    std::string text;
    char piece[4096];
    while (const std::size_t size = std::fread(piece, 1, sizeof piece, pipe))
      text.append(piece, size);
    const int end = ::pclose(pipe);
    EXPECT_EQ(WIFEXITED(end) ? WEXITSTATUS(end) : -1, status) << words << "\n" << text;
    return text;
  }

 private:
  fs::path folder_;
};

const KeyKind kStrong[] = {KeyKind::rsa_2048, KeyKind::ec_p256, KeyKind::ec_p384};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_F(Openssl, Verify__ServersOfEveryStrongKind__GoodByStrictRules) {
  const std::string at = std::to_string(std::chrono::seconds(1767225600).count());
  for (const KeyKind kind : kStrong) {
    const Authority root = a_root(kind);
    const Authority middle = root.intermediate(kind, profile(Usage::ca, "m"));
    const Certificate leaf = middle.issue(
        PrivateKey::make(kind), profile(Usage::server, "cs", {"cs.example", "192.0.2.7"}));
    const std::string words = " -attime " + at + " -CAfile " +
                              file("root", root.certificate().pem()) + " -untrusted " +
                              file("m", middle.certificate().pem()) + " ";
    const std::string path = file("leaf", leaf.pem());
    for (const char* more : {"-purpose sslserver -verify_hostname cs.example ",
                             "-purpose sslserver -verify_ip 192.0.2.7 "})
      openssl("verify -x509_strict -auth_level 2" + words + more + path);
    openssl("verify" + words + "-purpose sslserver -verify_hostname x.example " + path, 2);
    openssl("verify" + words + "-purpose sslclient " + path, 2);
  }
}

TEST_F(Openssl, X509__Extensions__AsOrdered) {
  const Authority root = a_root(KeyKind::rsa_2048);
  const auto text = [&](KeyKind kind, const Profile& wanted) {
    return openssl("x509 -noout -text -in " +
                   file("c", root.issue(PrivateKey::make(kind), wanted).pem()));
  };
  const std::string server =
      text(KeyKind::rsa_2048, profile(Usage::server, "cs", {"cs.example", "192.0.2.7"}));
  for (const char* part :
       {"Version: 3", "CA:FALSE", "Digital Signature, Key Encipherment",
        "TLS Web Server Authentication", "DNS:cs.example, IP Address:192.0.2.7",
        "Subject Key Identifier", "Authority Key Identifier", "sha256WithRSAEncryption"})
    EXPECT_TRUE(has(server, part)) << part << "\n" << server;
  EXPECT_FALSE(has(text(KeyKind::ec_p256, profile(Usage::server, "cs")), "Encipherment"));
  EXPECT_TRUE(has(text(KeyKind::ec_p256, profile(Usage::client, "c")), "TLS Web Client"));
  EXPECT_TRUE(has(text(KeyKind::ec_p256, profile(Usage::firmware, "f")), "Code Signing"));
  const std::string ca = openssl("x509 -noout -text -in " + file("r", root.certificate().pem()));
  EXPECT_TRUE(has(ca, "CA:TRUE") && has(ca, "Certificate Sign, CRL Sign")) << ca;
}

// Long values are folded with a backslash.
std::string unfolded(std::string text) {
  for (std::size_t at = 0; (at = text.find("\\\n", at)) != std::string::npos;) text.erase(at, 2);
  return text;
}

// RFC 6960 section 4.1.1: a request of the status of a certificate names it in the same way.
TEST_F(Openssl, Ocsp__HashData__Same) {
  for (const KeyKind kind : kStrong) {
    const Authority root = a_root(kind, "Wurzel für Prüfungen");
    for (int i = 0; i < 8; ++i) {
      const Certificate leaf = root.issue(PrivateKey::make(KeyKind::ec_p256),
                                          profile(Usage::server, "c" + std::to_string(i)));
      const std::string issuer = file("issuer", root.certificate().pem());
      for (const auto& [algorithm, flag] :
           {std::pair{"SHA256", "sha256"}, {"SHA384", "sha384"}, {"SHA512", "sha512"}})
        for (const Certificate& certificate : {leaf, root.certificate()}) {
          const HashData data = hash_data(certificate, root.certificate(), algorithm);
          const std::string text =
              unfolded(openssl("ocsp -req_text -no_nonce -issuer " + issuer + " -" + flag +
                               " -cert " + file("cert", certificate.pem())));
          const auto value = [&](const std::string& name) {
            const std::size_t begin = text.find(name) + name.size();
            return text.substr(begin, text.find('\n', begin) - begin);
          };
          std::string serial = value("Serial Number: ");
          serial.erase(0, serial.find_first_not_of('0'));
          EXPECT_EQ(data, (HashData{algorithm, value("Issuer Name Hash: "),
                                    value("Issuer Key Hash: "), serial}))
              << text;
          EXPECT_EQ(data.issuer_name_hash.size(), std::stoul(flag + 3) / 4);
        }
    }
  }
}

TEST_F(Openssl, Req__RequestsOfBothSides__ReadByTheOther) {
  for (const KeyKind kind : kStrong) {
    const PrivateKey key = PrivateKey::make(kind);
    const std::string request = file("csr", SigningRequest::make(key, "SN-1", "Operator AG").pem());
    const std::string told = openssl("req -verify -noout -subject -in " + request);
    EXPECT_TRUE(has(told, "OK") && has(told, "O = Operator AG, CN = SN-1")) << told;
  }
  for (const auto& [algorithm, kind, bits] :
       {std::tuple{"rsa:2048", "RSA", 2048},
        {"rsa:1024", "RSA", 1024},
        {"ec -pkeyopt ec_paramgen_curve:P-256", "EC", 256},
        {"ec -pkeyopt ec_paramgen_curve:secp521r1", "EC", 521}}) {
    const std::string pem = openssl("req -new -nodes -subj '/O=Operator AG/CN=SN-2' -keyout " +
                                    file("key", "") + " -newkey " + algorithm);
    const auto request = SigningRequest::from_pem(pem, "openssl");
    EXPECT_EQ(request.common_name() + request.organization(), "SN-2Operator AG");
    EXPECT_EQ(request.key_kind(), kind);
    EXPECT_EQ(request.key_bits(), bits);
    EXPECT_TRUE(request.signature_holds());
  }
}

TEST_F(Openssl, Dgst__Signatures__HoldForTheProgram) {
  for (const KeyKind kind : kStrong) {
    const PrivateKey key = PrivateKey::make(kind);
    const std::string firmware("image of \0 firmware", 19);
    const std::string image = file("image", firmware);
    const std::string certificate = file("cert", self_signed(key, "x").pem());
    const std::string published = file("pub", openssl("x509 -noout -pubkey -in " + certificate));
    for (const Padding padding : {Padding::pkcs1, Padding::pss}) {
      const std::string signature = file("sig", key.sign(firmware, padding));
      const std::string way = key.kind() == "RSA" && padding == Padding::pss
                                  ? " -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest"
                                  : "";
      const std::string words = "dgst -sha256" + way + " -verify " + published + " -signature ";
      openssl(words + signature + " " + image);
      openssl(words + signature + " " + file("other", firmware + "x"), 1);
    }
  }
}

}  // namespace
}  // namespace plugproof::certs
