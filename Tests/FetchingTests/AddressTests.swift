import Testing

@testable import Fetching

/// Which addresses may be asked.
@Suite struct AddressTests {
  @Test(arguments: [
    "8.8.8.8", "1.1.1.1", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "192.169.0.1", "223.255.255.255",
    "2606:4700::1111", "2a00:1450::1", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8",
  ])
  func thePublicInternetMayBeAsked(_ text: String) throws {
    #expect(AddressRule().allows(try #require(NetworkAddress(text))))
  }

  @Test(arguments: [
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.1.1",
    "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::ffff:169.254.169.254", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "fec0::1", "2001:db8::1", "2001::1",
    "2002:7f00:1::", "3fff::1", "64:ff9b::127.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1", "100::1", "4000::1",
  ])
  func allElseMayNot(_ text: String) throws {
    #expect(!AddressRule().allows(try #require(NetworkAddress(text))))
  }

  @Test func networksAreAddedByNumber() throws {
    let rule = AddressRule(adding: try ["10.1.0.0/16", "127.0.0.1", "fd00::/8"].map { try #require(Network($0)) })
    for (text, isAllowed) in [
      ("10.1.255.1", true), ("10.2.0.1", false), ("127.0.0.1", true), ("127.0.0.2", false), ("::ffff:127.0.0.1", true),
      ("fdff::1", true), ("fc00::1", false), ("::1", false), ("8.8.8.8", true),
    ] {
      #expect(rule.allows(try #require(NetworkAddress(text))) == isAllowed, "\(text)")
    }
    #expect(Network("0.0.0.0/0")?.contains(try #require(NetworkAddress("10.0.0.1"))) == true)
    #expect(Network("0.0.0.0/0")?.contains(try #require(NetworkAddress("::1"))) == false)
    for wrong in ["", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0/8", "::/129", "a/8", "10.0.0.0/8/8", "host"] {
      #expect(Network(wrong) == nil, "\(wrong)")
    }
  }

  @Test func addressesAreShownAsPeopleWriteThem() throws {
    for text in ["192.0.2.1", "2001:db8::1"] { #expect(NetworkAddress(text)?.description == text) }
    #expect(NetworkAddress("::ffff:192.0.2.1")?.description == "192.0.2.1")
    for wrong in ["", "1.2.3", "1.2.3.4.5", "localhost", "127.1", "2130706433", "::g"] {
      #expect(NetworkAddress(wrong) == nil)
    }
  }

  @Test func urls() {
    for right in ["http://a/b", "https://a.b:8080/c?d=e", "HTTP://h", "http://[::1]/x", "http://h/a@b"] {
      #expect(Fetcher.fault(in: right) == nil, "\(right)")
    }
    for wrong in [
      "", "a", "ftp://a/b", "file:///etc/passwd", "http://", "http:///x", "http://u:p@h/x", "http://u@h", "http://h/ä",
      "http://h/a b", "http://h/a\r\nb", "gopher://h", "http://?@h", "http://h/" + String(repeating: "a", count: 2048),
    ] {
      #expect(Fetcher.fault(in: wrong) != nil, "\(wrong)")
    }
  }
}
