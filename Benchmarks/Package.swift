// swift-tools-version: 6.1
import PackageDescription

/// What is measured from inside a process; `Benchmarks/run` builds it and runs it beside its peers.
let package = Package(
  name: "cairn-benchmarks",
  dependencies: [.package(name: "cairn", path: "..")],
  targets: [
    .executableTarget(name: "probe", dependencies: ["CPeak", .product(name: "CairnRooms", package: "cairn")]),
    .target(name: "CPeak"),
  ],
  swiftLanguageModes: [.v6]
)
