// Answers for every line {"action": .., "direction": "request" or "response", "payload": ..} on
// stdin one line
// {"valid": .., "violations": [{"place": .., "rule": ..}]} on stdout: the validator for other
// programs to ask.
#include <iostream>
#include <string>

#include "engine/base/json.hpp"
#include "engine/ocpp/schema.hpp"

using plugproof::base::Value;
namespace ocpp = plugproof::ocpp;

int main() {
  std::ios::sync_with_stdio(false);
  std::string line;
  for (int number = 1; std::getline(std::cin, line); ++number) {
    const auto read = plugproof::base::read_json(line);
    const Value* payload = read.value ? read.value->find("payload") : nullptr;
    if (!payload) {
      std::cerr << "line " << number << ": no JSON object with a member 'payload' "
                << read.error.message << "\n";
      return 2;
    }
    const auto direction = read.value->string_or("direction", "") == "response"
                               ? ocpp::Direction::response
                               : ocpp::Direction::request;
    Value::List violations;
    for (const auto& found :
         ocpp::validate(read.value->string_or("action", ""), direction, *payload))
      violations.push_back(Value::object({{"place", found.place}, {"rule", found.rule}}));
    const bool valid = violations.empty();
    std::cout << plugproof::base::write_json(Value::object(
                     {{"valid", valid}, {"violations", Value(std::move(violations))}}))
              << "\n";
  }
  return 0;
}
