// What HTTP alone has: ranges, chunked bodies, forms, credentials, and requests that break its
// rules.
#include <httplib.h>

#include <array>
#include <asio/buffer.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/write.hpp>

#include "tests/e2e/files_fixture.hpp"

namespace plugproof::transfer {
namespace {

class HttpFilesTest : public FileServersTest {
 protected:
  void SetUp() override {
    FileServersTest::SetUp();
    options.protocols = {Protocol::http, Protocol::https};
    options.largest_upload = 1'000'000;
    start();
  }
  CurlResult get(const std::string& arguments) { return curl(Protocol::http, arguments); }

  // http://user:password@host:port/path, taken apart.
  struct Parts {
    std::uint16_t port = 0;
    std::string path;
    std::string authorization;
  };
  static Parts parts(const std::string& url) {
    const auto user = url.find("//") + 2;
    const auto password = url.find(':', user) + 1;
    const auto at = url.find('@');
    const auto port = url.find(':', at) + 1;
    const auto slash = url.find('/', port);
    const auto authorization = httplib::make_basic_authentication_header(
        url.substr(user, password - 1 - user), url.substr(password, at - password));
    return {static_cast<std::uint16_t>(std::stoi(url.substr(port, slash - port))),
            url.substr(slash), authorization.second};
  }
  // Sends bytes as they are; what comes until the server ends the connection, or nothing when this
  // side ends it at once. The server accepts on the same loop, so nothing here may block.
  std::string raw(const Parts& to, const std::string& bytes, bool and_leave = false) {
    asio::ip::tcp::socket socket(loop.context());
    socket.connect({asio::ip::address_v4::loopback(), to.port});
    bool written = false, ended = false;
    asio::async_write(socket, asio::buffer(bytes),
                      [&](const std::error_code&, std::size_t) { written = true; });
    std::string got;
    std::array<char, 4096> chunk{};
    const std::function<void()> read = [&] {
      socket.async_read_some(asio::buffer(chunk), [&](const std::error_code& e, std::size_t n) {
        got.append(chunk.data(), n);
        ended = static_cast<bool>(e);
        if (!ended) read();
      });
    };
    if (!and_leave) read();
    EXPECT_TRUE(wait([&] { return written && (ended || and_leave); })) << bytes;
    socket.close();
    // The handlers of what was given up are still to come, and refer to what is here.
    EXPECT_TRUE(wait([&] { return written && (ended || and_leave); }));
    return got;
  }
  static std::string head(const std::string& method, const Parts& to, const std::string& more) {
    return method + " " + to.path +
           " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: " + to.authorization +
           "\r\n" + more + "\r\n";
  }
};

TEST_F(HttpFilesTest, Ranges__DoneWhenTheLastPieceWasTaken) {
  const std::string content = some_bytes(10'000);
  const Opened place = offer(Protocol::http, content);
  std::string got;
  for (const std::string range : {"0-2999", "3000-7999", "8000-"}) {
    EXPECT_TRUE(of_kind(EventKind::done).empty());
    const CurlResult piece = get("-f -r " + range + " -o " + local("piece") +
                                 " -w '%{http_code}' " + in_quotes(place.url));
    EXPECT_EQ(piece.output, "206");
    got += read_file(folder / "piece");
    settle();
  }
  EXPECT_EQ(got, content);
  ASSERT_TRUE(wait_for_event(EventKind::done));
  ASSERT_EQ(events.size(), 2U);  // one download, whatever pieces it came in
  EXPECT_EQ(events[1].sha256, base::sha256_hex(content));
}

TEST_F(HttpFilesTest, RangesAtTheBorders__AsTheStandardSays) {
  const Opened place = offer(Protocol::http, "0123456789");
  const std::vector<std::pair<std::string, std::string>> cases{
      {"0-0", "0206"},          {"9-9", "9206"},      {"-3", "789206"},
      {"-99", "0123456789206"}, {"5-99", "56789206"}, {"10-", "416"},
      {"99-100", "416"},        {"-0", "416"},        {"0-1,5-6", "0123456789200"}};
  for (const auto& [range, expected] : cases)
    EXPECT_EQ(get("-r " + range + " -w '%{http_code}' " + in_quotes(place.url)).output, expected)
        << range;
  const std::string huge = "Range: bytes=99999999999999999999999999-";
  EXPECT_EQ(get("-H '" + huge + "' -w '%{http_code}' " + in_quotes(place.url)).output, "416");
}

TEST_F(HttpFilesTest, Head__SizeAndNoEvent) {
  const Opened place = offer(Protocol::http, some_bytes(1234));
  const CurlResult result = get("-I " + in_quotes(place.url));
  EXPECT_NE(result.output.find("Content-Length: 1234"), std::string::npos) << result.output;
  EXPECT_NE(result.output.find("Accept-Ranges: bytes"), std::string::npos) << result.output;
  settle();
  EXPECT_TRUE(events.empty());
}

TEST_F(HttpFilesTest, ChunkedUpload__Whole) {
  const std::string content = some_bytes(300'000);
  write_file(folder / "up.log", content);
  const Opened place = inbox(Protocol::http);
  const CurlResult result =
      get("-f -H 'Transfer-Encoding: chunked' -T " + local("up.log") + " " + in_quotes(place.url));
  EXPECT_EQ(result.status, 0) << result.output;
  ASSERT_TRUE(wait_for_event(EventKind::done));
  expect_kept(events.back(), content);
}

TEST_F(HttpFilesTest, UploadOverTheLimit__RefusedHoweverItIsSent) {
  write_file(folder / "up.log", some_bytes(3'000'000));
  const Opened place = inbox(Protocol::http);
  for (const std::string header : {"-H 'Transfer-Encoding: chunked' ", "", "-H 'Expect:' "}) {
    events.clear();
    const CurlResult result =
        get("-w '%{http_code}' " + header + "-T " + local("up.log") + " " + in_quotes(place.url));
    EXPECT_NE(result.output.find("413"), std::string::npos) << header << result.output;
    ASSERT_TRUE(wait_for_event(EventKind::failed)) << header;
    EXPECT_NE(events.back().reason.find("larger than the bench takes (1000000 bytes)"),
              std::string::npos);
  }
  EXPECT_TRUE(of_kind(EventKind::done).empty());
}

TEST_F(HttpFilesTest, PostOfAFile__KeptUnderTheNameOfTheUrl) {
  write_file(folder / "up.log", "content");
  const Opened place = inbox(Protocol::https);
  const std::string post = "-f --data-binary @" + local("up.log") + " ";
  EXPECT_EQ(curl(Protocol::https, post + in_quotes(place.url + "post.log")).status, 0);
  ASSERT_TRUE(wait_for_event(EventKind::done));
  expect_kept(events.back(), "content");
  EXPECT_EQ(events.back().name, "post.log");
  // Without a name, and with slashes to spare.
  events.clear();
  EXPECT_EQ(curl(Protocol::https, post + in_quotes(place.url)).status, 0);
  EXPECT_EQ(
      curl(Protocol::https, "-f -T " + local("up.log") + " " + in_quotes(place.url + "//more.log"))
          .status,
      0);
  ASSERT_TRUE(wait_for_event(EventKind::done, 2));
  EXPECT_EQ(of_kind(EventKind::done)[0].kept, "uploads/02-unnamed");
  EXPECT_EQ(of_kind(EventKind::done)[1].name, "more.log");
}

TEST_F(HttpFilesTest, Forms__EveryFileKept) {
  const std::string content = some_bytes(300'000);
  write_file(folder / "a.log", content);
  write_file(folder / "b.log", "");
  const Opened place = inbox(Protocol::http);
  const CurlResult result =
      get("-f -F 'note=hello' -F 'one=@" + (folder / "a.log").string() + "' -F 'two=@" +
          (folder / "b.log").string() + ";filename=../../b.log' " + in_quotes(place.url));
  EXPECT_EQ(result.status, 0) << result.output;
  ASSERT_TRUE(wait_for_event(EventKind::done, 2));
  const auto done = of_kind(EventKind::done);
  EXPECT_EQ(done[0].name, "a.log");
  expect_kept(done[0], content);
  EXPECT_EQ(done[1].name, "b.log");
  expect_kept(done[1], "");
  // A form without a file is no upload.
  events.clear();
  EXPECT_EQ(get("-f -F 'note=hello' " + in_quotes(place.url)).status, 22);
  ASSERT_TRUE(wait_for_event(EventKind::failed));
}

TEST_F(HttpFilesTest, CompressedUpload__KeptAsItCame) {
  write_file(folder / "up.gz", "not really compressed");
  const Opened place = inbox(Protocol::http);
  EXPECT_EQ(get("-f -H 'Content-Encoding: gzip' -T " + local("up.gz") + " " + in_quotes(place.url))
                .status,
            0);
  ASSERT_TRUE(wait_for_event(EventKind::done));
  expect_kept(events.back(), "not really compressed");
}

TEST_F(HttpFilesTest, WithoutCredentials__OpenToWhoKnowsThePath) {
  options.http_credentials = false;
  start();
  const Opened place = offer(Protocol::http, "content");
  EXPECT_EQ(place.url.find('@'), std::string::npos);
  EXPECT_EQ(get("-f " + in_quotes(place.url)).output, "content");
}

TEST_F(HttpFilesTest, OtherMethodsAndFolders__Refused) {
  const Opened file = offer(Protocol::http, "content");
  const Opened up = inbox(Protocol::http);
  const std::string status = "-o /dev/null -w '%{http_code}' ";
  for (const std::string method : {"PUT", "POST", "DELETE", "OPTIONS", "PATCH"})
    EXPECT_EQ(get(status + "-X " + method + " -d x " + in_quotes(file.url)).output, "405")
        << method;
  EXPECT_EQ(get(status + in_quotes(up.url)).output, "405");
  const std::string folder_url = file.url.substr(0, file.url.rfind('/') + 1);
  EXPECT_EQ(get(status + in_quotes(folder_url)).output, "404");
  EXPECT_EQ(get(status + in_quotes(file.url + "/x")).output, "404");
  EXPECT_EQ(get(status + in_quotes(file.url + std::string(7000, 'x'))).output, "414");
  settle();
  EXPECT_TRUE(events.empty());
}

TEST_F(HttpFilesTest, BodyWithoutAMarkedEnd__RefusedAndNoUpload) {
  Parts to = parts(inbox(Protocol::http).url);
  to.path += "up.log";
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", "411"},
      {"Content-Length: 3x\r\n", "400"},
      {"Content-Length: -3\r\n", "400"},
      {"Content-Length: 3\r\nContent-Length: 4\r\n", "400"},
      {"Content-Length: 3\r\nContent-Range: bytes 0-2/9\r\n", "400"},
      {"Transfer-Encoding: gzip, chunked\r\n", "501"},
      {"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "501"}};
  for (const auto& [headers, status] : cases)
    EXPECT_EQ(raw(to, head("PUT", to, headers) + "abc").substr(9, 3), status) << headers;
  settle();
  EXPECT_TRUE(events.empty());
}

TEST_F(HttpFilesTest, BodyThatBreaksOff__FailedAndNotKept) {
  Parts to = parts(inbox(Protocol::http).url);
  to.path += "up.log";
  const std::string chunked = head("PUT", to, "Transfer-Encoding: chunked\r\n");
  // A bad line behind a chunk, a size that is none, no empty line at the end.
  for (const std::string body :
       {"3\r\nabcXYZ\r\n", "3\r\nabc\r\nxyz\r\n", "3\r\nabc\r\n0\r\nx\r\n"}) {
    events.clear();
    EXPECT_EQ(raw(to, chunked + body).substr(9, 3), "400") << body;
    ASSERT_TRUE(wait_for_event(EventKind::failed)) << body;
  }
  for (const std::string cut : {"3\r\nabc\r\n", "9\r\nabc"}) {
    events.clear();
    raw(to, chunked + cut, true);
    ASSERT_TRUE(wait_for_event(EventKind::failed)) << cut;
    EXPECT_EQ(events.back().reason, "the client gave the transfer up");
  }
  events.clear();
  raw(to, head("PUT", to, "Content-Length: 10\r\n") + "abc", true);
  ASSERT_TRUE(wait_for_event(EventKind::failed));
  EXPECT_EQ(events.back().bytes, 3U);
  EXPECT_TRUE(of_kind(EventKind::done).empty());
  EXPECT_EQ(raw(to, chunked + "3;ext=1\r\nabc\r\n0\r\n\r\n").substr(9, 3), "201");
  ASSERT_TRUE(wait_for_event(EventKind::done));
  expect_kept(events.back(), "abc");
}

TEST_F(HttpFilesTest, Rubbish__ThatConnectionAlone) {
  const Opened place = offer(Protocol::http, "content");
  const Parts to = parts(place.url);
  for (const std::string& bytes :
       {std::string("\x16\x03\x01\x02\x00\x01\xFC\x03\x03\r\n\r\n", 14),
        "GET " + std::string(100'000, 'x') + " HTTP/1.1\r\n\r\n", std::string("GET\r\n\r\n"),
        "GET / HTTP/1.1\r\nX: " + std::string(100'000, 'x') + "\r\n\r\n"})
    raw(to, bytes, true);
  EXPECT_EQ(get("-f " + in_quotes(place.url)).output, "content");
}

TEST_F(HttpFilesTest, TlsOfTheWrongKind__ThatConnectionAlone) {
  const Opened place = offer(Protocol::https, "content");
  std::string plain = place.url;
  plain.erase(4, 1);
  EXPECT_NE(get("-f " + in_quotes(plain)).status, 0);
  EXPECT_EQ(get("-f " + in_quotes(place.url)).status, 60);  // whom nobody trusts
  EXPECT_NE(curl(Protocol::https, "-f --tls-max 1.1 " + in_quotes(place.url)).status, 0);
  EXPECT_EQ(curl(Protocol::https, "-f --tls-max 1.2 " + in_quotes(place.url)).output, "content");
  EXPECT_EQ(curl(Protocol::https, "-f --tlsv1.3 " + in_quotes(place.url)).output, "content");
}

TEST_F(HttpFilesTest, ManyAtOnce__AllServed) {
  const std::string content = some_bytes(200'000);
  const Opened place = offer(Protocol::http, content);
  std::vector<std::unique_ptr<Command>> commands;
  for (int i = 0; i < 30; ++i)
    commands.push_back(curl_beside(
        Protocol::http, "-f -o " + local("got" + std::to_string(i)) + " " + in_quotes(place.url)));
  for (std::size_t i = 0; i < commands.size(); ++i) {
    ASSERT_TRUE(wait([&] { return commands[i]->ended(); }));
    EXPECT_EQ(commands[i]->status(), 0);
    EXPECT_EQ(read_file(folder / ("got" + std::to_string(i))), content);
  }
  ASSERT_TRUE(wait_for_event(EventKind::done, 30));
}

}  // namespace
}  // namespace plugproof::transfer
