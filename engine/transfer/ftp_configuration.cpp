#include "engine/transfer/ftp_configuration.hpp"

#include <crypt.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <sstream>

#include "engine/base/diagnostics.hpp"
#include "engine/transfer/ftp_record.hpp"

namespace plugproof::transfer {

namespace {

const char* file_name(Protocol protocol) {
  switch (protocol) {
    case Protocol::ftps:
      return "ftps.conf";
    case Protocol::ftps_implicit:
      return "ftps-implicit.conf";
    default:
      return "ftp.conf";
  }
}

bool is_held_back(const Place& place) {
  return place.conduct == Conduct::broken || place.conduct == Conduct::stalled;
}

// PEM blocks behind the first one: mod_tls wants the server's own certificate alone.
std::string rest_of_chain(const std::string& chain) {
  constexpr const char* kEnd = "-----END CERTIFICATE-----";
  const auto first = chain.find(kEnd);
  if (first == std::string::npos) return {};
  const auto next = chain.find("-----BEGIN", first);
  return next == std::string::npos ? std::string() : chain.substr(next);
}

void write_tls(std::ostringstream& out, const std::string& folder, Protocol protocol,
               const ServerCertificate& certificate) {
  const char* kind = certificate.elliptic ? "EC" : "RSA";
  out << "LoadModule mod_tls.c\nTLSEngine on\nTLSRequired on\nTLSProtocol TLSv1.2 TLSv1.3\n"
      << "TLS" << kind << "CertificateFile " << folder << "/certificate.pem\n"
      << "TLS" << kind << "CertificateKeyFile " << folder << "/key.pem\n";
  if (!rest_of_chain(certificate.chain).empty())
    out << "TLSCertificateChainFile " << folder << "/chain.pem\n";
  // Many clients open the data connection with a TLS session of its own.
  out << "TLSOptions NoSessionReuseRequired"
      << (protocol == Protocol::ftps_implicit ? " UseImplicitSSL\n" : "\n");
}

// After so many bytes at most the transfer goes on at a hundredth of a byte a second: proftpd
// pauses after a block once more than the free bytes have gone through.
void write_hold(std::ostringstream& out, const Place& place) {
  const std::uint64_t free = place.after > kFtpBlock ? place.after - kFtpBlock : 0;
  out << "TransferRate " << (place.way == Way::download ? "RETR" : "STOR,APPE,STOU")
      << " 0.00001:" << free << " user " << place.user << "\n";
}

}  // namespace

void write_private(const std::string& path, const std::string& text, const Account& account) {
  const std::string fresh = path + ".new";
  ::unlink(fresh.c_str());
  const int descriptor = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  bool done = descriptor >= 0;
  for (std::size_t at = 0; done && at < text.size();) {
    const ssize_t count = ::write(descriptor, text.data() + at, text.size() - at);
    done = count > 0 || (count < 0 && errno == EINTR);
    if (count > 0) at += static_cast<std::size_t>(count);
  }
  if (done && account.changes) done = ::fchown(descriptor, account.user_id, account.group_id) == 0;
  const int error = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (done && ::rename(fresh.c_str(), path.c_str()) == 0) return;
  const std::string reason = std::strerror(done ? errno : error);
  ::unlink(fresh.c_str());
  throw base::InputError("cannot write " + path + ": " + reason + kMakeRoom);
}

std::string ftp_configuration_path(const std::string& folder, Protocol protocol) {
  return folder + "/" + file_name(protocol);
}

std::string ftp_log_path(const std::string& folder) {
  return folder + "/log";
}

std::string hash_password(const std::string& password) {
  crypt_data data{};
  const std::string setting = "$6$rounds=1000$" + unguessable(16) + "$";
  const char* hash = ::crypt_r(password.c_str(), setting.c_str(), &data);
  if (!hash) throw base::InputError("this system cannot hash the passwords of the FTP server");
  return hash;
}

void write_ftp_certificate(const std::string& folder, const ServerCertificate& certificate,
                           const Account& account) {
  write_private(folder + "/certificate.pem", certificate.chain, account);
  write_private(folder + "/key.pem", certificate.key, account);
  if (const std::string rest = rest_of_chain(certificate.chain); !rest.empty())
    write_private(folder + "/chain.pem", rest, account);
}

void write_ftp_configuration(const std::string& folder, Protocol protocol, std::uint16_t port,
                             const FtpSettings& settings, const Account& account,
                             const std::vector<const FtpPlace*>& places,
                             const ServerCertificate* certificate) {
  std::ostringstream out;
  // One process a connection, which we accept ourselves: no daemon, no race for a free port, and
  // the process identity of every session is known.
  out << "ServerType inetd\nServerName plugproof\nServerIdent on plugproof\nDefaultServer on\n"
      << "DefaultAddress " << settings.address << "\nPort " << port << "\n"
      << "UseIPv6 " << (settings.address.find(':') == std::string::npos ? "off" : "on") << "\n"
      << "UseReverseDNS off\nUser " << account.user << "\nGroup " << account.group << "\n"
      << "Umask 077 077\nWtmpLog off\nTransferLog none\nSystemLog none\nScoreboardFile none\n"
      << "DelayEngine off\nUseEncoding off\nUseSendfile off\nTimesGMT on\n"
      << "LoadModule mod_vroot.c\nVRootEngine on\nDefaultRoot ~\n"
      << "AuthOrder mod_auth_file.c\nAuthUserFile " << folder << "/users\n"
      << "AuthGroupFile " << folder << "/groups\nRequireValidShell off\nMaxLoginAttempts 3\n"
      << "AllowOverride off\nAllowOverwrite on\nAllowRetrieveRestart on\nAllowStoreRestart on\n"
      << "TimeoutLogin 60\nTimeoutIdle 600\nTimeoutNoTransfer 600\nTimeoutStalled 120\n"
      << "TimeoutLinger 2\nMaxStoreFileSize " << settings.largest_upload << " B\n"
      << "LogFormat events \"" << kFtpLogFormat << "\"\nExtendedLog " << ftp_log_path(folder)
      << " ALL events\n";
  if (settings.first_passive != 0)
    out << "PassivePorts " << settings.first_passive << " " << settings.last_passive << "\n";
  if (settings.host != settings.address) out << "MasqueradeAddress " << settings.host << "\n";
  // A transfer is all that anybody may do: a file out of an offer, a file into an inbox.
  out << "<Limit DELE RMD XRMD MKD XMKD SITE_CHMOD SITE_CHGRP MFMT MFF>\nDenyAll\n</Limit>\n"
      << "<Limit WRITE>\nDenyUser regex ^[dn]\n</Limit>\n"
      << "<Limit RETR>\nDenyUser regex ^[un]\n</Limit>\n";
  bool small_blocks = false;
  for (const FtpPlace* place : places) {
    if (place->place.protocol != protocol || !is_held_back(place->place)) continue;
    write_hold(out, place->place);
    small_blocks = true;
  }
  if (small_blocks) out << "SocketOptions sndbuf " << kFtpBlock << " rcvbuf " << kFtpBlock << "\n";
  if (protocol != Protocol::ftp) write_tls(out, folder, protocol, *certificate);
  write_private(ftp_configuration_path(folder, protocol), out.str(), account);
}

void write_ftp_users(const std::string& folder, const Account& account,
                     const std::vector<const FtpPlace*>& places) {
  std::ostringstream users;
  for (const FtpPlace* place : places)
    users << place->place.user << ":" << place->password_hash << ":" << account.user_id << ":"
          << account.group_id << "::" << place->root << ":/bin/false\n";
  write_private(folder + "/users", users.str(), account);
  write_private(folder + "/groups", "files:x:" + std::to_string(account.group_id) + ":\n", account);
}

}  // namespace plugproof::transfer
