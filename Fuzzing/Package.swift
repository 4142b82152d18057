// swift-tools-version: 6.1
import PackageDescription

/// Fuzzing of everything that reads bytes from outside; `Fuzzing/run` builds it with libFuzzer and runs it.
let package = Package(
  name: "cairn-fuzzing",
  dependencies: [.package(name: "cairn", path: "..")],
  targets: [
    .executableTarget(
      name: "fuzz", dependencies: [.product(name: "CairnFuzzTargets", package: "cairn")], path: "Sources/Fuzz")
  ],
  swiftLanguageModes: [.v6]
)
