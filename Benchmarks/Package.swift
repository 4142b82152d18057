// swift-tools-version: 6.1
import PackageDescription

/// What is measured from inside a process: `Benchmarks/run` builds the probe and runs it beside its peers, `Benchmarks/search`
/// runs searches on tables, `Benchmarks/pruning` rules on learning curves.
let package = Package(
  name: "cairn-benchmarks",
  dependencies: [.package(name: "cairn", path: "..")],
  targets: [
    .executableTarget(name: "probe", dependencies: ["CPeak", .product(name: "CairnRooms", package: "cairn")]),
    .target(name: "CPeak"),
    .executableTarget(name: "pruning", dependencies: [.product(name: "CairnRooms", package: "cairn")]),
    .executableTarget(
      name: "searches",
      dependencies: [
        .product(name: "CairnRooms", package: "cairn"), .product(name: "CairnSearchTables", package: "cairn"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
