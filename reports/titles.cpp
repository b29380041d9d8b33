#include "reports/titles.hpp"

namespace plugproof::reports {

std::string kpi_title(std::string_view kpi) {
  if (kpi == "response") return "OCPP response timeout";
  if (kpi == "triggered") return "OCPP triggered function timeout";
  if (kpi == "remote_start") return "Transaction authorization time by RemoteStartTransaction";
  if (kpi == "remote_stop") return "Transaction authorization end time by RemoteStopTransaction";
  if (kpi == "remote_start_response") return "Response time RemoteStartTransaction";
  return std::string(kpi);
}

std::string kpi_description(std::string_view kpi) {
  if (kpi == "response") return "From a request of the Central System to the charge point's answer";
  if (kpi == "triggered")
    return "From a request to the message that it causes; firmware, diagnostics and reboot "
           "excluded";
  if (kpi == "remote_start")
    return "From RemoteStartTransaction to StartTransaction, where the start follows at once";
  if (kpi == "remote_stop")
    return "From RemoteStopTransaction to StopTransaction, where the stop follows at once";
  if (kpi == "remote_start_response") return "From RemoteStartTransaction to its confirmation";
  return {};
}

}  // namespace plugproof::reports
