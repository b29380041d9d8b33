// proftpd's configuration as the bench writes it: one file for each form of FTP, the users, one for
// each place, and the certificate. Nothing of the system's configuration is used.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/transfer/child_process.hpp"
#include "engine/transfer/place.hpp"
#include "engine/transfer/server_certificate.hpp"

namespace plugproof::transfer {

struct FtpSettings {
  std::string address;                                // to listen at
  std::string host;                                   // as the charge point sees us
  std::uint16_t first_passive = 0, last_passive = 0;  // 0: any
  std::uint64_t largest_upload = 256U << 20;          // bytes
};

// A place as proftpd knows it: a user whose root folder holds the place's folder and nothing else.
struct FtpPlace {
  Place place;
  std::string root;           // on disk
  std::string password_hash;  // for its line in the file of users
};

// FTP moves blocks of this size where a place breaks off or stalls; that is how exact "after so
// many bytes" can be.
inline constexpr std::uint64_t kFtpBlock = 4096;

// In the folder, of the account's own, all of mode 0600. Each throws base::InputError with the
// system's reason.
void write_private(const std::string& path, const std::string& text, const Account& account);
void write_ftp_certificate(const std::string& folder, const ServerCertificate& certificate,
                           const Account& account);
void write_ftp_configuration(const std::string& folder, Protocol protocol, std::uint16_t port,
                             const FtpSettings& settings, const Account& account,
                             const std::vector<const FtpPlace*>& places,
                             const ServerCertificate* certificate);
void write_ftp_users(const std::string& folder, const Account& account,
                     const std::vector<const FtpPlace*>& places);

std::string ftp_configuration_path(const std::string& folder, Protocol protocol);
std::string ftp_log_path(const std::string& folder);
std::string hash_password(const std::string& password);

}  // namespace plugproof::transfer
