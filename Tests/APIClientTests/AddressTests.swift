import Testing

@testable import APIClient

/// What is an address of a service.
@Suite struct AddressTests {
  @Test func addressesAreTaken() throws {
    for (text, shown, isLoopback) in [
      ("http://127.0.0.1:8080", "http://127.0.0.1:8080", true), ("http://localhost:1/", "http://localhost:1", true),
      ("http://[::1]:8080/base/", "http://[::1]:8080/base", true), ("HTTPS://h/a//", "HTTPS://h/a", false),
      ("http://127.evil.example", "http://127.evil.example", false),
      ("http://localhost.example", "http://localhost.example", false),
    ] {
      let address = try APIAddress(text)
      #expect(address.description == shown)
      #expect(address.isLoopback == isLoopback, "\(text)")
    }
  }

  @Test(arguments: [
    "", "127.0.0.1:8080", "ftp://h", "http://", "http:///x", "http://u:p@h", "http://h/?a", "http://h/#a",
    "http://h/ b", "http://ä",
  ])
  func othersAreRefused(_ text: String) {
    #expect(throws: APIAddressError.self) { try APIAddress(text) }
  }
}
