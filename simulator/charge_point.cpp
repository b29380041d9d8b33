#include "simulator/charge_point.hpp"

#include "engine/link/handshake.hpp"
#include "simulator/behaviours.hpp"
#include "simulator/context.hpp"
#include "simulator/credentials.hpp"
#include "simulator/physical.hpp"
#include "simulator/station.hpp"

namespace plugproof::simulator {

using namespace std::chrono_literals;

class ChargePoint::Impl : public Powered {
 public:
  Impl(base::Clock& clock, const pics::Pics& pics, link::ClientFactory clients,
       const Options& options)
      : clock_(clock),
        pics_(pics),
        clients_(std::move(clients)),
        url_(options.url),
        capabilities_(pics_),
        variations_(options.variation_seed, capabilities_),
        defects_(options.defects),
        random_(options.variation_seed + 1),
        configuration_(pics_, capabilities_, memory_.configuration),
        context_{clock,          capabilities_, variations_,
                 configuration_, defects_,      memory_,
                 plant_,         random_,       [this](const std::string& text) { note(text); },
                 options.files},
        delays_(clock) {
    // Who supports profile 3 has a serial number (A00.FR.429).
    if (capabilities_.serial.empty() && capabilities_.has_security_profile(3))
      capabilities_.serial = base::clip_utf8(link::identity_of(link::path_of(url_)).value, 25);
    install_security(context_, options);
    const auto count = static_cast<std::size_t>(capabilities_.connectors) + 1;
    memory_.operative.assign(count, true);
    memory_.finishing.assign(count, false);
    plant_.outlets.resize(count);
    for (int number = 1; number <= capabilities_.connectors; ++number)
      plant_.outlet(number).cable = capabilities_.fixed(number);
  }

  void power_on() override {
    wanted_ = true;
    if (station_) return;
    station_ = std::make_unique<Station>(context_, clients_, url_, [this] {
      cut();
      power_on();
    });
    station_->boot();
  }

  void power_off() override {
    wanted_ = false;
    if (!station_ || failing_) return;
    if (capabilities_.backup_power && station_->in_use(0)) {
      failing_ = true;
      context_.log("on backup power");
      station_->power_fails([this] {
        cut();
        if (wanted_) power_on_later();
      });
      return;
    }
    cut();
  }

  void power_cycle() override {
    power_off();
    wanted_ = true;
    if (!failing_) power_on_later();
  }

  Station* running() override { return failing_ ? nullptr : station_.get(); }
  Context& context() override { return context_; }

  ActionResult act(const std::string& action, const base::Value& arguments) {
    return perform_action(*this, action, arguments);
  }
  const Defects& defects() const { return defects_; }
  void log_to(std::function<void(const std::string&)> log) { log_ = std::move(log); }

 private:
  static constexpr base::Nanos kOffTime = 3s;

  // What happened is a line of the diagnostics too.
  void note(const std::string& text) {
    memory_.log.push_back({context_.now_utc(), text});
    if (memory_.log.size() > Memory::kMaxLogged) memory_.log.pop_front();
    if (log_) log_(text);
  }

  // The station may be the one that is calling: it is let go afterwards.
  void cut() {
    failing_ = false;
    if (!station_) return;
    station_->shut_down();
    retired_.push_back(std::move(station_));
    delays_.after(0s, [this] { retired_.clear(); });
    context_.log("power off");
  }

  void power_on_later() {
    delays_.after(kOffTime, [this] {
      if (wanted_) power_on();
    });
  }

  base::Clock& clock_;
  pics::Pics pics_;
  link::ClientFactory clients_;
  std::string url_;
  Capabilities capabilities_;
  Variations variations_;
  Defects defects_;
  Memory memory_;
  Plant plant_;
  base::Random random_;
  Configuration configuration_;
  Context context_;
  std::function<void(const std::string&)> log_;
  std::unique_ptr<Station> station_;
  std::vector<std::unique_ptr<Station>> retired_;
  bool wanted_ = false;   // there is supply
  bool failing_ = false;  // on backup power until transactions are reported
  Delays delays_;

  friend class ChargePoint;
};

ChargePoint::ChargePoint(base::Clock& clock, const pics::Pics& pics, link::ClientFactory clients,
                         const Options& options)
    : impl_(std::make_unique<Impl>(clock, pics, std::move(clients), options)) {}

ChargePoint::~ChargePoint() = default;

void ChargePoint::power_on() {
  impl_->power_on();
}

void ChargePoint::power_off() {
  impl_->power_off();
}

ActionResult ChargePoint::act(const std::string& action, const base::Value& arguments) {
  return impl_->act(action, arguments);
}

const std::map<std::string, int>& ChargePoint::defect_hits() const {
  return impl_->defects().hits();
}

void ChargePoint::on_log(std::function<void(const std::string&)> log) {
  impl_->log_to(std::move(log));
}

const std::vector<DefectInfo>& known_defects() {
  static const std::vector<DefectInfo> kAll = [] {
    std::vector<DefectInfo> list;
    for (const auto& form : message_rule_forms())
      list.push_back({form.name + ":...", form.explanation});
    for (const auto& behaviour : all_behaviours()) {
      std::string name = behaviour.name;
      if (behaviour.argument == Argument::required) name += ":<argument>";
      if (behaviour.argument == Argument::optional) name += "[:<argument>]";
      list.push_back({std::move(name), behaviour.explanation});
    }
    return list;
  }();
  return kAll;
}

}  // namespace plugproof::simulator
