/// Which machines may be asked: those of the public internet, and what the person who runs the service has added.
public struct AddressRule: Sendable {
  private let added: [Network]

  /// Makes a rule that also allows some networks.
  public init(adding added: [Network] = []) { self.added = added }

  /// Whether a machine may be asked.
  public func allows(_ address: NetworkAddress) -> Bool {
    added.contains { $0.contains(address) } || Self.isPublic(address)
  }

  /// What is not global in IANA's register for IPv4 (RFC 6890), multicast, and what is reserved.
  private static let closedFour: [Network] = [
    Network(known: "0.0.0.0/8"), Network(known: "10.0.0.0/8"), Network(known: "100.64.0.0/10"),
    Network(known: "127.0.0.0/8"), Network(known: "169.254.0.0/16"), Network(known: "172.16.0.0/12"),
    Network(known: "192.0.0.0/24"), Network(known: "192.0.2.0/24"), Network(known: "192.88.99.0/24"),
    Network(known: "192.168.0.0/16"), Network(known: "198.18.0.0/15"), Network(known: "198.51.100.0/24"),
    Network(known: "203.0.113.0/24"), Network(known: "224.0.0.0/4"), Network(known: "240.0.0.0/4"),
  ]
  /// The one block of IPv6 that is given out (RFC 4291, section 2.4), and what in it is for other uses.
  private static let openSix = Network(known: "2000::/3")
  private static let closedSix: [Network] = [
    Network(known: "2001::/23"), Network(known: "2001:db8::/32"), Network(known: "2002::/16"),
    Network(known: "3fff::/20"),
  ]
  /// IPv4 seen through a translator (RFC 6052): as public as the IPv4 address in its last four bytes.
  private static let translated = Network(known: "64:ff9b::/96")

  static func isPublic(_ address: NetworkAddress) -> Bool {
    if address.bytes.count == 4 { return !closedFour.contains { $0.contains(address) } }
    if translated.contains(address) { return isPublic(NetworkAddress(bytes: Array(address.bytes[12...]))) }
    return openSix.contains(address) && !closedSix.contains { $0.contains(address) }
  }
}
