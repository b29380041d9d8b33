#include "certs/pki_layout.hpp"

namespace plugproof::certs {

std::vector<LaidOut> laid_out(const BenchPki::Half& half) {
  const Certificate& central = half.central_system.certificate();
  const Certificate& manufacturer = half.manufacturer.certificate();
  const auto below_root = [](const Authority& authority) {
    return std::vector<Certificate>(authority.chain().begin(), authority.chain().end() - 1);
  };
  return {
      {kCentralSystemRoot,
       "what charge points trust (CentralSystemRootCertificate)",
       Usage::ca,
       central,
       {central},
       &half.central_system.key()},
      {kServers, "issues the certificate of the server", Usage::ca, central,
       below_root(half.servers), &half.servers.key()},
      {kServer, "what the bench shows to charge points in profiles 2 and 3", Usage::server, central,
       half.server.chain, &half.server.key},
      {kChargePoints, "issues the certificates of charge points", Usage::ca, central,
       below_root(half.charge_points), &half.charge_points.key()},
      {kManufacturerRoot,
       "what charge points trust of firmware (ManufacturerRootCertificate)",
       Usage::ca,
       manufacturer,
       {manufacturer},
       &half.manufacturer.key()},
      {kFirmwareSigner, "signs firmware", Usage::firmware, manufacturer, half.firmware.chain,
       &half.firmware.key},
      {kSpareCentralSystemRoot,
       "a root to install and to delete; nothing hangs on it",
       Usage::ca,
       half.spare_central_system,
       {half.spare_central_system},
       nullptr},
      {kSpareManufacturerRoot,
       "a root to install and to delete; nothing hangs on it",
       Usage::ca,
       half.spare_manufacturer,
       {half.spare_manufacturer},
       nullptr},
  };
}

}  // namespace plugproof::certs
