#include "engine/transfer/control_connection.hpp"

#include <gtest/gtest.h>
#include <linux/filter.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <asio/buffer.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>
#include <functional>
#include <string_view>
#include <thread>

namespace plugproof::transfer {
namespace {

using asio::ip::tcp;

bool in_time(const std::function<bool()>& holds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!holds()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    std::this_thread::yield();
  }
  return true;
}

class ControlConnectionTest : public ::testing::Test {
 protected:
  ControlConnectionTest() {
    client.connect(acceptor.local_endpoint());
    acceptor.accept(server);
  }
  void say(std::string_view text) { asio::write(server, asio::buffer(text)); }
  void hear(std::size_t count) {
    std::array<char, 64> heard{};
    asio::read(client, asio::buffer(heard.data(), count));
  }
  ControlConnection look() { return look_at(server.native_handle()); }
  unsigned sent_again() {
    tcp_info facts{};
    socklen_t size = sizeof facts;
    ::getsockopt(server.native_handle(), IPPROTO_TCP, TCP_INFO, &facts, &size);
    return facts.tcpi_total_retrans;  // segments
  }
  // Everything that comes in is lost before the system has acknowledged it.
  void lose() {
    sock_filter nothing = BPF_STMT(BPF_RET | BPF_K, 0);
    const sock_fprog program{1, &nothing};
    ASSERT_EQ(::setsockopt(client.native_handle(), SOL_SOCKET, SO_ATTACH_FILTER, &program,
                           sizeof program),
              0);
  }
  void lose_no_more() {
    const int none = 0;
    ASSERT_EQ(
        ::setsockopt(client.native_handle(), SOL_SOCKET, SO_DETACH_FILTER, &none, sizeof none), 0);
  }

  asio::io_context io;
  tcp::acceptor acceptor{io, {asio::ip::address_v4::loopback(), 0}};
  tcp::socket client{io}, server{io};
};

TEST_F(ControlConnectionTest, Said__HeardOnceAcknowledged) {
  const std::uint64_t before = look().said;
  say("226 done");
  hear(8);
  EXPECT_TRUE(in_time([&] { return look().heard >= before + 8; }));
  EXPECT_TRUE(look().open);
  EXPECT_EQ(look().said, before + 8);
  EXPECT_GE(look().heard, look().said);
}

TEST_F(ControlConnectionTest, SaidAgainSinceItWasLost__CountsOnce) {
  const std::uint64_t before = look().said;
  lose();
  say("226 done");
  ASSERT_TRUE(in_time([&] { return sent_again() > 0; }));
  EXPECT_EQ(look().said, before + 8);
  EXPECT_LT(look().heard, look().said);
  lose_no_more();
  hear(8);
  EXPECT_TRUE(in_time([&] { return look().heard >= look().said; }));
  EXPECT_EQ(look().said, before + 8);
}

TEST_F(ControlConnectionTest, ClientLeaves__NotOpen) {
  client.close();
  EXPECT_TRUE(in_time([&] { return !look().open; }));
}

}  // namespace
}  // namespace plugproof::transfer
