// OCPP-J frames (OCPP-J 1.6 section 4): [2, id, action, payload], [3, id, payload],
// [4, id, errorCode, errorDescription, errorDetails]. Read strictly; the raw text is never thrown
// away.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/base/value.hpp"

namespace plugproof::ocpp {

enum class MessageType { call = 2, result = 3, error = 4 };

struct Frame {
  MessageType type = MessageType::call;
  std::string id;          // at most 36 characters (OCPP-J 1.6 section 4.1.4)
  std::string action;      // of a call; of a result or error the reader fills in the call's
  base::Value payload;     // of a call or result: an object
  std::string error_code;  // of an error, as is the rest
  std::string error_description;
  base::Value error_details;
};

// Why a text is no frame. `id` is what could be read of the message id, for a CALLERROR in answer;
// `error_code` the code that fits (FormationViolation, ProtocolError ...).
struct FrameProblem {
  std::string message;
  std::string error_code = "FormationViolation";
  std::optional<std::string> id;
  std::optional<int> type;
};

struct FrameResult {
  std::optional<Frame> frame;  // empty: see problem
  FrameProblem problem;
};

// Messages longer than this are refused unread (the largest legal 1.6 message is far smaller).
inline constexpr std::size_t kMaxFrameBytes = 1 << 20;

FrameResult read_frame(std::string_view text);

std::string write_call(std::string_view id, std::string_view action, const base::Value& payload);
std::string write_result(std::string_view id, const base::Value& payload);
std::string write_error(std::string_view id, std::string_view code, std::string_view description,
                        const base::Value& details);

// The error codes of OCPP-J 1.6 section 4.2.3 (with the misspelt OccurenceConstraintViolation).
bool is_error_code(std::string_view code);

}  // namespace plugproof::ocpp
